"""The way to the proposed set, in an order in which every step can be checked before the next one begins.

What is broken is repaired first (what cannot be built cannot be compared), then what is dangerous; then goes what
nothing uses; then copies become one, what production meets last.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from dockwright.audit.model import Action, Cause, Decision, Phase, Question, Risk
from dockwright.figures import Basis, Figure
from dockwright.rules.finding import Category, Severity

STEPS = 12
"""Steps a phase lists; the rest is a number. What is touched is listed whole."""


def phases(
    causes: Sequence[Cause], decisions: Sequence[Decision], questions: Sequence[Question]
) -> list[Phase]:
    """All phases that have something to do, numbered from 1."""
    merged = [one for one in decisions if one.action is Action.MERGE]
    broken = [one.path for one in decisions if one.action is Action.REPAIR and one.kind == "dockerfile"]
    made = [
        *_repairs(causes, broken),
        *_dangers(causes),
        *_removals(decisions),
        *_merges(
            [one for one in merged if one.risk < Risk.HIGH],
            questions,
            "merge what development and tests use",
            Risk.MEDIUM,
            "Files that say nearly the same become one; what differs becomes a build argument, a target, a variable or "
            "a profile, and every caller is rewired in the same change.",
        ),
        *_merges(
            [one for one in merged if one.risk is Risk.HIGH],
            questions,
            "merge what staging and production use",
            Risk.HIGH,
            "The same for files that staging or production is built or run with: last, one file at a time, with the "
            "images compared before and after.",
        ),
    ]
    if made:
        made.append(_gate())
    return [msgspec.structs.replace(phase, number=number) for number, phase in enumerate(made, 1)]


def _repairs(causes: Sequence[Cause], broken: Sequence[str]) -> Iterator[Phase]:
    chosen = [
        one
        for one in causes
        if one.category is Category.BROKEN and one.reaches_live and one.severity >= Severity.MEDIUM
    ]
    yield from _from_causes(
        chosen,
        "repair what is used and broken",
        Risk.MEDIUM,
        "What cannot be built or started cannot be compared with what is to replace it.",
        [f"{_named(broken)} can be built in a clean clone"] if broken else [],
    )


def _dangers(causes: Sequence[Cause]) -> Iterator[Phase]:
    kinds = {Category.DANGEROUS, Category.SECURITY}
    chosen = [one for one in causes if one.category in kinds and one.severity >= Severity.HIGH]
    yield from _from_causes(
        chosen,
        "take out what destroys or leaks",
        Risk.MEDIUM,
        "Independent of everything else, and the harm is done every day it stays.",
        ["secrets that stood in files have been changed too, since git history keeps the old ones"]
        if any("secret" in one.rule for one in chosen)
        else [],
    )


def _from_causes(
    causes: Sequence[Cause], title: str, risk: Risk, why: str, checks: Sequence[str]
) -> Iterator[Phase]:
    if not causes:
        return
    by_rule: dict[str, list[Cause]] = {}
    for cause in causes:
        by_rule.setdefault(cause.rule, []).append(cause)
    touched = sorted({place.path for cause in causes for place in cause.places})
    number = sum(len(cause.findings) for cause in causes)
    yield Phase(
        number=0,
        title=title,
        risk=risk,
        why=why,
        steps=_limited([_step(group) for group in by_rule.values()]),
        touches=touched,
        checks=[f"`dockwright check` finds no {_named(by_rule, 'or')} any more", *checks],
        figures=[
            Figure("findings settled", number, "findings", Basis.DERIVED, f"findings of {len(causes)} causes")
        ],
    )


def _step(causes: Sequence[Cause]) -> str:
    """What one rule found, as one thing to do."""
    first = causes[0]
    fix = f": {first.fix[:1].lower()}{first.fix[1:]}" if first.fix else ""
    behind = ", ".join(_behind(cause) for cause in causes[:4])
    more = f" and {len(causes) - 4} more" if len(causes) > 4 else ""
    if len(causes) == 1:
        return f"{first.title} ({behind}){fix}"
    number = sum(len(cause.findings) for cause in causes)
    return f"`{first.rule}` at {number} places ({behind}{more}){fix}"


def _behind(cause: Cause) -> str:
    if cause.cause.startswith("`"):
        return cause.cause
    return f"`{cause.cause or cause.places[0]}`"


def _removals(decisions: Sequence[Decision]) -> Iterator[Phase]:
    chosen = [one for one in decisions if one.action is Action.REMOVE]
    if not chosen:
        return
    mentions = {str(place) for one in chosen for place in one.callers}
    yield Phase(
        number=0,
        title="remove what nothing uses",
        risk=Risk.LOW,
        why="Nothing that runs names these files. What only mentions them is changed in the same step.",
        steps=_limited([f"remove `{one.path}`: {one.reasons[0]}" for one in chosen]),
        touches=_touched(chosen),
        checks=[
            (
                "no line of the repository names a file that was removed (the next audit finds no new "
                "`missing-dockerfile` or `missing-compose-file`)"
            )
        ],
        figures=[
            Figure("files removed", len(chosen), "files", Basis.DERIVED, "decisions to remove"),
            Figure(
                "mentions to change", len(mentions), "places", Basis.DERIVED, "references to removed files"
            ),
        ],
    )


def _merges(
    chosen: Sequence[Decision], questions: Sequence[Question], title: str, risk: Risk, why: str
) -> Iterator[Phase]:
    if not chosen:
        return
    files = {one.path for one in chosen} | {one.into for one in chosen}
    callers = {str(place) for one in chosen for place in one.callers}
    yield Phase(
        number=0,
        title=title,
        risk=risk,
        why=why,
        steps=_limited([f"merge `{one.path}` into `{one.into}`: {one.reasons[0]}" for one in chosen]),
        touches=_touched(chosen),
        needs=[question.title for question in questions if files & set(question.files)],
        checks=list(_proofs(chosen)),
        figures=[
            Figure("files merged away", len(chosen), "files", Basis.DERIVED, "decisions to merge"),
            Figure("callers to rewire", len(callers), "places", Basis.DERIVED, "references to merged files"),
        ],
    )


def _proofs(chosen: Sequence[Decision]) -> Iterator[str]:
    """What shows that a merged file gives what it gave, by the commands that tell."""
    kinds = {one.kind for one in chosen}
    if "dockerfile" in kinds:
        yield "`dockwright prove build OLD NEW` says of every merged Dockerfile: the same, or only what is meant"
    if "compose" in kinds:
        yield "`dockwright prove compose OLD NEW` says of every merged compose file: the same, or only what is meant"
    if "script" in kinds:
        yield "every caller of a merged script starts the one that stays"


def _named(names: Iterable[str], last: str = "and") -> str:
    """Up to four names in backticks and how many more."""
    items = [f"`{name}`" for name in names]
    if len(items) > 4:
        items = [*items[:4], f"{len(items) - 4} more"]
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}"


def _gate() -> Phase:
    return Phase(
        number=0,
        title="keep it so",
        risk=Risk.LOW,
        why=(
            "A list of allowed names does not notice a file that was moved, and a clean-up without a check grows back."
        ),
        steps=["run `dockwright check` in CI; it fails on what this report calls broken, dead or dangerous"],
        touches=[],
        checks=["the pipeline fails when a line is added that this report would name"],
    )


def _touched(decisions: Sequence[Decision]) -> list[str]:
    files = {one.path for one in decisions} | {one.into for one in decisions if one.into}
    return sorted(files | {place.path for one in decisions for place in one.callers})


def _limited(steps: list[str]) -> list[str]:
    return steps if len(steps) <= STEPS else [*steps[:STEPS], f"and {len(steps) - STEPS} more of this kind"]
