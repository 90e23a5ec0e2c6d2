"""Recorded runs of `docker compose config`, and the part of their output that the effective view gives too."""

import posixpath
from typing import Any

from dockwright import compose
from dockwright.compose.dotenv import parse as parse_env
from dockwright.compose.effective import Project, effective
from dockwright.compose.model import Build, KeyValue, Service
from dockwright.compose.ports import bindings
from dockwright.compose.value import Text
from dockwright.compose.volumes import mount
from dockwright.compose.yaml import Sequence

MAIN = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
OVERRIDE = (
    "compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml",
)  # fmt: skip
TEXTS = (
    "image",
    "container_name",
    "user",
    "hostname",
    "working_dir",
    "network_mode",
    "pid",
    "ipc",
    "restart",
    "stop_signal",
)
LISTS = ("cap_add", "cap_drop", "security_opt", "expose", "tmpfs", "links", "volumes_from", "profiles")


def output(case: dict[str, Any]) -> dict[str, Any]:
    """The newest compose-go's output; empty where it refused or was not recorded."""
    head = case.get("head") or {}
    same = head.get("status") in ("same", "rendering", None)
    found = head.get("expected", case.get("expected") if same else None)
    return found if isinstance(found, dict) else {}


def expected(case: dict[str, Any]) -> dict[str, Any]:
    """The services of the output."""
    return output(case).get("services") or {}


def arguments(case: dict[str, Any]) -> tuple[list[str], str | None, list[str]] | None:
    """Files, project directory and env files of a command line; None when it has options beyond the view."""
    files: list[str] = []
    env_files: list[str] = []
    directory = None
    words = iter(case["argv"][2:])
    for word in words:
        if word in ("-f", "--file"):
            files.append(next(words))
        elif word == "--project-directory":
            directory = next(words)
        elif word == "--env-file":
            env_files.append(next(words))
        elif word in ("--profile", "--format", "-p", "--project-name"):
            next(words)
        elif word != "config":
            return None
    if any(name.startswith("COMPOSE_") and name != "COMPOSE_PROFILES" for name in case["env"]):
        return None
    if any(name == "-" or name.startswith(("/", "@", "~")) for name in files):
        return None
    return files, directory, env_files


def project(case: dict[str, Any]) -> Project | None:
    """The effective view of a case."""
    found = arguments(case)
    if found is None:
        return None
    names, directory, env_files = found
    files, cwd = case["files"], case["cwd"]
    if not names:
        names = [name for name in MAIN if f"{cwd}/{name}" in files][:1]
        names += [name for name in OVERRIDE if f"{cwd}/{name}" in files][:1]
    if not names:
        return None
    paths = [posixpath.normpath(f"{cwd}/{name}") for name in names]
    where = posixpath.normpath(f"{cwd}/{directory}") if directory else posixpath.dirname(paths[0])
    extra: dict[str, str] = {}
    for path in [posixpath.normpath(f"{cwd}/{name}") for name in env_files] or [f"{where}/.env"]:
        if path in files:
            extra = parse_env(files[path].encode()).values(case["env"], extra).values
    env = {"COMPOSE_PROJECT_NAME": output(case).get("name", "proj"), **extra, **case["env"]}
    return effective(
        paths,
        lambda path: compose.read(files[path].encode(), path) if path in files else None,
        read=lambda path: files[path].encode() if path in files else None,
        env=env,
        directory=where,
    )


class View:
    """A service of the view in the form of the recorded output."""

    def __init__(self, project: Project, service: Service) -> None:
        self.project = project
        self.service = service

    def text(self, text: Text | None) -> str | None:
        return None if text is None else self.project.resolved(text).filled

    def name(self, pair: KeyValue) -> str | None:
        """Keys of mappings are not interpolated, list items are."""
        return self.text(pair.key) if isinstance(pair.node.parent, Sequence) else pair.name

    def place(self, text: Text) -> str:
        value = self.text(text) or ""
        if value.startswith(("/", "~", "\\\\", "git@")) or "://" in value or value[1:2] == ":":
            return value
        return posixpath.normpath(f"@ROOT@/{text.base or ''}/{value}")

    def build(self, build: Build | None) -> dict[str, Any] | None:
        if build is None:
            return None
        return {
            "context": self.place(build.context) if build.context else "",
            "dockerfile": self.text(build.dockerfile) or (None if build.dockerfile_inline else "Dockerfile"),
            "target": self.text(build.target),
            "inline": self.text(build.dockerfile_inline),
            "args": {pair.name: self.text(pair.value) for pair in build.args if pair.value is not None},
            "tags": [self.text(tag) for tag in build.tags],
        }

    def facets(self) -> dict[str, Any]:
        found: dict[str, Any] = {name: self.text(getattr(self.service, name)) or None for name in TEXTS}
        found |= {name: [self.text(item) for item in getattr(self.service, name)] for name in LISTS}
        service = self.service
        env = {path: dict(values) for path, values in self.project.environments.items()}
        found["build"] = self.build(service.build)
        found["environment"] = {
            self.name(pair): self.text(pair.value) for pair in service.environment if pair.value
        }
        found["ports"] = sorted(
            (one.host_ip, one.published, one.target, one.protocol)
            for port in service.ports
            for one in bindings(port, env[port.node.file.path])
        )
        mounts = [(volume, mount(volume, env[volume.node.file.path])) for volume in service.volumes]
        found["volumes"] = sorted(
            (
                one.type,
                self.place(volume.source) if one.type == "bind" and volume.source else one.source,
                posixpath.normpath(one.target),
                one.read_only,
            )
            for volume, one in mounts
            if one is not None
        )
        found["depends_on"] = {
            self.text(one.service): self.text(one.condition) or "service_started"
            for one in service.depends_on
        }
        found["networks"] = sorted(self.text(one.name) or "" for one in service.networks)
        words = service.command.words if service.command is not None else ()
        found["command"] = [self.text(word) for word in words] or None
        return found


def undollar(value: Any) -> Any:
    """Rendered text has every dollar doubled, and the project directory as a placeholder."""
    if isinstance(value, str):
        return value.replace("$$", "$").replace("@PROJ@", "@ROOT@/proj")
    if isinstance(value, list):
        return [undollar(item) for item in value]
    if isinstance(value, dict):
        return {undollar(key): undollar(item) for key, item in value.items()}
    return value


def recorded(service: dict[str, Any], ours: dict[str, Any], text: Service) -> dict[str, Any]:
    """The same facets of a recorded service, without what only normalisation adds."""
    service = undollar(service)
    found: dict[str, Any] = {name: service.get(name) for name in TEXTS}
    found |= {name: service.get(name) or [] for name in LISTS}
    build = service.get("build")
    found["build"] = None
    if build is not None:
        found["build"] = {
            "context": build.get("context") if ours["build"] and ours["build"]["context"] else "",
            "dockerfile": build.get("dockerfile"),
            "target": build.get("target"),
            "inline": build.get("dockerfile_inline"),
            "args": build.get("args") or {},
            "tags": build.get("tags") or [],
        }
    environment = service.get("environment") or {}
    found["environment"] = {name: value for name, value in environment.items() if name in ours["environment"]}
    found["ports"] = sorted(
        (port.get("host_ip", ""), port.get("published", ""), port.get("target"), port.get("protocol", "tcp"))
        for port in service.get("ports") or []
    )
    found["volumes"] = sorted(
        (volume["type"], volume.get("source", ""), volume.get("target"), bool(volume.get("read_only")))
        for volume in service.get("volumes") or []
    )
    depends_on = service.get("depends_on") or {}
    found["depends_on"] = {
        name: one["condition"] for name, one in depends_on.items() if name in ours["depends_on"]
    }
    found["networks"] = sorted(service.get("networks") or []) if ours["networks"] else []
    string_form = text.command is not None and text.command.text is not None
    found["command"] = ours["command"] if string_form else service.get("command") or None
    return found
