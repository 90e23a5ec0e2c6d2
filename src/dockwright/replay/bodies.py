"""What changed in an instruction itself: its text, variables, user, directory, mounts, shell."""

from collections.abc import Iterator
from difflib import SequenceMatcher

import msgspec

from dockwright.dockerfile.instructions.types import Arg, Env
from dockwright.dockerfile.keys.bodies import stripped
from dockwright.dockerfile.keys.model import Plan, Step
from dockwright.dockerfile.operations.model import Copy, ExecBody, FileBody
from dockwright.dockerfile.tree import Dockerfile
from dockwright.knowledge.secrets import secret_name

MAX_SHOWN, LEAD = 60, 25
"""Characters of a text that are shown, and how many of them before the first difference."""


class Change(msgspec.Struct, frozen=True):
    """One reason, in words."""

    text: str


def counterpart(step: Step, old: Plan, new: Plan) -> Step | None:
    """The step of the old plan that became this one: the same text in the same stage, else the one in its place."""
    for ours, theirs in _pairs(old, new):
        if theirs.index == step.index:
            return ours
    return None


def _pairs(old: Plan, new: Plan) -> Iterator[tuple[Step, Step]]:
    """Steps of both plans that stand for each other."""
    ours, theirs = old.counted, new.counted
    matcher = SequenceMatcher(
        None, [_mark(one) for one in ours], [_mark(one) for one in theirs], autojunk=False
    )
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag in ("equal", "replace"):
            former = list(ours[i1:i2])
            for step in theirs[j1:j2]:
                kind = _kind(step)
                match = next((one for one in former if tag == "equal" or _kind(one) == kind), None)
                if match is not None:
                    former.remove(match)
                    yield match, step


def _kind(step: Step) -> tuple[str, str]:
    origin = step.origin
    return (origin.stage, origin.instruction) if origin is not None else ("", step.operation.kind)


def _mark(step: Step) -> tuple[str, str]:
    origin = step.origin
    return (origin.stage, origin.text) if origin is not None else ("", step.operation.name)


def own_change(step: Step, before: Step | None, old: Dockerfile, new: Dockerfile) -> Change:
    """Why the operation itself is another one."""
    if before is None:
        return Change("no such instruction before")
    if _mark(before)[1] != _mark(step)[1]:
        return Change("instruction changed: " + difference(_mark(before)[1], _mark(step)[1]))
    one, other = stripped(before.operation.body), stripped(step.operation.body)
    if one == other:
        return Change("not built before, as the build before did not come so far")
    if isinstance(one, ExecBody) and isinstance(other, ExecBody):
        return Change(
            "; ".join(_run(one, other, step, old, new)) or "its text changed beyond what is shown here"
        )
    if isinstance(one, FileBody) and isinstance(other, FileBody):
        return Change("; ".join(_copy(one, other)) or "its options changed")
    return Change("it is another operation now")


def _short(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


def difference(one: str | tuple[str, ...], other: str | tuple[str, ...]) -> str:
    """Where two texts begin to differ, with a little of what stands before it."""
    first, second = (text if isinstance(text, str) else " ".join(text) for text in (one, other))
    pairs = enumerate(zip(first, second, strict=False))
    same = next((at for at, (a, b) in pairs if a != b), min(len(first), len(second)))
    start = max(0, same - LEAD) if max(len(first), len(second)) > MAX_SHOWN else 0
    lead = "…" if start else ""
    return f"`{lead}{_short(first[start:])}` → `{lead}{_short(second[start:])}`"


def _run(one: ExecBody, other: ExecBody, step: Step, old: Dockerfile, new: Dockerfile) -> Iterator[str]:
    yield from _variables(one, other, step, old, new)
    if one.args[:-1] != other.args[:-1]:
        yield f"SHELL changed: `{' '.join(one.args[:-1])}` → `{' '.join(other.args[:-1])}`"
    elif one.args != other.args:
        yield "the text of the command changed: " + difference(one.args[-1:], other.args[-1:])
    if one.cwd != other.cwd:
        yield f"WORKDIR changed: `{one.cwd}` → `{other.cwd}`"
    if one.user != other.user:
        yield f"USER changed: `{one.user or 'root'}` → `{other.user or 'root'}`"
    if one.mounts != other.mounts:
        yield "its mounts changed"
    if one.platform != other.platform:
        yield "the platform changed"
    rest = ("network", "security", "hostname", "hosts", "ulimits", "devices", "secret_env", "cgroup_parent")
    for name in rest:
        if getattr(one, name) != getattr(other, name):
            yield f"its {name.replace('_', ' ')} changed"


def _variables(one: ExecBody, other: ExecBody, step: Step, old: Dockerfile, new: Dockerfile) -> Iterator[str]:
    if one.env == other.env:
        return
    before = dict(item.partition("=")[::2] for item in one.env)
    after = dict(item.partition("=")[::2] for item in other.env)
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    for name in changed:
        kind = _declared(name, step, new) or _declared(name, step, old) or "variable"
        was, now = _value(name, before.get(name)), _value(name, after.get(name))
        yield f"{kind} {name} changed: {was} → {now}"
    if not changed:
        yield "the order of its variables changed"


def _value(name: str, value: str | None) -> str:
    if value is None:
        return "(not set)"
    return "`[redacted]`" if secret_name(name) else f"`{_short(value)}`"


def _declared(name: str, step: Step, file: Dockerfile) -> str:
    """`ARG` or `ENV`, whichever declares the variable last at or before the step."""
    line = step.origin.lines[0] if step.origin is not None else 0
    found = ""
    for command in file.commands:
        if command.node.first_line > line and line:
            break
        if isinstance(command, Arg) and any(one.name.value == name for one in command.declarations):
            found = "ARG"
        elif isinstance(command, Env) and any(one.key.value == name for one in command.pairs):
            found = "ENV"
    return found


def _copy(one: FileBody, other: FileBody) -> Iterator[str]:
    for first, second in zip(one.actions, other.actions, strict=False):
        a, b = first.what, second.what
        if isinstance(a, Copy) and isinstance(b, Copy):
            if a.dest != b.dest:
                yield f"it copies to `{b.dest}` now, before to `{a.dest}`"
            if a.src != b.src:
                yield f"its source is `{b.src}` now, before `{a.src}`"
            if (a.user, a.group) != (b.user, b.group):
                yield "the owner changed"
            if (a.mode, a.symbolic_mode) != (b.mode, b.symbolic_mode):
                yield "--chmod changed"
            if (a.include, a.exclude) != (b.include, b.exclude):
                yield "--exclude or --parents changed"
        elif a != b:
            if getattr(a, "path", "") != getattr(b, "path", ""):
                yield f"its path is `{getattr(b, 'path', '')}` now, before `{getattr(a, 'path', '')}`"
            elif getattr(a, "user", None) != getattr(b, "user", None):
                yield "USER changed, and with it the owner of the directory"
            else:
                yield "the text of the file changed"
    if len(one.actions) != len(other.actions):
        yield "the number of its sources changed"
