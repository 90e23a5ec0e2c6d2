"""The environments a repository really has: which compose files are used together, with which profiles, and who says so.

Evidence, strongest first: commands in scripts, Makefiles, workflows and program code that name their files; lists in COMPOSE_FILE
(`.env`, CI variables, programs) and in development containers; the conventions of compose itself (the default file with its override in one folder); the convention of names (`compose.yaml`
beside `compose.test.yaml`, the latter no project of its own); and a file alone, where it is a project of its own.
"""

from collections.abc import Iterable, Iterator

import msgspec

from dockwright.repository.classify import compose_words
from dockwright.repository.layout import clean
from dockwright.repository.model import ComposeItem, Invocation, Place, Standing, Strength
from dockwright.repository.projects import leans_on
from dockwright.repository.references.from_calls import COMPOSE_DEFAULTS, OVERRIDE_DEFAULTS
from dockwright.repository.repository import Repository
from dockwright.repository.vocabulary import CI, PRODUCTION, TEST, environment_of, is_variant, words_of
from dockwright.shell.calls import ComposeCall
from dockwright.shell.words import Word

ALONE = frozenset({"ls", "version", "help", ""})
"""Subcommands that read no project."""


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """One way in which compose files make a stack."""

    name: str
    """`test`, `test-alpine`; unique in the repository."""
    kind: str
    """development, test, staging, production, ci; empty when nothing tells."""
    files: tuple[str, ...]
    """In the order compose merges them."""
    profiles: tuple[str, ...] = ()
    env_files: tuple[str, ...] = ()
    """Given with `--env-file`; without any, compose reads `.env` of the project directory."""
    project_directory: str = ""
    project_name: str = ""
    how: str
    """Why these files belong together, in words."""
    evidence: tuple[Place, ...] = ()
    strength: Strength = Strength.NAME_LIST


class _Found(msgspec.Struct):
    """A set while its evidence is collected."""

    files: tuple[str, ...]
    profiles: tuple[str, ...]
    env_files: tuple[str, ...]
    directory: str
    project_name: str
    how: str
    evidence: list[Place]
    strength: Strength


def environments(repository: Repository) -> list[Environment]:
    """Every file set of the repository's own compose files, the best attested first, named."""
    found = {**_called(repository)}
    for one in _listed(repository):
        before = found.setdefault((one.files, one.profiles, one.directory), one)
        if before is not one:
            paths = {place.path for place in before.evidence}
            before.evidence += [place for place in one.evidence if place.path not in paths]
            before.strength = max(before.strength, one.strength)
    known = {one.files for one in found.values()}
    for one in (*_conventional(repository), *_named_after(repository), *_alone(repository)):
        covered = {file for files in known for file in files}
        if one.files not in known and (len(one.files) > 1 or one.files[0] not in covered):
            found[(one.files, one.profiles, one.directory)] = one
            known.add(one.files)
    ranked = sorted(
        found.values(), key=lambda one: (-one.strength, -len(one.evidence), one.files, one.profiles)
    )
    return _named(repository, ranked)


_Key = tuple[tuple[str, ...], tuple[str, ...], str]


def _called(repository: Repository) -> dict[_Key, _Found]:
    """Sets that commands name, one for each set, profiles and project directory."""
    found: dict[_Key, _Found] = {}
    for script in (*repository.scripts, *repository.workflows):
        if script.standing is not Standing.OWN:
            continue
        strength = Strength.TEST if script.test else Strength.RUN
        for one in script.invocations:
            call = one.call
            if (
                isinstance(call, ComposeCall)
                and one.files
                and call.subcommand not in ALONE
                and not one.fallback
            ):
                read = _of_call(one, call, strength)
                before = found.setdefault((read.files, read.profiles, read.directory), read)
                if before is not read:
                    before.evidence += read.evidence
                    before.strength = max(before.strength, strength)
                    before.env_files = before.env_files or read.env_files
    return found


def _of_call(one: Invocation, call: ComposeCall, strength: Strength) -> _Found:
    files = tuple(one.files)
    directory = _path(one, call.project_directory) if call.project_directory is not None else None
    return _Found(
        files=files,
        profiles=tuple(sorted(_constants(call.profiles))),
        env_files=tuple(path for word in call.env_files if (path := _path(one, word)) is not None),
        directory=directory if directory is not None else files[0].rpartition("/")[0],
        project_name=(call.project_name.value or "") if call.project_name is not None else "",
        how="a command loads them together" if len(files) > 1 else "a command loads it",
        evidence=[one.place],
        strength=strength,
    )


def _listed(repository: Repository) -> Iterator[_Found]:
    """Sets that COMPOSE_FILE or a development container lists."""
    own = {item.path for item in repository.own_composes}
    for one in repository.listed:
        if one.strength > Strength.DOCS and own.issuperset(one.files):
            yield _Found(
                files=one.files,
                profiles=(),
                env_files=(),
                directory=one.files[0].rpartition("/")[0],
                project_name="",
                how=one.how,
                evidence=[one.place],
                strength=one.strength,
            )


def _constants(words: Iterable[Word]) -> Iterator[str]:
    for word in words:
        if word.value:
            yield word.value


def _path(one: Invocation, word: Word) -> str | None:
    """A path of a command in the tree, where its folder is known."""
    return clean(one.cwd, word.value) if one.cwd is not None and word.value else None


def _conventional(repository: Repository) -> Iterator[_Found]:
    """A default file and the override compose adds to it by itself."""
    own = {item.path: item for item in repository.own_composes}
    for path in own:
        folder, _, name = path.rpartition("/")
        if name in COMPOSE_DEFAULTS:
            prefix = f"{folder}/" if folder else ""
            override = next((prefix + one for one in OVERRIDE_DEFAULTS if prefix + one in own), None)
            if override is not None:
                yield _assumed((path, override), "compose adds the override by itself", Strength.SCRIPT)
            else:
                yield _assumed((path,), "compose finds it by its name", Strength.SCRIPT)


def _named_after(repository: Repository) -> Iterator[_Found]:
    """A file that leans on one beside it: `compose.yaml` and `compose.test.yaml`."""
    by_folder: dict[str, list[ComposeItem]] = {}
    for item in repository.own_composes:
        by_folder.setdefault(item.path.rpartition("/")[0], []).append(item)
    for items in by_folder.values():
        bases = [item for item in items if not item.fragment and not compose_words(_name(item))]
        for item in items:
            if not environment_of(compose_words(_name(item))):
                continue  # `compose.extras.yaml` is a part of some stack; nobody says that it is one
            if len(bases) == 1 and item.fragment and item is not bases[0] and leans_on(item, bases[0]):
                yield _assumed(
                    (bases[0].path, item.path), "it is no project alone, and its name follows the base's"
                )


def _alone(repository: Repository) -> Iterator[_Found]:
    for item in repository.own_composes:
        if not item.fragment:
            yield _assumed((item.path,), "nothing loads it together with others")


def _assumed(files: tuple[str, ...], how: str, strength: Strength = Strength.NAME_LIST) -> _Found:
    return _Found(files, (), (), files[0].rpartition("/")[0], "", how, [], strength)


def _name(item: ComposeItem) -> str:
    return item.path.rpartition("/")[2]


def _named(repository: Repository, found: list[_Found]) -> list[Environment]:
    """Give names: the environment, what sets it apart, and where nothing else does, its file."""
    kinds = [_kind(repository, one) for one in found]
    plainest = sorted(range(len(found)), key=lambda index: (_marks(found[index]), index))
    names: dict[int, str] = {}
    for index in plainest:  # the plainest file gets the plain name
        taken = set(names.values())
        names[index] = next(name for name in _names(found[index], kinds[index], taken) if name not in taken)
    made: list[Environment] = []
    for index, one in enumerate(found):
        made.append(
            Environment(
                name=names[index],
                kind=kinds[index],
                files=one.files,
                profiles=one.profiles,
                env_files=one.env_files,
                project_directory=one.directory,
                project_name=one.project_name,
                how=one.how,
                evidence=tuple(sorted(one.evidence, key=lambda place: (place.path, place.span.start))),
                strength=one.strength,
            )
        )
    return made


def _marks(one: _Found) -> int:
    return len(compose_words(one.files[-1].rpartition("/")[2])) + len(one.profiles)


def _names(one: _Found, kind: str, taken: set[str]) -> Iterator[str]:
    last = one.files[-1]
    words = compose_words(last.rpartition("/")[2])
    marks = [
        word.lower() for word in words if not kind or (is_variant(word) and environment_of([word]) != kind)
    ]
    profiles = [profile for profile in one.profiles if environment_of([profile]) != kind or not kind]
    folder = last.rpartition("/")[0].rpartition("/")[2]
    base = _SHORT.get(kind, kind) or "-".join(marks) or "default"
    yield base
    if kind and marks:
        yield "-".join((base, *marks))
    if one.profiles:
        yield "-".join((base, *(profiles or ["profile"])))
        yield "-".join((base, *marks, *(profiles or ["profile"])))
    if folder:
        yield f"{folder}-{base}"
    yield last.rpartition("/")[2].rpartition(".")[0]
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    yield f"{base}-{number}"


_SHORT = {"development": "dev", "production": "prod"}


def is_test_place(path: str) -> bool:
    """True for a file whose name says that it tests: `.github/workflows/test.yml`, `run-tests.sh`."""
    return environment_of(words_of(path.rpartition("/")[2].rpartition(".")[0])) == TEST


def _for_tests(one: _Found) -> bool:
    """True when all that loads the files are tests."""
    return bool(one.evidence) and all(is_test_place(place.path) for place in one.evidence)


def _kind(repository: Repository, one: _Found) -> str:
    """The last file that tells decides, then the profiles, then the place of the only callers."""
    for file in reversed(one.files):
        words = compose_words(file.rpartition("/")[2])
        if any(environment_of([word]) == CI for word in words):
            return CI
        item = repository.compose(file)
        if item is not None and item.environment:
            if item.environment == PRODUCTION and not environment_of(words) and _for_tests(one):
                continue  # only its variables say production, and only tests load it
            return item.environment
    if _for_tests(one) and any(is_test_place(place.path) for place in one.evidence):
        return TEST
    told = [found for profile in one.profiles if (found := environment_of(profile.split("-")))]
    if told:
        return told[0]
    if one.evidence and all(".github/" in place.path or ".gitlab" in place.path for place in one.evidence):
        return CI
    return ""
