"""`dockwright prove`: what can be shown without building anything."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dockwright.errors import UsageError

if TYPE_CHECKING:
    from dockwright.proof.build import BuildProof, Question, Subject
    from dockwright.trees.tree import Tree

FORMATS = ("terminal", "markdown", "json")
MAX_BYTES = 8 << 20


@click.group("prove")
def command() -> None:
    """Show that two states give the same result, or the first place where they do not."""


@command.command("build")
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option("--root", default=".", metavar="DIR", show_default=True, help="The repository A and B lie in.")
@click.option("--context", metavar="DIR", help="Also compare what is copied out of this build context.")
@click.option("--build-arg", "arguments", multiple=True, metavar="NAME=VALUE", help="As `docker build`.")
@click.option("--build-context", "contexts", multiple=True, metavar="NAME=SOURCE", help="As `docker build`.")
@click.option("--target", "targets", multiple=True, metavar="NAME[=NAME]", help="A stage (=its name in B).")
@click.option("--platform", metavar="OS/ARCH", help="As `docker build`; linux/amd64 if not given.")
@click.option(
    "--engine", type=click.Choice(("newest", "0.13")), default="newest", show_default=True, help="BuildKit."
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="terminal", show_default=True)
@click.option("--output", "-o", metavar="FILE", help="Write to FILE instead of standard output.")
def build(
    *,
    first: str,
    second: str,
    root: str,
    context: str | None,
    arguments: tuple[str, ...],
    contexts: tuple[str, ...],
    targets: tuple[str, ...],
    platform: str | None,
    engine: str,
    form: str,
    output: str | None,
) -> int:
    """Are two Dockerfiles the same work for BuildKit, target by target?

    A and B are paths, or REV:PATH for a file at a git revision. Without --target the last stages are compared, and all
    stages with a name that both have. Exit code 0: the same; 1: not.

    \b
    dockwright prove build docker/a.Dockerfile docker/b.Dockerfile
    dockwright prove build HEAD~1:Dockerfile Dockerfile --build-arg VERSION=3
    """
    from dockwright.cli.output import width_for, write
    from dockwright.proof.build import prove_build

    named = dict(_argument("--build-context", one) for one in contexts)
    question = _question(arguments, named, targets, platform, engine)
    sides = [_subject(one, root, context) for one in (first, second)]
    proof = prove_build(sides[0], sides[1], question)
    write(_render(proof, [one.data for one in sides], form, width_for(output)), output)
    return 0 if proof.same else 1


@command.command("compose", short_help="Do two ways of writing stacks resolve to the same?")
@click.argument("before", metavar="BEFORE")
@click.argument("after", metavar="AFTER")
@click.option("--root", default=".", metavar="DIR", show_default=True, help="The repository.")
@click.option(
    "--env",
    "variables",
    multiple=True,
    metavar="NAME=VALUE",
    help="A variable of the environment; repeatable.",
)
@click.option(
    "--modulo",
    "names",
    multiple=True,
    type=click.Choice(("profiles", "order", "extensions", "project-name")),
    help="A difference that does not count; repeatable.",
)
@click.option("--compose-version", metavar="V", help="The version of Compose to follow (default: newest).")
@click.option("--format", "form", type=click.Choice(FORMATS), default="terminal", show_default=True)
@click.option("--output", "-o", metavar="FILE", help="Write to FILE instead of standard output.")
def compose(
    *,
    before: str,
    after: str,
    root: str,
    variables: tuple[str, ...],
    names: tuple[str, ...],
    compose_version: str | None,
    form: str,
    output: str | None,
) -> int:
    """Do two ways of writing stacks resolve to the same configuration, environment by environment?

    BEFORE and AFTER are environments, compose files (`a.yaml,b.yaml`), `REV:` (every environment at a git revision),
    `REV:ENVIRONMENT`, or directories. Environments are those of dockwright.toml; without any, those that are found.
    Exit code 0: the same; 1: not.

    \b
    dockwright prove compose HEAD~1: .
    dockwright prove compose docker-compose.test.yml compose.yaml,compose.test.yaml --modulo project-name
    """
    from dockwright.cli.output import width_for, write
    from dockwright.cli.stacks import Stacks, given
    from dockwright.proof.compose import Modulo, Side, prove_compose
    from dockwright.report.fit import fit
    from dockwright.report.stacks.diff import as_json
    from dockwright.report.stacks.proof import RENDERERS, document

    stacks = Stacks(root, compose_version)
    sides = [Side(spec, stacks.several(spec)) for spec in (before, after)]
    single = [list(side.environments.values()) for side in sides]
    if all(len(found) == 1 for found in single):  # two single stacks are compared whatever they are called
        name = next(iter(sides[1].environments)) or "the stack"
        sides = [Side(side.name, {name: found[0]}) for side, found in zip(sides, single, strict=True)]
    proof = prove_compose(sides[0], sides[1], given(variables), tuple(map(Modulo, names)))
    made = document(proof, stacks.resolved)
    text = as_json(made) if form == "json" else RENDERERS[form](made)
    write(fit(text, width_for(output)) if form == "terminal" else text, output)
    return 0 if proof.same else 1


def _question(
    arguments: tuple[str, ...],
    contexts: dict[str, str],
    targets: tuple[str, ...],
    platform: str | None,
    engine: str,
) -> "Question":
    from dockwright.dockerfile.operations.engine import DOCKER_26_1, NEWEST
    from dockwright.dockerfile.platforms import LINUX_AMD64, parse_platform
    from dockwright.dockerfile.settings import Settings
    from dockwright.proof.build import Question

    parsed = LINUX_AMD64 if platform is None else parse_platform(platform)
    if isinstance(parsed, str):
        raise UsageError(f"--platform: {parsed}", "for instance linux/arm64")
    args = dict(_argument("--build-arg", one) for one in arguments)
    pairs = tuple(_pair(one) for one in targets)
    chosen = NEWEST if engine == "newest" else DOCKER_26_1
    settings = Settings(args=args, platform=parsed, contexts=frozenset(contexts), context_sources=contexts)
    return Question(settings, chosen, pairs)


def _argument(option: str, text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise UsageError(
            f"{option} {text} has no value", "NAME=VALUE; values are not taken from the environment"
        )
    return name, value


def _pair(text: str) -> tuple[str, str]:
    name, equals, other = text.partition("=")
    return name, other if equals else name


def _subject(spec: str, root: str, context: str | None) -> "Subject":
    """A Dockerfile, and the context it is built with if that is asked for."""
    from dockwright.cli.source import directory
    from dockwright.proof.build import Subject

    folder = directory(root, "prove build --root")
    revision, path = _parted(spec, folder)
    if revision is None and context is None:
        return Subject(path, _read(folder, folder / path))
    from dockwright.trees.context import BuildContext

    tree = _tree(folder, revision)
    try:
        data = tree.read(path)
    except KeyError:
        where = f"at {revision}" if revision else f"in {root}"
        raise UsageError(f"there is no file {path} {where}", "paths are relative to --root") from None
    except OSError as error:
        raise UsageError(f"{spec} cannot be read: {error}") from error
    if context is None:
        return Subject(spec, data)
    from dockwright.trees.paths import within

    inside = within("", context)
    if inside is None or not tree.is_dir(inside):
        raise UsageError(f"there is no directory {context} for {spec}", "--context is relative to --root")
    return Subject(spec, data, BuildContext(tree, inside, path))


def _tree(folder: Path, revision: str | None) -> "Tree":
    from dockwright.cli.source import opened

    return opened(folder, revision, history=False).tree


def _parted(spec: str, folder: Path) -> tuple[str | None, str]:
    """Revision and path; a file that is called so comes first."""
    if (folder / spec).is_file():
        from dockwright.trees.paths import clean

        return None, clean(spec)
    revision, colon, path = spec.partition(":")
    if colon and revision and path:
        return revision, path.removeprefix("./")
    raise UsageError(f"there is no file {spec}", "give a path, or REV:PATH for a file at a git revision")


def _read(folder: Path, path: Path) -> bytes:
    """The file; what lies in the repository is no way out of it."""
    try:
        inside = Path(os.path.normpath(path.absolute())).is_relative_to(folder.absolute())
        if inside and not path.resolve().is_relative_to(folder.resolve()):
            raise UsageError(f"{path} is a link that leads out of the repository", "name the file itself")
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f"{path} is larger than {MAX_BYTES >> 20} MB", "no Dockerfile is")
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error


def _render(proof: "BuildProof", sources: list[bytes], form: str, width: int) -> str:
    from dockwright.report.proofs.build import as_json, document

    made = document(proof, sources)
    if form == "json":
        return as_json(made)
    from dockwright.report.proofs.build_text import as_markdown, as_text

    if form == "markdown":
        return as_markdown(made)
    from dockwright.report.fit import fit

    return fit(as_text(made), width)
