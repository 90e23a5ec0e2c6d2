"""One line of a compose file: the service or resource, its effective values, its build, who starts the file."""

from collections.abc import Iterator, Sequence

from dockwright.audit.explain.model import Explanation, Line, Section, findings_at, users
from dockwright.compose.model import Service
from dockwright.compose.value import Text
from dockwright.repository.model import ComposeItem
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Finding


def explain_compose(
    repository: Repository, findings: Sequence[Finding], item: ComposeItem, line: int
) -> Explanation:
    """What is known about the service that covers a line, and about the variables of that line."""
    found = _service(item, line)
    written = item.source.text(item.source.line_span(line)).strip()
    sections = [Section("the line", [Line(written)] if written else [])]
    if found is not None:
        service, first, last = found
        sections += [
            Section("the service", list(_about(item, service, first, last))),
            Section("its build", list(_build(repository, item, service))),
        ]
    else:
        first = last = line
        sections.append(Section("the service", [Line("the line belongs to none")]))
    sections += [
        Section("variables on the line", list(_variables(item, line))),
        Section("used with", [Line(" + ".join(files)) for files in item.used_with]),
        findings_at(findings, item.path, first, last),
        users(repository, item.path),
    ]
    return Explanation(f"{item.path}:{line}", [section for section in sections if section.lines])


def _service(item: ComposeItem, line: int) -> tuple[Service, int, int] | None:
    """The service whose key and body cover the line."""
    for service in item.file.services.values():
        first = item.source.line_of(service.span.start)
        last = item.source.line_of(max(service.node.span.end - 1, service.span.start))
        if first <= line <= last:
            return service, first, last
    return None


def _value(text: Text | None) -> str:
    """A value with the defaults filled in, and as it is written where that differs."""
    if text is None:
        return ""
    filled = text.resolved().filled if "$" in text.raw else text.raw
    return filled if filled == text.raw else f"{filled or '(empty)'} (written `{text.raw}`)"


def _about(item: ComposeItem, service: Service, first: int, last: int) -> Iterator[Line]:
    yield Line(f"`{service.name}`, lines {first} to {last}", f"{item.path}:{first}")
    for title, text in (
        ("image", service.image),
        ("container name", service.container_name),
        ("user", service.user),
        ("memory limit", service.limits.memory),
        ("cpu limit", service.limits.cpus),
        ("restart", service.restart),
    ):
        if text is not None:
            yield Line(f"{title}: {_value(text)}")
    for port in service.ports:
        written = _value(port.short) or f"{_value(port.published)}:{_value(port.target)}"
        yield Line(f"port: {written}", f"{item.path}:{item.source.line_of(port.node.span.start)}")
    for volume in service.volumes:
        written = _value(volume.short) or f"{_value(volume.source)}:{_value(volume.target)}"
        kind = volume.type or "cannot be told"
        yield Line(f"{kind}: {written}", f"{item.path}:{item.source.line_of(volume.node.span.start)}")
    for pair in service.environment:
        value = "from the caller's environment" if pair.value is None else f"{pair.name}={_value(pair.value)}"
        name = f"{pair.name} " if pair.value is None else ""
        yield Line(f"environment: {name}{value}", f"{item.path}:{item.source.line_of(pair.span.start)}")
    for one in service.depends_on:
        yield Line(f"depends on `{one.service.raw}` ({_value(one.condition) or 'service_started'})")
    check = service.healthcheck
    yield Line("health check: " + ("none here" if check is None else "disabled" if check.disabled else "yes"))


def _build(repository: Repository, item: ComposeItem, service: Service) -> Iterator[Line]:
    for build in repository.builds_owned_by(item.path):
        if build.service != service.name:
            continue
        if build.missing:
            yield Line(
                f"{', '.join(build.missing)} of it does not exist: `{build.dockerfile_named}` in `{build.context_named}`"
            )
        dockerfile = repository.dockerfile(build.dockerfile)
        if dockerfile is not None:
            able = {
                True: "a clean clone can build it",
                False: "a clean clone cannot build it",
                None: "cannot be told",
            }
            target = f", target `{build.target}`" if build.target else ""
            yield Line(
                f"{able[dockerfile.buildable]}; context `{build.context or '.'}`{target}", dockerfile.path
            )
        for argument in build.arguments:
            value = "from the caller's environment" if argument.value is None else f"={argument.value}"
            yield Line(f"argument {argument.name}{value}", f"{argument.place.path}:{argument.place.line}")


def _variables(item: ComposeItem, line: int) -> Iterator[Line]:
    for use in item.file.uses:
        if item.source.line_of(use.span.start) != line:
            continue
        if use.required:
            yield Line(f"{use.name}: has to be set, loading fails without it")
        elif use.default is not None:
            yield Line(f"{use.name}: `{use.default}` when it is not set")
        else:
            yield Line(f"{use.name}: empty when it is not set")
