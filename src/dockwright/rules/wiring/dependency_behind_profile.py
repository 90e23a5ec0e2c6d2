"""A service that always starts depends on one that only starts with a profile.

Without the profile compose refuses: `service "web" depends on undefined service "mail"`. It does not switch the
profile on by itself. Where the service has a profile too, but another one, both must be named at each start: low
severity, for that may be meant.

Fix: give both the same profile, or make the dependency optional (`required: false`). Not reported: services of which
every profile is also one of the dependency's, and projects whose `.env` sets `COMPOSE_PROFILES`.
"""

from collections.abc import Iterator

from dockwright.rules._shared.loading import companions
from dockwright.rules.finding import Category, Confidence, Finding, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ServiceSubject
from dockwright.trees.paths import join, parent


def check(subject: ServiceSubject) -> Iterator[Finding]:
    own = {profile.raw for profile in subject.service.profiles}
    for dependency in subject.service.depends_on:
        target = subject.file.services.get(dependency.service.raw)
        if target is None or not target.profiles or not dependency.required:
            continue
        theirs = {profile.raw for profile in target.profiles}
        if (
            (own and own <= theirs)
            or any("$" in profile for profile in own | theirs)
            or _redefined(subject, target.name)
        ):
            continue
        yield RULE.finding(
            subject.at(dependency.service.span, subject.route),
            f"service `{subject.service.name}` {_when(own - theirs)} depends on `{target.name}`, "
            f"which only starts with {_list(theirs)}",
            related=[Related(subject.at(target.profiles[0].span), "profile of the dependency")],
            severity=Severity.LOW if own else RULE.severity,
            confidence=Confidence.MEDIUM if own else RULE.confidence,
            service=subject.service.name,
            environment=subject.item.environment,
        )


def _when(profiles: set[str]) -> str:
    return f"(with {_list(profiles)})" if profiles else "(without profile)"


def _list(profiles: set[str]) -> str:
    return ("profile " if len(profiles) == 1 else "profiles ") + ", ".join(
        f"`{name}`" for name in sorted(profiles)
    )


def _redefined(subject: ServiceSubject, name: str) -> bool:
    """True when another file may take the profile off, or `.env` switches profiles on."""
    others = companions(subject.repository, subject.item)
    if any(name in other.file.services or subject.service.name in other.file.services for other in others):
        return True
    return b"COMPOSE_PROFILES" in subject.repository.source_data(join(parent(subject.path), ".env"))


RULE = Rule(
    id="dependency-behind-profile",
    summary="a service that always starts depends on one that only starts with a profile",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    depends_on: [mail]\n"
                "  mail:\n    image: axllent/mailpit:v1\n    profiles: [debug]\n"
            },
            at="depends_on: [mail]",
            says="depends on `mail`, which only starts with profile `debug`",
        ),
        Good(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    profiles: [debug]\n"
                "    depends_on:\n      - mail\n  mail:\n    image: axllent/mailpit:v1\n    profiles: [debug, all]\n"
                "  api:\n    image: httpd:2.4\n    depends_on:\n      mail:\n        condition: service_started\n"
                "        required: false\n"
            },
            why="whoever starts `web` starts `mail` too, and `api` can do without",
        ),
    ),
)
