"""Command lines of container tools as typed calls.

Which flags exist and take a value is data (`knowledge/data/docker_flags.toml`); what they mean is here.
"""

from collections.abc import Callable, Iterable, Sequence

from dockwright.knowledge.docker_flags import Subcommand, subcommands
from dockwright.shell.calls import BakeCall, BuildCall, Call, OtherCall, Problem, RunCall
from dockwright.shell.compose_cli import read_compose, read_podman_compose, read_stack
from dockwright.shell.destruction import destruction
from dockwright.shell.flags import Split, split_flags, unsure
from dockwright.shell.other_tools import OTHER_TOOLS
from dockwright.shell.script import Assignment
from dockwright.shell.words import Hole, Word

_STOP_AT_ARGUMENT = frozenset(
    ("container run", "container create", "container exec", "container commit", "container top", "image tag",
     "service create", "run", "create", "exec", "pod create"),
)  # fmt: skip
"""Subcommands whose flags end at the first argument (`SetInterspersed(false)` in docker/cli and podman)."""
_ENGINES = {
    "docker": "docker",
    "podman": "podman",
    "podman-remote": "podman",
    "nerdctl": "nerdctl",
    "finch": "nerdctl",
    "depot": "depot",
    "com.docker.cli": "docker",
}
_PROGRAM_NAMES = (
    "docker",
    "podman",
    "container_cmd",
    "container_runtime",
    "container_engine",
    "runtime",
    "engine",
    "compose",
)


def read_call(argv: Sequence[Word], env: Iterable[Assignment] = ()) -> Call | None:
    """What `argv` asks a container tool to do; None when it is no call of one.

    `env` are the variables set for the command (`COMPOSE_FILE=x docker compose up`). A program whose name is not
    constant is taken for a container tool when both its variable's name and its verb say so; then `assumed` is set.
    """
    if not argv:
        return None
    name = argv[0].program
    engine = _ENGINES.get(name)
    if engine is not None:
        return _read_engine(engine, argv, env, assumed=argv[0].assumed)
    special = _SPECIAL.get(name) or OTHER_TOOLS.get(name)
    if special is not None:
        return special(argv, env)
    if argv[0].value is None:
        return _guessed(argv, env)
    return None


def _guessed(argv: Sequence[Word], env: Iterable[Assignment]) -> Call | None:
    names = [name.lower() for name in argv[0].variables]
    names += [part.name.lower() for part in argv[0].parts if isinstance(part, Hole)]
    if not any(hint in name for name in names for hint in _PROGRAM_NAMES):
        return None
    verb = next((word.value for word in argv[1:] if word.value and not word.value.startswith("-")), None)
    if (
        any("compose" in name for name in names)
        and verb is not None
        and "compose " + verb in subcommands("docker")
    ):
        return read_compose(argv, env, 1, "docker-compose", assumed=True)
    if verb is not None and verb in subcommands("docker"):
        return _read_engine(
            "podman" if any("podman" in name for name in names) else "docker", argv, env, assumed=True
        )
    return None


def _verb(
    table: dict[str, Subcommand], words: Sequence[Word], start: int
) -> tuple[Subcommand | None, int, str]:
    """The longest known subcommand at `start`, where its arguments begin, and how it is written."""
    spelled: list[str] = []
    found: tuple[Subcommand | None, int, str] = (None, start, "")
    for index in range(start, min(start + 3, len(words))):
        value = words[index].value
        if value is None or value.startswith("-"):
            break
        spelled.append(value)
        name = " ".join(spelled)
        if name in table:
            found = (table[name], index + 1, name)
        elif found[0] is not None:
            break
    return found


def _read_engine(
    engine: str, argv: Sequence[Word], env: Iterable[Assignment], *, assumed: bool
) -> Call | None:
    table = subcommands("docker")
    own = subcommands("podman") if engine == "podman" else table
    top = split_flags(argv, {**table[""].flags, **own[""].flags}, start=1, interspersed=False)
    start = top.rest
    if start >= len(argv):
        return OtherCall(engine=engine, verb="", argv=tuple(argv), flags=tuple(top.flags), assumed=assumed)
    if argv[start].value == "compose":
        return read_compose(argv, env, start + 1, engine, assumed=assumed)
    subcommand, after, spelled = _verb(table, argv, start)
    if argv[start].value == "buildx" and subcommand is not None and after == start + 1:
        subcommand, after, spelled = _behind_buildx_flags(table, argv, after)
    if engine == "podman":
        special, special_after, _ = _verb(own, argv, start)
        if special is not None and special_after >= after:
            named = subcommand.name if subcommand is not None and special_after == after else special.name
            subcommand, after = Subcommand(named, special.flags), special_after
    if subcommand is None:
        verb = argv[start].value or ""
        return OtherCall(
            engine=engine, verb=verb, argv=tuple(argv), arguments=tuple(argv[start + 1 :]), assumed=assumed
        )
    split = split_flags(
        argv, subcommand.flags, start=after, interspersed=subcommand.name not in _STOP_AT_ARGUMENT
    )
    split.flags[:0] = top.flags
    reader = _VERBS.get(subcommand.name, _read_other)
    return reader(engine, subcommand.name, argv, split, spelled, assumed)


def _behind_buildx_flags(
    table: dict[str, Subcommand], argv: Sequence[Word], start: int
) -> tuple[Subcommand | None, int, str]:
    """`docker buildx --builder x build`: buildx's own flags stand before its subcommand."""
    split = split_flags(argv, table["buildx"].flags, start=start, interspersed=False)
    name = f"buildx {argv[split.rest].value}" if split.rest < len(argv) else "buildx"
    return (table[name], split.rest + 1, name) if name in table else (table["buildx"], start, "buildx")


def read_build(engine: str, verb: str, argv: Sequence[Word], split: Split, _spelled: str = "",
               assumed: bool = False) -> BuildCall:  # fmt: skip
    """`docker build` and its many spellings."""
    certain = [word for word in split.arguments if not unsure(word)]
    problems = list(split.problems)
    context = certain[-1] if certain else None
    strict = engine in ("docker", "nerdctl", "depot")  # podman and buildah build the working directory
    bare = not split.arguments and not any(word.splits for word in argv) and not split.on("--help")
    if strict and bare and verb.endswith("build"):
        problems.append(Problem("missing-context", "no build context is given", argv[0]))
    if strict and len(certain) > 1 and all(word.constant for word in certain):
        problems.append(Problem("extra-argument", "more than one build context is given", certain[0]))
    return BuildCall(
        engine=engine, verb=verb, argv=tuple(argv), flags=tuple(split.flags), arguments=tuple(split.arguments),
        problems=tuple(problems), assumed=assumed, files=split.values("--file"), context=context,
        target=split.last("--target"), build_args=split.pairs("--build-arg"),
        build_contexts=split.pairs("--build-context"), tags=split.values("--tag"), platforms=split.values("--platform"),
        no_cache=split.on("--no-cache"), pull=split.on("--pull"), push=split.on("--push"), load=split.on("--load"),
        cache_from=split.values("--cache-from"), cache_to=split.values("--cache-to"), secrets=split.values("--secret"),
    )  # fmt: skip


def _read_build(
    engine: str, _name: str, argv: Sequence[Word], split: Split, spelled: str, assumed: bool
) -> Call:
    return read_build(
        engine, "buildx build" if spelled.startswith("buildx") else "build", argv, split, "", assumed
    )


def _read_bake(
    engine: str, name: str, argv: Sequence[Word], split: Split, _spelled: str, assumed: bool
) -> Call:
    return BakeCall(
        engine=engine, verb=name, argv=tuple(argv), flags=tuple(split.flags), arguments=tuple(split.arguments),
        problems=tuple(split.problems), assumed=assumed, files=split.values("--file"), targets=tuple(split.arguments),
        sets=split.pairs("--set"),
    )  # fmt: skip


def _read_run(
    engine: str, name: str, argv: Sequence[Word], split: Split, _spelled: str, assumed: bool
) -> Call:
    rest = tuple(argv[split.rest :])
    image = rest[0] if rest else split.arguments[-1] if split.arguments else None
    if image is not None and "kaniko-project/executor" in (image.value or image.shown("")):
        return OTHER_TOOLS["kaniko"]((image, *rest[1:]), ()) or OtherCall(
            engine=engine, verb=name, argv=tuple(argv)
        )
    return RunCall(
        engine=engine, verb=name, argv=tuple(argv), flags=tuple(split.flags), arguments=rest,
        problems=tuple(split.problems), assumed=assumed, image=image, command=rest[1:], name=split.last("--name"),
        ports=split.values("--publish"), volumes=split.values("--volume") + split.values("--mount"),
        env=split.pairs("--env"), env_files=split.values("--env-file"), network=split.last("--network", "--net"),
        rm=split.on("--rm"), detach=split.on("--detach"), privileged=split.on("--privileged"),
    )  # fmt: skip


def _read_stack(
    engine: str, _name: str, argv: Sequence[Word], split: Split, _spelled: str, assumed: bool
) -> Call:
    return read_stack(engine, argv, split, assumed=assumed)


def _read_other(
    engine: str, name: str, argv: Sequence[Word], split: Split, _spelled: str, assumed: bool
) -> Call:
    rest = tuple(argv[split.rest :]) if name in _STOP_AT_ARGUMENT else ()
    arguments = (*split.arguments, *rest)
    return OtherCall(
        engine=engine, verb=name, argv=tuple(argv), flags=tuple(split.flags), arguments=arguments,
        problems=tuple(split.problems), assumed=assumed,
        destroys=destruction(engine, name, split, arguments),
    )  # fmt: skip


_VERBS: dict[str, Callable[[str, str, Sequence[Word], Split, str, bool], Call]] = {
    "buildx build": _read_build,
    "build": _read_build,
    "buildx bake": _read_bake,
    "container run": _read_run,
    "container create": _read_run,
    "run": _read_run,
    "create": _read_run,
    "stack deploy": _read_stack,
}
_SPECIAL: dict[str, Callable[[Sequence[Word], Iterable[Assignment]], Call | None]] = {
    "docker-compose": lambda argv, env: read_compose(argv, env, 1, "docker-compose", assumed=argv[0].assumed),
    "docker-buildx": lambda argv, env: read_call((_docker(argv[0]), _buildx(argv[0]), *argv[1:]), env),
    "podman-compose": read_podman_compose,
}


def _docker(word: Word) -> Word:
    return Word(("docker",), "docker", word.source, word.start, word.end)


def _buildx(word: Word) -> Word:
    return Word(("buildx",), "buildx", word.source, word.start, word.end)
