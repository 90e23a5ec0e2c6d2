"""Ignore files that send less: the smallest for one Dockerfile, and a better one for all that share it.

Both are tried before they are proposed: what is sent is worked out again with the new file in place. Nothing that is
used may be hidden, and less must be sent, else there is no proposal.
"""

from collections.abc import Iterable, Sequence

from dockwright.audit.context.model import Amount, Line, Proposal
from dockwright.audit.context.use import Use
from dockwright.dockerfile.keys.model import Selection
from dockwright.trees.context import BuildContext
from dockwright.trees.ignore import parse_patterns
from dockwright.trees.memory import OverlayTree
from dockwright.trees.paths import clamped, is_utf8, join
from dockwright.trees.sent import Sent
from dockwright.trees.tree import Entry, Tree

MAX_LINES = 400
LARGEST = 15
"""Unused folders and files that a better ignore file names."""
JUNK = {
    "node_modules": "packages that the build installs itself",
    "__pycache__": "compiled files of another interpreter",
    ".venv": "a virtual environment of this machine",
    "venv": "a virtual environment of this machine",
    ".pytest_cache": "a cache of test runs",
    ".mypy_cache": "a cache of checks",
    ".ruff_cache": "a cache of checks",
    ".tox": "environments of test runs",
    ".idea": "settings of an editor",
    ".vscode": "settings of an editor",
    ".DS_Store": "written by the file manager",
}
"""Names of what a copy of the whole context takes along and no image needs."""


def escaped(path: str) -> str:
    """A path as a pattern that matches only itself."""
    text = "".join(f"\\{letter}" if letter in "\\*?[" else letter for letter in path)
    return f"\\{text}" if text[:1] in ("#", "!") else text


# -- the smallest


def minimal(tree: Tree, context: BuildContext, use: Use) -> Proposal | None:
    """An allow list of what one Dockerfile takes; None where it takes the whole context, or nothing is gained."""
    if use.whole or not use.files:
        return None
    path = f"{use.subject.path}.dockerignore"
    sources = [one for one in use.sources if clamped(one.path) and one.shown not in use.missing]
    lines = [Line("*", "everything, but")]
    lines += [Line(f"!{_pattern(one)}", "taken by an instruction") for one in _outermost(sources)]
    allowed = _evaluate(tree, context, path, lines)
    extra = sorted(use.files - allowed)
    lines += [Line(f"!{escaped(context.inside(one))}", "taken by an instruction") for one in extra]
    lines += [Line(text, "as in the ignore file there is") for text in _still(context, allowed | use.files)]
    surplus = sorted(_evaluate(tree, context, path, lines) - use.files)
    lines += [
        Line(escaped(context.inside(one)), "not taken by an instruction") for one in surplus[:MAX_LINES]
    ]
    return _checked(tree, context, path, lines, use.files, frozenset())


def _pattern(source: Selection) -> str:
    path = clamped(source.path)
    return path if source.wildcard and any(letter in path for letter in "*?[\\") else escaped(path)


def _outermost(sources: Iterable[Selection]) -> list[Selection]:
    """Sources without those below another one."""
    kept: list[Selection] = []
    for one in sorted(
        {clamped(one.path): one for one in sources}.values(), key=lambda one: clamped(one.path).split("/")
    ):
        path = clamped(one.path)
        if not any(path.startswith(f"{clamped(other.path)}/") for other in kept):
            kept.append(one)
    return kept


def _still(context: BuildContext, paths: Iterable[str]) -> list[str]:
    """The patterns of the present ignore file that decide about any of these files, in their order."""
    ignore = context.ignore_file
    if ignore is None:
        return []
    deciding: set[int] = set()
    for path in paths:
        pattern = ignore.verdict(context.inside(path)).pattern
        if pattern is not None:
            deciding.add(pattern.line)
    return [
        f"{'!' if one.negated else ''}{one.text}"
        for one in ignore.patterns
        if one.line in deciding and (one.negated or one.text not in ("*", "**"))
    ]


# -- a better one


def better(
    tree: Tree,
    context: BuildContext,
    uses: Sequence[Use],
    secrets: Sequence[Entry],
    controlled: Sequence[Entry],
) -> Proposal | None:
    """The present ignore file with lines for what no build needs; None where nothing is gained."""
    named = frozenset(path for use in uses for path in use.named)
    whole = any(use.whole for use in uses)
    everything = frozenset(path for use in uses for path in use.files)
    path = (
        context.ignore_file.path if context.ignore_file is not None else join(context.root, ".dockerignore")
    )
    wanted = [*_control(context, controlled), *_secrets(context, secrets), *_junk(context)]
    if not whole:
        wanted += _unused(context, everything)
    lines: list[Line] = []
    gone: set[str] = set()
    for line in wanted:
        hidden = _hidden_by(line.pattern, context) - gone
        if hidden & named or (not hidden and line.pattern != ".git"):
            continue
        gone |= hidden
        size = sum(entry.size for one in hidden if (entry := tree.get(one)) is not None)
        changes = bool(hidden & everything) or (line.pattern == ".git" and whole)
        lines.append(Line(line.pattern, line.because, len(hidden), size, changes))
    if not lines:
        return None
    return _checked(tree, context, path, lines, everything, named, append=True)


def _control(context: BuildContext, entries: Sequence[Entry]) -> list[Line]:
    found = {".git": None} if context.sends_git else {}
    for entry in entries:
        for part in context.inside(entry.path).split("/"):
            if part in (".hg", ".svn", ".bzr", "CVS"):
                found[f"**/{part}"] = None
    return [Line(one, "version control") for one in found]


def _secrets(context: BuildContext, entries: Sequence[Entry]) -> list[Line]:
    return [Line(escaped(context.inside(entry.path)), "holds secrets") for entry in entries]


def _junk(context: BuildContext) -> list[Line]:
    found: dict[str, None] = {}
    for entry in context.sent:
        for part in context.inside(entry.path).split("/"):
            if part in JUNK:
                found[part] = None
    return [Line(f"**/{one}", JUNK[one]) for one in found]


def _unused(context: BuildContext, used: frozenset[str]) -> list[Line]:
    return [
        Line(escaped(context.inside(path)), "no build of this context takes it")
        for path, _, size in context.largest_unused(used, LARGEST)
        if size and is_utf8(path)
    ]


def _hidden_by(pattern: str, context: BuildContext) -> frozenset[str]:
    """What is sent today and one more pattern would leave out."""
    ignore = parse_patterns([pattern])
    return frozenset(entry.path for entry in context.sent if ignore.ignores(context.inside(entry.path)))


# -- trying


def _text(context: BuildContext, lines: Sequence[Line], *, append: bool) -> str:
    before = ""
    if append and context.ignore_file is not None:
        before = context.ignore_file.source.data.decode("utf-8", "surrogateescape")
        before += "" if not before or before.endswith("\n") else "\n"
    return before + "".join(f"{line.pattern}\n" for line in lines)


def _evaluate(tree: Tree, context: BuildContext, path: str, lines: Sequence[Line]) -> frozenset[str]:
    """What would be sent under these lines."""
    text = "".join(f"{line.pattern}\n" for line in lines)
    return frozenset(Sent(tree, context.root, parse_patterns(text.splitlines(), path)).paths)


def _checked(
    tree: Tree,
    context: BuildContext,
    path: str,
    lines: Sequence[Line],
    used: frozenset[str],
    needed: frozenset[str],
    *,
    append: bool = False,
) -> Proposal | None:
    """The proposal, if it holds: evaluated with the file in place, as the builder would read it."""
    if len(lines) > MAX_LINES or any("\n" in line.pattern for line in lines):
        return None
    text = _text(context, lines, append=append)
    dockerfile = path.removesuffix(".dockerignore") if path != join(context.root, ".dockerignore") else None
    tried = BuildContext(OverlayTree(tree, {path: text}), context.root, dockerfile)
    hidden = sorted(used - tried.sent_paths - {path})
    on_purpose = append and not (needed - tried.sent_paths - {path})
    if hidden and not on_purpose:
        return None
    fewer = tried.count < context.count or tried.bytes < context.bytes
    if not fewer and tried.sends_git == context.sends_git:
        return None
    return Proposal(
        path=path,
        content=text.splitlines(),
        sent=Amount(tried.count, tried.bytes),
        lines=list(lines),
        hidden_used=[context.inside(one) for one in hidden],
    )
