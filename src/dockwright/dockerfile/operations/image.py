"""The image configuration of a target, as a value to compare.

Source: moby/buildkit frontend/dockerfile/dockerfile2llb/convert.go; the evaluation itself is in `dockerfile.config`.
"""

from dockwright.dockerfile.config import Setting, StageConfig, T
from dockwright.dockerfile.operations.model import ImageConfig
from dockwright.dockerfile.stages import Stage


def image_config(stage: Stage) -> ImageConfig:
    """What the image of a stage says, without where each value comes from."""
    config: StageConfig = stage.config
    return ImageConfig(
        base=None if config.complete else stage.root.name,
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
    )


def _value(setting: Setting[T] | None) -> T | None:
    return None if setting is None else setting.value
