"""A service gives the image it builds a name that says another base than its Dockerfile has.

`image: shop-api-alpine:latest` on a build from `python:3.12-slim` misleads whoever looks at `docker images`, and where
an Alpine variant is built elsewhere under the same name, one overwrites the other.

Fix: name the image after what it is. Judged are words that name a distribution; not reported: bases whose name holds a
variable, images of the repository itself as bases, and Dockerfiles that are not known.
"""

import re
from collections.abc import Iterator

from dockwright.rules._shared.images import base_image, only_stage
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ServiceSubject

FAMILIES = {
    "alpine": ("alpine", "musl"),
    "slim": ("slim", "debian", "bookworm", "bullseye", "buster", "trixie"),
    "debian": ("slim", "debian", "bookworm", "bullseye", "buster", "trixie"),
    "ubuntu": ("ubuntu", "jammy", "noble", "focal"),
    "distroless": ("distroless", "chainguard", "cgr.dev"),
}
TELLING = (
    "alpine",
    "slim",
    "bookworm",
    "bullseye",
    "buster",
    "trixie",
    "ubuntu",
    "jammy",
    "noble",
    "focal",
    "distroless",
)
"""Words in a base image's name that tell its distribution for sure."""


def check(subject: ServiceSubject) -> Iterator[Finding]:
    image = subject.service.image
    if image is None or subject.service.build is None or not image.raw:
        return
    words = set(re.split(r"[^a-z]+", image.resolved().filled.lower()))
    named = next((family for family in FAMILIES if family in words), None)
    built = only_stage(subject) if named else None
    if named is None or built is None:
        return
    base = base_image(built.stage.stage)
    if base is None:
        return
    text = base.canonical.lower()
    telling = [word for word in TELLING if word in text]
    if not telling or any(word in text for word in FAMILIES[named]):
        return
    yield RULE.finding(
        subject.at(image.span, f"{subject.route}.image"),
        f"image name says `{named}`, but `{built.dockerfile.path}` builds on `{base.text}`",
        related=[built.dockerfile.related(built.stage.stage.root.span, "the base")],
        service=subject.service.name,
        environment=subject.item.environment,
    )


RULE = Rule(
    id="image-name-mismatch",
    summary="a service gives the image it builds a name that says another base",
    category=Category.MISLEADING,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    build: .\n    image: shop-api-alpine:latest\n",
                "Dockerfile": "FROM python:3.12-slim\nCMD true\n",
            },
            at="image: shop-api-alpine:latest",
            says="name says `alpine`, but `Dockerfile` builds on `python:3.12-slim`",
        ),
        Good(
            {
                "compose.yaml": "services:\n  api:\n    build: .\n    image: shop-api-alpine:latest\n"
                "  web:\n    build: {context: ., target: web}\n    image: slimshop:latest\n",
                "Dockerfile": "FROM nginx:1.27-alpine AS web\nFROM web\nFROM python:3.12-alpine\nCMD true\n",
            },
            why="the final stage is Alpine, and a word inside another says nothing",
        ),
    ),
)
