"""Scripts that start container tools, by category, with those that do the same and those left behind."""

from collections import Counter
from collections.abc import Iterator, Sequence

from dockwright.report.document import Inventory
from dockwright.report.entries import ScriptEntry
from dockwright.report.markdown.tasks import tasks
from dockwright.report.markdown.text import code, codes, escaped, table
from dockwright.report.views import TwinEntry
from dockwright.report.words import counted


def scripts(inventory: Inventory) -> Iterator[str]:
    """Counts by category, one table per category, duplicates, legacy."""
    own = [item for item in inventory.scripts if item.standing == "own"]
    if not own:
        return
    yield f"### Scripts and programs that work with containers ({len(own):,})"
    yield ""
    yield from _counts(own)
    yield from _by_category([item for item in own if not item.test])
    tests = [item for item in own if item.test]
    if tests:
        yield f"Test code that starts containers itself: {codes((item.path for item in tests), 40)}."
        yield ""
    yield from tasks([item for item in own if not item.test], inventory.compose)
    yield from _twins(inventory.script_twins)
    yield from _legacy(own)


def _counts(items: Sequence[ScriptEntry]) -> Iterator[str]:
    whole = Counter(item.category or "other" for item in items)
    program = Counter(item.category or "other" for item in items if not item.test)
    calls = Counter[str]()
    uncalled = Counter[str]()
    for item in items:
        calls[item.category or "other"] += len(item.invokes)
        uncalled[item.category or "other"] += not item.uses
    rows = [
        (escaped(name), str(whole[name]), str(program[name]), str(calls[name]), str(uncalled[name]))
        for name in sorted(whole, key=lambda name: (-whole[name], name))
    ]
    rows.append(("**all**", str(len(items)), str(program.total()), str(calls.total()), str(uncalled.total())))
    yield from table(
        ("category", "files", "not tests", "container commands", "no caller found"), rows, "lrrrr"
    )


def _by_category(items: Sequence[ScriptEntry]) -> Iterator[str]:
    for category in sorted({item.category for item in items}):
        chosen = [item for item in items if item.category == category]
        yield f"#### {escaped(category or 'other').capitalize()} ({counted(len(chosen), 'file')})"
        yield ""
        yield from table(
            ("path", "language", "used by", "lines", "starts", "destroys"),
            map(_script, chosen),
            "lllrll",
        )


def _script(item: ScriptEntry) -> tuple[str, ...]:
    verbs = Counter(f"{call.engine} {call.verb}".strip() for call in item.invokes)
    shown = [f"{code(verb)}{f' ×{number}' if number > 1 else ''}" for verb, number in verbs.most_common(5)]
    rest = len(verbs) - len(shown)
    destroys = [f"{call.destroys} (line {call.line})" for call in item.invokes if call.destroys]
    return (
        code(item.path),
        escaped(item.language),
        _users(item),
        f"{item.lines:,}",
        ", ".join(shown) + (f" and {rest} more" if rest > 0 else ""),
        escaped("; ".join(destroys[:3])) + (f" and {len(destroys) - 3} more" if len(destroys) > 3 else ""),
    )


def _users(item: ScriptEntry) -> str:
    """Who calls it, as far as files tell; people call scripts by hand, which no file shows."""
    if not item.uses:
        return "nothing found that calls it"
    first = item.used_by[0]
    rest = f" and {item.uses - 1:,} more" if item.uses > 1 else ""
    return f"{first.verb} {code(f'{first.path}:{first.line}')}{rest}"


def _twins(twins: Sequence[TwinEntry]) -> Iterator[str]:
    if not twins:
        return
    yield "#### Scripts that do the same"
    yield ""
    yield from table(
        ("the same", "files", "note"),
        ((escaped(twin.same), codes(twin.files), escaped(twin.note)) for twin in twins),
    )


def _legacy(items: Sequence[ScriptEntry]) -> Iterator[str]:
    left = [item for item in items if item.legacy]
    if not left:
        return
    yield f"#### Left behind ({counted(len(left), 'file')})"
    yield ""
    yield from table(
        ("path", "why it looks so"), ((code(item.path), escaped("; ".join(item.legacy))) for item in left)
    )
