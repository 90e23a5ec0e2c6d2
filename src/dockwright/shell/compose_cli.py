"""Command lines of `docker compose`, `docker-compose` and `podman-compose`, and of `docker stack deploy`.

Flags of the project stand before the subcommand: compose refuses them behind it (docker/compose cmd/compose/compose.go,
`c.Flags().SetInterspersed(false)`).
"""

from collections.abc import Iterable, Sequence

from dockwright.knowledge.docker_flags import subcommands
from dockwright.shell.calls import Call, ComposeCall, Flag, Problem
from dockwright.shell.destruction import compose_destruction
from dockwright.shell.flags import Arity, Split, split_flags, unsure
from dockwright.shell.script import Assignment
from dockwright.shell.values import constant
from dockwright.shell.words import Word

_V1 = {
    "--tls": ("--tls", False), "--tlsverify": ("--tlsverify", False), "--tlscacert": ("--tlscacert", True),
    "--tlscert": ("--tlscert", True), "--tlskey": ("--tlskey", True), "-H": ("--host", True), "--host": ("--host", True),
    "-c": ("--context", True), "--context": ("--context", True), "--log-level": ("--log-level", True),
    "--skip-hostname-check": ("--skip-hostname-check", False),
}  # fmt: skip
"""Flags of docker-compose 1.29 that the plugin does not have (they are docker's own there)."""
_PODMAN = {
    name: (name, True)
    for name in ("--env-file", "--profile", "--podman-path", "--podman-args", "--podman-pull-args", "--podman-push-args",
                 "--podman-build-args", "--podman-inspect-args", "--podman-run-args", "--podman-start-args",
                 "--podman-stop-args", "--podman-rm-args", "--podman-volume-args", "--in-pod", "--pod-args", "--parallel")
} | {name: (name, False) for name in ("--no-cleanup", "--dry-run", "--verbose", "--no-ansi", "--no-normalize")}  # fmt: skip
"""Flags of podman-compose 1.6 (podman_compose.py: parse_args)."""
_NOT_SERVICES = frozenset(
    ("config", "convert", "ls", "version", "down", "cp", "scale", "publish", "port", "wait")
)


def read_compose(argv: Sequence[Word], env: Iterable[Assignment], start: int, engine: str, *, assumed: bool = False,
                 extra: Arity | None = None) -> ComposeCall:  # fmt: skip
    """Read a compose command line whose project flags begin at `start`."""
    table = subcommands("docker")
    own = table["compose"].flags
    arity = {**own, **(_V1 if engine == "docker-compose" else {}), **(extra or {})}
    project = split_flags(argv, arity, start=start, interspersed=False)
    name = argv[project.rest].value if project.rest < len(argv) else None
    sub = table.get("compose " + (name or ""))
    problems = list(project.problems)
    if name is None or sub is None:
        split = Split()
        split.arguments.extend(argv[project.rest + 1 :])
    else:
        stops = name in ("run", "exec")
        split = split_flags(argv, sub.flags, start=project.rest + 1, interspersed=not stops)
        problems += split.problems + _misplaced(split, sub.flags, own, name, argv)
        if stops:
            split.arguments.extend(argv[split.rest :])
    read = _Read(name or "", project, split, problems)
    return _made(argv, env, engine, read, assumed=assumed)


class _Read:
    """A compose command line in its pieces."""

    __slots__ = ("problems", "project", "split", "subcommand")

    def __init__(self, subcommand: str, project: Split, split: Split, problems: list[Problem]) -> None:
        self.subcommand = subcommand
        self.project = project
        self.split = split
        self.problems = problems


def _misplaced(split: Split, flags: Arity, own: Arity, name: str, argv: Sequence[Word]) -> list[Problem]:
    """Project flags given after the subcommand. Their values were read as services; they are taken out again."""
    out: list[Problem] = []
    for index, flag in enumerate(split.flags):
        spelled = flag.name if flag.name.startswith("--") else flag.name[:2]
        if flag.known or spelled in flags or spelled not in own:
            continue
        long, valued = own[spelled]
        out.append(Problem("misplaced-flag", f"`{long}` belongs before `{name}`", flag.word))
        value = flag.value
        if valued and value is None:
            following = [at for at, word in enumerate(argv) if word is flag.word]
            value = argv[following[0] + 1] if following and following[0] + 1 < len(argv) else None
            split.arguments[:] = [word for word in split.arguments if word is not value]
        split.flags[index] = Flag(long, flag.word, value, known=False)
    return out


def _made(
    argv: Sequence[Word], env: Iterable[Assignment], engine: str, read: "_Read", *, assumed: bool
) -> ComposeCall:
    name, project, split, problems = read.subcommand, read.project, read.split, read.problems
    variables = {item.name: item.value for item in env}
    arguments = tuple(split.arguments)
    files = project.values("--file") or _listed(variables.get("COMPOSE_FILE"), ":;")
    services = () if name in _NOT_SERVICES else tuple(word for word in arguments if not unsure(word))
    command: tuple[Word, ...] = ()
    if name in ("run", "exec"):
        services, command = services[:1], arguments[1:]
    return ComposeCall(
        engine="docker" if engine == "docker-compose" else engine, verb="compose " + name if name else "compose",
        argv=tuple(argv), flags=(*project.flags, *split.flags), arguments=arguments, problems=tuple(problems),
        assumed=assumed, destroys=compose_destruction(name, split), files=files,
        project_name=project.last("--project-name") or variables.get("COMPOSE_PROJECT_NAME"),
        project_directory=project.last("--project-directory", "--workdir"),
        profiles=project.values("--profile") or _listed(variables.get("COMPOSE_PROFILES"), ","),
        env_files=project.values("--env-file") or _listed(variables.get("COMPOSE_ENV_FILES"), ","),
        subcommand=name, services=services, command=command, v1=engine == "docker-compose",
    )  # fmt: skip


def _listed(word: Word | None, separators: str) -> tuple[Word, ...]:
    """The items of a variable that holds a list, as words standing where the variable was set."""
    if word is not None and word.value is None and word.values:
        return _items(
            word, max(word.values, key=len), separators
        )  # `f="$f:more.yml"`: the longest has them all
    if word is None or not word.value:
        return (word,) if word is not None and word.value is None else ()
    return _items(word, word.value, separators)


def _items(word: Word, text: str, separators: str) -> tuple[Word, ...]:
    for separator in separators[1:]:
        text = text.replace(separator, separators[0])
    return tuple(
        Word((item,), constant((item,)), word.source, word.start, word.end, assumed=word.assumed)
        for item in text.split(separators[0]) if item
    )  # fmt: skip


def read_podman_compose(argv: Sequence[Word], env: Iterable[Assignment]) -> Call:
    """`podman-compose`: its own project flags, docker compose's subcommands."""
    return read_compose(argv, env, 1, "podman-compose", assumed=argv[0].assumed, extra=_PODMAN)


def read_stack(engine: str, argv: Sequence[Word], split: Split, *, assumed: bool) -> ComposeCall:
    """`docker stack deploy -c FILE NAME`."""
    return ComposeCall(
        engine=engine, verb="stack deploy", argv=tuple(argv), flags=tuple(split.flags),
        arguments=tuple(split.arguments), problems=tuple(split.problems), assumed=assumed,
        files=split.values("--compose-file"), project_name=split.arguments[-1] if split.arguments else None,
        subcommand="stack deploy",
    )  # fmt: skip
