"""What `min` keeps, held against the cache that BuildKit itself writes into an image (`inline`, which is `min`).

The image's configuration then has `moby.buildkit.cache.v0`: a record for each key, with the layer where one is kept (moby/
buildkit cache/remotecache/v1: CacheRecord). The layers it names are to be those of the steps that `structure` calls kept.
"""

import base64
import io
import json
import subprocess
import tarfile

import pytest

from dockwright.dockerfile.tree import parse
from dockwright.measure.caching.structure import structure
from dockwright.replay.subjects import Files, Subject, define

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.usefixtures("engine")]
TAG = "dockwright-lab:inline"
BASE = "FROM dockwright-lab:busybox"
CASES = {
    "one stage": f"{BASE}\nCOPY a /a\nRUN cat /a > /b\n",
    "two stages": f"{BASE} AS build\nCOPY a /a\nRUN cat /a > /b\n{BASE}\nWORKDIR /srv\nCOPY --from=build /b /srv/b\nRUN id > /i\n",
    "built on another": f"{BASE} AS base\nCOPY a /a\nRUN id > /i\nFROM base\nRUN cat /a > /c\n",
    "three in a row": f"{BASE} AS deps\nCOPY a /a\nFROM deps AS build\nRUN cat /a > /b\n{BASE}\nCOPY --from=build /b /b\n",
    "mounted": f"{BASE} AS tools\nRUN id > /tool\n{BASE}\nRUN --mount=from=tools,source=/tool,target=/t cat /t > /out\n",
    "two ways": f"{BASE} AS d\nCOPY a /a\nFROM d AS x\nRUN cat /a > /x\nFROM d AS y\nRUN cat /a > /y\n"
    f"{BASE}\nCOPY --from=x /x /x\nCOPY --from=y /y /y\n",
}  # fmt: skip


def inline_layers(folder) -> set[int]:
    """Positions of the layers that the image's own cache keeps."""
    build = [
        "docker",
        "buildx",
        "build",
        "-q",
        "--build-arg",
        "BUILDKIT_INLINE_CACHE=1",
        "-t",
        TAG,
        str(folder),
    ]
    subprocess.run(build, capture_output=True, check=True, timeout=120)
    saved = subprocess.run(["docker", "save", TAG], capture_output=True, check=True, timeout=60).stdout
    with tarfile.open(fileobj=io.BytesIO(saved)) as archive:

        def member(name: str) -> dict:
            file = archive.extractfile(name)
            assert file is not None
            return json.load(file)

        config = member(member("manifest.json")[0]["Config"])
    records = json.loads(base64.b64decode(config["moby.buildkit.cache.v0"]))
    return {layer["layer"] for record in records for layer in record.get("layers", ())}


@pytest.mark.parametrize("name", CASES)
def test_min_keeps_what_inline_keeps(name, tmp_path) -> None:
    (tmp_path / "Dockerfile").write_text(CASES[name])
    (tmp_path / "a").write_text(f"{tmp_path}")
    data = CASES[name].encode()
    plan = define(Subject(path="Dockerfile", context=""), Files(data, None)).plan
    found = structure(plan, parse(data))
    try:
        kept = inline_layers(tmp_path)
    finally:
        subprocess.run(["docker", "image", "rm", "-f", TAG], capture_output=True, check=False)
    # The base is one layer, at position 0; every kept step of these makes one.
    assert kept - {0} == set(range(1, 1 + sum(step.kept for step in found.steps)))
