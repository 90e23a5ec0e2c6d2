"""What changed in the files that a step takes from its context, with the file or ignore rule named."""

from collections.abc import Iterator

import msgspec

from dockwright.dockerfile.keys.filters import Filter
from dockwright.dockerfile.keys.model import Selection
from dockwright.replay.bodies import Change
from dockwright.trees.context import BuildContext
from dockwright.trees.paths import clamped, shown
from dockwright.trees.selection import Found
from dockwright.trees.tree import Entry, Unreadable

MAX_NAMED = 100
"""Changed files that are told one by one."""


class _File(msgspec.Struct, frozen=True):
    entry: Entry
    content: str


def file_changes(
    selection: Selection, before: BuildContext, after: BuildContext, *, git: bool = False
) -> Iterator[Change]:
    """The differences of one selection: files first, most telling kind first, then what the ignore file does."""
    old, new = _selected(selection, before), _selected(selection, after)
    paths = sorted(old.keys() | new.keys())
    found = [change for path in paths if (change := _change(path, old, new, before, after)) is not None]
    for change in found[:MAX_NAMED]:
        yield change
    if len(found) > MAX_NAMED:
        yield Change(f"{len(found) - MAX_NAMED} more files changed")
    if found:
        return
    if git and selection.path.strip("/.") == "" and after.sends_git:
        yield Change("`.git` is sent and copied, and every commit changes it")
        return
    yield Change(f"`{selection.shown}` changed: a folder came or went, or a link leads elsewhere")


def _selected(selection: Selection, context: BuildContext) -> dict[str, _File]:
    """What a selection takes, by path in the context."""
    found = context.select(selection.path)
    filter_ = Filter(selection.include, selection.exclude)
    folder = clamped(selection.path)
    files: dict[str, _File] = {}
    for path in found.paths:
        entry = context.tree.get(path)
        inside = context.inside(path)
        below = inside[len(folder) + 1 :] if folder and inside.startswith(f"{folder}/") else inside
        if entry is None or ((selection.include or selection.exclude) and not filter_.keeps(below)):
            continue
        files[inside] = _File(entry, _content(entry, context))
    return files


def _content(entry: Entry, context: BuildContext) -> str:
    try:
        if entry.is_link:
            return f"link {context.tree.link_target(entry.path)}"
        return context.tree.content_id(entry.path)
    except (KeyError, Unreadable):
        return ""


def _change(
    path: str, old: dict[str, _File], new: dict[str, _File], before: BuildContext, after: BuildContext
) -> Change | None:
    one, other = old.get(path), new.get(path)
    name = f"`{shown(path)}`"
    if one is not None and other is not None:
        if one.content != other.content:
            return Change(f"{name} changed")
        if one.entry.mode != other.entry.mode:
            return Change(
                f"mode of {name} changed: {one.entry.mode & 0o777:o} → {other.entry.mode & 0o777:o}"
            )
        return None
    if other is not None:
        return _came(name, other.entry.path, before)
    assert one is not None
    return _went(name, one.entry.path, after)


def _came(name: str, full: str, before: BuildContext) -> Change:
    if before.tree.is_file(full):
        rule = before.hidden_by(full)
        if rule is not None:
            return Change(
                f"{name} is sent now: ignore rule `{rule.text}` (line {rule.line}) left it out before"
            )
        return Change(f"{name} is taken now")
    return Change(f"{name} was added")


def _went(name: str, full: str, after: BuildContext) -> Change:
    if after.tree.is_file(full):
        rule = after.hidden_by(full)
        if rule is not None:
            return Change(f"{name} is not sent any more: ignore rule `{rule.text}` (line {rule.line})")
        return Change(f"{name} is not taken any more")
    return Change(f"{name} was removed")


def gone_missing(selection: Selection, context: BuildContext) -> Change:
    """A source that is not there: the build stops."""
    found = context.select(selection.path)
    if found.found is Found.HIDDEN and found.hidden_by is not None:
        rule = found.hidden_by
        return Change(
            f"`{selection.shown}` is left out by ignore rule `{rule.text}` (line {rule.line}): the build stops here"
        )
    return Change(f"`{selection.shown}` is not in the context: the build stops here")
