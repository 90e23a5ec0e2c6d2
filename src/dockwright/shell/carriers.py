"""Any file that may start programs, read by what it is: script, Makefile, package.json, Python, JavaScript …

The kind is told by name and first line. Files that cannot name a container tool are left out by a test of their bytes
before anything is parsed.
"""

import re
from collections.abc import Callable

from dockwright.errors import Skipped
from dockwright.shell.invocations import Found, Invocation, of_script
from dockwright.shell.parse import MAX_BYTES, parse_shell, shebang
from dockwright.shell.script import Dialect
from dockwright.text import MappedText, SourceFile, Span

_TOOL = re.compile(
    rb"(?:^|[\"'\s/`=(])(?:docker|podman|nerdctl|buildah|docker-compose|podman-compose)(?:[\"'\s.`)]|-compose)|docker\."
    rb"|testcontainers|python_on_whales|[a-z]docker\b|DOCKER|kaniko|buildctl|skaffold|gcloud|flyctl|devcontainer|DockerClient"
)
_SUFFIXES = {
    "sh": "shell", "bash": "shell", "zsh": "shell", "ksh": "shell", "ash": "shell", "dash": "shell", "bats": "shell",
    "envrc": "shell", "command": "shell", "mk": "make", "make": "make", "py": "python", "pyw": "python", "bat": "cmd",
    "cmd": "cmd", "ps1": "powershell", "psm1": "powershell", "js": "code", "mjs": "code", "cjs": "code", "jsx": "code",
    "ts": "code", "mts": "code", "cts": "code", "tsx": "code", "rb": "code", "go": "code", "groovy": "code", "rake": "code",
    "gradle": "code", "kts": "code", "php": "code", "pl": "code", "just": "just", "ex": "code", "exs": "code", "lua": "code",
    "md": "text", "rst": "text", "txt": "text", "adoc": "text", "yml": "text", "yaml": "text", "toml": "text", "ini": "text",
    "cfg": "text", "nix": "text",
}  # fmt: skip
_NAMES = {
    "makefile": "make", "gnumakefile": "make", "justfile": "just", ".justfile": "just", "package.json": "npm",
    "composer.json": "npm", "procfile": "procfile", "jenkinsfile": "code", "rakefile": "code", "fastfile": "code",
    "tiltfile": "code", "vagrantfile": "code", "sconstruct": "python", "wscript": "python", "fabfile.py": "python",
}  # fmt: skip
_INTERPRETERS = {
    "sh": "shell", "bash": "shell", "zsh": "shell", "ksh": "shell", "dash": "shell", "ash": "shell", "node": "code",
    "bun": "code", "deno": "code", "ruby": "code", "make": "make", "just": "just", "pwsh": "powershell", "perl": "code",
    "php": "code", "bats": "shell",
}  # fmt: skip


def kind_of(path: str, data: bytes) -> str:
    """What a file is read as: shell, make, just, npm, procfile, python, code, cmd, powershell, text; empty if nothing."""
    name = path.rpartition("/")[2].lower()
    stem, _, suffix = name.rpartition(".")
    if name in _NAMES:
        return _NAMES[name]
    if stem and suffix in _SUFFIXES:
        return _SUFFIXES[suffix]
    if name.startswith(("makefile.", "jenkinsfile")):
        return "make" if name.startswith("make") else "code"
    interpreter = shebang(data)
    if interpreter.startswith(("python", "pypy", "uv")):
        return "python"
    return _INTERPRETERS.get(interpreter, "")


def may_start_containers(data: bytes) -> bool:
    """A cheap test of the bytes: False when no container tool can be named in them."""
    lowered = b"docker" in data or b"podman" in data or b"Docker" in data or b"DOCKER" in data
    return (lowered or b"containers" in data or b"buildah" in data or b"nerdctl" in data or b"kaniko" in data
            or b"buildctl" in data or b"skaffold" in data or b"gcloud" in data) and _TOOL.search(data) is not None  # fmt: skip


def read(source: SourceFile, kind: str = "") -> Found:
    """Every program a file starts. A file of no known kind gives nothing; `kind` overrides what the name says."""
    kind = kind or kind_of(source.path, source.data)
    if kind == "python":
        from dockwright.shell.python.reader import read_python

        return read_python(source)
    reader = _READERS.get(kind)
    if reader is None:
        return Found()
    if len(source.data) > MAX_BYTES:
        return Found(skipped=(Skipped(source.path, f"larger than {MAX_BYTES} bytes"),))
    return reader(source)


def _whole(source: SourceFile) -> MappedText:
    start = 3 if source.data.startswith(b"\xef\xbb\xbf") else 0
    return MappedText.plain(source, Span(start, len(source.data)))


def _shell(source: SourceFile) -> Found:
    name = shebang(source.data)
    script = parse_shell(_whole(source), Dialect.SH if name in ("sh", "dash", "ash") else Dialect.BASH)
    skipped = (Skipped(source.path, script.truncated),) if script.truncated else ()
    return Found(of_script(script), skipped)


def _windows(dialect: Dialect) -> Callable[[SourceFile], Found]:
    def reader(source: SourceFile) -> Found:
        return Found(of_script(parse_shell(_whole(source), dialect), dialect.value))

    return reader


def _make(source: SourceFile) -> Found:
    from dockwright.shell.makefile import read_makefile

    return Found(read_makefile(source))


def _just(source: SourceFile) -> Found:
    from dockwright.shell.makefile import read_justfile

    return Found(read_justfile(source))


def _npm(source: SourceFile) -> Found:
    from dockwright.shell.entries import read_json_scripts

    return Found(read_json_scripts(source))


def _procfile(source: SourceFile) -> Found:
    from dockwright.shell.entries import read_procfile

    return Found(read_procfile(source))


def _code(source: SourceFile) -> Found:
    from dockwright.shell.tolerant import scan_calls

    found: tuple[Invocation, ...] = scan_calls(source)
    return Found(found)


def _text(source: SourceFile) -> Found:
    from dockwright.shell.entries import read_command_lines

    return Found(read_command_lines(source))


_READERS: dict[str, Callable[[SourceFile], Found]] = {
    "shell": _shell,
    "cmd": _windows(Dialect.CMD),
    "powershell": _windows(Dialect.POWERSHELL),
    "make": _make,
    "just": _just,
    "npm": _npm,
    "procfile": _procfile,
    "code": _code,
    "text": _text,
}
