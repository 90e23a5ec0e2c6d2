"""A program named `docker` that answers as told: builds of recorded streams, full disks, engines that die, none at all."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

VERSION = {
    "Client": {"Version": "28.2.2"},
    "Server": {"Version": "26.1.5", "Components": [{"Name": "Engine"}]},
}
INFO = {
    "Name": "m",
    "OSType": "linux",
    "Architecture": "x86_64",
    "NCPU": 2,
    "MemTotal": 8 << 30,
    "Driver": "overlay2",
}
_PROGRAM = """#!/bin/sh
here={folder}
case "$1 $2" in
  "version "*) cat $here/version ;;
  "info "*) cat $here/info ;;
  "buildx version") echo github.com/docker/buildx 0.13.1 ;;
  "buildx inspect") printf 'Driver: docker\\nBuildKit version: v0.13.2\\n' ;;
  "buildx build") echo "$@" >> $here/called; echo $$ > $here/pid; . $here/build ;;
  *) echo "Error response from daemon: No such image: $3" >&2; exit 1 ;;
esac
"""


def vertex(digest: str, name: str, second: float = 0, seconds: float = 1, **more: Any) -> dict[str, Any]:
    """A vertex that began at a second of some minute and took some."""
    times = {"started": _time(second), "completed": _time(second + seconds)}
    return {"vertexes": [{"digest": digest, "name": name, **times, **more}]}


def log(digest: str, text: str) -> dict[str, Any]:
    return {"logs": [{"vertex": digest, "stream": 1, "data": base64.b64encode(text.encode()).decode()}]}


def _time(second: float) -> str:
    return f"2026-11-21T07:00:{second:09.6f}Z"


class Stub:
    """The program, in a folder for PATH. `build` is shell; `streams` what it may show on standard error."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        (folder / "version").write_text(json.dumps(VERSION))
        (folder / "info").write_text(json.dumps(INFO))
        self.build("exit 0")
        program = folder / "docker"
        program.write_text(_PROGRAM.format(folder=folder))
        program.chmod(0o755)

    def build(self, shell: str) -> None:
        """What `docker buildx build` does."""
        (self.folder / "build").write_text(shell + "\n")

    def shows(self, *objects: Mapping[str, Any], text: str = "", code: int = 0, then: str = "") -> None:
        """A build that says these things, and ends."""
        (self.folder / "stream").write_text(
            "".join(json.dumps(one, indent=2) + "\n" for one in objects) + text
        )
        self.build(f"cat $here/stream >&2; {then}\nexit {code}")

    @property
    def called(self) -> str:
        """The command lines of builds."""
        path = self.folder / "called"
        return path.read_text() if path.exists() else ""
