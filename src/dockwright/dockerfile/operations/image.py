"""The image configuration of a target, as a value to compare.

Source: moby/buildkit frontend/dockerfile/dockerfile2llb/convert.go; the evaluation itself is in `dockerfile.config`.
"""

from typing import Any

from dockwright.dockerfile.config import Setting, StageConfig, T
from dockwright.dockerfile.instructions.types import Maintainer
from dockwright.dockerfile.operations.model import ImageConfig, Origin
from dockwright.dockerfile.operations.origins import origin_of
from dockwright.dockerfile.stages import Source, Stage


def image_config(stage: Stage) -> ImageConfig:
    """What the image of a stage says, without where each value comes from."""
    config: StageConfig = stage.config
    return ImageConfig(
        base=None if config.complete else _name(stage.root),
        env=tuple((name, one.value) for name, one in config.env.items()),
        entrypoint=_value(config.entrypoint),
        cmd=_value(config.cmd),
        user=_value(config.user),
        working_dir=_value(config.working_dir),
        ports=tuple(sorted(config.exposed_ports)),
        volumes=tuple(sorted(config.volumes)),
        labels=tuple(sorted((name, one.value) for name, one in config.labels.items().items())),
        health=_value(config.healthcheck),
        stop_signal=_value(config.stop_signal),
        shell=_value(config.shell),
        onbuild=tuple(one.value for one in config.onbuild),
        author=maintainer.maintainer.value if (maintainer := _maintainer(stage)) else None,
    )


def _maintainer(stage: Stage) -> Maintainer | None:
    """The last MAINTAINER of a stage and those it is built on."""
    for one in (stage, *stage.ancestors):
        for command in reversed(one.commands):
            if isinstance(command, Maintainer):
                return command
    return None


def _name(source: Source) -> str:
    return source.image.canonical if source.image else source.name


def config_places(stage: Stage) -> tuple[tuple[str, Origin], ...]:
    """Where the settings of an image were made, as far as the Dockerfile made them."""
    config = stage.config
    found: dict[str, Origin] = {}
    for name, variable in config.env.items():
        if variable.command is not None:
            found[f"variable {name}"] = origin_of(stage, variable.command)
    single: dict[str, Setting[Any] | None] = {
        "entrypoint": config.entrypoint,
        "cmd": config.cmd,
        "user": config.user,
        "working_dir": config.working_dir,
        "health": config.healthcheck,
        "stop_signal": config.stop_signal,
        "shell": config.shell,
        "onbuild": config.onbuild[0] if config.onbuild else None,
    }
    single |= {f"label {name}": one for name, one in config.labels.items().items()}
    single["ports"] = next(iter(config.port_ranges.items().values()), None)
    single["volumes"] = next(iter(config.volumes.items().values()), None)
    maintainer = _maintainer(stage)
    if maintainer is not None:
        found["author"] = origin_of(stage, maintainer)
    for name, setting in single.items():
        if setting is not None and setting.command is not None:
            found[name] = origin_of(setting.stage or stage, setting.command)
    return tuple(found.items())


def _value(setting: Setting[T] | None) -> T | None:
    return None if setting is None else setting.value
