"""The settings two images start containers with. Rules of meaning: OCI image-spec config.md."""

import json
from collections.abc import Iterator

from dockwright.image.config import Config, Health, Running
from dockwright.image.diff.model import SettingChange

_NOISE = {
    "label.org.opencontainers.image.created": "build-time",
    "label.org.label-schema.build-date": "build-time",
    "created": "build-time",
    "label.io.buildah.version": "builder-label",
}
"""Settings that no Dockerfile asked for. Buildah sets its label on every image (containers/buildah define/types.go: Version)."""


def setting_changes(before: Config, after: Config) -> Iterator[SettingChange]:
    """The settings that differ, by name, with the rule that passes over those a builder sets by itself."""
    one, other = settings(before), settings(after)
    for name in sorted(one.keys() | other.keys()):
        if one.get(name) != other.get(name):
            yield SettingChange(name, one.get(name), other.get(name), _NOISE.get(name, ""))


def settings(config: Config) -> dict[str, str]:
    """Every setting under a name of its own. What is not set, or set to what an engine takes anyway, is left out."""
    run = config.config or Running()
    found = {
        "platform": config.platform,
        "user": "" if run.user in ("root", "0", "0:0", "root:root") else run.user,
        "workdir": "" if run.working_dir == "/" else run.working_dir.rstrip("/"),
        "entrypoint": _listed(run.entrypoint),
        "cmd": _listed(run.cmd),
        "shell": _listed(run.shell),
        "onbuild": _listed(run.on_build),
        "stop-signal": run.stop_signal,
        "stop-timeout": "" if run.stop_timeout is None else str(run.stop_timeout),
        "created": config.created or "",
        "author": config.author,
    }
    for name, value in _environment(run.env):
        found[f"env.{name}"] = value
    for port in run.exposed_ports or {}:
        found[f"port.{port if '/' in port else port + '/tcp'}"] = "exposed"
    for volume in run.volumes or {}:
        found[f"volume.{volume}"] = "declared"
    for name, value in (run.labels or {}).items():
        found[f"label.{name}"] = value
    found.update(_health(run.healthcheck))
    empty_matters = ("env.", "label.")
    return {name: value for name, value in found.items() if value or name.startswith(empty_matters)}


def _environment(entries: list[str] | None) -> Iterator[tuple[str, str]]:
    for entry in entries or ():
        name, _, value = entry.partition("=")
        yield name, value


def _listed(words: list[str] | None) -> str:
    return json.dumps(words, ensure_ascii=False) if words else ""


def _health(health: Health | None) -> Iterator[tuple[str, str]]:
    """Durations in seconds; 0 means inherited or the engine's default and is not told."""
    if health is None or not health.test:
        return
    yield "health.test", _listed(health.test)
    for name, value in (
        ("interval", health.interval),
        ("timeout", health.timeout),
        ("start-period", health.start_period),
        ("start-interval", health.start_interval),
    ):
        if value:
            yield f"health.{name}", f"{value / 10**9:g}s"
    if health.retries:
        yield "health.retries", str(health.retries)
