"""What two stacks, or two copies of one, cannot both have."""

import pytest

from dockwright.compose.collisions.embedded import embedded_ports, misdirected_ports
from dockwright.compose.collisions.meet import between, of_copies, ports_meet


def project(name="one", **services):
    return {
        "name": name,
        "services": services,
        "networks": {"default": {"name": f"{name}_default", "ipam": {}}},
    }


def port(published, target=80, **more):
    return {"mode": "ingress", "target": target, "published": published, "protocol": "tcp", **more}


def told(collisions):
    return [(one.kind.value, one.value, one.effect.value) for one in collisions]


@pytest.mark.parametrize(
    ("a", "b", "meet"),
    [
        ("8080/tcp", "8080/tcp", True),
        ("8080/tcp", "8080/udp", False),
        ("127.0.0.1:8080/tcp", "8080/tcp", True),
        ("127.0.0.1:8080/tcp", "127.0.0.2:8080/tcp", False),
        ("0.0.0.0:8080/tcp", "127.0.0.2:8080/tcp", True),
        ("[::1]:8080/tcp", "[::1]:8080/tcp", True),
        ("8000-8010/tcp", "8000-8010/tcp", False),
        ("8000-8000/tcp", "8000/tcp", True),
        ("${PORT}/tcp", "${PORT}/tcp", True),
        ("${PORT}/tcp", "8080/tcp", False),
    ],
)
def test_when_two_ports_meet(a, b, meet):
    assert ports_meet(a, b) is meet
    assert ports_meet(b, a) is meet


def test_two_stacks_meet_in_names_ports_and_images():
    a = project("a", web={"container_name": "web", "image": "app", "build": {}, "ports": [port("80")]})
    b = project("b", site={"container_name": "web", "image": "app", "build": {}, "ports": [port("80", 8080)]})
    assert told(between(a, b)) == [
        ("container name", "web", "refused"),
        ("host port", "80/tcp", "refused"),
        ("image tag", "app", "replaced"),
    ]
    assert between(a, b)[1].b.path == ("services", "site", "ports", 0)
    assert between(a, project("b", site={"image": "app", "ports": [port("81")]})) == []


def test_stacks_of_one_project_name_replace_each_other_and_share_volumes():
    a = project("shop", db={}) | {"volumes": {"data": {"name": "shop_data"}}}
    b = project("shop", db={}) | {"volumes": {"data": {"name": "shop_data"}}}
    assert told(between(a, b)) == [
        ("project name", "shop", "replaced"),
        ("volume", "shop_data", "shared"),
        ("network", "shop_default", "shared"),
    ]


def test_a_copy_under_another_project_name_is_free_of_what_holds_the_name():
    model = project(
        "shop",
        db={"ports": [port("5432", 5432)], "volumes": [{"type": "volume", "source": "data", "target": "/d"}]},
        web={
            "ports": [port("8000-8010")],
            "volumes": [{"type": "bind", "source": "/s", "target": "/s", "read_only": True}],
        },
        seed={"volumes": [{"type": "bind", "source": "/out", "target": "/o"}]},
    ) | {
        "volumes": {
            "data": {"name": "shop_data"},
            "cache": {"name": "cache"},
            "given": {"name": "given", "external": True},
        }
    }
    assert told(of_copies(model)) == [
        ("host port", "5432/tcp", "refused"),
        ("host path", "/out", "shared"),
        ("volume", "cache", "shared"),
        ("volume", "given", "shared"),
    ]
    assert [one.a.external for one in of_copies(model)] == [False, False, False, True]


def test_subnets_that_overlap_are_refused():
    def with_subnet(name, subnet):
        return project(name) | {
            "networks": {"back": {"name": f"{name}_back", "ipam": {"config": [{"subnet": subnet}]}}}
        }

    assert told(between(with_subnet("a", "10.1.0.0/16"), with_subnet("b", "10.1.2.0/24"))) == [
        ("subnet", "10.1.0.0/16", "refused")
    ]
    assert between(with_subnet("a", "10.1.0.0/16"), with_subnet("b", "10.2.0.0/16")) == []
    assert between(with_subnet("a", "fd00::/64"), with_subnet("b", "10.2.0.0/16")) == []


def test_a_variable_that_repeats_a_host_port_is_seen():
    model = project(
        "a",
        api={"ports": [port("8001", 8000)], "environment": {"SELF": "http://localhost:8000/"}},
        web={
            "environment": {
                "API": "http://user:key@localhost:8001/x",
                "OTHER": "localhost:9999",
                "NONE": None,
            }
        },
    )
    found = embedded_ports(model)
    assert [(one.port, one.path, one.published, one.text) for one in found] == [
        ("8001", ("services", "web", "environment", "API"), ("services", "api", "ports", 0), "localhost:8001")
    ]


def test_a_variable_that_names_the_port_of_the_stack_beside_it_is_seen():
    dev = project("a", api={"ports": [port("8000", 5000)]}, web={"ports": [port("3000", 80)]})
    test = project(
        "b",
        api={"ports": [port("8001", 5000)], "environment": {"SELF": "http://localhost:5000"}},
        web={"environment": {"API": "http://localhost:8000/v1", "OWN": "http://localhost:8001/v1"}},
        db={"environment": {"WEB": "http://localhost:3000"}},
    )
    found = misdirected_ports(test, dev)
    assert [(one.port, one.path, one.published) for one in found] == [
        ("8000", ("services", "web", "environment", "API"), ("services", "api", "ports", 0))
    ]
    test["services"]["web"]["network_mode"] = "host"
    assert misdirected_ports(test, dev) == []
