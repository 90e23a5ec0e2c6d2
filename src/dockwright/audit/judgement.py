"""From the facts of a repository to its `Audit`: rules, overlaps, causes, proposal, figures.

Kept apart from `audit.run` so that all this is imported while others read scripts.
"""

import datetime as dt
import re
from collections.abc import Callable

from dockwright.audit import accepted, summary
from dockwright.audit.causes import causes
from dockwright.audit.environments import environments
from dockwright.audit.foreseen import Foreseen
from dockwright.audit.images import images
from dockwright.audit.likes import likeness
from dockwright.audit.model import About, Audit
from dockwright.audit.proposal.build import propose
from dockwright.audit.security import topics
from dockwright.audit.together import running
from dockwright.audit.twins import twins
from dockwright.config import Config
from dockwright.overlap.analyse import analyse
from dockwright.overlap.files import Subject
from dockwright.overlap.model import Overlaps
from dockwright.overlap.stacks import stacks
from dockwright.replay.result import ReplayResult
from dockwright.repository.repository import Repository
from dockwright.repository.stacks import alone
from dockwright.rules.rule import Rule
from dockwright.rules.subjects import attach_replay
from dockwright.text import SourceFile
from dockwright.trees.history import History


def judge(
    repository: Repository,
    rules: tuple[Rule, ...],
    *,
    config: Config,
    history: History | None,
    today: dt.date | None,
    tell: Callable[[str], None],
    about: About,
    beside: bool,
    replay: Callable[[Repository], ReplayResult] | None,
) -> Audit:
    """What `audit` makes of the facts; the arguments are its own."""
    replayed = None
    if replay is not None:
        replayed = replay(repository)
        attach_replay(repository, replayed)
    tell("checking rules")
    with running(repository, rules, beside=beside) as run:  # before there are threads again
        tell("comparing files")
        overlaps = _overlaps(repository, _foreseen(repository, history))
        found_environments = environments(repository, overlaps.details.stacks)
        outcome = run.outcome()
    tell("drawing up the report")
    findings, suppressed = accepted.split(outcome, config, today)
    found_images = images(repository)
    ranked = causes(repository, {rule.id: rule for rule in rules}, findings)
    same = twins(repository)
    return Audit(
        about=about,
        repository=repository,
        rules=rules,
        findings=findings,
        accepted=suppressed,
        crashes=outcome.crashes,
        overlaps=overlaps,
        environments=found_environments,
        replay=replayed,
        images=found_images,
        security=topics(repository, found_images, findings),
        causes=ranked,
        twins=same,
        proposal=propose(repository, likeness(overlaps), ranked, same),
        figures=summary.figures(repository, findings, ranked, suppressed),
        skipped=[
            *repository.skipped,
            *outcome.skipped,
            *overlaps.skipped,
            *accepted.crashed(outcome.crashes),
            *(replayed.skipped if replayed is not None else ()),
        ],
    )


def _foreseen(repository: Repository, history: History | None) -> History | None:
    """The history, at work on what the comparison of files will ask of it."""
    if history is None:
        return None
    items = (*repository.own_dockerfiles, *repository.own_composes)
    return Foreseen(history, sorted({item.path for item in items}))


def _overlaps(repository: Repository, history: History | None) -> Overlaps:
    """What Docker files of the repository share and where they drift apart."""
    return analyse(
        [Subject(item.path, item.tree, item.service) for item in repository.own_dockerfiles],
        [item.file for item in repository.own_composes],
        projects=stacks(
            [
                (item.path, alone(repository, item.path))
                for item in repository.own_composes
                if item.file.services
            ]
        ),
        requirements=_requirements(repository),
        history=history,
    )


def _requirements(repository: Repository) -> list[SourceFile]:
    """The pip requirements files that Dockerfiles can see, for versions of tools they run."""
    tree = repository.tree
    found: list[SourceFile] = []
    for entry in tree.entries():
        if _REQUIREMENTS.search(entry.path) and entry.size <= MAX_REQUIREMENTS and not entry.is_link:
            try:
                found.append(SourceFile(entry.path, tree.read(entry.path)))
            except (KeyError, OSError):
                continue  # what cannot be read is already in the tree's own list of skipped things
    return found


_REQUIREMENTS = re.compile(
    r"(?:^|/)(?:requirements[\w.-]*|[\w.-]*requirements|constraints[\w.-]*)\.txt$|(?:^|/)requirements/[\w.-]+\.txt$"
)
MAX_REQUIREMENTS = 1 << 20
"""Bytes; larger lists are not written by hand."""
