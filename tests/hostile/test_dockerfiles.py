"""Dockerfiles that are noise, huge, or built to make a reader work without end."""

from pathlib import Path

import pytest

from tests.hostile.files import many, nested, noise, write
from tests.hostile.process import audited, calm, every_way, together

FROM = b"FROM alpine:3.20\n"

HOSTILE = {
    "noise": b"\0" + noise(200_000),
    "text_noise": FROM + noise(100_000, b"FROMRUNCOPY \n\\\"[]<>$#{}'|&;"),
    "instructions": FROM + b"RUN a\n" * 100_000,
    "copies": FROM + many(100_000, lambda i: b"COPY a%d /b\n" % i),
    "stages": many(3_000, lambda i: b"FROM s%d AS s%d\nCOPY --from=s%d a b\n" % (i, i + 1, i)),
    "long_line": FROM + b"RUN " + b"x" * (10 << 20),
    "words": FROM + b"COPY " + b"a " * 100_000 + b"/\n",
    "json": FROM + b"COPY [" + b'"a",' * 100_000 + b'"/"]\n',
    "json_nested": FROM + b"CMD " + nested(b"[", 50_000, b"]") + b"\nHEALTHCHECK CMD " + b"[" * 50_000 + b"\n",
    "heredoc": FROM + b"RUN <<EOF\n" + b"echo x\n" * 2_000,
    "heredocs": FROM + b"RUN " + b"<<A " * 20_000 + b"\nx\n",
    "onbuild": FROM + b"ONBUILD " * 50_000 + b"RUN x\n",
    "onbuild_from": b"FROM scratch AS a\n" + b"ONBUILD RUN x\n" * 5_000 + b"FROM a\n" * 500,
    "defaults": FROM + b"COPY " + nested(b"${a:-", 20_000, b"}") + b" /\n",
    "doubling": b"ARG a0=xxxxxxxxxx\n" + many(60, lambda i: b"ARG a%d=${a%d}${a%d}\n" % (i + 1, i, i))
    + b"FROM $a60\nARG a60\nCOPY $a60 /\n",
    "doubling_env": FROM + b"ENV a0=xxxxxxxxxx\n" + many(60, lambda i: b"ENV a%d=${a%d}${a%d}\n" % (i + 1, i, i))
    + b"COPY $a60 /\n",
    "cyclic": b"FROM b AS a\nFROM a AS b\nCOPY --from=c x /\nFROM b AS c\nCOPY --from=c x /\n",
    "continued": FROM + b"RUN a \\\n" + b"# c\n\n" * 5_000 + b"b\n",
    "joined": FROM + b"RUN a \\\n" + b" && b \\\n" * 15_000 + b"c\n",
    "backslashes": FROM + b"RUN " + b"\\" * 200_001 + b"\n",
    "quotes": FROM + b"ENV A=" + b'"' * 100_001 + b"\n",
    "directives": b"# a=b\n" * 15_000 + FROM,
    "wildcards": FROM + b"COPY " + b"*a" * 60 + b"b* " + b"[^a-z]*?" * 40 + b" /\n" + b"COPY " + b"[" * 500 + b" /\n",
    "parentheses": FROM + b"RUN " + nested(b"(", 10_000, b")"),
    "substitutions": FROM + b"RUN " + nested(b"$(", 10_000, b")"),
    "shells": FROM + b"RUN " + b"sh -c " * 10_000 + b"x\nRUN sh -c " + nested(b'"sh -c ', 1_000, b'"') + b"\n",
    "wrappers": FROM + b"RUN " + b"sudo env A=b " * 10_000 + b"apt-get install x\n",
    "mounts": FROM + b"RUN " + b"--mount=type=bind,source=x,target=/y " * 5_000 + b"x\n",
    "expose": FROM + b"EXPOSE 1-65535\n" * 50,
    "zeros": FROM + b"RUN a\0b\nCOPY a\0b /\n",
    "returns": FROM.replace(b"\n", b"\r\n") + b"RUN x\\\r\r\n" * 5_000,
    "empty": b"",
}  # fmt: skip


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dockerfiles")
    write(folder, {f"{name}/Dockerfile": data for name, data in HOSTILE.items()})
    write(folder, {f"wildcards/{'a' * count}c": b"" for count in range(1, 120)})
    with (folder / "huge.Dockerfile").open("wb") as file:  # 100 MB, most of it a hole
        file.write(FROM)
        file.truncate(100 << 20)
    return folder


@pytest.mark.slow
def test_whole_repository(repository: Path) -> None:
    report = every_way(repository, "heredoc/Dockerfile:2", "onbuild_from/Dockerfile:1")[1]
    told = report.skipped()
    assert "larger than" in told["huge.Dockerfile"]
    assert "larger than" in told["long_line/Dockerfile"]
    assert "lines" in told["instructions/Dockerfile"]
    assert "binary" in told["noise/Dockerfile"]
    listed = {item["path"]: item for item in report.data["inventory"]["dockerfiles"]}
    for name in ("heredoc", "cyclic", "json_nested"):
        assert listed[f"{name}/Dockerfile"]["buildable"] is False, name
    unread = {path.partition("/")[0] for path in told}
    assert set(HOSTILE) - {path.partition("/")[0] for path in listed} == unread & set(HOSTILE)


@pytest.mark.slow
def test_each_file_alone(repository: Path) -> None:
    for ran in together((repository, ("check", f"{name}/Dockerfile")) for name in HOSTILE):
        calm(ran, {0, 1, 2})
        if ran.code == 2:
            assert ran.arguments[1] in ran.said


@pytest.mark.slow
def test_a_build_of_a_file_that_is_not_read_is_not_missing(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "Dockerfile": FROM + b"RUN a\n" * 100_000,
            "compose.yaml": b"services:\n  a:\n    build: .\n",
            "build.sh": b"docker build -f Dockerfile .\n",
        },
    )
    ran = audited(tmp_path)
    assert "missing-dockerfile" not in {finding["rule"] for finding in ran.data["findings"]}
    assert "Dockerfile" in ran.skipped()
