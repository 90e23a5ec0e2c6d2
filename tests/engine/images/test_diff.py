"""Images that a real engine built: two builds of one Dockerfile, the same layered otherwise, and planted differences."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from dockwright.cli.diff import command
from tests.lab.engine import docker
from tests.lab.images import busybox, debian

pytestmark = pytest.mark.engine

INSTALLED = """
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends python3-minimal fontconfig-config adduser \
 && useradd --create-home app
RUN mkdir -p /srv/app && echo 'x = 1' > /srv/app/a.py && python3 -m compileall -q /srv/app && date > /var/log/dpkg.log
"""
LAYERED = """
FROM dockwright-lab:busybox
RUN mkdir -p /srv/app/data && echo one > /srv/app/a && echo two > /srv/app/b
RUN chmod 750 /srv/app/b && chown 1000:1000 /srv/app/data && ln -s a /srv/app/link && ln /srv/app/a /srv/app/hard
RUN mkdir /tmp/build && head -c 100000 /dev/zero > /tmp/build/large
RUN rm -rf /tmp/build
RUN mv /srv/app/b /srv/app/moved
ENV A=1
ENV B=2
USER 1000
WORKDIR /srv/app
CMD ["a"]
"""
AT_ONCE = """
FROM dockwright-lab:busybox AS other
RUN mkdir -p /srv/app/data && echo one > /srv/app/a && echo two > /srv/app/moved && chmod 750 /srv/app/moved \
 && chown 1000:1000 /srv/app/data && ln -s a /srv/app/link && ln /srv/app/a /srv/app/hard
FROM dockwright-lab:busybox
COPY --from=other /srv /srv
ENV B=2 A=1
USER 1000
WORKDIR /srv/app
CMD ["a"]
"""
PLANTED = {
    "content": (
        "RUN echo 0ne > /srv/app/a",
        {"srv/app/a"},
    ),  # overlayfs copies it up: the hard link keeps the old one
    "mode": ("RUN chmod 4750 /srv/app/moved", {"srv/app/moved"}),
    "owner": ("RUN chown 7:7 /srv/app/moved", {"srv/app/moved"}),
    "link": ("RUN ln -sf moved /srv/app/link", {"srv/app/link"}),
    "added": ("RUN touch /srv/app/new", {"srv/app/new"}),
    "removed": ("RUN rm /srv/app/link", {"srv/app/link"}),
}


@pytest.fixture
def built(engine: None, tmp_path: Path) -> Iterator[Callable[[str, str], str]]:
    """Builds a Dockerfile and gives the archive of its image; names are taken away again."""
    made: list[str] = []

    def build(name: str, text: str, *options: str) -> str:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "Dockerfile").write_text(text)
        tag = f"dockwright-test:{tmp_path.name.lower().replace('_', '-')[:60]}-{name}"
        docker("build", "--quiet", *options, "--tag", tag, str(folder))
        made.append(tag)
        archive = tmp_path / f"{name}.tar"
        docker("save", "--output", str(archive), tag)
        return str(archive)

    yield build
    if made:
        docker("image", "rm", *made, check=False)


def differences(before: str, after: str, *options: str) -> tuple[int, dict[str, list[dict[str, object]]]]:
    """The exit code and the report, without what counts for nothing but the rules that say so."""
    found = CliRunner().invoke(command, [before, after, "--format", "json", *options], standalone_mode=False)
    if found.exception is not None:
        raise found.exception
    report = json.loads(found.stdout)
    for key in ("files", "settings"):
        report[key] = [one for one in report[key] if not one["noise"]]
    return int(found.return_value), report


def test_two_builds_of_the_same_without_cache(built: Callable[..., str]) -> None:
    debian()
    one, other = (built(name, INSTALLED, "--no-cache") for name in ("one", "other"))
    code, found = differences(one, other)
    assert (code, found["same"]) == (0, True), found
    assert {"modified-time", "package-log"} <= {rule["name"] for rule in found["rules"]}
    assert differences(one, other, "--count", "package-log")[0] == 1


def test_the_same_in_other_layers(built: Callable[..., str]) -> None:
    busybox()
    code, found = differences(built("layered", LAYERED), built("once", AT_ONCE))
    assert (code, found["settings"], found["files"]) == (0, [], [])


def test_every_planted_difference(built: Callable[..., str]) -> None:
    busybox()
    plain = built("plain", LAYERED)
    for name, (line, paths) in PLANTED.items():
        code, found = differences(plain, built(name, f"{LAYERED}USER 0\n{line}\nUSER 1000\n"))
        counted = found["files"]
        assert (code, {one["path"] for one in counted}) == (1, paths), name
        assert name in {detail["what"] for one in counted for detail in one["details"]}
    code, found = differences(plain, built("setting", LAYERED.replace("ENV A=1", "ENV A=2")))
    assert [one["name"] for one in found["settings"]] == ["env.A"]
