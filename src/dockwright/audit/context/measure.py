"""Measures one build context and proposes ignore files for it."""

from collections.abc import Iterable

from dockwright.audit.builds import subjects
from dockwright.audit.context.ignore_files import better, minimal
from dockwright.audit.context.model import Amount, ContextAudit, Part
from dockwright.audit.context.use import Use, use_of
from dockwright.errors import UsageError
from dockwright.figures import Basis, Figure
from dockwright.replay.subjects import Subject
from dockwright.repository.repository import Repository
from dockwright.rules._shared.secret_files import holds_secret
from dockwright.trees.context import BuildContext
from dockwright.trees.tree import Entry

LARGEST = 20
VERSION_CONTROL = frozenset((".git", ".hg", ".svn", ".bzr", "CVS"))


def measure(repository: Repository, subject: Subject) -> ContextAudit:
    """What the build of a subject is sent and uses. Raises UsageError when it cannot be told what it uses."""
    context = repository.context(subject.context, subject.path)
    own = use_of(repository.tree, context, subject)
    if own.problem:
        raise UsageError(
            f"what {subject.path} uses cannot be told: {own.problem}", "mend the Dockerfile first"
        )
    others = [one for one in _others(repository, subject, context) if not one.problem]
    secrets = [entry for entry in context.sent if holds_secret(repository.tree, entry.path)]
    controlled = [entry for entry in context.sent if _controlled(context.inside(entry.path))]
    unused = context.largest_unused(own.files, LARGEST)
    sent = Amount(context.count, context.bytes)
    used = _amount(context, own.files)
    return ContextAudit(
        dockerfile=subject.path,
        context=subject.context or ".",
        target=subject.target,
        ignore_file=context.ignore_file.path if context.ignore_file is not None else "",
        all=Amount(len(context.entries), sum(entry.size for entry in context.entries)),
        sent=sent,
        used=used,
        git=Amount(*context.git_sent) if context.git_sent[0] else None,
        sends_git=context.sends_git,
        whole=own.whole,
        largest_unused=[_part(context, *one) for one in unused],
        secrets=[context.inside(entry.path) for entry in secrets],
        version_control=_tops(context, controlled),
        readers=sorted({one.subject.path for one in others} - {subject.path}),
        minimal=minimal(repository.tree, context, own),
        better=better(repository.tree, context, [own, *others], secrets, controlled),
        figures=_figures(sent, used),
        notes=_notes(context, own),
        skipped=[*context.skipped, *own.skipped],
    )


def _others(repository: Repository, subject: Subject, context: BuildContext) -> list[Use]:
    """The other builds that read the same ignore file (or would, if there were one)."""
    found: list[Use] = []
    mine = context.ignore_file.path if context.ignore_file is not None else ""
    for other in subjects(repository):
        if other.context != subject.context or (other.path, other.target) == (subject.path, subject.target):
            continue
        theirs = repository.context(other.context, other.path)
        path = theirs.ignore_file.path if theirs.ignore_file is not None else ""
        if path == mine and not mine.endswith("Dockerfile.dockerignore"):
            found.append(use_of(repository.tree, theirs, other))
    return found


def _controlled(inside: str) -> bool:
    return not VERSION_CONTROL.isdisjoint(inside.split("/"))


def _tops(context: BuildContext, entries: Iterable[Entry]) -> list[str]:
    """The folders of version control themselves, each once."""
    found: dict[str, None] = {}
    for entry in entries:
        parts = context.inside(entry.path).split("/")
        at = next(number for number, part in enumerate(parts) if part in VERSION_CONTROL)
        found["/".join(parts[: at + 1])] = None
    if context.sends_git:
        found[".git"] = None
    return sorted(found)


def _amount(context: BuildContext, paths: Iterable[str]) -> Amount:
    sizes = [entry.size for path in paths if (entry := context.tree.get(path)) is not None]
    return Amount(len(sizes), sum(sizes))


def _part(context: BuildContext, path: str, files: int, size: int) -> Part:
    inside = context.inside(path)
    return Part(f"{inside}/" if context.tree.is_dir(path) else inside, files, size)


def _figures(sent: Amount, used: Amount) -> list[Figure]:
    how = "files the ignore file lets through"
    return [
        Figure("sent", sent.bytes, "bytes", Basis.DERIVED, how),
        Figure("unused", sent.bytes - used.bytes, "bytes", Basis.DERIVED, f"{how} and no instruction takes"),
    ]


def _notes(context: BuildContext, own: Use) -> list[str]:
    found: list[str] = []
    if own.whole:
        found.append("an instruction takes the whole context: what is sent is in the image, used or not")
    if context.sends_git and not context.git_sent[0]:
        found.append("a checkout would send its `.git` too; a commit does not show how large that is")
    if own.missing:
        found.append(f"sources that are not there or left out: {', '.join(own.missing[:5])}")
    return found
