"""Whether a bound project holds together: what services name exists, what excludes each other does not stand together.

Sources: compose-go loader/validate.go (checkConsistency), graph/cycle.go, types/project.go (CheckContainerNameUnicity). Only
enabled services are checked. Every error is noted, with both sides where there are two.
"""

from __future__ import annotations

from collections.abc import Iterator

from dockwright.compose.load.origin import Origin, key_origin, origin_of
from dockwright.compose.load.problems import Problems
from dockwright.compose.load.values import Mapping, Scalar, Value, plain
from dockwright.compose.load.versions import Semantics
from dockwright.record import Record


class Parts(Record):
    """A bound project with its services told apart by profile."""

    model: Mapping
    enabled: dict[str, Mapping]
    disabled: dict[str, Mapping]


def check(parts: Parts, semantics: Semantics, problems: Problems) -> None:
    """Note every inconsistency of the enabled services."""
    for name, service in parts.enabled.items():
        _Service(name, service, parts, semantics, problems).check()
    for name, secret in parts.model.mapping("secrets").entries.items():
        if isinstance(secret, Mapping) and not (
            secret.plain("external") or secret.text("file") or secret.text("environment")
        ):
            problems.fail(
                "consistency",
                f"secret {name!r} must declare either `file` or `environment`",
                key_origin(secret.place),
            )
    _cycles(parts, problems)


def check_container_names(parts: Parts, problems: Problems) -> None:
    """docker/compose cmd/compose/config.go from 2.27: no two services with one container name."""
    seen: dict[str, tuple[str, Value]] = {}
    for name, service in parts.enabled.items():
        value = service.get("container_name")
        if not isinstance(value, Scalar) or not value.value:
            continue
        other = seen.setdefault(str(value.value), (name, value))
        if other[0] != name:
            problems.fail(
                "consistency",
                f"services.{name}: container name {value.value!r} is already in use by service {other[0]}",
                value.place,
                other[1].place,
            )


class _Service:
    """The checks of one service."""

    def __init__(
        self, name: str, service: Mapping, parts: Parts, semantics: Semantics, problems: Problems
    ) -> None:
        self.name = name
        self.service = service
        self.parts = parts
        self.semantics = semantics
        self.problems = problems

    def fail(self, message: str, *values: Value | None, incomplete: bool = False) -> None:
        places: list[Origin | None] = [origin_of(value.place) for value in values if value is not None]
        if not any(places):
            places = [key_origin(self.service.place)]
        self.problems.fail("consistency", message, *places, incomplete=incomplete)

    def check(self) -> None:
        service = self.service
        if not (service.get("build") or service.text("image") or service.get("provider")):
            self.fail(
                f'service "{self.name}" has neither an image nor a build context specified', incomplete=True
            )
        self.build()
        mode = service.get("network_mode")
        if service.text("network_mode") and service.mapping("networks").entries:
            self.fail(
                f"service {self.name} declares mutually exclusive `network_mode` and `networks`",
                mode,
                service.get("networks"),
            )
        tests = service.mapping("healthcheck").sequence("test")
        if tests.items and plain(tests.items[0]) not in ("CMD", "CMD-SHELL", "NONE"):
            self.fail('healthcheck.test must start either by "CMD", "CMD-SHELL" or "NONE"', tests.items[0])
        self.references()
        self.dependencies()
        self.numbers()
        for watch in service.mapping("develop").sequence("watch").items:
            if (
                isinstance(watch, Mapping)
                and not watch.text("target")
                and watch.text("action") not in ("rebuild", "restart")
            ):
                self.fail(
                    f"services.{self.name}.develop.watch: target is required for non-rebuild actions", watch
                )
        if self.semantics.since(2, 6, 2):
            self.mounts()

    def build(self) -> None:
        """Dockerfile or inline, contexts of other services, platforms."""
        service, build = self.service, self.service.mapping("build")
        if build.text("dockerfile") and build.text("dockerfile_inline"):
            self.fail(
                f'service "{self.name}" declares mutually exclusive dockerfile and dockerfile_inline',
                build.get("dockerfile_inline"),
                build.get("dockerfile"),
            )
        for key, value in build.mapping("additional_contexts").entries.items():
            text = str(plain(value))
            if text.startswith("service:"):
                target = text.removeprefix("service:")
                other = self.parts.enabled.get(target)
                if other is None:
                    self.fail(
                        f'service "{self.name}" declares unknown service "{target}" as additional context {key}',
                        value,
                        incomplete=True,
                    )
                elif other.get("build") is None:
                    self.fail(
                        f'service "{self.name}" declares non-buildable service "{target}" as additional context {key}',
                        value,
                    )
        platforms, platform = build.sequence("platforms"), service.get("platform")
        if platforms.items and platform is not None and plain(platform) not in platforms.texts():
            self.fail(
                f"service.build.platforms MUST include service.platform {plain(platform)!r}",
                platform,
                platforms,
            )

    def references(self) -> None:
        """Networks, volumes, secrets, configs and models the service names."""
        service, model = self.service, self.parts.model
        for kind, what in (("networks", "network"), ("models", "model")):
            for key, value in service.mapping(kind).entries.items():
                if key not in model.mapping(kind).entries:
                    self.fail(
                        f'service "{self.name}" refers to undefined {what} {key}', value, incomplete=True
                    )
        for volume in service.sequence("volumes").items:
            if isinstance(volume, Mapping) and volume.text("type") == "volume" and volume.text("source"):
                source = volume.text("source")
                if source not in model.mapping("volumes").entries:
                    self.fail(
                        f'service "{self.name}" refers to undefined volume {source}', volume, incomplete=True
                    )
        mounted = (
            ("secrets", "build secret", service.mapping("build").sequence("secrets")),
            ("configs", "config", service.sequence("configs")),
            ("secrets", "secret", service.sequence("secrets")),
        )
        for kind, what, items in mounted:
            for item in items.items:
                source = item.text("source") if isinstance(item, Mapping) else ""
                if source not in model.mapping(kind).entries:
                    self.fail(
                        f'service "{self.name}" refers to undefined {what} {source}', item, incomplete=True
                    )

    def dependencies(self) -> None:
        """Services this one depends on, or whose network it shares."""
        for key, value in self.service.mapping("depends_on").entries.items():
            if key in self.parts.enabled:
                continue
            required = not isinstance(value, Mapping) or value.plain("required") is not False
            disabled = self.parts.disabled.get(key)
            if disabled is not None and not required:
                continue
            other = disabled.get("profiles") if disabled is not None else None
            self.fail(
                f'service "{self.name}" depends on undefined service "{key}"',
                value,
                other,
                incomplete=disabled is None,
            )
        mode = self.service.text("network_mode")
        if mode.startswith("service:") and mode.removeprefix("service:") not in self.parts.enabled:
            target = mode.removeprefix("service:")
            self.fail(
                f"service \"{target}\" not found for network_mode 'service:{target}'",
                self.service.get("network_mode"),
                incomplete=True,
            )

    def numbers(self) -> None:
        """Attributes that are written in two places must agree."""
        service, deploy = self.service, self.service.mapping("deploy")
        scale, replicas = service.get("scale"), deploy.get("replicas")
        if scale is not None and "deploy" in service.entries:
            if replicas is not None and plain(scale) != plain(replicas):
                self.fail(
                    f"services.{self.name}: can't set distinct values on 'scale' and 'deploy.replicas'",
                    scale,
                    replicas,
                )
            deploy.entries["replicas"] = scale
        if self.semantics.since(2, 6, 2):
            for value, key in ((scale, "scale"), (deploy.get("replicas"), "deploy.replicas")):
                number = plain(value)
                if isinstance(number, int) and number < 0:
                    self.fail(f"services.{self.name}.{key}: must be greater than or equal to 0", value)
        for own, group, key in (
            ("cpus", "limits", "cpus"),
            ("mem_limit", "limits", "memory"),
            ("mem_reservation", "reservations", "memory"),
            ("pids_limit", "limits", "pids"),
        ):
            self.agree(own, deploy.mapping("resources").get(group), key, f"deploy.resources.{group}.{key}")
        count = plain(scale if scale is not None else deploy.get("replicas"))
        if isinstance(count, int) and count > 1 and service.text("container_name"):
            attribute = "scale" if scale is not None else "deploy.replicas"
            self.fail(
                f"services.{self.name}: can't set container_name and {attribute} as container name must be unique",
                service.get("container_name"),
                scale if scale is not None else replicas,
            )

    def agree(self, own: str, group: Value | None, key: str, path: str) -> None:
        value = self.service.get(own)
        if value is None or not isinstance(group, Mapping):
            return
        if plain(group.get(key)) != plain(value):
            self.fail(
                f"services.{self.name}: can't set distinct values on {own!r} and {path!r}",
                value,
                group.get(key) or group,
            )

    def mounts(self) -> None:
        """No two mounts at one place."""
        seen: dict[str, tuple[str, Value]] = {}
        for index, item in enumerate(self.service.sequence("tmpfs").items):
            self.mount(seen, str(plain(item)).partition(":")[0], f"services.{self.name}.tmpfs[{index}]", item)
        for index, item in enumerate(self.service.sequence("volumes").items):
            target = item.text("target") if isinstance(item, Mapping) else ""
            self.mount(seen, target, f"services.{self.name}.volumes[{index}]", item)

    def mount(self, seen: dict[str, tuple[str, Value]], target: str, where: str, item: Value) -> None:
        other = seen.get(target)
        if other is not None:
            self.fail(f"{where}: target {target} already mounted as {other[0]}", item, other[1])
        seen[target] = (where, item)


def _cycles(parts: Parts, problems: Problems) -> None:
    """Dependency cycles of the enabled services, each once."""
    done: set[str] = set()
    for start in sorted(parts.enabled):
        path: list[str] = []
        waiting: list[Iterator[str]] = [iter((start,))]
        while waiting:
            name = next(waiting[-1], None)
            if name is None:
                waiting.pop()
                if path:
                    done.add(path.pop())
            elif name in path:
                cycle = path[path.index(name) :]
                places = [key_origin(parts.enabled[one].place) for one in cycle]
                problems.fail(
                    "dependency-cycle", f"dependency cycle detected: {' -> '.join([*cycle, name])}", *places
                )
            elif name not in done:
                path.append(name)
                waiting.append(iter(sorted(_needs(parts, name))))


def _needs(parts: Parts, name: str) -> list[str]:
    return [key for key in parts.enabled[name].mapping("depends_on").entries if key in parts.enabled]
