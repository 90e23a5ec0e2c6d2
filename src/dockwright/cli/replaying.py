"""From the arguments of `dockwright replay` to a finished replay."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from dockwright.cli.source import configuration, directory, name_of, opened, part_note
from dockwright.errors import UsageError

if TYPE_CHECKING:
    from dockwright.replay.result import ReplayResult
    from dockwright.replay.subjects import Subject
    from dockwright.replay.times import StepTimes
    from dockwright.repository.repository import Repository
    from dockwright.trees.git import GitTree
    from dockwright.trees.revisions import Range

MAX_FILE = 8 << 20


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asks for."""

    path: str = "."
    revision: str = "HEAD"
    span: str | None = None
    since: str | None = None
    until: str | None = None
    merges: bool = False
    first_parent: bool = False
    everything: bool = False
    branches: bool = False
    dockerfiles: tuple[str, ...] = ()
    context: str | None = None
    target: str | None = None
    arguments: tuple[str, ...] = ()
    definition: str = "at-end"
    follow: bool = False
    what_if: str | None = None
    ignore_file: str | None = None
    times: str | None = None
    quiet: bool = False

    @property
    def revisions(self) -> tuple[str, ...]:
        """What git is to walk."""
        return tuple(self.span.split()) if self.span else (self.revision,)

    @property
    def range(self) -> "Range":
        """The commits to walk. An option that is given empty is a mistake, in a script for instance: not no limit."""
        from dockwright.trees.revisions import Range

        for name, value in (("--range", self.span), ("--since", self.since), ("--until", self.until)):
            if value is not None and not value.strip():
                raise UsageError(f"{name} is empty", "give it a value, or leave it out")
        return Range(self.revisions, self.since or "", self.until or "", self.first_parent, self.everything)

    @property
    def end(self) -> str:
        """The commit that counts as the last one."""
        if not self.span:
            return self.revision
        ends = [one for one in self.span.split() if not one.startswith("^")]
        return (ends[-1].rpartition("..")[2].lstrip(".") if ends else "") or self.revision


def replayed(asked: Asked) -> "ReplayResult":
    """The replay that was asked for. Raises UsageError, ConfigError or TreeError."""
    from dockwright.cli.output import Progress
    from dockwright.replay.run import Mode, Replay
    from dockwright.replay.summary import summary
    from dockwright.trees.git_command import Git
    from dockwright.trees.revisions import Walk

    root = directory(asked.path, "replay")
    times = _times(asked)
    with Progress(quiet=asked.quiet) as progress:
        progress("reading the repository")
        tree, repository = _repository(root, asked.end)
        prefix = f"{tree.prefix}/" if tree.prefix else ""
        walk = Walk(Git(root), asked.range)
        subjects = _subjects(asked, repository)
        if asked.follow:
            subjects = _followed(subjects, walk, prefix)
        replay = Replay(
            walk,
            subjects,
            mode=Mode(asked.definition),
            merges=asked.merges,
            prefix=prefix,
            end=tree.commit,
            branches=asked.branches,
        )
        replay.run(progress)
        progress("adding up")
        result = summary(replay, times)
    modules = [one for one in tree.skipped if "submodule" in one.reason]
    found = msgspec.structs.replace(
        result,
        repository=name_of(root),
        notes=[*part_note(root), *result.notes],
        skipped=[*result.skipped, *modules],
    )
    return _cleaned(found, repository)


def _repository(root: Path, revision: str) -> "tuple[GitTree, Repository]":
    from dockwright.repository.inventory import build
    from dockwright.trees.git import GitTree

    tree = opened(root, revision).tree
    assert isinstance(tree, GitTree)
    return tree, build(tree, configuration(tree))


def _cleaned(result: "ReplayResult", repository: "Repository") -> "ReplayResult":
    """Without secrets of the repository, and printable."""
    from dockwright.knowledge.secrets import redact
    from dockwright.replay.result import ReplayResult
    from dockwright.report.clean import Cleaner
    from dockwright.report.secrets import known_secrets

    known = known_secrets(
        repository.dockerfiles,
        repository.composes,
        repository.builds,
        (*repository.scripts, *repository.workflows),
    )
    data = Cleaner(redact, known).data(msgspec.to_builtins(result))
    return msgspec.convert(data, ReplayResult)


# -- what to replay


def _subjects(asked: Asked, repository: "Repository") -> "list[Subject]":
    from dockwright.audit.builds import subjects

    wanted = tuple(one.removeprefix("./") for one in asked.dockerfiles)
    found = subjects(repository, wanted)
    known = {one.path for one in found}
    for path in wanted:
        if path not in known:
            found.append(_unlisted(path, repository))
    found = [_as_asked(one, asked) for one in found]
    if asked.context is not None or asked.target is not None:
        found = list({(one.path, one.context, one.target): one for one in found}.values())
    if not found:
        raise UsageError("there is no Dockerfile to replay", "give one with --dockerfile")
    return found + _alternatives(asked, found)


def _unlisted(path: str, repository: "Repository") -> "Subject":
    """A Dockerfile the inventory does not have: it may have been there at earlier commits."""
    from dockwright.replay.subjects import Subject

    names = sorted(item.path for item in repository.dockerfiles)
    if not repository.tree.is_file(path):
        from difflib import get_close_matches

        near = get_close_matches(path, names, 1, 0.6)
        hint = f"did you mean {near[0]}?" if near else "it is not there at the last commit"
        raise UsageError(f"there is no Dockerfile {path}", hint)
    return Subject(path=path, context="")


def _as_asked(one: "Subject", asked: Asked) -> "Subject":
    context = one.context if asked.context is None else asked.context.strip("/").removeprefix("./")
    args = dict(one.args)
    for text in asked.arguments:
        name, equals, value = text.partition("=")
        if not name or not equals:
            raise UsageError(f"--build-arg {text!r} has no value", "for instance --build-arg VERSION=3")
        args[name] = value
    return msgspec.structs.replace(
        one,
        context="" if context == "." else context,
        target=one.target if asked.target is None else asked.target,
        args=args,
    )


def _alternatives(asked: Asked, found: "Sequence[Subject]") -> "list[Subject]":
    """The same with another Dockerfile or ignore file."""
    if asked.what_if is None and asked.ignore_file is None:
        return []
    paths = {one.path for one in found}
    if asked.what_if is not None and len(paths) > 1:
        raise UsageError("--what-if stands in for one Dockerfile", "say which with --dockerfile")
    dockerfile = _bytes(asked.what_if, "--what-if") if asked.what_if is not None else None
    ignore = _bytes(asked.ignore_file, "--ignore-file") if asked.ignore_file is not None else None
    label = " and ".join(
        text
        for text in (
            f"with {asked.what_if} in its place" if asked.what_if else "",
            f"with {asked.ignore_file} as ignore file" if asked.ignore_file else "",
        )
        if text
    )
    return [
        msgspec.structs.replace(
            one,
            dockerfile=one.dockerfile if dockerfile is None else dockerfile,
            ignore=ignore,
            label=label,
        )
        for one in found
    ]


def _followed(subjects: "Sequence[Subject]", walk: object, prefix: str) -> "list[Subject]":
    from dockwright.replay.renames import older_names
    from dockwright.trees.git_trees import GitTrees
    from dockwright.trees.revisions import Walk

    assert isinstance(walk, Walk)
    names = older_names(walk, GitTrees(walk.git), [one.path for one in subjects], prefix)
    return [msgspec.structs.replace(one, names=names.get(one.path, ())) for one in subjects]


def _bytes(name: str, option: str) -> bytes:
    try:
        with Path(name).open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as error:
        raise UsageError(f"{option}: {name} cannot be read: {error.strerror or error}") from error
    if len(data) > MAX_FILE:
        raise UsageError(
            f"{option}: {name} is larger than {MAX_FILE >> 20} MB", "give a Dockerfile or ignore file"
        )
    return data


def _times(asked: Asked) -> "StepTimes | None":
    from dockwright.replay.times import GivenTimes

    if asked.times is None:
        return None
    hint = 'for instance: [seconds] and below it "docker/Dockerfile:12" = 41.5'
    try:
        data = tomllib.loads(_bytes(asked.times, "--times").decode("utf-8"))
        seconds = msgspec.convert(data.get("seconds", {}), dict[str, float])
    except (ValueError, msgspec.ValidationError) as error:
        raise UsageError(f"--times: {asked.times}: {error}", hint) from error
    if not seconds or any(value < 0 for value in seconds.values()):
        raise UsageError(f"--times: {asked.times} has no seconds to use", hint)
    return GivenTimes(seconds, asked.times)
