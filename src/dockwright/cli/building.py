"""From the arguments of `dockwright build` to measured builds. `bench` shares what opens targets and engines."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from dockwright.cli.source import configuration, directory
from dockwright.cli.whying import Finder
from dockwright.errors import UsageError

if TYPE_CHECKING:
    from dockwright.engine.choose import Choice
    from dockwright.engine.protocol import Engine, Watch
    from dockwright.measure.model import BuildRecord
    from dockwright.measure.target import Options, Target
    from dockwright.replay.subjects import Subject


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asks for."""

    targets: tuple[str, ...]
    root: str = "."
    context: str | None = None
    stage: str | None = None
    arguments: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()
    engine: str | None = None
    builder: str | None = None
    tags: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    ssh: tuple[str, ...] = ()
    platform: str = ""
    network: str = ""
    no_cache: bool = False
    pull: bool = False
    no_image: bool = False
    timeout: float | None = None
    ledger: str | None = None
    no_ledger: bool = False
    quiet: bool = False


class Opened:
    """The repository of a command that builds: its targets, its configuration, what may not be shown."""

    def __init__(self, asked: Asked, command: str) -> None:
        from dockwright.trees.disk import DiskTree

        self.asked = asked
        self.root: Path = directory(asked.root, f"{command} --root")
        self.tree = DiskTree(self.root)
        self.finder = Finder(self.tree)

    def choice(self) -> "Choice":
        from dockwright.engine.choose import Choice, wanted

        declared = configuration(self.tree).engine
        return wanted(
            self.asked.engine, self.asked.builder, Choice(declared.name, declared.context, declared.builder)
        )

    def target(self, name: str) -> "Target":
        """A target by its name, options of the command line over what the repository says."""
        from dockwright.measure.target import Target

        asked = self.asked
        subject = self.finder.subject(name, asked.context, asked.stage, asked.arguments)
        contexts = {**self._declared_contexts(name, subject), **_pairs(asked.contexts)}
        args, notes = self._callers_arguments(name, subject)
        subject = msgspec.structs.replace(subject, args={**args, **subject.args})
        return Target(
            name=name, root=self.root, tree=self.tree, subject=subject, contexts=tuple(contexts.items()),
            options=self.options(name), notes=tuple(notes),
        )  # fmt: skip

    def _callers_arguments(self, name: str, subject: "Subject") -> tuple[dict[str, str], list[str]]:
        """Arguments that a declaration takes from the caller's environment, and a note on those that cannot be told.

        As Compose does with `args: [NAME]` and docker with `--build-arg NAME`.
        """
        service = name.rpartition(":")[2]
        if self.tree.is_file(name.removeprefix("./")):
            return {}, self._other_ways(name.removeprefix("./"))
        found: dict[str, str] = {}
        notes: list[str] = []
        for build in self.finder.repository.builds:
            same = (build.dockerfile, build.context) == (subject.path, subject.context)
            if build.service != service or not (same or build.inline):
                continue
            for one in build.arguments:
                if one.name in subject.args or one.name in found:
                    continue
                if one.value is None and one.name in os.environ:
                    found[one.name] = os.environ[one.name]
                elif one.value is not None or build.kind != "bake":
                    notes.append(
                        f"argument {one.name} has no value that can be told; give --build-arg {one.name}=VALUE"
                    )
            break
        return found, notes

    def _other_ways(self, path: str) -> list[str]:
        """A note where the repository builds a Dockerfile in several ways, and nothing said which."""
        from dockwright.audit.builds import subjects_of

        item = self.finder.repository.dockerfile(path) if self.asked.context is None else None
        ways = len(list(subjects_of(self.finder.repository, item))) if item is not None else 1
        if ways < 2 or self.asked.stage is not None:
            return []
        return [
            f"{path} is built in {ways} ways, this is the first: name a service, or give --context and --target"
        ]

    def options(self, name: str) -> "Options":
        from dockwright.measure.target import Options, tag_for

        asked = self.asked
        return Options(
            tags=() if asked.no_image else asked.tags or (tag_for(name),),
            secrets=asked.secrets,
            ssh=asked.ssh,
            platform=asked.platform,
            network=asked.network,
            no_cache=asked.no_cache,
            pull=asked.pull,
            keep=not asked.no_image,
            timeout=asked.timeout,
        )

    def _declared_contexts(self, name: str, subject: "Subject") -> dict[str, str]:
        """Named contexts with what the repository says they are; folders from where they are declared."""
        if not subject.contexts:
            return {}
        for build in self.finder.repository.builds:
            if (build.dockerfile, build.context) == (
                subject.path,
                subject.context,
            ) and subject.contexts <= set(build.named_contexts):
                folder = (build.owner or build.place.path).rpartition("/")[0]
                return {one: _from(folder, build.named_contexts[one]) for one in sorted(subject.contexts)}
        missing = ", ".join(sorted(subject.contexts))
        raise UsageError(f"{name}: what its contexts {missing} are cannot be told", "give --build-context")

    def cleaned(self, shown: Any, targets: "list[Target]") -> Any:
        """Plain data without secrets: those of the repository, and those given on the command line."""
        from dockwright.knowledge.secrets import redact
        from dockwright.measure.target import secret_values
        from dockwright.report.clean import Cleaner

        given = {value for one in targets for value in secret_values(one.subject.args)}
        data = self.finder.cleaner().data(msgspec.to_builtins(shown))
        return Cleaner(redact, given).data(data) if given else data


def _from(folder: str, value: str) -> str:
    import posixpath

    if "://" in value or value.startswith(("/", "target:", "service:", "git@")):
        return value
    return posixpath.normpath(posixpath.join(folder, value))


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not name or not equals or not value:
            raise UsageError(
                f"--build-context {text!r} has no value", "for instance --build-context lib=../lib"
            )
        found[name] = value if "://" in value else str(Path(value).resolve())
    return found


def commands(asked: Asked) -> "tuple[list[tuple[str, ...]], list[bool]]":
    """The command lines the builds would run, without the secrets in them; and which read standard input."""
    from dockwright.engine.choose import engine_of
    from dockwright.engine.faults import redacted

    opened = Opened(asked, "build")
    choice = opened.choice()
    if not choice.name:
        engine = _run_chosen(choice)
    else:
        engine = engine_of(choice)
    requests = [opened.target(name).request() for name in asked.targets]
    shown = [redacted(engine.command(one)) for one in requests]
    return shown, [one.dockerfile_text is not None for one in requests]


def _run_chosen(choice: "Choice") -> "Engine":
    from dockwright.engine.choose import choose
    from dockwright.engine.runner import run_async

    return run_async(lambda: choose(choice))[0]


def built(asked: Asked, watching: "Callable[[str], Watch | None]") -> "tuple[list[BuildRecord], list[str]]":
    """Build the targets one after the other, record them, and give back what is fit to be shown, with notes."""
    if asked.tags and len(asked.targets) > 1:
        raise UsageError("--tag names one image, and several targets are asked for", "build them one by one")
    from dockwright.engine.runner import run_async
    from dockwright.measure.model import BuildRecord

    opened = Opened(asked, "build")
    choice = opened.choice()
    targets = [opened.target(name) for name in asked.targets]
    for one in targets:
        one.request()  # what cannot be asked of an engine is said before anything is built
    records, notes = run_async(lambda: _all(opened, choice, targets, watching))
    return [msgspec.convert(opened.cleaned(one, targets), BuildRecord) for one in records], notes


async def _all(
    opened: Opened,
    choice: "Choice",
    targets: "list[Target]",
    watching: "Callable[[str], Watch | None]",
) -> "tuple[list[BuildRecord], list[str]]":
    from dockwright.engine.choose import choose
    from dockwright.engine.faults import Kind
    from dockwright.ledger.place import ledger_path
    from dockwright.measure.building import build
    from dockwright.measure.keeping import known_in
    from dockwright.measure.keys import Known
    from dockwright.measure.origin import origin
    from dockwright.measure.prepare import Prepared, setting_of

    engine, versions = await choose(choice)
    setting = await setting_of(engine, versions)
    path = ledger_path(opened.root, opened.asked.ledger)
    at = origin(opened.root)
    records: list[BuildRecord] = []
    notes: list[str] = []

    def known(prepared: Prepared) -> Known:
        return known_in(path, prepared)

    for target in targets:
        one = await build(setting, target, known, at, watching(target.name))
        records.append(one)
        if not opened.asked.no_ledger:
            notes += _kept(path, one, target)
        if one.fault is not None and one.fault.kind in (Kind.LOST, Kind.NOT_ANSWERING, Kind.DISK_FULL):
            break
    return records, notes


def _kept(path: Path, record: "BuildRecord", target: "Target") -> list[str]:
    from dockwright.ledger.keep import keep
    from dockwright.measure.keeping import run_of
    from dockwright.measure.target import secret_values

    skipped = keep(path, [run_of(record)], secret_values(target.subject.args))
    return [f"{skipped.what}: {skipped.reason}"] if skipped is not None else []
