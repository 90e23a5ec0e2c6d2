"""`same-graph`: two Dockerfiles, target by target, give BuildKit the same work, or differ first here and there.

Nothing is built. What only an unknown base image could say is kept apart on both sides, so that "same" holds whatever
it says. With a build context on each side, what the instructions select there is compared too: the same COPY under
another ignore file is other work.
"""

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from dockwright.dockerfile.build import Build
from dockwright.dockerfile.keys.contents import TreeDigests
from dockwright.dockerfile.keys.model import Selection
from dockwright.dockerfile.keys.plan import Planner
from dockwright.dockerfile.nodes import Problem
from dockwright.dockerfile.operations.build import build_graph
from dockwright.dockerfile.operations.compare import Compared, Difference, compare
from dockwright.dockerfile.operations.engine import NEWEST, Engine
from dockwright.dockerfile.operations.model import BuildGraph
from dockwright.dockerfile.settings import Settings
from dockwright.dockerfile.tree import parse
from dockwright.trees.context import BuildContext
from dockwright.trees.tree import Unreadable


class Subject(msgspec.Struct, frozen=True):
    """One side: a Dockerfile under the name it is to be called by, and its build context if that is compared."""

    name: str
    data: bytes
    context: BuildContext | None = None


class Verdict(StrEnum):
    """What became of a target."""

    SAME = "same"
    DIFFERS = "differs"
    REFUSED = "cannot be built"
    """BuildKit would refuse at least one side."""


class Refusal(msgspec.Struct, frozen=True):
    """The error BuildKit would stop at, and where."""

    place: str
    message: str


class SelectedDifferently(msgspec.Struct, frozen=True):
    """An instruction that is the same, and selects other files."""

    place: str
    text: str
    selection: str


class TargetProof(msgspec.Struct, frozen=True):
    """What is shown of one target. `name` is "" for the last stage, `second` its name in the second file."""

    name: str
    second: str
    verdict: Verdict
    digests: tuple[str, str] = ("", "")
    difference: Difference | None = None
    selected: SelectedDifferently | None = None
    refusals: tuple[Refusal | None, Refusal | None] = (None, None)


class BuildProof(msgspec.Struct, frozen=True):
    """The result: target by target. `only_first` and `only_second` are names of stages that the other side lacks:
    equal graphs may name them otherwise. `unknown_images` are those of which only the name is known.
    """

    first: str
    second: str
    targets: tuple[TargetProof, ...]
    only_first: tuple[str, ...] = ()
    only_second: tuple[str, ...] = ()
    unknown_images: tuple[str, ...] = ()
    contexts_compared: bool = False
    frontends: tuple[str, str] = ("", "")
    """What each file asks for in `# syntax=`; both are read as `Question.engine` says."""

    @property
    def same(self) -> bool:
        return all(one.verdict is Verdict.SAME for one in self.targets)


class Question(msgspec.Struct, frozen=True):
    """What is asked: how both are built, and which targets; none asks for the last stage and every common name.

    `targets` are pairs of stage names, in the first and the second file.
    """

    settings: Settings = Settings()
    engine: Engine = NEWEST
    targets: tuple[tuple[str, str], ...] = ()


def prove_build(first: Subject, second: Subject, question: Question | None = None) -> BuildProof:
    """Compare two Dockerfiles target by target."""
    question = question or Question()
    sides = _Side(first, question), _Side(second, question)
    pairs = list(question.targets) or _common(sides[0].build(""), sides[1].build(""))
    unknown: dict[str, None] = {}
    targets = []
    for mine, theirs in pairs:
        made = sides[0].graph(mine), sides[1].graph(theirs)
        targets.append(_target(sides, (mine, theirs), made))
        for graph in made:
            if isinstance(graph, BuildGraph):
                unknown |= dict.fromkeys(graph.unknown_images)
    named = [_names(side.build("")) for side in sides]
    return BuildProof(
        first.name,
        second.name,
        tuple(targets),
        only_first=tuple(name for name in named[0] if name not in named[1]),
        only_second=tuple(name for name in named[1] if name not in named[0]),
        unknown_images=tuple(unknown),
        contexts_compared=bool(first.context and second.context),
        frontends=(sides[0].frontend, sides[1].frontend),
    )


class _Side:
    def __init__(self, subject: Subject, question: Question) -> None:
        self.subject = subject
        self._question = question
        self._tree = parse(subject.data, subject.name, question.engine.frontend)
        self.digests = TreeDigests.of(subject.context) if subject.context else None

    @property
    def frontend(self) -> str:
        syntax = self._tree.syntax
        return syntax.value if syntax else ""

    def build(self, target: str) -> Build:
        return self._tree.build(
            msgspec.structs.replace(self._question.settings, target=target, symbolic=True)
        )

    def graph(self, target: str) -> BuildGraph | Problem:
        return build_graph(self.build(target).target(target), self._question.engine)

    def refusal(self, made: BuildGraph | Problem) -> Refusal | None:
        if isinstance(made, BuildGraph):
            return None
        line = made.lines[0]
        return Refusal(f"{self.subject.name}:{line}" if line else self.subject.name, made.text)


def _names(build: Build) -> list[str]:
    return list(dict.fromkeys(stage.name for stage in build.stages if stage.name))


def _common(first: Build, second: Build) -> list[tuple[str, str]]:
    """The last stage of both, then every name that both have."""
    theirs = set(_names(second))
    last = [build.stages[-1].name for build in (first, second) if build.stages]
    names = [name for name in _names(first) if name in theirs and last != [name, name]]
    return [("", ""), *((name, name) for name in names)]


def _target(
    sides: tuple[_Side, _Side],
    names: tuple[str, str],
    made: tuple[BuildGraph | Problem, BuildGraph | Problem],
) -> TargetProof:
    first, second = made
    if isinstance(first, Problem) or isinstance(second, Problem):
        refusals = (sides[0].refusal(first), sides[1].refusal(second))
        return TargetProof(*names, Verdict.REFUSED, refusals=refusals)
    settings = sides[0].build(names[0]).settings
    compared: Compared = compare(first, second, settings.images)
    if not compared.same:
        return TargetProof(*names, Verdict.DIFFERS, compared.digests, compared.difference)
    selected = _selected(sides, first, settings)
    verdict = Verdict.DIFFERS if selected else Verdict.SAME
    return TargetProof(*names, verdict, compared.digests, selected=selected)


def _selected(
    sides: tuple[_Side, _Side], graph: BuildGraph, settings: Settings
) -> SelectedDifferently | None:
    """The first selection of equal graphs that is not the same in both contexts."""
    first, second = sides[0].digests, sides[1].digests
    if first is None or second is None:
        return None
    for place, text, selection in _selections(graph, settings):
        try:
            differs = first.digest(selection) != second.digest(selection)
        except (Unreadable, KeyError):
            differs = True
        if differs:
            return SelectedDifferently(place, text, selection.shown)
    return None


def _selections(graph: BuildGraph, settings: Settings) -> Iterator[tuple[str, str, Selection]]:
    plan = Planner(images=settings.images).plan(graph)
    for step in plan.steps:
        for one in step.inputs:
            for selection in one.selections if plan.steps[one.step].local else ():
                origin = step.origin
                yield origin.place if origin else "", origin.text if origin else "", selection
