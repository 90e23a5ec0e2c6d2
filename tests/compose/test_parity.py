"""What Podman treats otherwise."""

import re

import pytest

from dockwright.compose.parity import uses
from dockwright.knowledge.podman import constructs, tools


def found(model):
    return [(use.construct, use.path) for use in uses(model)]


def test_a_service_with_nothing_special_is_the_same_under_both():
    model = {
        "services": {
            "web": {
                "image": "nginx:1.27",
                "command": None,
                "ports": [{"mode": "ingress", "target": 80, "published": "80", "protocol": "tcp"}],
                "depends_on": {"db": {"condition": "service_healthy", "required": True}},
                "deploy": {"resources": {}, "placement": {}},
                "networks": {"default": None},
            }
        },
        "networks": {"default": {"name": "x_default", "ipam": {}}},
    }
    assert found(model) == []


def test_what_is_read_over_is_found_with_its_place():
    model = {
        "services": {
            "web": {"configs": [{"source": "site"}], "secrets": [{"source": "key", "uid": "1"}]},
            "db": {
                "depends_on": {"web": {"condition": "service_started", "required": False}},
                "domainname": "x",
            },
        },
        "networks": {
            "back": {"ipam": {"config": [{"subnet": "10.0.0.0/8", "aux_addresses": {"a": "10.0.0.9"}}]}}
        },
    }
    assert found(model) == [
        ("configs", ("services", "web", "configs")),
        ("secrets.*.uid", ("services", "web", "secrets", 0, "uid")),
        ("depends_on.*.required", ("services", "db", "depends_on", "web", "required")),
        ("domainname", ("services", "db", "domainname")),
        (
            "/networks.*.ipam.config.*.aux_addresses",
            ("networks", "back", "ipam", "config", 0, "aux_addresses"),
        ),
    ]
    assert {use.service for use in uses(model)} == {"web", "db", ""}
    assert next(uses(model)).support("podman_compose") == "ignored"
    assert next(uses(model)).support("podman") == "full"


def test_every_row_says_how_it_was_found_out_and_what_happens():
    for name, row in constructs().items():
        assert row.found, name
        if (row.podman_compose, row.podman) != ("full", "full"):
            assert row.note, name
    for tool in tools().values():
        assert re.match(r"\d+\.\d+", tool.version)
        assert tool.source


@pytest.mark.parametrize("key", ["cache_from", "cache_to"])
@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ("shop/api", True),
        ("localhost:5000/shop/api", True),
        ("registry.example.com/shop/api", True),
        ("shop/api:latest", False),
        ("localhost:5000/shop/api:1", False),
        ("shop/api@sha256:" + "0" * 64, False),
        ("type=registry,ref=shop/api", False),
        ("type=gha", False),
    ],
)
def test_caches_that_buildah_takes_and_those_it_refuses(key, value, plain):
    """Buildah: RepoNamesToNamedReferences wants a repository that has neither a tag nor a digest."""
    (use,) = uses(built(**{key: [value]}))
    if plain:
        assert (use.construct, use.path) == (f"build.{key}", ("services", "web", "build", key))
        assert use.what.podman_compose == "full"
    else:
        assert (use.construct, use.path) == (f"build.{key}.*", ("services", "web", "build", key, 0))
        assert use.what.podman_compose == "refused"
    (other,) = uses(built(**{key: ["a", value, "b"]}))
    assert other.path[-1] == (key if plain else 1)


def built(**build):
    return {"services": {"web": {"build": {"context": "/x", "dockerfile": "Dockerfile", **build}}}}


def test_podman_compose_builds_without_buildkit():
    """`podman compose` sets DOCKER_BUILDKIT=0: what Compose's classic builder lacks is refused or read over."""
    model = built(
        secrets=[{"source": "a"}],
        ssh=["default"],
        additional_contexts={"a": "/a"},
        privileged=True,
        dockerfile_inline="FROM a\n",
        shm_size="1",
    )
    assert {use.construct.removeprefix("build."): use.what.podman for use in uses(model)} == {
        "secrets": "refused",
        "ssh": "refused",
        "additional_contexts": "refused",
        "privileged": "refused",
        "dockerfile_inline": "ignored",
        "shm_size": "ignored",
    }
