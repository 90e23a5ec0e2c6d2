"""What differs between two resolved projects."""

from hypothesis import given
from hypothesis import strategies as st

from dockwright.compose.difference import Area, area_of, difference
from dockwright.compose.leaves import leaves


def service(**settings):
    return {"command": None, "entrypoint": None, **settings}


def names(**settings):
    return {name: leaf.value for name, leaf in leaves(service(**settings)).items()}


def test_items_are_known_by_what_makes_them_the_same():
    assert names(
        ports=[{"target": 80, "protocol": "tcp", "published": "8080"}],
        volumes=[{"type": "volume", "source": "data", "target": "/d", "volume": {}}],
        cap_add=["NET_ADMIN"],
        command=["serve", "--port", "80"],
        healthcheck={"test": ["CMD", "true"], "interval": "5s"},
        secrets=[{"source": "key", "target": "/run/secrets/key"}],
        dns=["1.1.1.1"],
    ) == {
        "ports.80/tcp.target": 80,
        "ports.80/tcp.protocol": "tcp",
        "ports.80/tcp.published": "8080",
        "volumes./d.type": "volume",
        "volumes./d.source": "data",
        "volumes./d.target": "/d",
        "cap_add[NET_ADMIN]": "NET_ADMIN",
        "command": ["serve", "--port", "80"],
        "healthcheck.test": ["CMD", "true"],
        "healthcheck.interval": "5s",
        "secrets.key//run/secrets/key.source": "key",
        "secrets.key//run/secrets/key.target": "/run/secrets/key",
        "dns.0": "1.1.1.1",
    }


def test_one_target_published_twice_stays_two_ports():
    found = names(ports=[{"target": 80, "protocol": "tcp", "published": port} for port in ("80", "81")])
    assert found["ports.80/tcp.published"] == "80"
    assert found["ports.80/tcp.published#2"] == "81"


def test_an_emptied_command_is_a_setting_and_an_unset_one_is_not():
    assert names(command=[]) == {"command": []}
    assert names() == {}


def test_changes_are_told_by_service_and_area():
    a = {
        "name": "dev",
        "services": {
            "web": service(image="app:1", environment={"A": "1", "B": "2"}, cap_add=["X", "Y"]),
            "debug": service(image="sh"),
        },
    }
    b = {
        "name": "test",
        "services": {
            "web": service(image="app:2", environment={"A": "1", "C": "3"}, cap_add=["Y", "X"]),
            "seed": service(image="sh"),
        },
    }
    found = difference(a, b)
    assert [(one.a, one.b) for one in found.services] == [("web", "web"), ("debug", None), (None, "seed")]
    assert [(one.area, one.name) for one in found.services[0].changes] == [
        (Area.IMAGES, "image"),
        (Area.VARIABLES, "environment.B"),
        (Area.VARIABLES, "environment.C"),
    ]
    assert found.services[0].changes[0].b.path == ("services", "web", "image")
    assert found.services[0].same == 3
    assert [one.name for one in found.top] == ["name"]


def test_services_of_two_names_are_compared_when_the_caller_pairs_them():
    a = {"services": {"dev-db": service(image="postgres:16")}}
    b = {"services": {"test-db": service(image="postgres:15")}}
    found = difference(a, b, {"dev-db": "test-db"})
    assert [(one.a, one.b, len(one.changes)) for one in found.services] == [("dev-db", "test-db", 1)]


def test_areas():
    assert area_of("deploy.resources.limits.memory") is Area.LIMITS
    assert area_of("deploy.replicas") is Area.BEHAVIOUR
    assert area_of("cpu_shares") is Area.LIMITS
    assert area_of("cap_drop[ALL]") is Area.SECURITY
    assert area_of("labels.x") is Area.OTHER


values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text("ab.#[/", max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab.#", max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)
models = st.fixed_dictionaries(
    {
        "services": st.dictionaries(
            st.sampled_from("xyz"), st.dictionaries(st.sampled_from(["ports", "image", "a"]), values)
        )
    }
)


@given(models, models)
def test_nothing_differs_from_itself_and_the_two_sides_mirror(a, b):
    assert difference(a, a).empty
    there, back = difference(a, b), difference(b, a)
    assert there.empty is back.empty

    def counted(found):
        return sorted((one.a or one.b, len(one.changes)) for one in found.services)

    assert counted(there) == counted(back)
