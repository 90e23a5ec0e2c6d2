"""One service of a group lacks a setting that all the others of the group are given.

A web process, its workers and its scheduler run the same code and get the same environment, copied from one to the
next. The one that was forgotten falls back to a default: another Redis, no storage, the wrong mode, and fails only in
the code path that needs it.

Fix: give it the setting, or share the environment by an anchor or `env_file`. Judged are services of one file that build
from the same context and share at least four settings of equal value; reported when one service alone of at least four
lacks it. Not reported: services with env files or merged blocks, whose settings stand elsewhere.
"""

from collections.abc import Iterator

from dockwright.compose.model import KeyValue, Service
from dockwright.rules.finding import Category, Confidence, Finding, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ComposeSubject

ENOUGH = 4
LARGEST = 60
SHOWN = 6


def check(subject: ComposeSubject) -> Iterator[Finding]:
    groups: dict[str, list[Service]] = {}
    for service in list(subject.file.services.values())[:LARGEST]:
        build = service.build
        if (
            build is not None
            and len(service.environment) >= ENOUGH
            and not service.env_file
            and service.extends is None
        ):
            groups.setdefault(build.context.raw if build.context is not None else ".", []).append(service)
    for services in groups.values():
        if len(services) >= ENOUGH:
            yield from _in_group(subject, services)


def _in_group(subject: ComposeSubject, services: list[Service]) -> Iterator[Finding]:
    given = {service.name: _settings(service) for service in services}
    holders: dict[str, list[Service]] = {}
    for service in services:
        for name in given[service.name]:
            holders.setdefault(name, []).append(service)
    for service in services:
        own = given[service.name]
        missing = [
            name for name, held in holders.items() if len(held) == len(services) - 1 and name not in own
        ]
        equal = [name for name in missing if len({_raw(given[one.name][name]) for one in holders[name]}) == 1]
        shared = [
            name
            for name, pair in own.items()
            if len(holders[name]) == len(services)
            and all(_raw(given[one.name][name]) == _raw(pair) for one in services)
        ]
        if equal and len(shared) >= ENOUGH:
            first = given[holders[equal[0]][0].name][equal[0]]
            yield RULE.finding(
                subject.at(service.span, f"services.{service.name}.environment"),
                f"service `{service.name}` alone lacks {', '.join(f'`{name}`' for name in equal[:SHOWN])}, "
                f"which the other {len(services) - 1} services of its kind are given",
                related=[Related(subject.at(first.span), f"`{equal[0]}` given here")],
                evidence=[f"it shares {len(shared)} settings with them"],
                service=service.name,
                environment=subject.item.environment,
            )


def _settings(service: Service) -> dict[str, KeyValue]:
    return {pair.name: pair for pair in service.environment}


def _raw(pair: KeyValue) -> str:
    return pair.value.raw if pair.value is not None else ""


def _service(name: str, *extra: str) -> str:
    lines = ["A: a", "B: b", "C: c", "D: d", *extra]
    return f"  {name}:\n    build: .\n    environment:\n" + "".join(f"      {line}\n" for line in lines)


_REDIS = "REDIS_URL: redis://redis:6379/0"

RULE = Rule(
    id="setting-missing-in-service",
    summary="one service of a group lacks a setting that all the others are given",
    category=Category.DRIFT,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n"
                + _service("web", _REDIS)
                + _service("worker", _REDIS)
                + _service("beat", _REDIS)
                + _service("flower"),
                "Dockerfile": "FROM scratch\n",
            },
            at="flower:",
            says="service `flower` alone lacks `REDIS_URL`, which the other 3 services of its kind are given",
        ),
        Good(
            {
                "compose.yaml": "services:\n"
                + _service("web", _REDIS, "PORT: 80")
                + _service("worker", _REDIS)
                + _service("beat")
                + _service("flower"),
                "Dockerfile": "FROM scratch\n",
            },
            why="two services do without it, and `PORT` is the web process's own",
        ),
    ),
)
