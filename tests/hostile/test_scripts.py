"""Scripts and programs that are noise, huge, or nested beyond all reason."""

from pathlib import Path

import pytest

from tests.hostile.files import many, nested, noise, write
from tests.hostile.process import audited, calm, dockwright, every_way

PYTHON = b'import subprocess\nsubprocess.run(["docker", "build", "."])\n'
SHELL = b"docker build .\n"

DEEP_PYTHON = {
    "parentheses": PYTHON + b"x = " + nested(b"(", 10_000, b")"),
    "lists": PYTHON + b"x = " + nested(b"[", 10_000, b"]"),
    "minus": PYTHON + b"x = " + b"-" * 100_000 + b"1\n",
    "not": PYTHON + b"x = " + b"not " * 100_000 + b"1\n",
    "sum": PYTHON + b"import os\nos.system(" + b'"docker" + ' * 50_000 + b'"x")\n',
    "attributes": PYTHON + b"x = a" + b".b" * 100_000 + b"\n",
    "calls": PYTHON + b"x = a" + b"()" * 100_000 + b"\n",
    "lambdas": PYTHON + b"x = " + b"lambda: " * 100_000 + b"1\n",
    "ternary": PYTHON + b"x = " + b"1 if a else " * 50_000 + b"2\n",
    "blocks": PYTHON + many(99, lambda i: b" " * i + b"if a:\n") + b" " * 99 + b"docker()\n",
    "elif": PYTHON + b"if a: b\n" + b"elif a: b\n" * 20_000,
    "doubled": PYTHON + b'a = "docker "\n' + b'a = f"{a}{a}"\n' * 100 + b"import os\nos.system(a)\n",
    "multiplied": PYTHON + b'import os\nos.system("docker " * 10**12)\nos.system("docker %999999999d" % 3)\n'
    b'os.system(f"docker {3:999999999}")\nx = 2 ** 10**12\nx = 1 << 10**12\n',
    "choices": PYTHON
    + many(40, lambda i: b'a%d = "docker a" if x else "docker b"\n' % i)
    + b"subprocess.run("
    + b" + ".join(b"a%d" % i for i in range(40))
    + b")\n",
    "endless_loops": PYTHON + b"for a in range(10**9):\n  for b in range(10**9):\n    os.system(f'docker {a}{b}')\n",
    "recursion": PYTHON
    + many(300, lambda i: b"def f%d(x):\n  f%d(x + 'a')\n  f%d(x + 'b')\n" % (i, i + 1, i + 1))
    + b"f0('docker')\n",
    "zero": PYTHON + b"\0\0",
    "encoding": b"# -*- coding: utf-16 -*-\n" + PYTHON,
    "no_encoding": b"# -*- coding: nope -*-\n" + PYTHON,
    "noise": b"docker" + noise(200_000),
}  # fmt: skip

DEEP_SHELL = {
    "subshells": SHELL + nested(b"(", 10_000, b")", b"docker ps"),
    "substitutions": SHELL + b"docker run " + nested(b"$(", 10_000, b")", b"docker ps"),
    "quoted": b'docker run "' + nested(b'$(echo "', 5_000, b'")') + b'"',
    "backquotes": SHELL + b"`" * 10_001,
    "ifs": nested(b"if a; then ", 10_000, b"; fi", b"docker ps"),
    "functions": nested(b"f() { ", 10_000, b"; }", b"docker ps"),
    "cases": SHELL + nested(b"case a in a) ", 5_000, b";; esac", b"docker ps"),
    "defaults": b"docker run " + nested(b"${a:-", 10_000, b"}"),
    "arithmetic": b"docker run $((" + nested(b"(", 10_000, b")", b"1") + b"))",
    "braces": b"docker run " + b"{a,b}" * 60 + b"\ndocker run {1..999999999}\n",
    "heredocs": SHELL + b"cat <<EOF\n" * 10_000,
    "doubled": b"A=docker\n" + b'A="$A $A"\n' * 100 + b"$A ps\n",
    "calls": many(40, lambda i: b"f%d() { " % i + b"f%d; " % (i + 1) * 10 + b"}\n") + SHELL + b"f0\n",
    "itself": b". ./itself.sh\n./itself.sh\ndocker ps\n",
    "noise": b"docker " + noise(200_000),
    "text_noise": b"docker " + noise(100_000, b"ab \n'\"`$(){}[]|&;<>\\#"),
    "arguments": b"docker run " + b"-e A=b " * 50_000 + b"x\n",
}

OTHERS = {
    "js/deep.js": b'exec("docker run x");' + nested(b"(", 200_000, b")"),
    "js/template.ts": b"exec(`docker " + nested(b"${`", 10_000, b"`}") + b"`)",
    "js/huge.js": b"var a=function(){return docker};" * 330_000,
    "py/huge.py": PYTHON * 100_000,
    "sh/docker-huge.sh": b"docker run x\n" * 200_000,
    "noise/package.json": noise(100_000),
    "deep/package.json": b'{"scripts": {"docker": "docker build ."}, "a": ' + nested(b"[", 100_000, b"]", b""),
    "forms/package.json": b'{"scripts": ["docker"], "workspaces": {"a": 1}}',
    "forms/a/package.json": b'["docker"]',
    "forms/b/package.json": b'{"scripts": {"a": ["docker"], "b": 1, "c": null}}',
    "noise/Makefile": b"docker\n" + noise(200_000),
    "deep/Makefile": b"a:\n\tdocker build " + nested(b"$(A", 10_000, b")") + b"\n",
    "cyclic/Makefile": b"A = $(A) docker\nB = $(C)\nC = $(B)\na: a b\n\t$(A) $(B) run\n\t$(MAKE) a\n",
    "doubled/Makefile": b"A0 = docker\n" + many(100, lambda i: b"A%d = $(A%d) $(A%d)\n" % (i + 1, i, i))
    + b"a:\n\t$(A100) run x\n",
    "defines/Makefile": b"define A\ndocker build .\n" * 5_000,
    "justfile": b"a:\n  docker build " + nested(b"{{ ", 10_000, b"}}"),
    "Jenkinsfile": b"docker " + nested(b"{", 50_000, b"}", b'sh "docker build ."'),
    "Procfile": b"docker: " * 50_000,
    "Tiltfile": b'docker_build("a", ' + nested(b"(", 10_000, b")") + b")\n",
    "deploy.ps1": b"docker build " + nested(b"$(", 10_000, b")") + b"`" * 1_000,
    "pyproject.toml": b"[tool.poe.tasks]\ndocker = " + nested(b"[", 10_000, b"]"),
    "README.md": b"```bash\ndocker build .\n" * 2_000 + b"[a](" * 50_000 + b"`docker build -f a/Dockerfile .`\n",
    ".devcontainer/devcontainer.json": b'{"build": {"dockerfile": "../../../etc/passwd"}, "a": ' + b"[" * 50_000,
    "captain-definition": b'{"schemaVersion": 2, "dockerfileLines": {"a": 1}}',
    "skaffold.yaml": b"apiVersion: skaffold/v2\nbuild:\n  artifacts: " + nested(b"[", 10_000, b"]"),
}  # fmt: skip


@pytest.mark.slow
def test_python(tmp_path: Path) -> None:
    write(tmp_path, {f"{name}.py": data for name, data in DEEP_PYTHON.items()})
    report = every_way(tmp_path, "blocks.py:2")[1]
    starting = {script["path"] for script in report.data["inventory"]["scripts"]}
    assert {"attributes.py", "blocks.py", "choices.py"} <= starting  # the rest of a file is not lost


@pytest.mark.slow
def test_shell(tmp_path: Path) -> None:
    write(tmp_path, {f"{name}.sh": data for name, data in DEEP_SHELL.items()})
    report = every_way(tmp_path, "heredocs.sh:1", "defaults.sh:1")[1]
    assert "heredocs.sh" in {script["path"] for script in report.data["inventory"]["scripts"]}
    told = report.skipped()
    assert "nest" in told["functions.sh"], told
    assert "nest" in told["ifs.sh"], told


@pytest.mark.slow
def test_others(tmp_path: Path) -> None:
    write(tmp_path, OTHERS)
    told = every_way(tmp_path, "deep/Makefile:2", "Jenkinsfile:1")[1].skipped()
    for name in ("py/huge.py", "sh/docker-huge.sh", "js/huge.js"):
        assert "larger than" in told[name], told


@pytest.mark.slow
def test_more_commands_than_anyone_reads(tmp_path: Path) -> None:
    write(tmp_path, {"deploy.sh": b"docker run x;" * 100_000})
    ran = audited(tmp_path)
    assert len(ran.data["findings"]) <= 10_000
    assert "deploy.sh" in ran.skipped()


def test_a_configuration_that_is_nested_too_deep(tmp_path: Path) -> None:
    write(tmp_path, {"dockwright.toml": b"a = " + b"[" * 100_000})
    for command in ("audit", "check"):
        ran = calm(dockwright(tmp_path, command, "."), {2})
        assert "dockwright.toml" in ran.said


@pytest.mark.slow
def test_shell_text_that_takes_the_parser_too_long(tmp_path: Path) -> None:
    """RUN bodies, scripts and code blocks that are given up are told; what stands beside them is read."""
    tangled = b"[a](" * 15_000
    write(
        tmp_path,
        {
            "Dockerfile": b"FROM alpine\nRUN apk add x; " + tangled + b"\nRUN apk add curl\n"
            b"RUN apk add x | " + b"a|" * 3_000 + b"b\n",
            "0.sh": b"docker run x\n" + b"[a](" * 100_000,
            "README.md": b"```bash\ndocker run x\n" + tangled,
            "last.sh": b"docker compose up -d\n",
        },
    )
    ran = audited(tmp_path)
    told = ran.skipped()
    for place in ("0.sh", "Dockerfile:2", "Dockerfile:4"):
        assert "too long" in told[place], told
    assert "Dockerfile:3" not in told
    assert "last.sh" in {script["path"] for script in ran.data["inventory"]["scripts"]}
