"""Decisions about compose files: near copies become one, stand-alone files of several environments are asked about."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import PurePosixPath

from dockwright.audit.model import Action, Decision, Question, Target
from dockwright.audit.proposal.evidence import Evidence, left_alone, places
from dockwright.audit.proposal.likeness import Likeness, clusters
from dockwright.audit.proposal.unused import unused
from dockwright.figures import Basis, Figure
from dockwright.repository.model import ComposeItem, Strength

MERGE = 0.6
"""Share of equal settings from which two compose files of one directory are proposed as one."""
PARAMETERS = 8
_DEFAULTS = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
"""The names compose finds by itself, in the order in which it prefers them (docs.docker.com/compose)."""


class Composes:
    """Decisions, targets and questions about all compose files of a repository."""

    def __init__(self, evidence: Evidence, likeness: Likeness) -> None:
        self.evidence = evidence
        self.likeness = likeness
        self.decisions: dict[str, Decision] = {}
        self.targets: list[Target] = []
        self.questions: list[Question] = []
        items = evidence.repository.composes
        used: list[ComposeItem] = []
        for item in items:
            near = likeness.nearest(item.path, (other.path for other in items if other is not item))
            decision = left_alone(item, "compose") or unused(item, "compose", evidence, near)
            if decision is None:
                used.append(item)
            else:
                self.decisions[item.path] = decision
        by_folder: defaultdict[str, list[ComposeItem]] = defaultdict(list)
        for item in used:
            by_folder[str(PurePosixPath(item.path).parent)].append(item)
        for folder, members in sorted(by_folder.items()):
            self._folder(folder, members)

    def _folder(self, folder: str, items: Sequence[ComposeItem]) -> None:
        by_path = {item.path: item for item in items}
        joined = [
            (a.path, b.path)
            for index, a in enumerate(items)
            for b in items[index + 1 :]
            if self.likeness.share(a.path, b.path) >= MERGE and _mergeable(a, b)
        ]
        groups = clusters([item.path for item in items], joined)
        heads = [head for group in groups for head in self._heads([by_path[path] for path in group])]
        self._ask_base(folder, heads)

    def _heads(self, group: Sequence[ComposeItem]) -> list[ComposeItem]:
        """Decide about a group: what one file can take in becomes one, and so on with what has more services than it."""
        heads: list[ComposeItem] = []
        rest = sorted(group, key=self._preference)
        while rest:
            head = rest[0]
            fits = [
                item
                for item in rest[1:]
                if self.likeness.share(item.path, head.path) >= MERGE
                and not self._much_more(item, head)
                and not _chosen_between(item, head)
            ]
            heads.append(self._one([head, *fits]))
            rest = [item for item in rest[1:] if item not in fits]
        return heads

    def _much_more(self, item: ComposeItem, head: ComposeItem) -> bool:
        """True when more than a quarter of a file's services have no counterpart in the other."""
        return len(self.likeness.lacking(item.path, head.path)) * 4 > len(item.file.services)

    def _one(self, group: Sequence[ComposeItem]) -> ComposeItem:
        head, *others = group
        problems = [one.message for one in head.file.problems][:2]
        self.decisions[head.path] = Decision(
            path=head.path,
            kind="compose",
            action=Action.REPAIR if problems else Action.KEEP,
            risk=self.evidence.risk(head),
            reasons=(self.evidence.use(head), *(f"compose does not accept it: {one}" for one in problems)),
        )
        for item in others:
            self.decisions[item.path] = self._merged(item, head, group)
        if others:
            self.targets.append(self._target(head, others))
        return head

    def _preference(self, item: ComposeItem) -> tuple[int, bool, bool, int, str]:
        """The file that stays: the default name, what production uses, no fragment, the most used."""
        name = PurePosixPath(item.path).name
        rank = _DEFAULTS.index(name) if name in _DEFAULTS else len(_DEFAULTS)
        strong = sum(one.strength >= Strength.SCRIPT for one in self.evidence.callers(item.path))
        return (rank, not self.evidence.production(item), item.fragment, -strong, item.path)

    def _merged(self, item: ComposeItem, head: ComposeItem, group: Sequence[ComposeItem]) -> Decision:
        alike = self.likeness.words(item.path, head.path, [one.path for one in group], "settings")
        return Decision(
            path=item.path,
            kind="compose",
            action=Action.MERGE,
            into=head.path,
            risk=max(self.evidence.risk(item), self.evidence.risk(head)),
            reasons=(
                f"{alike}; what differs becomes a variable, a profile or a short override",
                self.evidence.use(item),
            ),
            callers=places(self.evidence.callers(item.path)),
        )

    def _target(self, head: ComposeItem, others: Sequence[ComposeItem]) -> Target:
        paths = [item.path for item in others]
        return Target(head.path, "compose", paths, self.likeness.parameters(head.path, paths, PARAMETERS))

    def _ask_base(self, folder: str, heads: Sequence[ComposeItem]) -> None:
        """Stand-alone projects in one folder that define the same images again and again."""
        alone = [item for item in heads if not item.fragment and item.file.services]
        if len(alone) < 2:
            return
        images: defaultdict[str, set[str]] = defaultdict(set)
        for item in alone:
            for service in item.file.services.values():
                name = _image_name(service.image.raw) if service.image and not service.build else ""
                if name:
                    images[name].add(item.path)
        repeated = {name: paths for name, paths in images.items() if len(paths) > 1}
        if not repeated:
            return
        number = Figure(
            "images defined in several files", len(repeated), "images", Basis.DERIVED, "by image name"
        )
        common = ", ".join(
            f"`{name}` in {len(repeated[name])}"
            for name in sorted(repeated, key=lambda n: (-len(repeated[n]), n))[:4]
        )
        self.questions.append(
            Question(
                title=f"one base compose file with an override per environment in `{folder}`?",
                why=(
                    f"{len(alone)} stand-alone compose files define the same services again: {common}; which of their "
                    "differences are meant cannot be told from the files"
                ),
                choices=[
                    "one base file and a short override per environment",
                    "stand-alone files, each with a project name of its own",
                ],
                files=[item.path for item in alone],
                figures=[number],
            )
        )


def _mergeable(a: ComposeItem, b: ComposeItem) -> bool:
    """Files of two environments are meant to differ, and base and override of one project are meant to agree."""
    if a.fragment and b.fragment:
        return False  # pieces are chosen one by one
    if _extends(a) or _extends(b):
        return False  # what is equal is the same service, taken from another file
    return (a.environment == b.environment or not a.environment or not b.environment) and not _together(
        a, b.path
    )


def _extends(item: ComposeItem) -> bool:
    """True when services of the file are taken from others."""
    return any(
        service.extends is not None and service.extends.file is not None
        for service in item.file.services.values()
    )


def _chosen_between(a: ComposeItem, b: ComposeItem) -> bool:
    """True when one service is another product in each (`db` is MariaDB here and PostgreSQL there): a choice, no copy."""
    here, there = a.file.services, b.file.services
    for name in here.keys() & there.keys():
        one, other = here[name].image, there[name].image
        if one is not None and other is not None and not (here[name].build or there[name].build):
            names = {_image_name(one.raw), _image_name(other.raw)} - {""}
            if len(names) > 1:
                return True
    return False


def _together(item: ComposeItem, other: str) -> bool:
    """True when the two are used as base and override of one project: likeness is then meant."""
    return any(item.path in files and other in files for files in item.used_with)


def _image_name(raw: str) -> str:
    """`postgres` of `docker.io/library/postgres:15-alpine`; empty where a variable stands in the name."""
    name = raw.partition("@")[0]
    head, slash, last = name.rpartition("/")
    last = last.partition(":")[0]
    return (
        ""
        if "$" in head + last
        else f"{head}{slash}{last}".removeprefix("docker.io/").removeprefix("library/")
    )
