"""From the arguments of `dockwright why` to its answer; and which build a TARGET means, which `context` asks too."""

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from dockwright.cli.source import configuration, directory, opened, part_note, refuse_bare, within_root
from dockwright.errors import UsageError

if TYPE_CHECKING:
    from dockwright.replay.subjects import Subject
    from dockwright.replay.why import Side, Why
    from dockwright.report.clean import Cleaner
    from dockwright.repository.model import Build
    from dockwright.repository.repository import Repository
    from dockwright.trees.tree import Tree

WORKTREE = "worktree"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asks for."""

    target: str
    root: str = "."
    before: str | None = None
    last: bool = False
    ledger: str | None = None
    after: str = WORKTREE
    context: str | None = None
    stage: str | None = None
    arguments: tuple[str, ...] = ()
    engine: str = "newest"
    quiet: bool = False


def answered(asked: Asked) -> "Why":
    """Why the target would be built again. Raises UsageError, ConfigError or TreeError."""
    from dockwright.cli.output import Progress
    from dockwright.dockerfile.operations.engine import DOCKER_26_1, NEWEST
    from dockwright.replay.why import Why, why

    root = directory(asked.root, "why --root")
    if asked.last and asked.before is not None:
        raise UsageError("--last and --from both say what was built before", "give one of them")
    with Progress(quiet=asked.quiet) as progress:
        progress(f"reading {asked.after}")
        asked = msgspec.structs.replace(asked, target=within_root(root, asked.target))
        tree, git = _opened(root, asked.after)
        finder = Finder(tree)
        subject = finder.subject(asked.target, asked.context, asked.stage, asked.arguments)
        after = _side(asked.after, tree, subject, git)
        revision, name, notes = _before(asked, root, subject)
        progress(f"reading {name}")
        tree, git = _opened(root, revision)
        before = _side(name, tree, _former(asked, subject, tree), git)
        progress("comparing")
        found = why(before, after, DOCKER_26_1 if asked.engine == "0.13" else NEWEST)
        found = msgspec.structs.replace(found, notes=[*notes, *part_note(root), *found.notes])
    return msgspec.convert(finder.cleaner().data(msgspec.to_builtins(found)), Why)


def _before(asked: Asked, root: Path, subject: "Subject") -> tuple[str, str, list[str]]:
    """The revision that was built before, what it is called, and what has to be said of it."""
    if not asked.last:
        revision = "HEAD" if asked.before is None else asked.before
        return revision, revision, []
    from dockwright.cli.last_build import last_build, name_of, notes_of

    run = last_build(root, asked.ledger, asked.target, subject)
    return run.commit, name_of(run), list(notes_of(run))


def _opened(root: Path, revision: str) -> "tuple[Tree, str]":
    """The files of a state, and what stands for its `.git`: the commit that is checked out."""
    from dockwright.trees.git import GitTree
    from dockwright.trees.git_command import GitError

    if revision != WORKTREE:
        tree = opened(root, revision, history=False).tree
        assert isinstance(tree, GitTree)
        return tree, tree.commit
    refuse_bare(root, "--to")
    tree = opened(root, None, history=False).tree
    try:
        from dockwright.trees.git_command import Git

        return tree, Git(root).run("rev-parse", "--verify", "HEAD").decode("ascii").strip()
    except GitError:
        return tree, ""


def _side(name: str, tree: "Tree", subject: "Subject", git: str) -> "Side":
    from dockwright.replay.why import Side

    return Side(name=name, tree=tree, subject=subject, git=git)


def _former(asked: Asked, subject: "Subject", tree: "Tree") -> "Subject":
    """How the target was built before: as its own declaration said then, where there is one."""
    if tree.is_file(asked.target):
        return subject
    try:
        return Finder(tree).subject(asked.target, asked.context, asked.stage, asked.arguments)
    except UsageError:
        return subject


class Finder:
    """Finds the build a TARGET means. The whole repository is only read where it is needed."""

    def __init__(self, tree: "Tree") -> None:
        self.tree = tree
        self._read: Repository | None = None

    @property
    def repository(self) -> "Repository":
        if self._read is None:
            from dockwright.repository.inventory import build

            self._read = build(self.tree, configuration(self.tree))
        return self._read

    def cleaner(self) -> "Cleaner":
        """What makes texts about the target fit to be shown."""
        from dockwright.knowledge.secrets import redact
        from dockwright.report.clean import Cleaner

        if self._read is None:
            return Cleaner(redact)
        from dockwright.report.secrets import known_secrets

        found = self._read
        known = known_secrets(
            found.dockerfiles, found.composes, found.builds, (*found.scripts, *found.workflows)
        )
        return Cleaner(redact, known)

    def subject(
        self, target: str, context: str | None, stage: str | None, arguments: tuple[str, ...]
    ) -> "Subject":
        """The build; options given beside the target overrule what the repository says."""
        if not target.strip():
            raise UsageError("TARGET is empty", "give a Dockerfile, a compose service or a bake target")
        path = target.removeprefix("./")
        found = self._dockerfile(path, context) if self.tree.is_file(path) else self._service(target)
        given = dict(found.args)
        for text in arguments:
            name, equals, value = text.partition("=")
            if not name or not equals:
                raise UsageError(f"--build-arg {text!r} has no value", "for instance --build-arg VERSION=3")
            given[name] = value
        changed = msgspec.structs.replace(found, args=given)
        if stage is not None:
            changed = msgspec.structs.replace(changed, target=stage)
        if context is not None:
            changed = msgspec.structs.replace(changed, context=_folder(context, self.tree))
        return changed

    def _dockerfile(self, path: str, context: str | None) -> "Subject":
        from dockwright.replay.subjects import Subject

        if context is not None:
            return Subject(path=path, context="")
        from dockwright.audit.builds import subjects_of

        item = self.repository.dockerfile(path)
        if item is None:
            raise UsageError(f"{path} is no Dockerfile that can be told by itself", "give its --context")
        return next(iter(subjects_of(self.repository, item)))

    def _service(self, name: str) -> "Subject":
        owner, _, service = name.rpartition(":")
        named = [one for one in self.repository.builds if one.service == service]
        builds = [
            one for one in named if not owner or (one.owner or one.place.path) == owner.removeprefix("./")
        ]
        known = [one for one in builds if one.dockerfile is not None and one.context is not None]
        if not known:
            raise self._unknown(name, builds)
        different = {(one.dockerfile, one.context, one.target): one for one in known}
        if len(different) > 1:
            owners = ", ".join(sorted({f"{one.owner or one.place.path}:{service}" for one in known}))
            raise UsageError(f"{name} means several builds", f"say which: {owners}")
        return _of_build(known[0])

    def _unknown(self, name: str, builds: "list[Build]") -> UsageError:
        from difflib import get_close_matches

        if builds:
            return UsageError(
                f"{name}: which Dockerfile and context it builds cannot be told", builds[0].uncertain
            )
        names = sorted({one.service for one in self.repository.builds if one.service})
        names += [item.path for item in self.repository.own_dockerfiles]
        near = get_close_matches(name, names, 3, 0.5)
        hint = (
            f"did you mean {', '.join(near)}?"
            if near
            else "give a Dockerfile, a compose service or a bake target"
        )
        return UsageError(f"there is no Dockerfile, service or target {name}", hint)


def _of_build(build: "Build") -> "Subject":
    from dockwright.replay.subjects import Subject

    args = {one.name: one.value for one in build.arguments if one.value is not None and "$" not in one.value}
    return Subject(
        path=build.dockerfile or "",
        context=build.context or "",
        target=build.target,
        args=args,
        contexts=frozenset(build.named_contexts),
        dockerfile=build.inline.encode("utf-8", "surrogateescape") if build.inline else None,
    )


def _folder(context: str, tree: "Tree") -> str:
    folder = context.strip("/").removeprefix("./")
    folder = "" if folder == "." else folder
    if not tree.is_dir(folder):
        raise UsageError(f"--context {context} is no folder of the repository", "it is relative to --root")
    return folder
