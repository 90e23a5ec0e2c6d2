"""Checks over the whole merged model, before paths are resolved.

Source: compose-go validation/validation.go, external.go, volume.go.
"""

from __future__ import annotations

from dockwright.compose.load.merge import is_null
from dockwright.compose.load.problems import Problems
from dockwright.compose.load.values import Mapping, Scalar, Value
from dockwright.compose.load.versions import Semantics
from dockwright.compose.ports import is_ip


def check(model: Mapping, semantics: Semantics, problems: Problems) -> None:
    """Note every error the checks find."""
    for name, volume in model.mapping("volumes").entries.items():
        if not is_null(volume):
            _external(volume, f"volumes.{name}", problems)
    for kind, keys in (("configs", ("file", "environment", "content")), ("secrets", ("file", "environment"))):
        for name, found in model.mapping(kind).entries.items():
            _file_object(found, f"{kind}.{name}", keys, problems)
    for name, service in model.mapping("services").entries.items():
        if isinstance(service, Mapping):
            _service(service, f"services.{name}", semantics, problems)


def _service(service: Mapping, path: str, semantics: Semantics, problems: Problems) -> None:
    for index, watch in enumerate(service.mapping("develop").sequence("watch").items):
        if isinstance(watch, Mapping) and "path" in watch.entries and watch.plain("path") == "":
            problems.fail(
                "validation", f"{path}.develop.watch.[{index}].path: value can't be blank", watch.place
            )
    reserved = service.mapping("deploy").mapping("resources").mapping("reservations").sequence("devices")
    for where, requests in (
        ("deploy.resources.reservations.devices", reserved),
        ("gpus", service.sequence("gpus")),
    ):
        for index, request in enumerate(requests.items):
            if isinstance(request, Mapping) and {"count", "device_ids"} <= request.entries.keys():
                problems.fail(
                    "validation",
                    f'{path}.{where}.[{index}]: "count" and "device_ids" attributes are exclusive',
                    request.entries["count"].place,
                    request.entries["device_ids"].place,
                )
    if semantics.since(2, 6, 3):
        for index, port in enumerate(service.sequence("ports").items):
            host = port.entries.get("host_ip") if isinstance(port, Mapping) else None
            if isinstance(host, Scalar) and not is_ip(str(host.value)):
                problems.fail(
                    "validation", f"{path}.ports.[{index}]: invalid ip address: {host.value}", host.place
                )


def _external(volume: Value, path: str, problems: Problems) -> None:
    if not isinstance(volume, Mapping):
        problems.fail("validation", f"{path}: expected volume", volume.place)
        return
    external = volume.get("external")
    if external is not None and (not isinstance(external, Scalar) or not isinstance(external.value, bool)):
        problems.fail("crash", f"{path}.external is no boolean: Compose crashes", external.place)
    if not isinstance(external, Scalar) or external.value is not True:
        return
    for key, value in volume.entries.items():
        if key not in ("name", "external") and not key.startswith("x-"):
            problems.fail(
                "validation",
                f'{path}: conflicting parameters "external" and "{key}" specified',
                external.place,
                value.place,
            )


def _file_object(value: Value, path: str, keys: tuple[str, ...], problems: Problems) -> None:
    if not isinstance(value, Mapping):
        problems.fail("crash", f"{path} is null: Compose crashes", value.place)
        return
    found = [value.entries[key] for key in keys if key in value.entries]
    if len(found) > 1:
        places = (item.place for item in found)
        problems.fail("validation", f"{path}: {'|'.join(keys)} attributes are mutually exclusive", *places)
    if not found and "driver" not in value.entries and "external" not in value.entries:
        problems.fail("validation", f"{path}: one of {'|'.join(keys)} must be set", value.place)
