"""No rule of these families raises, whatever a compose file holds."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dockwright.testing import examine
from tests.rules.wiring.families import compose_rules

RULES = compose_rules()
KEYS = [
    "image",
    "build",
    "ports",
    "volumes",
    "networks",
    "depends_on",
    "environment",
    "env_file",
    "healthcheck",
    "command",
    "entrypoint",
    "extends",
    "links",
    "container_name",
    "privileged",
    "secrets",
    "configs",
    "profiles",
    "network_mode",
    "deploy",
    "expose",
    "tmpfs",
    "working_dir",
]

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 70000),
    st.sampled_from(
        [
            "", "$", "${X", "${X:-}", "${PORT:-8080}:80", "8080:80", "127.0.0.1:1:1/udp", "a:b:c:d", "service_healthy", "web",
            "db", "./x:/app:ro", "vol:/data", "/var/run/docker.sock:/s", "CMD", "NONE", "postgres:15", "Postgres:", "x && y",
            "sh -c 'nc -z a 1'", "gunicorn --keepalive 5 a.b:c", "http://web:8080/", "\x00", "é" * 3, "FERNET_KEY=zz", "..:/code",
        ]
    ),
)  # fmt: skip
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from([*KEYS, "test", "condition", "context", "dockerfile", "A_PORT", "A_HOST"]),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)
services = st.dictionaries(
    st.sampled_from(["web", "db", "dev-web", "x"]),
    st.dictionaries(st.sampled_from(KEYS), values, max_size=6),
    max_size=3,
)
documents = st.fixed_dictionaries(
    {"services": services},
    optional={
        "volumes": values,
        "networks": values,
        "secrets": values,
        "configs": values,
        "include": values,
        "name": scalars,
    },
)


def examined(files):
    import json

    texts = {path: value if isinstance(value, str) else json.dumps(value) for path, value in files.items()}
    return examine(texts, rules=RULES)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents, documents)
@pytest.mark.slow
def test_any_document(one, other):
    outcome = examined(
        {"compose.yaml": one, "compose.test.yaml": other, "Dockerfile": "FROM python:3.12-slim\nEXPOSE 80\n"}
    )
    assert not outcome.crashes, outcome.crashes[0].trace


@pytest.mark.parametrize(
    "text",
    [
        "services: [",
        "services:\n  web: &a\n    <<: *a\n    image: x\n",
        "services:\n" + "".join(f"  s{n}:\n    extends: s{n + 1}\n" for n in range(50)),
        "services:\n  web:\n    image: x\n    depends_on: [web]\n    network_mode: service:web\n",
        "services:\n  web:\n    image: x\n    command: " + "a" * 200_000 + "\n",
        "services:\n  web:\n    image: x\n    volumes: " + "[" * 300 + "]" * 300 + "\n",
        "include: [compose.yaml, compose.yaml]\nservices:\n  web:\n    image: x\n",
        "name: ${X:-a}\nservices:\n  web:\n    image: ${X}\n    ports: ['${P:-70000}:80', '1-9:1-8']\n",
    ],
)
def test_odd_documents(text):
    outcome = examined({"compose.yaml": text, "compose.override.yaml": text})
    assert not outcome.crashes, outcome.crashes[0].trace
