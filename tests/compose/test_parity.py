"""What Podman treats otherwise."""

import re

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
