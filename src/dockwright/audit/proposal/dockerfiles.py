"""Decisions about Dockerfiles: within one service, files that say nearly the same become one; the rest is asked."""

from collections import defaultdict
from collections.abc import Sequence

from dockwright.audit.model import Action, Decision, Question, Risk, Target
from dockwright.audit.proposal.evidence import Evidence, left_alone, places
from dockwright.audit.proposal.likeness import Alike, Likeness, clusters
from dockwright.audit.proposal.unused import unused
from dockwright.figures import Basis, Figure
from dockwright.repository.model import DockerfileItem, Strength

MERGE = 0.6
"""Share of equal instructions from which two Dockerfiles of one service are proposed as one. Below it, what is common
is mostly what every Dockerfile has."""
ACROSS = 0.75
"""The same for Dockerfiles of two services, where it is only asked: one file for both ties them together."""
PARAMETERS = 8


class Dockerfiles:
    """Decisions, targets and questions about all Dockerfiles of a repository."""

    def __init__(self, evidence: Evidence, likeness: Likeness) -> None:
        self.evidence = evidence
        self.likeness = likeness
        self.decisions: dict[str, Decision] = {}
        self.targets: list[Target] = []
        self.questions: list[Question] = []
        items = evidence.repository.dockerfiles
        live = [item.path for item in items if item.builds]
        used: list[DockerfileItem] = []
        for item in items:
            near = likeness.nearest(item.path, live)
            kind = "inline" if item.inline else "dockerfile"
            decision = left_alone(item, kind) or _inline(item, near) or unused(item, kind, evidence, near)
            if decision is None:
                used.append(item)
            else:
                self.decisions[item.path] = decision
        self._merge(used)
        self._ask_across(used)

    def _merge(self, used: Sequence[DockerfileItem]) -> None:
        by_service: defaultdict[str, list[DockerfileItem]] = defaultdict(list)
        for item in used:
            by_service[item.service].append(item)
        for service, items in sorted(by_service.items()):
            for program in _programs(items) if service else [items]:
                heads = [self._one(group) for group in self._alike(program)]
                if service and len(heads) > 1:
                    self.questions.append(self._bases(service, heads))

    def _alike(self, items: Sequence[DockerfileItem]) -> list[list[DockerfileItem]]:
        """Groups of items that are proposed as one file: alike enough, and on one kind of base."""
        by_path = {item.path: item for item in items}
        joined = [
            (a.path, b.path)
            for index, a in enumerate(items)
            for b in items[index + 1 :]
            if a.service and self.likeness.share(a.path, b.path) >= MERGE and flavour(a) == flavour(b)
        ]
        return [
            [by_path[path] for path in group] for group in clusters([item.path for item in items], joined)
        ]

    def _one(self, group: Sequence[DockerfileItem]) -> DockerfileItem:
        """Decide about a group that becomes one file; gives the file that stays."""
        head, *others = sorted(group, key=self._preference)
        broken = [f"it cannot be built: {fault.message}" for fault in head.faults if fault.sure][:2]
        self.decisions[head.path] = Decision(
            path=head.path,
            kind="dockerfile",
            action=Action.REPAIR if head.buildable is False else Action.KEEP,
            risk=self.evidence.risk(head),
            reasons=(self.evidence.use(head), *broken),
        )
        for item in others:
            self.decisions[item.path] = self._merged(item, head, group)
        if others:
            self.targets.append(self._target(head, others))
        return head

    def _preference(self, item: DockerfileItem) -> tuple[bool, bool, bool, int, str]:
        """The file that stays: what production uses, what can be built, the plain one, the most used."""
        strong = sum(one.strength >= Strength.SCRIPT for one in self.evidence.callers(item.path))
        return (
            not self.evidence.production(item),
            item.buildable is False,
            bool(item.variant),
            -strong,
            item.path,
        )

    def _merged(
        self, item: DockerfileItem, head: DockerfileItem, group: Sequence[DockerfileItem]
    ) -> Decision:
        alike = self.likeness.words(item.path, head.path, [one.path for one in group], "instructions")
        return Decision(
            path=item.path,
            kind="dockerfile",
            action=Action.MERGE,
            into=head.path,
            risk=max(self.evidence.risk(item), self.evidence.risk(head)),
            reasons=(
                f"{alike}; the rest becomes a build argument or a target",
                self.evidence.use(item),
                *(["it cannot be built as it is"] if item.buildable is False else []),
            ),
            callers=places(self.evidence.callers(item.path)),
        )

    def _target(self, head: DockerfileItem, others: Sequence[DockerfileItem]) -> Target:
        paths = [item.path for item in others]
        return Target(head.path, "dockerfile", paths, self.likeness.parameters(head.path, paths, PARAMETERS))

    def _bases(self, service: str, heads: Sequence[DockerfileItem]) -> Question:
        """What remains for one service after merging what is alike."""
        by_base: defaultdict[str, list[str]] = defaultdict(list)
        for item in heads:
            by_base[flavour(item)].append(item.path)
        shares = [
            self.likeness.share(a.path, b.path) for index, a in enumerate(heads) for b in heads[index + 1 :]
        ]
        most = Figure(
            "largest share of equal instructions",
            max(shares),
            "share",
            Basis.DERIVED,
            "alignment of instructions",
        )
        names = sorted(by_base)
        asked = f"{' or '.join(names)}" if len(names) > 1 else "one file with targets, or several"
        return Question(
            title=f"{service}: {asked}?",
            why=(
                f"{len(heads)} used Dockerfiles remain and share at most {most.value:.0%} of their instructions, so "
                "which of them is the standard is a decision, not a parameter"
            ),
            choices=[f"{name}: {', '.join(f'`{path}`' for path in by_base[name])}" for name in names],
            files=[item.path for item in heads],
            figures=[most],
        )

    def _ask_across(self, used: Sequence[DockerfileItem]) -> None:
        """Files of two services that are alike: one parametrised file is possible, and a decision."""
        heads = [
            item for item in used if self.decisions[item.path].action is not Action.MERGE and item.service
        ]
        joined = [
            (a.path, b.path)
            for index, a in enumerate(heads)
            for b in heads[index + 1 :]
            if not _same_program(a, b) and self.likeness.share(a.path, b.path) >= ACROSS
        ]
        for group in clusters([item.path for item in heads], joined):
            if len(group) > 1:
                self.questions.append(self._across(group))

    def _across(self, group: Sequence[str]) -> Question:
        shares = [self.likeness.share(a, b) for index, a in enumerate(group) for b in group[index + 1 :]]
        figure = Figure("largest share", max(shares), "share", Basis.DERIVED, "alignment of instructions")
        return Question(
            title=f"one Dockerfile for {_named(group)}?",
            why=(
                f"they make different programs and share up to {figure.value:.0%} of their instructions; one "
                "parametrised file would serve all, and tie the services together"
            ),
            choices=["one file with the service as a build argument", "a file per service"],
            files=group,
            figures=[figure],
        )


def _same_program(a: DockerfileItem, b: DockerfileItem) -> bool:
    """One service, and from one folder as far as builds tell: `api` of two projects is two programs."""
    here, there = ({build.context for build in item.builds if build.context is not None} for item in (a, b))
    return a.service == b.service and (not here or not there or not here.isdisjoint(there))


def _programs(items: Sequence[DockerfileItem]) -> list[list[DockerfileItem]]:
    """Items of one service name, by the program they make."""
    by_path = {item.path: item for item in items}
    joined = [
        (a.path, b.path) for index, a in enumerate(items) for b in items[index + 1 :] if _same_program(a, b)
    ]
    return [[by_path[path] for path in group] for group in clusters(list(by_path), joined)]


def _named(paths: Sequence[str]) -> str:
    if len(paths) == 2:
        return f"`{paths[0]}` and `{paths[1]}`"
    return f"`{paths[0]}` and {len(paths) - 1} more like it"


def flavour(item: DockerfileItem) -> str:
    """The kind of base the last shipped stage stands on: `alpine`, `slim`, `distroless` … or the image's name."""
    stages = item.tree.stages
    if not stages:
        return "no base"
    root = stages[item.shipped_stages[-1] if item.shipped_stages else -1].root
    if root.image is None:
        return root.name or "scratch"
    name, tag = root.image.familiar_name, root.image.tag or ""
    for word in ("alpine", "slim", "distroless", "chainguard", "ubi", "windowsservercore", "nanoserver"):
        if word in tag or word in name:
            return word
    return name.rpartition("/")[2]


def _inline(item: DockerfileItem, near: Alike | None) -> Decision | None:
    """A Dockerfile inside another file: no tool sees it, and it drifts from the files it repeats."""
    if not item.inline:
        return None
    facts = [f"stands as text inside `{item.source.path}`, where no tool looks for it"]
    if near is not None:
        facts.append(f"{near.share:.0%} of it also stands in `{near.b if near.a == item.path else near.a}`")
    return Decision(
        path=item.path,
        kind="inline",
        action=Action.DECIDE,
        by="person",
        risk=Risk.MEDIUM,
        reasons=tuple(facts),
    )
