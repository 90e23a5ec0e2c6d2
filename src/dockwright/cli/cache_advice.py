"""`dockwright cache-advice`: which cache backend and mode a CI build wants, and why."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from dockwright.cli.whying import Finder
    from dockwright.measure.caching.advise import Target
    from dockwright.measure.caching.predict import Measured
    from dockwright.replay.result import DockerfileResult
    from dockwright.replay.subjects import Subject

FORMATS = ("terminal", "json")


@click.command("cache-advice")
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@click.option("--root", default=".", metavar="DIR", show_default=True, help="The repository.")
@click.option(
    "--ledger",
    "file",
    metavar="FILE",
    help="The ledger; else DOCKWRIGHT_LEDGER, else that of the repository.",
)
@click.option(
    "--replay",
    is_flag=True,
    help="Ask the git history how often steps run again. Takes seconds per thousand commits.",
)
@click.option(
    "--pushed/--not-pushed", default=None, help="Whether CI pushes the image; without it: not known."
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="terminal", show_default=True)
@click.option(
    "--output", "-o", metavar="FILE", help="Write to FILE, in one step, instead of standard output."
)
@click.option("--quiet", "-q", is_flag=True, help="No progress.")
def command(
    *,
    targets: tuple[str, ...],
    root: str,
    file: str | None,
    replay: bool,
    pushed: bool | None,
    form: str,
    output: str | None,
    quiet: bool,
) -> int:
    """Advise on the build cache that CI exports: backend (inline, registry, gha …) and mode (min, max).

    TARGETS are Dockerfiles, compose services or bake targets that one CI builds; their caches share GitHub's limit. Which
    steps a mode keeps is read from the build graph; bytes and seconds from what is recorded; hits from the history.

    \b
    dockwright cache-advice web worker --replay --pushed
    """
    from dockwright.cli.output import Progress, write
    from dockwright.cli.source import directory, opened
    from dockwright.cli.whying import Finder
    from dockwright.ledger.place import ledger_path
    from dockwright.measure.caching.advise import Advice, advise
    from dockwright.measure.caching.present import present
    from dockwright.report import cache_advice as report

    folder = directory(root, "cache-advice --root")
    with Progress(quiet=quiet) as progress:
        progress("reading files")
        finder = Finder(opened(folder, None, history=False).tree)
        subjects = {name: finder.subject(name, None, None, ()) for name in dict.fromkeys(targets)}
        recorded = _recorded(ledger_path(folder, file), subjects)
        history = {}
        if replay:
            progress("replaying the history")
            history = _history(folder, subjects, progress)
        found = [
            _target(finder, name, one, recorded[name], history.get(name)) for name, one in subjects.items()
        ]
        github = finder.tree.is_dir(".github/workflows")
    import msgspec

    today = present(finder.repository)
    plain = msgspec.to_builtins(advise(found, github=github, pushed=pushed, today=today))
    shown = msgspec.convert(finder.cleaner().data(plain), list[Advice])
    write(report.as_json(shown) if form == "json" else report.as_text(shown), output)
    return 0


def _recorded(path: Path, subjects: "dict[str, Subject]") -> "dict[str, Measured]":
    from dockwright.measure.caching.predict import Measured

    if not path.exists():
        return {name: Measured() for name in subjects}
    from dockwright.ledger.store import Ledger
    from dockwright.measure.caching.recorded import measured

    with Ledger(path, create=False) as ledger:
        return {name: measured(ledger, name) for name in subjects}


def _history(folder: Path, subjects: "dict[str, Subject]", progress: object) -> "dict[str, DockerfileResult]":
    """What the replay of the history up to HEAD says of each target."""
    from dockwright.replay.run import Replay
    from dockwright.replay.summary import summary
    from dockwright.trees.git import GitTree
    from dockwright.trees.git_command import Git
    from dockwright.trees.revisions import Range, Walk

    tree = GitTree(folder, "HEAD")
    prefix = tree.git.run("rev-parse", "--show-prefix").decode("utf-8", "surrogateescape").rstrip("\n")
    replay = Replay(
        Walk(Git(folder), Range((tree.commit,))), list(subjects.values()), prefix=prefix, end=tree.commit
    )
    assert callable(progress)
    replay.run(progress)
    found = summary(replay).dockerfiles
    return {
        name: one
        for name, subject in subjects.items()
        for one in found
        if (one.path, one.context.strip("."), one.target) == (subject.path, subject.context, subject.target)
    }


def _target(
    finder: "Finder", name: str, subject: "Subject", recorded: "Measured", history: "DockerfileResult | None"
) -> "Target":
    from dockwright.dockerfile.tree import parse
    from dockwright.errors import UsageError
    from dockwright.measure.caching.advise import Target
    from dockwright.measure.caching.predict import predict
    from dockwright.measure.caching.structure import structure
    from dockwright.replay.subjects import Files, define

    data = subject.dockerfile if subject.dockerfile is not None else finder.tree.read(subject.path)
    definition = define(subject, Files(data, None))
    if definition.plan is None:
        raise UsageError(f"{name}: {definition.problem}", "mend the Dockerfile first")
    found = structure(definition.plan, parse(data, subject.path))
    least, most = predict(found, recorded, history)
    return Target(name=name, dockerfile=subject.path, structure=found, least=least, most=most)
