"""What BuildKit shows while it builds, and the image it writes, against the graph."""

import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from dockwright.dockerfile import parse
from dockwright.dockerfile.image_json import read_base_image
from dockwright.dockerfile.operations.build import build_graph
from dockwright.dockerfile.operations.engine import DOCKER_26_1
from dockwright.dockerfile.operations.model import BuildGraph, ImageConfig
from dockwright.dockerfile.operations.normal import NormalForm
from dockwright.dockerfile.settings import BaseImage, Settings
from tests.engine.builds import write
from tests.engine.operations.dockerfiles import DOCKERFILES, FILES, PAIRS
from tests.lab import images
from tests.lab.engine import docker, plugin

pytestmark = [pytest.mark.engine, pytest.mark.slow]
BASES = {
    "plain": "FROM {0}\n",
    "base": (
        "FROM {0}\nENV HOME_OF=base PATH=/bin:/usr/bin\nUSER root\nWORKDIR /srv\nEXPOSE 70\nVOLUME /data\n"
        'LABEL from=base a=0\nCMD ["sh"]\nSTOPSIGNAL SIGINT\nHEALTHCHECK CMD true\n'
    ),
    "onbuild": "FROM {0}\nONBUILD COPY a.txt /onb\nONBUILD ENV FROM_BASE=1\n",
}  # fmt: skip


SALT = "COPY <<EOF /.salt\n{0}\nEOF\n"


class Lab:
    """Base images of this run, and a folder with the files that are copied.

    Each has a layer of its own: of equal operations in builds that run together BuildKit shows one, under its name.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tag = uuid4().hex[:8]
        self.names = {name: f"dwtest-ops-{name}:{self.tag}" for name in BASES}
        write(folder, FILES)
        for name, text in BASES.items():
            stdin = (text.format(images.busybox()) + SALT.format(self.tag + name)).encode()
            docker("build", "--quiet", "--tag", self.names[name], "-", stdin=stdin)
        self.images = {f"docker.io/library/{one}": self.inspect(one) for one in self.names.values()}

    def inspect(self, name: str) -> BaseImage:
        return read_base_image(self.inspected(name))

    def inspected(self, name: str) -> dict[str, Any]:
        (found,) = json.loads(docker("image", "inspect", name).stdout)
        return found

    def close(self) -> None:
        docker("image", "rm", "--force", *self.names.values(), check=False)

    def build(self, text: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """The vertices BuildKit shows, and what it says of the image."""
        name = f"dwtest-ops-built:{uuid4().hex[:8]}"
        path = self.folder.parent / f"{name.rpartition(':')[2]}.Dockerfile"
        path.write_text(text, "utf-8")
        command = [*plugin("buildx"), "build", "--progress=rawjson", "--tag", name, "-f", str(path)]
        # no process here needs a network, and making one for each is what fails on a busy machine
        command += ["--network=none", "--secret", f"id=k,src={path}", str(self.folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        try:
            return list(_vertexes(done.stderr)), self.inspected(name)
        finally:
            docker("image", "rm", "--force", name, check=False)


def _vertexes(text: str) -> Iterator[dict[str, Any]]:
    decoder, at = json.JSONDecoder(), 0
    while (at := text.find("{", at)) >= 0:
        found, at = decoder.raw_decode(text, at)
        yield from found.get("vertexes") or ()


@pytest.fixture(scope="module")
def lab(engine: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    made = Lab(tmp_path_factory.mktemp("ops") / "context")
    yield made
    made.close()


def graph_of(lab: Lab, text: str) -> BuildGraph:
    tree = parse(text.encode(), dialect=DOCKER_26_1.frontend)
    made = build_graph(tree.build(Settings(images=lab.images)).target(), DOCKER_26_1)
    assert isinstance(made, BuildGraph), made
    return made


def shown(vertexes: list[dict[str, Any]]) -> Counter[tuple[str, tuple[str, ...]]]:
    """Each vertex by its name, with the names of what it works on; without those that only load things."""
    names = {one["digest"]: one["name"] for one in vertexes}
    inputs = {one["digest"]: one.get("inputs") or [] for one in vertexes}
    return Counter(
        (name, tuple(sorted(names[digest_] for digest_ in inputs[digest])))
        for digest, name in names.items()
        if not name.startswith(
            ("[internal] load build def", "[internal] load meta", "[internal] load .d", "exporting")
        )
    )


def expected(graph: BuildGraph) -> Counter[tuple[str, tuple[str, ...]]]:
    operations = graph.operations
    return Counter(
        (one.name, tuple(sorted(operations[number].name for number in one.inputs))) for one in operations
    )


def config_of(image: dict[str, Any]) -> ImageConfig:
    """The image's own words in our form."""
    config = read_base_image(image)
    return ImageConfig(
        base=None,
        env=config.env,
        entrypoint=config.entrypoint,
        cmd=config.cmd,
        user=config.user or None,
        working_dir=config.working_dir or None,
        ports=tuple(sorted(config.exposed_ports)),
        volumes=tuple(sorted(config.volumes)),
        labels=tuple(sorted(config.labels)),
        health=None,
        stop_signal=config.stop_signal or None,
        shell=config.shell or None,
        onbuild=config.onbuild,
    )


def ours(config: ImageConfig) -> ImageConfig:
    """With what the engine does not tell apart made equal, and health compared on its own."""
    return ImageConfig(
        **{
            **{name: getattr(config, name) for name in config.__struct_fields__},
            "health": None,
            "user": config.user or None,
            "cmd": config.cmd or None,
        }
    )


SHARED = {"twins": (re.compile(r"^\[q "), "[p "), "stages": (re.compile(r"^\[one 1/2\] (?=FROM )"), "")}
"""Cases in which two places need one vertex: which name it may have, and that of the other."""


def _either(found: Counter[tuple[str, tuple[str, ...]]], name: str) -> Counter[tuple[str, tuple[str, ...]]]:
    """Equal steps are one vertex, which BuildKit calls after whichever place asked for it first on the day."""
    if name not in SHARED:
        return found
    pattern, other = SHARED[name]
    return Counter(
        {
            (pattern.sub(other, one), tuple(sorted(pattern.sub(other, each) for each in inputs))): count
            for (one, inputs), count in found.items()
        }
    )


@pytest.mark.parametrize("name", DOCKERFILES)
def test_vertices_and_image(lab: Lab, name: str):
    text = DOCKERFILES[name].format(**lab.names)
    graph = graph_of(lab, text)
    vertexes, image = lab.build(text)
    assert _either(shown(vertexes), name) == _either(expected(graph), name)
    assert ours(graph.config) == config_of(image)
    health = image["Config"].get("Healthcheck")
    assert (graph.config.health is None) == (health is None)
    if health and graph.config.health:
        assert graph.config.health.test == tuple(health["Test"])
        assert graph.config.health.interval == health.get("Interval", 0)
        assert graph.config.health.timeout == health.get("Timeout", 0)
        assert graph.config.health.retries == health.get("Retries", 0)


def work(vertexes: list[dict[str, Any]]) -> set[str]:
    """BuildKit's own digests of the operations, without those that only load things."""
    return {one["digest"] for one in vertexes if not one["name"].startswith(("[internal] load", "exporting"))}


@pytest.mark.parametrize("name", PAIRS)
def test_the_normal_form_tells_apart_what_buildkit_does(lab: Lab, name: str):
    texts = [text.format(**lab.names) for text in PAIRS[name]]
    built = [lab.build(text) for text in texts]
    forms = [NormalForm(graph_of(lab, text)) for text in texts]
    assert (set(forms[0].digests) == set(forms[1].digests)) is (work(built[0][0]) == work(built[1][0]))
    same_settings = config_of(built[0][1]) == config_of(built[1][1])
    assert (forms[0].digest == forms[1].digest) is (same_settings and forms[0].output == forms[1].output)
