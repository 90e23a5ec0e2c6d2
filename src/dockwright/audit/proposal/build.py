"""Puts the proposal together, and holds what it promises."""

from collections.abc import Sequence

from dockwright.audit.model import Action, Cause, Decision, Proposal, Twins
from dockwright.audit.proposal.composes import Composes
from dockwright.audit.proposal.dockerfiles import Dockerfiles
from dockwright.audit.proposal.evidence import Evidence
from dockwright.audit.proposal.likeness import Likeness
from dockwright.audit.proposal.others import bake_files, ignore_files, other_files, scripts
from dockwright.audit.proposal.phases import phases
from dockwright.figures import Basis, Figure
from dockwright.repository.model import Standing, Status
from dockwright.repository.repository import Repository


def propose(
    repository: Repository, likeness: Likeness, causes: Sequence[Cause], twins: Sequence[Twins]
) -> Proposal:
    """The proposal for a repository."""
    evidence = Evidence(repository)
    dockerfiles = Dockerfiles(evidence, likeness)
    composes = Composes(evidence, likeness)
    decisions = [
        *(dockerfiles.decisions[item.path] for item in repository.dockerfiles),
        *(composes.decisions[item.path] for item in repository.composes),
        *bake_files(evidence),
        *ignore_files(evidence),
        *other_files(evidence),
        *scripts(evidence, twins),
    ]
    _hold(repository, decisions)
    questions = [*dockerfiles.questions, *composes.questions]
    return Proposal(
        targets=[*dockerfiles.targets, *composes.targets],
        decisions=decisions,
        questions=questions,
        phases=phases(causes, decisions, questions),
        figures=[
            *_figures("Dockerfiles", "dockerfile", decisions, repository, len(dockerfiles.questions)),
            *_figures("compose files", "compose", decisions, repository, len(composes.questions)),
            *_figures("scripts", "script", decisions, repository, 0),
        ],
    )


def _hold(repository: Repository, decisions: Sequence[Decision]) -> None:
    """Nothing live is removed, and what is not the repository's own is left alone."""
    for decision in decisions:
        item = repository.item(decision.path)
        assert item is not None, f"a decision about {decision.path}, which is no inventoried file"
        if decision.action is Action.REMOVE and decision.kind != "ignore":
            assert item.status is not Status.LIVE, f"{decision.path} is live and would be removed"
        if item.standing is not Standing.OWN:
            assert decision.action is Action.LEAVE, f"{decision.path} is {item.standing} and would be touched"


def _figures(
    name: str, kind: str, decisions: Sequence[Decision], repository: Repository, questions: int
) -> list[Figure]:
    """Files now and after. `low` is what is left when every question is answered for fewer files."""
    own = [
        one
        for one in decisions
        if one.kind == kind and getattr(repository.item(one.path), "standing", None) is Standing.OWN
    ]
    if not own:
        return []
    gone = sum(one.action in {Action.REMOVE, Action.MERGE} for one in own)
    open_ = sum(one.action is Action.DECIDE for one in own)
    left = len(own) - gone
    how = [f"without the {gone} removed or merged away"]
    if open_:
        how.append(f"the lower number also without the {open_} that a person has to decide about")
    if questions:
        how.append(f"{questions} open {'question' if questions == 1 else 'questions'} may lower it further")
    return [
        Figure(f"{name} now", len(own), "files", Basis.DERIVED, "the repository's own"),
        Figure(f"{name} after", left, "files", Basis.DERIVED, "; ".join(how), low=left - open_, high=left),
    ]
