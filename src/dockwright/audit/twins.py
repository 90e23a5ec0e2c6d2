"""Scripts that do the same, and scripts that look left behind. Both from what they start, not from what they are called."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from dockwright.audit.model import Twins
from dockwright.repository.model import Reference, ScriptItem, Standing
from dockwright.repository.repository import Repository

MIN_COMMANDS = 3
"""Two scripts that share fewer different container commands may well do so by chance."""


def twins(repository: Repository) -> list[Twins]:
    """Groups of own scripts, tests left out: equal bytes, then equal commands, then equal names in two languages."""
    scripts = [item for item in repository.scripts if item.standing is Standing.OWN and not item.test]
    found: list[Twins] = []
    taken: set[frozenset[str]] = set()
    for same, group in (*_by_bytes(scripts), *_by_commands(scripts), *_by_name(scripts)):
        files = sorted(item.path for item in group)
        if frozenset(files) not in taken:
            taken.add(frozenset(files))
            found.append(Twins(same, files, _note(same, group)))
    return found


def _by_bytes(scripts: Sequence[ScriptItem]) -> Iterator[tuple[str, list[ScriptItem]]]:
    groups: defaultdict[str, list[ScriptItem]] = defaultdict(list)
    for item in scripts:
        if item.content and item.lines:
            groups[item.content].append(item)
    return (("bytes", group) for group in groups.values() if len(group) > 1)


def _by_commands(scripts: Sequence[ScriptItem]) -> Iterator[tuple[str, list[ScriptItem]]]:
    groups: defaultdict[frozenset[str], list[ScriptItem]] = defaultdict(list)
    for item in scripts:
        commands = frozenset(one.text for one in item.invocations)
        if len(commands) >= MIN_COMMANDS:
            groups[commands].append(item)
    return (("commands", group) for group in groups.values() if len(group) > 1)


def _by_name(scripts: Sequence[ScriptItem]) -> Iterator[tuple[str, list[ScriptItem]]]:
    """`docker_cleanup.sh` and `docker-cleanup.bat`: one task written for two systems."""
    groups: defaultdict[tuple[str, str], list[ScriptItem]] = defaultdict(list)
    for item in scripts:
        path = PurePosixPath(item.path)
        if item.named and path.suffix:
            groups[(str(path.parent), path.stem.replace("-", "_").lower())].append(item)
    return (
        ("name", group)
        for group in groups.values()
        if len({PurePosixPath(item.path).suffix for item in group}) > 1
    )


def _note(same: str, group: Sequence[ScriptItem]) -> str:
    if same == "bytes":
        return "byte for byte"
    if same == "commands":
        number = len({one.text for one in group[0].invocations})
        return f"the same {number} container commands"
    return f"one task in {', '.join(sorted({item.language or '?' for item in group}))}"


def left_behind(repository: Repository, script: ScriptItem) -> list[str]:
    """Why a script looks left behind; empty when it does not. That nobody calls it is no reason alone: a person may."""
    gone = sorted(
        {
            reference.resolved or reference.named
            for reference in references_in(repository, script.path)
            if reference.target is None and not reference.uncertain and reference.expects in _FILES
        }
    )
    if script.test:
        gone = [name for name in gone if _named_elsewhere(repository, name, script.path)]
    found = sorted(
        {
            reference.target
            for reference in references_in(repository, script.path)
            if reference.target is not None and reference.expects in _FILES
        }
    )
    if not gone:
        return []
    reasons = [f"names {', '.join(gone)}, which {'does' if len(gone) == 1 else 'do'} not exist"]
    if not found:
        reasons.append(NOTHING_LEFT)
    return reasons


def _named_elsewhere(repository: Repository, name: str, path: str) -> bool:
    """A test makes files of its own; one that other files name as well was there once."""

    def group() -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for reference in repository.references:
            if reference.target is None:
                found.setdefault(reference.resolved or reference.named, set()).add(reference.place.path)
        return found

    return bool(repository.memo("missing_by_name", group).get(name, set()) - {path})


NOTHING_LEFT = "names no Docker file that exists"
_FILES = frozenset({"dockerfile", "compose", "bake"})


def references_in(repository: Repository, path: str) -> Sequence[Reference]:
    """What the file at `path` names."""

    def group() -> dict[str, list[Reference]]:
        found: dict[str, list[Reference]] = {}
        for reference in repository.references:
            found.setdefault(reference.place.path, []).append(reference)
        return found

    return repository.memo("references_by_source", group).get(path, [])
