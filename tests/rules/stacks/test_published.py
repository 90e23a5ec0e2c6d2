"""Fixed host ports of a compose file."""

import pytest

from dockwright.rules.stacks._published import published
from dockwright.testing import repository


@pytest.mark.parametrize(
    ("ports", "expected"),
    [
        ("['8080:80']", [(8080, True)]),
        ("['${P:-8080}:80']", [(8080, False)]),
        ("['${P}:80']", []),
        ("['80']", []),
        ("['0:80']", []),
        ("['8000-8002:8000-8002']", [(8000, True), (8001, True), (8002, True)]),
        ("['8000-8010:80']", []),
        ("[{target: 80, published: '8081'}]", [(8081, True)]),
        ("[{target: 80}]", []),
        ("['nonsense']", []),
    ],
)
def test_ports(ports, expected):
    facts = repository({"compose.yaml": f"services:\n  web:\n    image: nginx:1.27\n    ports: {ports}\n"})
    assert [(port.port, port.literal) for port in published(facts.composes[0])] == expected


def test_host_networking_publishes_nothing():
    facts = repository(
        {
            "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    network_mode: host\n    ports: ['80:80']\n"
        }
    )
    assert list(published(facts.composes[0])) == []
