"""A variable's URL names a host port that is moved without it.

A browser, or a program on the host, is told `http://localhost:8000`. Where the port is published as `${API_PORT:-8000}`, whoever
sets the variable, so that a second stack can run, moves the port and not the URL: the second stack talks to the first. The same
where a test stack publishes its API at 8001 and its front end still names 8000, the port of the development stack.

Fix: the variable in the URL too (`http://localhost:${API_PORT:-8000}`), or the number of the stack itself. Not reported: URLs that
hold a variable, ports that the container itself listens on (there `localhost` is the container), host networking.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dockwright.repository.repository import Repository
from dockwright.rules.finding import Category, Confidence, Finding, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule

if TYPE_CHECKING:
    from dockwright.compose.collisions.model import EmbeddedPort
    from dockwright.compose.load.values import Value
    from dockwright.rules._shared.sides import Side

_LOCAL = (b"localhost:", b"127.0.0.1:", b"0.0.0.0:", b"host.docker.internal:", b"[::1]:")


def check(repository: Repository) -> Iterator[Finding]:
    if not any(word in item.source.data for item in repository.own_composes for word in _LOCAL):
        return
    from dockwright.rules._shared.projects import stands_alone
    from dockwright.rules._shared.sides import neighbours, side

    for item in repository.own_composes:
        one = side(repository, item) if stands_alone(repository, item) else None
        if one is not None:
            yield from _moved(repository, one)
    told: set[tuple[str, str]] = set()
    for one, other in neighbours(repository):
        for here, there in ((one, other), (other, one)):
            yield from _misdirected(repository, here, there, told)


def _value(side: "Side", route: tuple[str | int, ...]) -> "Value | None":
    project = side.attempt.project
    return project.at(*route) if project is not None else None


def _moved(repository: Repository, one: "Side") -> Iterator[Finding]:
    """Ports of the stack itself that a variable moves."""
    from dockwright.compose.collisions.embedded import embedded_ports

    for found in embedded_ports(one.model):
        url = _value(one, found.path)
        port = _value(one, (*found.published, "published"))
        own = one.model["services"][found.path[1]].get("ports") or ()
        if url is None or url.uses or port is None or not port.uses:
            continue
        if any(str(declared.get("target")) == found.port for declared in own):
            continue
        names = " and ".join(dict.fromkeys(f"`{use.name}`" for use in port.uses))
        yield _finding(
            repository,
            (one, found),
            one,
            f"names host port {found.port} of `{found.published[1]}`, which {names} moves without it",
        )


def _misdirected(
    repository: Repository, one: "Side", other: "Side", told: set[tuple[str, str]]
) -> Iterator[Finding]:
    """Ports of the stack beside it."""
    from dockwright.compose.collisions.embedded import misdirected_ports, published_ports

    for found in misdirected_ports(one.model, other.model):
        url = _value(one, found.path)
        name = ".".join(map(str, found.path))
        service = str(found.published[1])
        here = [port for port, path in published_ports(one.model).items() if path[1] == service]
        if url is None or url.uses or (one.item.path, name) in told or not here:
            continue
        told.add((one.item.path, name))
        yield _finding(
            repository,
            (one, found),
            other,
            f"names host port {found.port}, at which `{other.item.path}` publishes `{service}`; here it is {here[0]}",
        )


def _finding(
    repository: Repository, where: "tuple[Side, EmbeddedPort]", other: "Side", words: str
) -> Finding:
    one, found = where
    return RULE.finding(
        one.location(repository, found.path),
        f"`{found.path[3]}` of service `{found.path[1]}` {words}",
        related=[Related(other.location(repository, found.published), "published here")],
        service=str(found.path[1]),
        environment=one.item.environment,
    )


_WEB = "  web:\n    image: web:1\n    ports: ['{}:80']\n    environment:\n      API_URL: http://localhost:{}/v1\n"
_API = "services:\n  api:\n    image: api:1\n    ports: ['{}:5000']\n"

RULE = Rule(
    id="port-in-url",
    summary="a variable's URL names a host port that is moved without it",
    category=Category.DRIFT,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {"compose.yaml": _API.format("${API_PORT:-8000}") + _WEB.format("8080", "8000")},
            at="API_URL: http://localhost:8000/v1",
            says="`API_URL` of service `web` names host port 8000 of `api`, which `API_PORT` moves without it",
        ),
        Bad(
            {
                "compose.yaml": _API.format("8000") + _WEB.format("8080", "8000"),
                "compose.test.yaml": _API.format("8001") + _WEB.format("8081", "8000"),
            },
            at="API_URL: http://localhost:8000/v1",
            says="names host port 8000, at which `compose.yaml` publishes `api`; here it is 8001",
        ),
        Good(
            {
                "compose.yaml": _API.format("${API_PORT:-8000}") + _WEB.format("8080", "${API_PORT:-8000}"),
                "compose.test.yaml": _API.format("8001") + _WEB.format("8081", "80"),
            },
            why="the variable moves both, and port 80 is the container's own",
        ),
    ),
)
