"""Dockerfiles with contexts, each about one thing that decides whether a step hits.

`{base}` is a small image with a shell that no other scenario and no other run uses, and `{salt}` a text likewise: nothing is
found in the cache that the scenario itself did not put there. Files in `FIXED` are named by Dockerfiles; edits change them
but never remove them.

Not among them: two sources that go through one linked folder (`COPY link/a`, `COPY link/b`). BuildKit's client follows
the link for the first of them only (tonistiigi/fsutil followlinks.go: symlinkResolver.append, in 0.13 and in the newest), so
the other is not sent: a plain path is "not found", a wildcard matches nothing and hits whatever changes.
"""

import io
import tarfile
from collections.abc import Mapping
from typing import NamedTuple

from dockwright.trees.memory import Content, Link, Program

FIXED = frozenset(
    {
        "made.tar",
        "test/keep",
        "other/main.py",
        "a.txt",
        "src/main.py",
        "src/lib/util.py",
        "bin/run.sh",
        "link",
        "dirlink",
        "docs/x.md",
        "links/in",
        "keep/empty/",
    }
)
FILES: Mapping[str, Content] = {
    "a.txt": "a\n", "src/main.py": "print(1)\n", "src/lib/util.py": "x = 1\n", "src/lib/data.csv": "1,2\n", "src/other.py": "y\n",
    "bin/run.sh": Program("echo run\n"), "bin/tool": "tool\n", "link": Link("src/main.py"), "dirlink": Link("src/lib"),
    "docs/x.md": "# x\n", "docs/y.md": "# y\n", "links/in": Link("../a.txt"), "links/z.txt": "z\n", "keep/empty/": "",
    "notes.txt": "n\n", "test/test_main.py": "t\n",
}  # fmt: skip


def _archive() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name in ("inside/one", "two"):
            archive.addfile(tarfile.TarInfo(name))
    return made.getvalue()


ARCHIVE = _archive()


class Scenario(NamedTuple):
    """A Dockerfile with its context, and what edits may vary: arguments, targets, texts of the ignore file."""

    name: str
    dockerfile: str
    files: Mapping[str, Content] = {}
    args: Mapping[str, tuple[str, ...]] = {}
    targets: tuple[str, ...] = ("",)
    ignores: tuple[str, ...] = ()
    path: str = "Dockerfile"

    @property
    def ignore_path(self) -> str:
        """The ignore file that edits rewrite: the one beside the Dockerfile where the scenario has one."""
        own = f"{self.path}.dockerignore"
        return own if own in self.files else ".dockerignore"


def _scenario(name: str, dockerfile: str, **more: object) -> Scenario:
    return Scenario(name, dockerfile.lstrip("\n"), **more)  # type: ignore[arg-type]


SCENARIOS = (
    _scenario("copy-file", "FROM {base}\nCOPY a.txt /a\nRUN cat /a\nRUN true\n"),
    _scenario("copy-folder", "FROM {base}\nRUN echo first\nCOPY src /src\nRUN ls /src\nCOPY docs/ /docs/\nRUN true\n"),
    _scenario("copy-all", "FROM {base}\nCOPY a.txt /\nRUN true\nCOPY . /app\nRUN ls /app\n"),
    _scenario(
        "copy-all-ignored",
        "FROM {base}\nCOPY . /app\nRUN ls /app\n",
        files={".dockerignore": "docs\n"},
        ignores=("docs\n", "docs\ntest\n", "test\n.dockerignore\n", "docs\n.dockerignore\nDockerfile\n", "*.txt\ntest\n"),
    ),
    _scenario(
        "ignore-negated",
        "FROM {base}\nCOPY . /app\nRUN true\nCOPY src /src\nRUN true 2\n",
        files={".dockerignore": "*\n!src\n!a.txt\n"},
        ignores=("*\n!src\n!a.txt\n", "*\n!src\n!docs\n", "*\n!src/main.py\n", "**\n!src/lib\n!docs/*.md\n", "*\n!src\n!a.txt\ntest\n"),
    ),
    _scenario(
        "ignore-of-dockerfile",
        "FROM {base}\nCOPY . /app\nRUN true\n",
        files={".dockerignore": "docs\n", "Dockerfile.dockerignore": "test\nDockerfile*\n"},
        ignores=("test\nDockerfile*\n", "", "docs\ntest\n", "Dockerfile*\n.dockerignore\n"),
    ),
    _scenario(
        "ignore-deep",
        "FROM {base}\nCOPY docs /docs\nCOPY src /src\nRUN true\n",
        ignores=("**/*.csv\n", "docs/*\n!docs/x.md\n", "src/*\n!src/main.py\n!src/lib\n", "**/lib/*.csv\n!src/lib/data.csv\n", ""),
    ),
    _scenario("wildcard-files", "FROM {base}\nCOPY src/*.py /x/\nRUN ls /x\nCOPY *.txt /t/\nRUN true\n"),
    _scenario("wildcard-folders", "FROM {base}\nCOPY s*c /x/\nRUN true\nCOPY */lib /y/\nCOPY d?cs/*.md /z/\nRUN true 2\n"),
    _scenario("wildcard-nothing", "FROM {base}\nCOPY a.txt x*.none /n/\nRUN true\nCOPY docs/*.md /d/\nRUN true 3\n"),
    _scenario("many-sources", "FROM {base}\nCOPY a.txt docs/x.md src/main.py /m/\nRUN true\nCOPY src/lib bin /n/\nRUN true 2\n"),
    _scenario("json-form", 'FROM {base}\nCOPY ["a.txt", "docs/x.md", "/m/"]\nRUN ["true"]\nRUN ["sh", "-c", "true"]\nADD ["src", "/s"]\nRUN true\n'),
    _scenario("copy-link", "FROM {base}\nCOPY link /l\nRUN cat /l\nCOPY dirlink /d\nRUN ls /d\n"),
    _scenario("through-link", "FROM {base}\nCOPY dirlink/util.py /u\nRUN true\nCOPY src/lib/*.csv dirlink/util.py /v/\nRUN true 2\n"),
    _scenario("wildcard-through-link", "FROM {base}\nCOPY dirlink/*.csv /v/\nRUN true\nCOPY docs/x* a.txt /w/\nRUN true 2\n"),
    _scenario("links-inside", "FROM {base}\nCOPY links /links\nRUN ls /links\nCOPY li*s /more/\nRUN true\nCOPY a.txt /\n"),
    _scenario("chmod-chown", "FROM {base}\nCOPY --chmod=600 a.txt /a\nRUN true\nCOPY --chown=1000:1000 src /s\nRUN true 2\nADD --chown=user bin /b\nRUN true 3\n"),
    _scenario("modes", "FROM {base}\nCOPY bin /b\nRUN ls /b\nCOPY bin/run.sh /r\nRUN true\n"),
    _scenario("add", "FROM {base}\nADD a.txt /a\nRUN true\nADD src docs /x/\nRUN true 2\n"),
    _scenario(
        "arg-scopes",
        "ARG G=1\nFROM {base}\nRUN true before\nARG A=1\nCOPY a.txt /\nRUN true $A\nARG B\nRUN true b\nARG G\nCOPY src /s\nRUN true g\n",
        args={"A": ("1", "2", "3"), "B": ("x", "y"), "G": ("1", "9"), "UNDECLARED": ("q",)},
    ),
    _scenario("arg-in-path", "FROM {base}\nARG DIR=src\nARG OUT=/out\nCOPY ${DIR} ${OUT}/\nWORKDIR ${OUT}\nRUN ls\n", args={"DIR": ("src", "docs", "src/lib"), "OUT": ("/o", "/p/q")}),
    _scenario("global-arg", "ARG IMAGE={base}\nARG TAIL=x\nFROM ${IMAGE} AS one\nARG TAIL\nRUN true $TAIL\nCOPY a.txt /\nFROM one\nRUN true last\n", args={"TAIL": ("y", "z")}),
    _scenario("arg-inherited", "FROM {base} AS one\nARG A=1\nENV E=$A\nRUN true\nFROM one AS two\nCOPY a.txt /\nRUN true two\nFROM two\nENV F=${A}x\nRUN true three\n", args={"A": ("1", "5")}),
    _scenario("env", "FROM {base}\nENV A=1 B=2\nRUN true\nENV C=${A}3\nCOPY a.txt /\nWORKDIR /w$A\nRUN true $C\nENV A=4\nRUN true end\n"),
    _scenario("env-legacy", 'FROM {base}\nENV A some text\nRUN true\nENV B="x y"\nRUN echo $B\nCOPY a.txt /\n'),
    _scenario("workdir", "FROM {base}\nWORKDIR /w\nRUN pwd\nWORKDIR sub/\nCOPY a.txt .\nRUN pwd 2\nWORKDIR /\nRUN pwd 3\nWORKDIR /w\nRUN true\n"),
    _scenario("user", "FROM {base}\nRUN true\nUSER 1000\nRUN true 2\nWORKDIR /home/u\nCOPY a.txt .\nUSER root\nRUN true 3\n"),
    _scenario("shell", 'FROM {base}\nRUN true\nSHELL ["/bin/sh", "-ec"]\nRUN true 2\nRUN ["true"]\nCOPY a.txt /\nSHELL ["/bin/sh", "-c"]\nRUN true 3\n'),
    _scenario(
        "metadata",
        'FROM {base}\nLABEL a=1\nRUN true\nEXPOSE 80\nCMD ["true"]\nCOPY a.txt /\nHEALTHCHECK CMD true\nSTOPSIGNAL SIGINT\nVOLUME /v\nRUN true 2\nENTRYPOINT ["true"]\nMAINTAINER me\nONBUILD RUN true\nRUN true 3\n',
    ),
    _scenario("copy-from", "FROM {base} AS build\nCOPY src /src\nRUN cat /src/main.py > /out\nFROM {base}\nCOPY a.txt /\nCOPY --from=build /out /out\nRUN cat /out\n"),
    _scenario("copy-from-unchanged", "FROM {base} AS build\nCOPY src /src\nRUN echo same > /out\nFROM {base}\nRUN true\nCOPY --from=build /out /o/\nRUN true 2\n"),
    _scenario("copy-from-index", "FROM {base}\nCOPY docs /docs\nRUN true\nFROM {base}\nCOPY --from=0 /docs/x.md /d/\nRUN true 2\nCOPY a.txt /\n"),
    _scenario("copy-from-image", "FROM {base}\nCOPY --from={base} /bin/busybox /bb\nRUN true\nCOPY a.txt /\nRUN true 2\n"),
    _scenario("diamond", "FROM {base} AS root\nCOPY a.txt /\nRUN true root\nFROM root AS left\nCOPY src /s\nRUN true left\nFROM root AS right\nCOPY docs /d\nRUN true right\nFROM root\nCOPY --from=left /s /s\nCOPY --from=right /d /d\nRUN true end\n"),
    _scenario("stage-chain", "FROM {base} AS one\nCOPY a.txt /\nRUN true 1\nFROM one AS two\nCOPY src /s\nRUN true 2\nFROM two AS three\nWORKDIR /w\nCOPY docs .\nRUN true 3\n"),
    _scenario("equal-stages", "FROM {base} AS one\nCOPY a.txt /\nRUN true\nFROM {base} AS two\nCOPY a.txt /\nRUN true\nRUN true more\nFROM one\nCOPY docs /d\nRUN true end\n"),
    _scenario("targets", "FROM {base} AS base\nCOPY a.txt /\nRUN true\nFROM base AS dev\nCOPY test /t\nRUN true dev\nFROM base AS prod\nCOPY src /s\nRUN true prod\n", targets=("", "base", "dev", "PROD"), files={"test/keep": ""}),
    _scenario("unreached", "FROM {base} AS unused\nCOPY docs /d\nRUN false\nFROM {base}\nCOPY a.txt /\nRUN true\n"),
    _scenario("onbuild", "FROM {base} AS parent\nONBUILD COPY a.txt /on\nONBUILD RUN true on\nRUN true parent\nFROM parent\nCOPY src /s\nRUN true child\n"),
    _scenario("mount-cache", "FROM {base}\nRUN --mount=type=cache,target=/c echo 1 >> /c/log\nCOPY a.txt /\nRUN --mount=type=cache,id=mine,target=/c,sharing=locked echo 2 >> /c/log\nRUN true\n"),
    _scenario("mount-bind", "FROM {base}\nRUN --mount=type=bind,source=src,target=/s cat /s/main.py\nRUN --mount=target=/ctx,source=docs,ro ls /ctx\nRUN --mount=source=a.txt,target=/a cat /a\nRUN true\n"),
    _scenario("mount-bind-all", "FROM {base}\nRUN true\nRUN --mount=target=/ctx ls /ctx\nRUN true 2\n", ignores=("test\n", "docs\n.dockerignore\n", "")),
    _scenario("mount-from-stage", "FROM {base} AS tools\nCOPY bin /tools\nRUN true\nFROM {base}\nCOPY a.txt /\nRUN --mount=from=tools,source=/tools,target=/t ls /t\nRUN true 2\n"),
    _scenario("mount-tmpfs", "FROM {base}\nCOPY a.txt /\nRUN --mount=type=tmpfs,target=/t touch /t/x\nRUN --mount=type=tmpfs,target=/t,size=1048576 true\nCOPY src /s\nRUN true\n"),
    _scenario("mount-secret", "FROM {base}\nRUN true\nRUN --mount=type=secret,id=token true secret\nRUN true 2\nCOPY a.txt /\nRUN true 3\n"),
    _scenario("heredoc-run", "FROM {base}\nRUN <<EOF\necho one\necho two\nEOF\nCOPY a.txt /\nRUN <<'EOF' cat\nthree\nEOF\nRUN true\n"),
    _scenario("heredoc-copy", "FROM {base}\nARG A=1\nCOPY <<EOF /conf\nvalue $A\nEOF\nRUN cat /conf\nCOPY <<'EOF' a.txt /conf2/\nvalue $A\nEOF\nRUN true\n", args={"A": ("1", "2")}),
    _scenario("copy-link-flag", "FROM {base}\nRUN true\nCOPY --link a.txt /a\nRUN true 2\nCOPY --link src /s/\nRUN true 3\n"),
    _scenario("continuation", "FROM {base}\nRUN true \\\n  && true \\\n  # a note\n\n  && echo x\nCOPY a.txt \\\n  docs/x.md \\\n  /m/\nENV A=1 \\\n  B=2\nRUN true end\n"),
    _scenario("scratch", "FROM scratch\nCOPY a.txt /{salt}/\nCOPY src /{salt}/s\nADD docs /{salt}/d/\nCOPY links /{salt}/l\nWORKDIR /{salt}/w\n"),
    _scenario("empty-folders", "FROM {base}\nCOPY keep /k\nRUN ls /k\nCOPY keep/empty /e\nRUN true\n"),
    _scenario("network", "FROM {base}\nRUN --network=none true\nCOPY a.txt /\nRUN --network=default true 2\n"),
    _scenario("platform", "FROM --platform=linux/amd64 {base}\nARG TARGETARCH\nRUN true $TARGETARCH\nARG BUILDPLATFORM\nCOPY a.txt /\nRUN true\n"),
    _scenario("dockerfile-elsewhere", "FROM {base}\nCOPY src /s\nRUN true\nCOPY . /all\nRUN true 2\n", path="docker/Dockerfile", ignores=("docker\n", "docs\n", "")),
    _scenario("whole-stage", "FROM {base} AS made\nCOPY src /{salt}/src\nFROM {base} AS other\nCOPY --from=made /{salt} /x\nRUN true\nFROM other\nCOPY docs /d\nRUN true 2\n"),
    _scenario("same-base-name", "FROM {base}\nCOPY src/main.py /x/\nRUN true\nCOPY other/main.py /y/\nRUN true 2\n", files={"other/main.py": "print(1)\n", "other/keep": ""}),
    _scenario("stage-by-argument", "ARG V=dev\nFROM {base} AS dev\nCOPY test /t\nRUN true dev\nFROM {base} AS prod\nCOPY src /s\nRUN true prod\nFROM ${V}\nCOPY a.txt /\nRUN true end\n", args={"V": ("dev", "prod")}, files={"test/keep": ""}),
    _scenario("copy-from-wildcard", "FROM {base} AS build\nCOPY docs /docs\nCOPY src /src\nRUN true\nFROM {base}\nCOPY --from=build /docs/*.md /d/\nRUN true 2\nCOPY --from=build /src/lib /l\nRUN true 3\n"),
    _scenario("copy-chain", "FROM {base} AS one\nCOPY src /src\nRUN cp -r /src /made\nFROM {base} AS two\nCOPY --from=one /made/lib /lib2\nRUN true\nFROM {base}\nCOPY --from=two /lib2/util.py /u\nCOPY a.txt /\nRUN true 2\n"),
    _scenario("mount-bind-written", "FROM {base}\nRUN --mount=source=src,target=/s,rw touch /s/x\nCOPY a.txt /\nRUN --mount=type=bind,source=docs,target=/d,rw=true true\nRUN true 2\n"),
    _scenario("mount-cache-from", "FROM {base} AS seed\nCOPY docs /docs\nFROM {base}\nRUN --mount=type=cache,target=/c,from=seed,source=/docs ls /c\nCOPY a.txt /\nRUN --mount=type=cache,target=/e,uid=7,mode=0700 true\n"),
    _scenario("heredoc-script", "FROM {base}\nRUN <<EOF\n#!/bin/sh\necho one\nEOF\nCOPY a.txt /\nRUN <<-EOT\n\techo two\nEOT\nRUN true\n"),
    _scenario("add-archive", "FROM {base}\nADD made.tar /x/\nRUN ls /x\nCOPY made.tar /y/\nRUN true\nADD a.txt made.tar /z/\n", files={"made.tar": ARCHIVE}),
    _scenario("twice", "FROM {base}\nCOPY a.txt /a\nCOPY a.txt /a\nRUN true\nRUN true\nCOPY a.txt /b\nRUN true\n"),
    _scenario("escape", "# escape=`\nFROM {base}\nRUN true `\n  && true\nCOPY a.txt `\n  /x/\nRUN true 2\n"),
)  # fmt: skip
assert len({one.name for one in SCENARIOS}) == len(SCENARIOS) >= 40
