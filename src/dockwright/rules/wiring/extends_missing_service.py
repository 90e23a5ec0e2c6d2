"""A service extends a service that is not there.

Compose refuses the file: `cannot extend service "web" in compose.yaml: service "base" not found`. It happens when the
base is renamed or moved.

Fix: name the service as its file calls it, or write the settings out.

Not reported: names that hold a variable, and base files that are not in the repository (that is a missing file).
"""

import posixpath
from collections.abc import Iterator

from dockwright.rules._shared.loading import companions, ways
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ServiceSubject


def check(subject: ServiceSubject) -> Iterator[Finding]:
    extends = subject.service.extends
    if extends is None or extends.service is None or subject.file.yaml.broken:
        return
    name = extends.service.literal
    if name is None:
        return
    path = subject.path
    file = subject.file
    if extends.file is not None:
        written = extends.file.literal
        path = posixpath.normpath(posixpath.join(posixpath.dirname(subject.path), written)) if written else ""
        item = subject.repository.compose(path)
        if item is None:
            return
        file = item.file
    elif any(
        name in item.file.services for way in ways(subject.repository, subject.item) for item in way.items
    ) or (
        subject.item.fragment
        and any(name in other.file.services for other in companions(subject.repository, subject.item))
    ):
        return
    if name in file.services or file.yaml.broken or file.includes:
        return
    yield RULE.finding(
        subject.at(extends.service.span, subject.route),
        f"service `{subject.service.name}` extends `{name}`, which `{path}` does not have",
        evidence=[f"services there: {', '.join(sorted(file.services)[:12])}"] if file.services else [],
        service=subject.service.name,
        environment=subject.item.environment,
    )


RULE = Rule(
    id="extends-missing-service",
    summary="a service extends a service that is not there",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  web:\n    extends:\n      file: common.yaml\n      service: app\n",
                "common.yaml": "services:\n  application:\n    image: nginx:1.27\n",
            },
            at="service: app",
            says="extends `app`, which `common.yaml` does not have",
        ),
        Good(
            {
                "compose.yaml": "services:\n  base:\n    image: nginx:1.27\n  web:\n    extends: base\n"
                "  api:\n    extends:\n      service: base\n"
            },
            why="the short form and the form without file mean the same file",
        ),
    ),
)
