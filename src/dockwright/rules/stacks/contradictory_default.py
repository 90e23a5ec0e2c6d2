"""One variable has contradictory defaults in one compose file.

`${SERVICE_SECRET:-a}` for one service and `${SERVICE_SECRET:-b}` for another: as long as nobody sets the variable, the
two disagree, and what they share it for fails: a token that one signs and the other rejects, a database that one creates
under another name than the other opens. Setting the variable makes the fault vanish, so it is met by newcomers.

Fix: one default for both, or none and `:?`, so that compose says what is missing. Reported for variables that services
share by their nature: secrets, users, database names, versions and tags. Not reported: ports, hosts, URLs, log levels,
limits and the like, where another default per service is often the point, and services that are alternatives (other
profiles, `-dev` beside `-prod`).
"""

from collections.abc import Iterator

from dockwright.compose.model import VariableUse
from dockwright.compose.yaml.nodes import Node
from dockwright.knowledge.secrets import secret_name
from dockwright.rules._shared.services import alternatives
from dockwright.rules.finding import Category, Confidence, Finding, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ComposeSubject

SHARED = (
    "_USER",
    "_USERNAME",
    "_DB",
    "_DATABASE",
    "_DBNAME",
    "_DB_NAME",
    "_BUCKET",
    "_REALM",
    "_KEYSPACE",
    "_VHOST",
)
VERSION = ("_VERSION", "_TAG")
SHOWN = 6


def check(subject: ComposeSubject) -> Iterator[Finding]:
    uses: dict[str, list[VariableUse]] = {}
    for use in subject.file.uses:
        if use.default is not None and use.default and not use.nested and "$" not in use.default:
            uses.setdefault(use.name, []).append(use)
    for name, found in uses.items():
        defaults = {use.default for use in found}
        if len(defaults) > 1 and _shared(name):
            yield from _finding(subject, name, found, defaults)


def _shared(name: str) -> bool:
    upper = name.upper()
    return (
        secret_name(name) or upper.endswith(SHARED) or upper in ("TAG", "VERSION") or upper.endswith(VERSION)
    )


def _finding(
    subject: ComposeSubject, name: str, uses: list[VariableUse], defaults: set[str | None]
) -> Iterator[Finding]:
    first = uses[0]
    others = [use for use in uses if use.default != first.default]
    secret = secret_name(name)
    services = list(dict.fromkeys(filter(None, (_service(use.node) for use in [first, *others]))))
    if len(services) < 2 or _apart(subject, services):
        return
    values = (
        "" if secret else f": {', '.join(f'`{default}`' for default in sorted(map(str, defaults))[:SHOWN])}"
    )
    yield RULE.finding(
        subject.at(others[0].span, f"services.{services[1]}"),
        f"`{name}` has {len(defaults)} different defaults in one file, for {_list(services)}{values}",
        related=[Related(subject.at(first.span), f"another default, for `{services[0]}`")]
        + [
            Related(
                subject.at(use.span), "yet another" if use.default != others[0].default else "the same here"
            )
            for use in others[1:SHOWN]
        ],
        severity=RULE.severity if secret or name.upper().endswith(SHARED) else Severity.LOW,
        confidence=RULE.confidence if secret else Confidence.MEDIUM,
        environment=subject.item.environment,
    )


def _apart(subject: ComposeSubject, names: list[str]) -> bool:
    """True when the services are alternatives: another profile, another environment in their names."""
    first, *rest = [subject.file.services.get(name) for name in names]
    return first is not None and all(other is not None and alternatives(first, other) for other in rest)


def _service(node: Node) -> str:
    """The service a value stands in; for a shared block, its own name."""
    route = node.route
    if len(route) > 1 and route[0] == "services":
        return str(route[1])
    return str(route[0]) if route and str(route[0]).startswith("x-") else ""


def _list(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(f"`{name}`" for name in names[:SHOWN]) + more


RULE = Rule(
    id="contradictory-default",
    summary="one variable has contradictory defaults in one compose file",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  auth:\n    image: auth:1\n    environment:\n"
                "      SERVICE_SECRET: ${SERVICE_SECRET:-one-for-local-work}\n"
                "  api:\n    image: api:1\n    environment:\n      SERVICE_SECRET: ${SERVICE_SECRET:-quite-another}\n"
            },
            at="${SERVICE_SECRET:-",
            says="`SERVICE_SECRET` has 2 different defaults in one file, for `auth`, `api`",
        ),
        Bad(
            {
                "compose.yaml": "services:\n  db:\n    image: postgres:16\n    environment:\n"
                "      POSTGRES_DB: ${POSTGRES_DB:-shop}\n"
                "  api:\n    image: api:1\n    environment:\n      DB_NAME: ${POSTGRES_DB:-shop_dev}\n"
            },
            at="DB_NAME: ${POSTGRES_DB:-shop_dev}",
            says="`shop`, `shop_dev`",
        ),
        Good(
            {
                "compose.yaml": "services:\n  web:\n    image: web:1\n    ports: ['${PORT:-3000}:3000']\n"
                "    environment: {LOG_LEVEL: '${LOG_LEVEL:-info}'}\n"
                "  api:\n    image: api:1\n    ports: ['${PORT:-8000}:8000']\n"
                "    environment: {LOG_LEVEL: '${LOG_LEVEL:-debug}', API_TOKEN: '${API_TOKEN:-}'}\n"
                "  cron:\n    image: api:1\n    environment: {API_TOKEN: '${API_TOKEN:-local}'}\n"
            },
            why="each service has its own port and log level, and an empty default says that nothing is needed",
        ),
    ),
)
