"""From a finished replay to its result: steps, costs, better orders."""

from collections import Counter
from collections.abc import Sequence

from dockwright.dockerfile.keys.model import InputKind
from dockwright.figures import Basis, Figure
from dockwright.replay.cost import Costs, best_order, expected, replayed, stage_units
from dockwright.replay.independence import dependencies
from dockwright.replay.reorder import reordered
from dockwright.replay.result import (
    DockerfileResult,
    Missing,
    OrderResult,
    PairResult,
    ReplayResult,
    Undefined,
)
from dockwright.replay.run import Mode, Replay
from dockwright.replay.shape import Shape
from dockwright.replay.steps import step_results
from dockwright.replay.times import AssumedTimes, StepTimes
from dockwright.trees.changes import FOLDER, LINK
from dockwright.trees.paths import join

AT_END = (
    "every commit is built with the Dockerfile and ignore file of the last one: what today's files would have cost; "
    "sources that had other names then count as not there (`--definition per-commit` replays what did happen)"
)
PER_COMMIT = "every commit is built with its own Dockerfile and ignore file: what did happen"
NOT_SEEN = (
    "a history does not show files that git does not track, base images whose tag moved, what a download gives, and "
    "caches that were emptied: real builds miss at least as often"
)
MIN_GAIN, MIN_SECONDS = 0.01, 0.05
"""Share of the expected seconds, and seconds, below which another order is not worth a word."""


def summary(replay: Replay, times: StepTimes | None = None) -> ReplayResult:
    """Everything a replay has found."""
    times = times or AssumedTimes()
    wanted = replay.walk.range
    return ReplayResult(
        revision=replay.end,
        definition=replay.mode.value,
        commits=replay.counted - replay.uncompared,
        merges=replay.merges,
        first_parent=wanted.first_parent,
        since=wanted.since,
        until=wanted.until,
        since_time=replay.walk.since,
        until_time=replay.walk.until,
        dockerfiles=[_dockerfile(replay, subject, times) for subject in range(len(replay.subjects))],
        pairs=_pairs(replay),
        begins=replay.times,
        notes=_notes(replay),
        skipped=replay.skipped,
    )


def _notes(replay: Replay) -> list[str]:
    """What has to be known to read the numbers right; where there are none, why."""
    if replay.counted == replay.uncompared:
        return [_nothing(replay)]
    return [AT_END if replay.mode is Mode.AT_END else PER_COMMIT, NOT_SEEN, *_conversions(replay)]


def _nothing(replay: Replay) -> str:
    walked = len(replay.walk)
    if not walked:
        return "no commit lies in the range and between the dates asked for: nothing was replayed"
    if all(replay.walk.merges) and not replay.merges:
        return "the range holds merges only, which count with `--merges`: nothing was replayed"
    return "the parents of the commits asked for are not in this clone: nothing was replayed"


def _conversions(replay: Replay) -> list[str]:
    """What a check-out makes of files on the way, which object ids do not show."""
    entry = replay.trees.get(replay.trees.root(replay.end), ".gitattributes") if replay.end else None
    text = replay.trees.blob(entry[1]) if entry is not None and entry[0] not in (FOLDER, LINK) else None
    found: list[str] = []
    if text is not None and b"filter=lfs" in text:
        found.append("files in Git LFS count by their pointers, which change exactly when the files do")
    if text is not None and any(word in text for word in (b"eol=", b"text=auto", b"export-subst", b"ident")):
        found.append(
            "`.gitattributes` has files converted when they are checked out: always in the same way, it is taken"
        )
    return found


MAX_PAIRED = 60
"""Ways of building that are paired; beyond, pairs would say nothing to anybody."""


def _pairs(replay: Replay) -> list[PairResult]:
    """How often two images need a rebuild after the same commit."""
    chosen = [
        number
        for number, (about, tally) in enumerate(zip(replay.subjects, replay.tallies, strict=True))
        if not about.label and tally.commits
    ][:MAX_PAIRED]
    found = []
    for index, a in enumerate(chosen):
        for b in chosen[index + 1 :]:
            both = either = 0
            for rebuilt, commits in replay.rebuilt.items():
                bits = (rebuilt >> a & 1) + (rebuilt >> b & 1)
                both += commits if bits == 2 else 0
                either += commits if bits else 0
            if either:
                found.append(PairResult(a, b, both, either))
    return found


def _dockerfile(replay: Replay, subject: int, times: StepTimes) -> DockerfileResult:
    tally, about = replay.tallies[subject], replay.subjects[subject]
    version = replay.version(subject, replay.at_end[subject])
    shape = version.shape
    costs = _costs(replay, subject, times) if shape is not None else None
    undefined = dict(tally.undefined)
    if shape is None and not undefined:
        undefined = {version.problem: 0}
    commits = tally.commits
    return DockerfileResult(
        path=about.path,
        context=about.context or ".",
        target=about.target,
        commits=commits,
        untouched=tally.untouched,
        untouched_share=tally.untouched / commits if commits else 0.0,
        edited=tally.edited,
        buildable=tally.buildable,
        buildable_untouched=tally.buildable_untouched,
        steps=step_results(replay, subject, times),
        label=about.label,
        status=about.status,
        seconds=_figure("seconds per commit", expected(shape, costs[0]), costs[1])
        if shape and costs
        else None,
        replayed_seconds=_figure(
            "seconds per commit", _replayed(replay, subject, shape, costs[0].seconds), costs[1]
        )
        if shape and costs
        else None,
        orders=_orders(replay, subject, shape, *costs) if shape and costs else [],
        missing=_missing(replay, subject),
        undefined=[Undefined(reason, number) for reason, number in undefined.items()],
        sends_git=_sends_git(replay, subject),
        external=sorted(shape.external) if shape else [],
        over_time=tally.per_bucket,
    )


def _missing(replay: Replay, subject: int) -> list[Missing]:
    lines: dict[int, int] = {}
    for version in replay.definitions.versions[subject]:
        for step in version.shape.steps if version.shape else ():
            for number in step.numbers:
                lines.setdefault(number, step.origin.lines[0] if step.origin else 0)
    tally = replay.tallies[subject]
    return [
        Missing(replay.contents.selections[number].shown, lines.get(number, 0), commits)
        for number, commits in sorted(tally.missing.items(), key=lambda one: -one[1])
    ]


def _sends_git(replay: Replay, subject: int) -> bool:
    """True if a checkout's `.git` is a part of what a step copies: then every commit makes it run again."""
    version = replay.version(subject, replay.at_end[subject])
    if version.shape is None or version.definition.scope.root or replay.definitions.prefix:
        return False
    for number, selection in version.shape.selections.items():
        if selection.path.strip("/.") == "" and not selection.wildcard:
            return not replay.contents.scope_of[number].hides(".git")
    return False


# -- costs


def _changes(replay: Replay, subject: int) -> Counter[frozenset[int]]:
    """What commits changed together, under the last commit's definition."""
    found: Counter[frozenset[int]] = Counter()
    for (_, outcome), times in replay.tallies[subject].outcomes.items():
        if outcome.version == replay.at_end[subject] and not outcome.edited:
            found[outcome.changed] += times
    return found


def _costs(replay: Replay, subject: int, times: StepTimes) -> tuple[Costs, Basis]:
    shape = replay.version(subject, replay.at_end[subject]).shape
    assert shape is not None
    figures = [times.of(step.step) for step in shape.steps]
    commits = replay.tallies[subject].per_version[replay.at_end[subject]]
    chances: Counter[int] = Counter()
    for numbers, count in _changes(replay, subject).items():
        for number in numbers:
            chances[number] += count
    basis = min(
        (one.basis for one, step in zip(figures, shape.steps, strict=True) if step.counted),
        default=Basis.DERIVED,
    )
    seconds = [one.value for one in figures]
    return Costs(seconds, {n: count / max(commits, 1) for n, count in chances.items()}), basis


def _replayed(replay: Replay, subject: int, shape: Shape, seconds: Sequence[float]) -> float:
    commits = replay.tallies[subject].per_version[replay.at_end[subject]]
    return replayed(shape, seconds, _changes(replay, subject), commits)


def _figure(name: str, value: float, basis: Basis) -> Figure:
    how = "seconds of steps times how often commits of this history make them run again"
    if basis is Basis.ASSUMED:
        how += "; the seconds are assumed orders of magnitude, so that only the proportion counts"
    return Figure(name, value, "s", min(basis, Basis.ESTIMATED), how)


# -- order


def _orders(replay: Replay, subject: int, shape: Shape, costs: Costs, basis: Basis) -> list[OrderResult]:
    """For each stage a better order, where there is one that is worth it."""
    found: list[OrderResult] = []
    tree = replay.trees.root(replay.end)
    root = replay.version(subject, replay.at_end[subject]).definition.scope.root

    def is_file(path: str) -> bool:
        entry = replay.trees.get(
            tree, join(f"{replay.definitions.prefix}{root}".rstrip("/"), path.strip("/"))
        )
        return entry is not None and entry[0] not in (FOLDER, LINK)

    before = expected(shape, costs)
    for places in _chains(shape):
        units = stage_units(shape, costs, places)
        after = dependencies([shape.steps[place].step for place in places], is_file)
        order = best_order(units, after, frozenset(), costs)
        if order == sorted(order):
            continue
        other = reordered(shape, places, [places[one] for one in order])
        value = expected(other, Costs([costs.seconds[s.step.index] for s in other.steps], costs.chances))
        if before - value < max(MIN_GAIN * before, MIN_SECONDS):
            continue
        lines = [origin.lines[0] if (origin := shape.steps[places[one]].origin) else 0 for one in order]
        origin = shape.steps[places[0]].origin
        seconds = [costs.seconds[step.step.index] for step in other.steps]
        found.append(
            OrderResult(
                stage=origin.stage if origin else "",
                lines=lines,
                moved=_moved(lines),
                before=_figure("before", before, basis),
                after=_figure("after", value, basis),
                replayed_before=_figure("before", _replayed(replay, subject, shape, costs.seconds), basis),
                replayed_after=_figure("after", _replayed(replay, subject, other, seconds), basis),
            )
        )
    return found


def _moved(lines: Sequence[int]) -> list[int]:
    """The steps that have to be moved: all but a longest rising run of lines."""
    best: list[list[int]] = []
    for place, line in enumerate(lines):
        rising = [best[one] for one in range(place) if lines[one] < line]
        best.append([*_longest(rising), line])
    kept = set(_longest(best))
    return [line for line in lines if line not in kept]


def _longest(runs: list[list[int]]) -> list[int]:
    return max(runs, key=len) if runs else []


def _chains(shape: Shape) -> list[list[int]]:
    """The counted steps of each stage that stand one on the other without anything else standing on those between."""
    users: Counter[int] = Counter(parent for step in shape.steps for parent in (*step.chain, *step.results))
    found: list[list[int]] = []
    member: dict[int, list[int]] = {}
    for place, step in enumerate(shape.steps):
        if not step.counted or len(step.step.inputs) == 0:
            continue
        base = next((one.step for one in step.step.inputs if one.kind is InputKind.CHAIN), None)
        run = member.get(base) if base is not None else None
        same = (
            run is not None
            and base is not None
            and users[base] == 1
            and _stage(shape, base) == _stage(shape, place)
        )
        if run is not None and same:
            run.append(place)
        else:
            run = [place]
            found.append(run)
        member[place] = run
    return [run for run in found if len(run) > 1]


def _stage(shape: Shape, place: int) -> int:
    origin = shape.steps[place].origin
    return origin.stage_index if origin is not None else -1
