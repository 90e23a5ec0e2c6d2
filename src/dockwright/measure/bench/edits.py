"""Which file a change of code or of dependencies is made in, and the change itself: one line, different every time.

Code: of the last COPY or ADD in the file that takes files of the context with program code in them (tests only where there
is nothing else), the file with the shortest path. Dependencies: a file that a package manager of the build reads (knowledge/package_managers.toml), as a COPY
takes it. A change is a comment where the language of the file has one, else blanks at its end: the program is the same, its
bytes are not.
"""

import posixpath
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

import msgspec

from dockwright.dockerfile.keys.model import InputKind, Plan, Step
from dockwright.dockerfile.operations.model import ExecBody
from dockwright.knowledge.packages import managers
from dockwright.measure.bench.model import Scenario
from dockwright.replay.commands import commands_of
from dockwright.trees.context import BuildContext

_HASH, _SLASHES, _DASHES, _MARKUP, _BLOCK = ("# {}", "// {}", "-- {}", "<!-- {} -->", "/* {} */")
_COMMENTS = {
    _HASH: ".py .pyi .rb .sh .bash .pl .pm .r .jl .ex .exs .yml .yaml .toml .cfg .tf .nix .cr .txt .in .mk .cmake",
    _SLASHES: ".js .mjs .cjs .jsx .ts .tsx .go .rs .java .kt .kts .scala .c .h .cc .cpp .hpp .cs .swift .dart .php "
              ".zig .gradle .groovy .proto .mod",
    _DASHES: ".sql .lua .hs .elm",
    _MARKUP: ".html .htm .xml .vue .svelte .md .csproj .fsproj .props",
    _BLOCK: ".css .scss .less",
}  # fmt: skip
_STYLE = {suffix: style for style, suffixes in _COMMENTS.items() for suffix in suffixes.split()}
_NO_CODE = frozenset(
    (
        ".txt",
        ".in",
        ".md",
        ".yml",
        ".yaml",
        ".toml",
        ".cfg",
        ".mod",
        ".csproj",
        ".fsproj",
        ".props",
        ".xml",
        ".mk",
    )
)
CODE = frozenset(_STYLE) - _NO_CODE
_HASH_NAMES = ("Gemfile", "Pipfile", "Makefile", "requirements*", "constraints*", "cpanfile", "*.lock")
"""Files without a telling suffix in which `#` begins a comment."""
_ASIDE = ("test", "tests", "docs", "doc", "examples", "vendor", "third_party", "node_modules", "migrations")


class Edit(msgspec.Struct, frozen=True):
    """A file of the tree to be changed, and the line of the first step that takes it."""

    scenario: Scenario
    path: str
    line: int


def source_edit(plan: Plan, context: BuildContext, wanted: str = "") -> Edit | None:
    """Where a change of code is made; None where no step takes a file with code. `wanted` is a path of the tree."""
    manifests = {edit.path for edit in _dependencies(plan, context)}
    for aside in (False, True):
        for step in reversed(_ordered(plan)):
            files = taken(step, context)
            if wanted:
                files = [path for path in files if path == wanted]
            else:
                files = [
                    one for one in files if _is_code(one) and one not in manifests and _is_aside(one) is aside
                ]
            if files:
                path = min(files, key=_order)
                return Edit(Scenario.SOURCE, path, _first_line(path, plan, context))
    return None


def _first_line(path: str, plan: Plan, context: BuildContext) -> int:
    """Of the step from which on a change of that file is felt."""
    return next((_line(step) for step in _ordered(plan) if path in taken(step, context)), 0)


def _is_code(path: str) -> bool:
    return posixpath.splitext(path)[1] in CODE


def _is_aside(path: str) -> bool:
    """Tests and the like, and what is shown rather than run: only where there is nothing else."""
    shown = _STYLE.get(posixpath.splitext(path)[1]) in (_MARKUP, _BLOCK, _DASHES)
    return shown or any(part in _ASIDE for part in path.split("/"))


def dependency_edit(plan: Plan, context: BuildContext, wanted: str = "") -> Edit | None:
    """Where a change of dependencies is made; None where nothing is installed from a file of the context."""
    if wanted:
        return next(
            (Edit(Scenario.DEPENDENCY, wanted, _line(step)) for step in _ordered(plan) if wanted in taken(step, context)),
            None,
        )  # fmt: skip
    return next(_dependencies(plan, context), None)


def _order(path: str) -> tuple[bool, int, str]:
    """Code of the program before tests and the like, short paths first."""
    return _is_aside(path), path.count("/"), path


def _line(step: Step) -> int:
    return step.origin.lines[0] if step.origin is not None else 0


def _ordered(plan: Plan) -> list[Step]:
    """Counted steps in the order of the file."""
    return sorted(plan.counted, key=_line)


def taken(step: Step, context: BuildContext) -> list[str]:
    """The files of the main context that a step takes, as paths of the tree."""
    found: dict[str, None] = {}
    for one in step.inputs:
        for selection in one.selections if one.kind is InputKind.LOCAL else ():
            if selection.context == "context":
                found.update(dict.fromkeys(context.select(selection.shown).paths))
    return sorted(found)


def _dependencies(plan: Plan, context: BuildContext) -> Iterator[Edit]:
    """Files that package managers of the build read, those named first by a step; requirements and manifests before locks."""
    names = list(_manifest_names(plan))
    seen: set[str] = set()
    for name in names:
        for step in _ordered(plan):
            for path in sorted(taken(step, context), key=_order):
                last = path.rpartition("/")[2]
                if path not in seen and (last == name or fnmatchcase(last, name)):
                    seen.add(path)
                    yield Edit(Scenario.DEPENDENCY, path, _line(step))


def _manifest_names(plan: Plan) -> Iterable[str]:
    """Names of files that the build's package managers read, most telling first."""
    named: dict[str, int] = {}
    for step in plan.counted:
        body = step.operation.body
        if not isinstance(body, ExecBody):
            continue
        for install in commands_of(body).installs:
            if install is None or install.manager not in managers():
                continue
            for manifest in install.manifests:
                rank = 2 if manifest.role == "lock" else int(manifest.word is None)
                named.setdefault(manifest.path.rpartition("/")[2], rank)
    return sorted(named, key=lambda name: named[name])


def changed(data: bytes, name: str, word: str) -> bytes:
    """The content of a file of that name with one line more, which holds `word`: as a comment, or written in blanks."""
    suffix = posixpath.splitext(name)[1]
    by_name = any(fnmatchcase(name, one) for one in _HASH_NAMES)
    style = _HASH if by_name else _STYLE.get(suffix, "")
    line = style.format(f"dockwright bench {word}").encode() if style else _blanks(word)
    return data + (b"" if data.endswith(b"\n") or not data else b"\n") + line + b"\n"


def _blanks(word: str) -> bytes:
    """A word in blanks and tabs, for formats without comments (JSON)."""
    return bytes(b" \t"[(byte >> bit) & 1] for byte in word.encode() for bit in range(8))
