"""References that commands make: to the compose and bake files they read, and to env files.

Source of the default names: docker/compose (compose-go cli.DefaultFileNames and DefaultOverrideFileNames, searched
upwards from the working directory), containers/podman-compose, docker/buildx bake (bake.defaultFilenames).
"""

import re
from collections.abc import Iterator, Sequence

import msgspec

from dockwright.repository.layout import Layout, Located, parents
from dockwright.repository.model import Place, Reference, Strength
from dockwright.repository.sites import Site
from dockwright.repository.vocabulary import environment_of, words_of
from dockwright.shell.calls import BakeCall, ComposeCall, RunCall
from dockwright.shell.words import Word

COMPOSE_DEFAULTS = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
OVERRIDE_DEFAULTS = (
    "compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml",
)  # fmt: skip
PODMAN_DEFAULTS = (
    "compose.yaml", "compose.yml", "podman-compose.yaml", "podman-compose.yml", "docker-compose.yml",
    "docker-compose.yaml", "container-compose.yml", "container-compose.yaml",
)  # fmt: skip
BAKE_DEFAULTS = (
    "compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml", "docker-bake.json",
    "docker-bake.hcl", "docker-bake.override.json", "docker-bake.override.hcl",
)  # fmt: skip
_NO_PROJECT = frozenset({"version", "ls", "help", ""})


class Used(msgspec.Struct, frozen=True):
    """The files a command reads. `complete` when every one of them is known and there."""

    files: tuple[str, ...] = ()
    complete: bool = False
    cwd: str | None = None
    project: str | None = None
    """The project directory: what relative paths in the files are relative to."""
    env_files: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()


def used_by(site: Site, layout: Layout) -> Used:
    """What the command at a site reads."""
    call = site.call
    if isinstance(call, ComposeCall):
        return _compose(site, call, layout)
    if isinstance(call, BakeCall):
        return _bake(site, call, layout)
    if isinstance(call, RunCall):
        return Used(references=tuple(_env_files(site, call.env_files, layout)))
    return Used()


def _compose(site: Site, call: ComposeCall, layout: Layout) -> Used:
    references: list[Reference] = []
    sets: list[list[Located]] = []
    for word in call.files:
        located = _located(site, layout, word)
        sets.append(located)
        if word.value != "-":
            references += [_weighed(site, word, one) for one in located]
    env_references = list(_env_files(site, call.env_files, layout))
    if not call.files and call.subcommand not in _NO_PROJECT:
        podman = "podman" in call.engine
        doubt = site.somewhere
        names = PODMAN_DEFAULTS if podman else COMPOSE_DEFAULTS
        files = default_files([] if doubt else site.starts(), layout, names)
        references += [
            Reference(
                place=site.place, verb="runs", strength=site.strength, named=file, target=file, expects="compose",
                uncertain=doubt, resolved=file,
            )
            for file in files
        ]  # fmt: skip
        known = bool(files) and not doubt
        sets = [[Located(file, file, doubt)] for file in files]
    else:
        known = bool(sets) and all(len(one) == 1 and one[0].target and not one[0].uncertain for one in sets)
    files = tuple(one[0].target for one in sets if len(one) == 1 and one[0].target is not None)
    return Used(
        files=files,
        complete=known,
        cwd=_cwd(site),
        project=_project(site, call, layout, files),
        env_files=tuple(one.target for one in env_references if one.target is not None),
        references=(*references, *env_references),
    )


def _project(site: Site, call: ComposeCall, layout: Layout, files: Sequence[str]) -> str | None:
    if call.project_directory is not None:
        located = site.locate(layout, call.project_directory, folder=True)
        return located[0].target if len(located) == 1 else None
    return files[0].rpartition("/")[0] if files else None


def default_files(starts: Sequence[str], layout: Layout, names: Sequence[str]) -> tuple[str, ...]:
    """The default compose file and its override, in the nearest folder upwards that has one."""
    for start in starts:
        for folder in parents(start):
            prefix = f"{folder}/" if folder else ""
            main = next((prefix + name for name in names if layout.has(prefix + name)), None)
            if main is not None:
                override = next(
                    (prefix + name for name in OVERRIDE_DEFAULTS if layout.has(prefix + name)), None
                )
                return (main, override) if override else (main,)
    return ()


def _bake(site: Site, call: BakeCall, layout: Layout) -> Used:
    references: list[Reference] = []
    files: list[str] = []
    complete = True
    for word in call.files:
        located = _located(site, layout, word)
        references += [_reference(site, word, one, "builds", "bake") for one in located]
        files += [one.target for one in located if one.target is not None]
        complete = complete and len(located) == 1 and located[0].target is not None
    if not call.files:
        for start in site.starts():
            prefix = f"{start}/" if start else ""
            files = [prefix + name for name in BAKE_DEFAULTS if layout.has(prefix + name)]
            if files:
                break
        references += [
            Reference(
                place=site.place, verb="builds", strength=_at_least_build(site.strength), named=file, target=file,
                expects="bake", resolved=file,
            )
            for file in files
        ]  # fmt: skip
    return Used(
        files=tuple(files), complete=complete and bool(files), cwd=_cwd(site), references=tuple(references)
    )


def _at_least_build(strength: Strength) -> Strength:
    return Strength.BUILD if strength is Strength.RUN else strength


_ENVIRONMENT = re.compile(r"env|stage|mode|profile|target", re.IGNORECASE)


def _weighed(site: Site, word: Word, located: Located) -> Reference:
    """A reference to a compose file; weak where a variable that means an environment would have to mean something else.

    `docker-compose.$ENV.yml` runs `docker-compose.prod.yml`, and hardly `docker-compose.no-dns.yml`.
    """
    reference = _reference(site, word, located, "runs", "compose")
    means = any(_ENVIRONMENT.search(hole.name) for hole in word.holes)
    if located.target is not None and located.uncertain and means:
        name = located.target.rpartition("/")[2]
        if not environment_of(words_of(name)):
            return msgspec.structs.replace(
                reference, strength=min(reference.strength, Strength.DOCS), verb="mentions"
            )
    return reference


def _env_files(site: Site, words: Sequence[Word], layout: Layout) -> Iterator[Reference]:
    for word in words:
        located = _located(site, layout, word)
        for one in located if len(located) == 1 else ():
            yield _reference(site, word, one, "reads", "env_file")


def _located(site: Site, layout: Layout, word: Word) -> list[Located]:
    located = site.locate(layout, word)
    names = [word.value or "", *(one.resolved for one in located)]
    if all(one.target is None for one in located) and any(map(site.writes, names)):
        return [Located(None, one.resolved, "the script writes it itself") for one in located]
    return [one if one.target or one.uncertain else _other_ending(layout, one) for one in located]


def _other_ending(layout: Layout, located: Located) -> Located:
    """`compose.yaml` where `compose.yml` is there: scripts that try both spellings are common."""
    stem, _, ending = located.resolved.rpartition(".")
    other = {"yml": "yaml", "yaml": "yml"}.get(ending)
    if other is not None and layout.has(f"{stem}.{other}"):
        return Located(None, located.resolved, "it is there with the other ending")
    return located


def _reference(site: Site, word: Word, located: Located, verb: str, expects: str) -> Reference:
    strength = _at_least_build(site.strength) if verb == "builds" else site.strength
    return Reference(
        place=Place(site.source, word.span),
        verb=verb,
        strength=strength,
        named=word.value if word.value is not None else located.resolved or word.shown(),
        target=located.target,
        expects=expects,
        uncertain=located.uncertain,
        resolved=located.resolved,
    )


def _cwd(site: Site) -> str | None:
    starts = site.starts()
    return starts[0] if len(starts) == 1 and not site.somewhere else None
