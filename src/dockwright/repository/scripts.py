"""Scripts and programs: what they start, what they import, and what kind of tool they are."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise

import msgspec

from dockwright.repository.files import Candidate
from dockwright.repository.items import settle_by_place
from dockwright.repository.model import ScriptItem, Strength
from dockwright.repository.names import is_test_code, named_after_containers, suffix
from dockwright.repository.narrow import imports, narrowed
from dockwright.repository.sites import Site
from dockwright.repository.vocabulary import word_set
from dockwright.shell.calls import BakeCall, BuildCall, Call, ComposeCall, RunCall
from dockwright.shell.docker_cli import read_call
from dockwright.shell.invocations import Found, Invocation
from dockwright.shell.script import Link, Nest, Scope
from dockwright.text import SourceFile

_LANGUAGES = {
    "py": "python", "pyw": "python", "sh": "shell", "bash": "shell", "zsh": "shell", "ksh": "shell", "dash": "shell",
    "fish": "shell", "bat": "batch", "cmd": "batch", "ps1": "powershell", "psm1": "powershell", "js": "javascript",
    "mjs": "javascript", "cjs": "javascript", "jsx": "javascript", "ts": "typescript", "mts": "typescript",
    "cts": "typescript", "tsx": "typescript", "mk": "make", "make": "make", "just": "just", "rb": "ruby", "go": "go",
    "rs": "rust", "java": "java", "kt": "kotlin", "php": "php", "pl": "perl", "ex": "elixir", "exs": "elixir",
    "groovy": "groovy", "gradle": "groovy", "cs": "csharp", "r": "r", "lua": "lua", "tcl": "tcl", "scala": "scala",
    "swift": "swift", "json": "json", "yml": "yaml", "yaml": "yaml", "ini": "ini",
}  # fmt: skip
_SHEBANGS = (
    (b"python", "python"),
    (b"node", "javascript"),
    (b"ruby", "ruby"),
    (b"perl", "perl"),
    (b"pwsh", "powershell"),
)


def language_of(path: str, data: bytes) -> str:
    """The language of a script by its name, or by its first line."""
    name = path.rpartition("/")[2].lower()
    if "makefile" in name:
        return "make"
    if name in ("justfile", ".justfile"):
        return "just"
    if name == "package.json":
        return "npm"
    known = _LANGUAGES.get(suffix(name))
    if known is not None:
        return known
    first = data[: data.find(b"\n", 0, 200)] if data.startswith(b"#!") else b""
    return next((language for word, language in _SHEBANGS if word in first), "shell")


def read(source: SourceFile, language: str) -> Found:
    """What a script starts and imports."""
    from dockwright.shell.carriers import read as read_carrier

    if language != "python":
        return read_carrier(source)
    smaller = narrowed(source)
    modules = imports(source).modules
    if smaller is None:
        return Found(imports=modules)
    found = read_carrier(SourceFile(source.path, smaller))
    if found.skipped and smaller != source.data:
        found = read_carrier(source)
    return msgspec.structs.replace(found, imports=modules)


_PATH = rb"[\"']?((?:[\w.${}~-]+/)*(?:[\w.-]+|\$\{?\w+\}?))[\"']?"
_WRITTEN = re.compile(
    rb"(?:>>?|\btee(?:[ \t]+-a)?|-o|--output|-O|-FilePath|\b(?:Out-File|Set-Content|Add-Content))[ \t]*"
    + _PATH
    + rb"(?=[\s;|&)]|$)"
)
_COPIED = re.compile(
    rb"\b(?:cp|mv|install|ln)\b[^\n;|&]{0,400}[ \t]" + _PATH + rb"[ \t]*(?:$|[;|&)\n])", re.MULTILINE
)
_MADE = re.compile(
    rb"\b(?:mkdir(?:[ \t]+-\w+)*|git[ \t]+clone\b[^\n;|&]{0,400}?)[ \t]+" + _PATH + rb"[ \t]*(?:$|[;|&\n)])",
    re.MULTILINE,
)
_PYTHON_WRITES = re.compile(
    rb"write_text|write_bytes|open\([^)\n]{0,200}[\"'][wax]b?\+?[\"']|shutil\.(?:copy|move)|makedirs|\.mkdir\("
)
_DOCKER_NAME = re.compile(
    rb"[\"']((?:[\w.-]+/)*[\w.-]*(?:[Dd]ockerfile|[Cc]ontainerfile|compose)[\w.-]*)[\"']"
)


_DOCKER_WORDS = (b"ockerfile", b"ontainerfile", b"compose")


def written_names(data: bytes, language: str) -> frozenset[str]:
    """Files and folders a script makes itself, by path and last part, as far as plain patterns tell."""
    found: set[str] = set()
    assigned: dict[bytes, set[str]] = {}
    patterns = (
        (_WRITTEN, _COPIED, _MADE)
        if language in ("shell", "make", "batch", "powershell", "npm", "yaml")
        else ()
    )
    for pattern in patterns:
        for match in pattern.finditer(data):
            path = match[1].decode("utf-8", "replace")
            found.update((path.removeprefix("./").rstrip("/"), path.rstrip("/").rpartition("/")[2]))
            if _VARIABLE.fullmatch(match[1]):
                assigned = assigned or _assigned(data)
                found.update(assigned.get(match[1].strip(b"${}"), ()))
    if language == "python" and any(word in data for word in _DOCKER_WORDS):
        for line in _python_writing_lines(data):
            found.update(match[1].decode("utf-8", "replace") for match in _DOCKER_NAME.finditer(line))
    return frozenset(found - {"", ".", "..", "null"})


_VARIABLE = re.compile(rb"\$\{?\w+\}?")


_ASSIGNED = re.compile(rb"^[ \t]*(?:export[ \t]+|local[ \t]+)?(\w+)=[\"']?([\w.${}/~-]+)", re.MULTILINE)


def _assigned(data: bytes) -> dict[bytes, set[str]]:
    """The last part of each path that a shell script assigns to a variable, by the variable."""
    found: dict[bytes, set[str]] = {}
    for match in _ASSIGNED.finditer(data):
        last = match[2].decode("ascii", "replace").rstrip("/}").rpartition("/")[2]
        found.setdefault(match[1], set()).add(last)
    return found


def _python_writing_lines(data: bytes) -> Iterator[bytes]:
    for match in islice(_PYTHON_WRITES.finditer(data), MAX_WRITES):
        first = max(0, match.start() - MAX_LINE)
        start = max(data.rfind(b"\n", first, match.start()) + 1, first)
        end = data.find(b"\n", match.end(), match.end() + MAX_LINE)
        yield data[start : end if end != -1 else match.end() + MAX_LINE]


MAX_WRITES = 300
MAX_LINE = 400


def sites_of(source: SourceFile, found: Found, written: frozenset[str]) -> list[Site]:
    """The container tools a script starts; `written` are files it makes itself."""
    strength = Strength.TEST if is_test_code(source.path) else Strength.RUN
    sites: list[Site] = []
    for invocation in found.invocations:
        call = read_call(invocation.argv, invocation.env)
        if call is None:
            continue
        sites.append(
            Site(
                source=source,
                span=invocation.span,
                call=call,
                kind="command",
                strength=Strength.BUILD
                if strength is Strength.RUN and isinstance(call, BuildCall)
                else strength,
                cwd=invocation.cwd,
                within=within(invocation.place),
                fallback=is_fallback(invocation, source),
                written=written,
            )
        )
    return _tried_in_turn(sites)


NEAR = 400
"""Bytes between the end of a build and its fallback."""


def _tried_in_turn(sites: list[Site]) -> list[Site]:
    """Builds that have another build as fallback, and these fallbacks, are marked: each may fail without harm."""
    marked: set[int] = set()
    for index, (site, following) in enumerate(pairwise(sites)):
        builds = isinstance(site.call, BuildCall) and isinstance(following.call, BuildCall)
        if builds and following.fallback and following.span.start - site.span.end < NEAR:
            marked.update((index, index + 1))
    return [
        msgspec.structs.replace(site, several=True) if index in marked else site
        for index, site in enumerate(sites)
    ]


def within(place: Iterable[Scope]) -> str:
    """The function, class or target a call stands in."""
    names = [
        scope.name for scope in place if scope.kind in (Nest.FUNCTION, Nest.CLASS, Nest.TARGET) and scope.name
    ]
    return ".".join(names)


_ENGINE = rb"(?:docker|podman|nerdctl|buildah|compose)"
_CHECK = re.compile(
    rb"(?:command -v|which|type|hash|available|installed|version|\binfo\b|returncode|\$\?)[^\n]{0,200}"
    + _ENGINE
    + rb"|"
    + _ENGINE
    + rb"[^\n]{0,200}(?:available|installed|\bversion\b|\binfo\b|returncode|not found)"
    + rb"|returncode|\$\?|\[ -[efx] [^\n]{0,200}(?:compose|dockerfile)|(?:compose|dockerfile)[^\n]{0,200}(?:exists|is_?file)\b"
    + rb"|(?:exists|is_?file)\([^\n]{0,200}(?:compose|dockerfile)",
    re.IGNORECASE,
)
"""A condition that asks whether the first way is open: the engine is there, the file is there, the command worked."""


def is_fallback(invocation: Invocation, source: SourceFile) -> bool:
    """True when the call runs only after another way failed: in `except`, behind `||`, in the `else` of a check."""
    if invocation.link is Link.OR:
        return True
    for scope in invocation.place:
        if scope.kind is Nest.EXCEPT:
            return True
        if scope.kind is Nest.ELSE and _CHECK.search(_condition_before(source.data, scope.start)):
            return True
    return False


def _condition_before(data: bytes, at: int) -> bytes:
    """The line of the `if` whose `else` stands at `at`: the nearest above that is not indented deeper."""
    first = data.rfind(b"\n", 0, at) + 1
    end = data.find(b"\n", first)
    depth = _indent(data[first : end if end != -1 else len(data)])
    for line in reversed(data[max(0, first - 8000) : first].split(b"\n")):
        stripped = line.strip()
        if stripped.startswith((b"if ", b"if[", b"if(", b"elif ", b"try")) and _indent(line) <= depth:
            return stripped
    return b""


def _indent(line: bytes) -> int:
    return len(line) - len(line.lstrip())


def script_item(candidate: Candidate, found: Found, language: str) -> ScriptItem:
    """The item of a script; invocations are put in once their files are known."""
    item = ScriptItem(path=candidate.path, source=candidate.source, language=language)
    settle_by_place(item, candidate)
    item.imports = list(found.imports)
    item.test = is_test_code(candidate.path)
    item.named = named_after_containers(candidate.path)
    return item


_HEALTH = word_set("ps inspect logs stats port top events ls wait diff images history search df")
_LIFE = word_set("up down start stop restart run create exec kill pause unpause attach")
_CLEAN = word_set("prune rm rmi")
_BY_NAME = (
    ("test", re.compile(r"test|verify|validat|benchmark", re.IGNORECASE)),
    ("cleanup", re.compile(r"clean|prune|purge|reset|remove", re.IGNORECASE)),
    ("deploy", re.compile(r"deploy|release|publish", re.IGNORECASE)),
    ("build", re.compile(r"build|image|bake", re.IGNORECASE)),
    (
        "health",
        re.compile(r"health|check|status|monitor|log|diagnos|introspect|audit|wait|watch", re.IGNORECASE),
    ),
    ("podman", re.compile(r"podman", re.IGNORECASE)),
    (
        "lifecycle",
        re.compile(r"start|stop|up|down|launch|run|restart|manage|entrypoint|serve|dev", re.IGNORECASE),
    ),
)


def categorise(path: str, calls: Iterable[Call], *, test: bool) -> str:
    """lifecycle, health, cleanup, build, podman, test or deploy: by what it does, then by its name."""
    if test:
        return "test"
    kinds = Counter(kind for call in calls if (kind := effect(call)))
    engines = Counter(call.engine for call in calls)
    name = path.rpartition("/")[2]
    named = next((kind for kind, pattern in _BY_NAME if pattern.search(name)), "")
    if engines and all("podman" in engine for engine in engines) and "podman" in path.lower():
        return "podman"
    if named == "test" and name.startswith("test"):
        return "test"
    if kinds[named] or (named == "deploy" and kinds["lifecycle"] + kinds["build"]):
        return named
    for kind in ("build", "deploy", "cleanup", "lifecycle", "health"):
        if kinds[kind] * 3 >= max(kinds.total(), 1):
            return kind
    return kinds.most_common(1)[0][0] if kinds else named


def effect(call: Call) -> str:
    """What one call is for."""
    verb = call.verb.rpartition(" ")[2]
    if isinstance(call, BuildCall | BakeCall) or verb in ("build", "tag"):
        return "build"
    if verb in ("push", "deploy", "submit"):
        return "deploy"
    if call.destroys is not None or verb in _CLEAN:
        return (
            "lifecycle"
            if isinstance(call, ComposeCall) and not (call.destroys and call.destroys.data)
            else "cleanup"
        )
    if isinstance(call, RunCall) or verb in _LIFE:
        return "lifecycle"
    return (
        "health"
        if verb in _HEALTH or (isinstance(call, ComposeCall) and verb not in ("compose", "version"))
        else ""
    )
