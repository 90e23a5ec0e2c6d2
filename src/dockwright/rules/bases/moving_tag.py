"""An image without a tag, or with one that moves.

`FROM node` and `image: redis:latest` mean another image tomorrow: a build that worked breaks without a commit, and
two machines run different programs under one name. A version tag (better: with a digest) says which one is meant.

Fix: name the version that is in use today (`docker image inspect` tells its digest), and let a bot raise it.

Not reported: images with a digest, images the repository builds itself, names with variables nothing sets, stages. A
name without a slash that is none of Docker Hub's official images has low confidence: nobody can pull it, so something
makes it here. An image that has the project's name, or the name of a part of it, has medium confidence: a tool may make it
before it is used. So has a base that a variable names, which a build may set, and an image of a service that a variable names of which a script or workflow speaks. Low severity in tests and documentation. A tag that names a major version (`postgres:16`) moves too, but is a choice most people mean.
"""

import re
from collections.abc import Iterator

from dockwright.dockerfile.image_reference import DEFAULT_REGISTRY, ImageReference, parse_reference
from dockwright.dockerfile.stages import Source, SourceKind, Stage
from dockwright.knowledge.official import is_local_name
from dockwright.repository.model import DockerfileItem, Standing, Strength
from dockwright.repository.names import Kind, kind_of
from dockwright.repository.repository import Repository
from dockwright.rules._shared.loading import below_tests
from dockwright.rules.bases._own_images import own_image, perhaps_own
from dockwright.rules.finding import Category, Confidence, Finding, Location, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.shell.calls import RunCall
from dockwright.text import Span

VARIABLE = re.compile(r"\$(?:\{(\w++)[^}]{0,200}+\}|(\w++))")
IMAGE_NAME = re.compile(rb'"imageName"\s*:\s*"([^"\n]+)"')
MOVING = re.compile(
    r"^(latest|stable|edge|nightly|master|main|dev|devel|develop|head|current|rolling|canary|next|beta)(?![-.]v?\d+(?:\.\d+)*$)([-.].*)?$"
)
"""`stable-11031` is one release: a number behind the word makes a version of it."""


def check(repository: Repository) -> Iterator[Finding]:
    for item in repository.own_dockerfiles:
        if item.tree.template or item.tree.problems:
            continue
        for stage in item.tree.stages:
            base = stage.base
            if _known(base) and base.image is not None and not _passed(item, stage):
                yield from _judge(
                    repository,
                    base.image,
                    Location.at(item.source, base.span, f"stage {stage.label}"),
                    item.service,
                    variable="$" in stage.from_.image.value,
                )
            for source in stage.sources:
                if source.kind is SourceKind.IMAGE and source.image is not None:
                    yield from _judge(
                        repository, source.image, Location.at(item.source, source.span), item.service
                    )
    for compose in repository.own_composes:
        for service in compose.file.services.values():
            if service.image is None or service.build is not None:
                continue
            name = service.image.default
            reference = parse_reference(name) if name else None
            if isinstance(reference, ImageReference):
                place = Location.at(compose.source, service.image.span, f"services.{service.name}.image")
                given = service.image.raw != name and _set_somewhere(repository, service.image.raw)
                yield from _judge(repository, reference, place, service.name, variable=given)
    yield from _started(repository)
    yield from _deployed(repository)


def _known(base: Source) -> bool:
    return base.kind is SourceKind.IMAGE and not base.expansion.unset


def _set_somewhere(repository: Repository, text: str) -> bool:
    """True when a script or workflow speaks of a variable in the text: what it sets is what is used, not the default."""
    names = [(match[1] or match[2]).encode() for match in VARIABLE.finditer(text)]
    items = (*repository.scripts, *repository.workflows)
    return any(name in item.source.data for name in names for item in items)


def _passed(item: DockerfileItem, stage: Stage) -> bool:
    """True when every build passes the variables the base image is named with: the default is nobody's."""
    if any(stage.from_.image.value in build.named_contexts for build in item.builds):
        return True  # the build says what stands behind the name
    names = {match[1] or match[2] for match in VARIABLE.finditer(stage.from_.image.value)}
    builds = [build for build in item.builds if build.strength > Strength.DOCS]
    return bool(names and builds) and all(
        any(argument.name in names for argument in build.arguments) for build in builds
    )


def _started(repository: Repository) -> Iterator[Finding]:
    """Images that scripts and workflows run."""
    for item in (*repository.scripts, *repository.workflows):
        if item.standing is not Standing.OWN or item.test:
            continue
        for invocation in item.invocations:
            call = invocation.call
            if "[@]" in call.argv[0].raw:
                continue  # `"${docker[@]}" run web`: the array may hold `docker compose`
            name = call.image.value if isinstance(call, RunCall) and call.image is not None else None
            reference = parse_reference(name) if name else None
            if isinstance(reference, ImageReference) and isinstance(call, RunCall) and call.image is not None:
                yield from _judge(
                    repository, reference, Location.at(item.source, call.image.span, invocation.within), ""
                )


def _deployed(repository: Repository) -> Iterator[Finding]:
    """Images that a CapRover definition deploys: own or not, what runs is whatever was pushed last."""
    for item in repository.others:
        if item.kind != "captain-definition" or item.standing is not Standing.OWN:
            continue
        match = IMAGE_NAME.search(item.source.data)
        reference = parse_reference(match[1].decode("utf-8", "replace")) if match else None
        if not match or not isinstance(reference, ImageReference) or reference.digest:
            continue
        if reference.tag is None or MOVING.match(reference.tag):
            yield RULE.finding(
                Location.at(item.source, Span(*match.span(1))),
                f"deploys `{reference.familiar_name}` by a tag that moves",
                service=item.service,
            )


def _judge(
    repository: Repository, image: ImageReference, where: Location, service: str, *, variable: bool = False
) -> Iterator[Finding]:
    if image.digest or own_image(repository, image):
        return
    if image.tag is None:
        message = f"image `{image.familiar_name}` has no tag: whatever is latest"
    elif MOVING.match(image.tag):
        message = f"tag `{image.tag}` of `{image.familiar_name}` moves"
    else:
        return
    local = image.registry == DEFAULT_REGISTRY and is_local_name(image.familiar_name)
    doubt = variable or perhaps_own(repository, image)
    aside = below_tests(where.path) or kind_of(where.path) is Kind.DOC or where.path.startswith("docs/")
    yield RULE.finding(
        where,
        message,
        severity=Severity.LOW if aside or local else RULE.severity,
        confidence=Confidence.LOW if local else Confidence.MEDIUM if doubt else RULE.confidence,
        evidence=["no official image has that name: it may be made here"] if local else [],
        service=service,
    )


RULE = Rule(
    id="moving-tag",
    summary="an image without a tag, or with one that moves",
    category=Category.DRIFT,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    check=check,
    same_as=("hadolint:DL3006", "hadolint:DL3007", "trivy:DS-0001"),
    examples=(
        Bad({"Dockerfile": "FROM node\nRUN true\n"}, at="FROM node", says="`node` has no tag"),
        Bad(
            {"compose.yaml": "services:\n  cache:\n    image: redis:latest\n"},
            at="redis:latest",
            says="tag `latest` of `redis` moves",
        ),
        Good(
            {
                "Dockerfile": "ARG BASE\nFROM ${BASE} AS base\nFROM base\nCOPY --from=shop/assets /a /\nFROM python:3.12-slim\n",
                "compose.yaml": "services:\n  web:\n    build: .\n    image: shop/web:latest\n  assets:\n    build: ./assets\n"
                "    image: shop/assets\n  db:\n    image: postgres@sha256:" + "0" * 64 + "\n",
                "assets/Dockerfile": "FROM scratch\n",
            },
            why="variables, stages, digests, and images the repository builds itself are not judged",
        ),
        Good(
            {
                "Makefile": "NAME ?= shop\n\nbase:\n\tdocker build -t $(NAME)/base:$(VERSION) ./base\n\nweb: base\n"
                "\tdocker build -t $(NAME)/web:$(VERSION) ./web\n",
                "base/Dockerfile": "FROM scratch\n",
                "web/Dockerfile": "ARG NAME=shop\nARG VERSION=latest\nFROM ${NAME}/base:${VERSION}\n",
                "test.sh": '#!/bin/bash\n"${docker[@]}" run --rm web true\n',
            },
            why="the Makefile builds the base, and passes its tag; the array may hold `docker compose`, and `web` be a service",
        ),
    ),
)
