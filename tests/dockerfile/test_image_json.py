"""Base images from JSON."""

import msgspec
import pytest

from dockwright.dockerfile.image_json import read_base_image
from dockwright.dockerfile.settings import BaseImage

CONFIG = {
    "Env": ["PATH=/bin", "A=b=c", "EMPTY="],
    "WorkingDir": "/w",
    "User": "u",
    "Cmd": ["sh"],
    "Labels": {"a": "1"},
    "ExposedPorts": {"80/tcp": {}},
    "Volumes": {"/v": {}},
    "Healthcheck": {"Test": ["CMD", "x"], "Interval": 5},
    "OnBuild": ["RUN x"],
    "Unknown": {"field": 1},
}
MADE = BaseImage(
    env=(("PATH", "/bin"), ("A", "b=c"), ("EMPTY", "")),
    working_dir="/w",
    user="u",
    cmd=("sh",),
    labels=(("a", "1"),),
    exposed_ports=("80/tcp",),
    volumes=("/v",),
    healthcheck=("CMD", "x"),
    onbuild=("RUN x",),
    layers=("sha256:l",),
)


def test_a_registry_and_an_engine_say_the_same():
    assert read_base_image({"config": CONFIG, "rootfs": {"type": "layers", "diff_ids": ["sha256:l"]}}) == MADE
    assert read_base_image({"Config": CONFIG, "RootFS": {"Type": "layers", "Layers": ["sha256:l"]}}) == MADE


def test_what_is_not_said():
    assert read_base_image({}) == BaseImage()
    empty = read_base_image({"Config": {"Env": None, "Labels": None, "User": None}, "RootFS": {}})
    assert empty == BaseImage(layers=())


def test_another_type_is_an_error():
    with pytest.raises(msgspec.ValidationError):
        read_base_image({"config": {"Env": "PATH"}})
