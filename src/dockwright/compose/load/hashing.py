"""Compose's own hash of a service: as long as it stays, no container needs to be made anew.

Source: docker/compose pkg/compose/hash.go (ServiceHash), cmd/compose/options.go (applyPlatforms). The JSON of the service
without what does not change a container; which that is differs between versions.
"""

from __future__ import annotations

import hashlib
from typing import Any

from dockwright.compose.load.json_text import compact, escaped
from dockwright.compose.load.project import Project
from dockwright.compose.load.render import json_value


def service_hash(project: Project, name: str) -> str:
    """SHA-256, hexadecimal, of an enabled service's configuration."""
    service = project.services[name]
    data: dict[str, Any] = json_value("Service", service, project.semantics.number)
    default = project.environment.get("DOCKER_DEFAULT_PLATFORM")
    if default and "build" in data and "platform" not in data:
        data["platform"] = default
        data = _in_order(data, project)
    for key in ("build", "pull_policy", "scale"):
        data.pop(key, None)
    if "deploy" in data:
        data["deploy"] = {key: item for key, item in data["deploy"].items() if key != "replicas"}
    if project.semantics.since(2, 4, 9):
        data.pop("depends_on", None)
        data.pop("profiles", None)
    text = escaped(compact(data).decode())
    return hashlib.sha256(text.encode()).hexdigest()


def _in_order(data: dict[str, Any], project: Project) -> dict[str, Any]:
    from dockwright.compose.load.structs import struct

    order = [field.json for field in struct("Service", project.semantics.number).fields]
    return dict(sorted(data.items(), key=lambda item: order.index(item[0])))
