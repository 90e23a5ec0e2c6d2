"""Compose files compared by the settings of services in one role."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockwright.overlap.stacks import compose_overlaps, overlap, setting_rows
from tests.overlap.projects import projects


def pair(first, second):
    one, other = projects({"a.yml": first, "b.yml": second})
    return one, other, overlap(one, other)


def leaves(service):
    text = "services:\n  web:\n" + "".join(f"    {line}\n" for line in service.splitlines())
    (found,) = projects({"a.yml": text})
    return {path: leaf.value for path, leaf in found.settings["web"].leaves.items()}


SAME = {
    "ports": (
        "ports: ['80:8080']",
        "ports:\n- {target: 8080, published: '80', protocol: tcp, mode: ingress}",
    ),
    "list or mapping": ("environment: [A=1, B=x]", "environment:\n  B: x\n  A: 1"),
    "default": ("environment: {A: '${X:-1}'}", "environment: {A: '1'}"),
    "build": ("build: ./app/", "build: {context: app, dockerfile: ./Dockerfile}"),
    "depends_on": ("depends_on: [db]", "depends_on:\n  db: {condition: service_started, required: true}"),
    "healthcheck": ("healthcheck: {test: curl x}", "healthcheck: {test: [CMD-SHELL, curl x]}"),
    "command": ("command: run -a b", "command: [run, -a, b]"),
    "command order": ("command: run -a -b", "command: run -b -a"),
    "duration": ("healthcheck: {interval: 90s}", "healthcheck: {interval: 1m30s}"),
    "size": ("deploy: {resources: {limits: {memory: 1G}}}", "deploy: {resources: {limits: {memory: 1024m}}}"),
    "number": ("cpus: 0.50", "cpus: '0.5'"),
    "networks": ("networks: [a]", "networks: [b]"),
    "volume order": ("volumes: [a:/a, ./b:/b:ro]", "volumes: [b:/b:ro, a:/a]".replace("b:/b", "./b:/b")),
    "unset variable": ("user: 'a${X}'", "user: 'a${X:-}'"),
    "extension": ("x-mine: 1", "x-mine: 2"),
    "repeated word": ("command: run -a -a", "command: run -a"),
    "key order": ("restart: always\nuser: x", "user: x\nrestart: always"),
}

OTHER = {
    "value": ("restart: always", "restart: no"),
    "published port": ("ports: ['80:8080']", "ports: ['81:8080']"),
    "read only": ("volumes: ['./a:/a']", "volumes: ['./a:/a:ro']"),
    "added word": ("command: run", "command: run -a"),
    "needed variable": ("user: 'a${X:?}'", "user: 'a${Y:?}'"),
    "label": ("labels: {a: b}", "labels: {a: c}"),
    "empty or absent": ("tty: true", ""),
    "list": ("dns: [1.1.1.1, 8.8.8.8]", "dns: [8.8.8.8]"),
    "label of a list": ("labels: [a=b]", "labels: [a=c]"),
}


@pytest.mark.parametrize("name", SAME)
def test_same_settings(name):
    first, second = SAME[name]
    assert leaves("image: i\n" + first) == leaves("image: i\n" + second)


@pytest.mark.parametrize("name", OTHER)
def test_other_settings(name):
    first, second = OTHER[name]
    assert leaves("image: i\n" + first) != leaves("image: i\n" + second)


def test_shares_apart_for_variables_and_the_rest():
    _, _, found = pair(
        "services:\n  dev-db:\n    image: postgres:15\n    restart: always\n    environment: {A: 1, B: 2}\n",
        "services:\n  test-db:\n    image: postgres:15\n    restart: 'no'\n    environment: {A: 1, C: 2}\n",
    )
    assert found.environment.value == pytest.approx(1 / 3)
    assert found.rest.value == pytest.approx(3 / 4)  # image, and command and entrypoint that neither gives
    assert found.total.value == pytest.approx(4 / 7)
    (service,) = found.services
    assert (service.role, service.a, service.b, service.equal, service.union) == (
        "db",
        "dev-db",
        "test-db",
        4,
        7,
    )


def test_names_of_services_in_values_are_neutral():
    one = "services:\n  dev-db: {image: p}\n  dev-web: {image: w, environment: {DB: 'x://dev-db:1'}, depends_on: [dev-db]}\n"
    _, _, found = pair(one, one.replace("dev-", "test-"))
    assert found.total.value == 1.0


def test_no_variables_is_no_share():
    _, _, found = pair("services:\n  a: {image: x}\n", "services:\n  a: {image: x}\n")
    assert found.environment is None


def test_services_are_matched_by_role_then_image_then_build():
    _, _, found = pair(
        "services:\n  cache: {image: 'redis:7'}\n  api: {build: ./api}\n  dev-db: {image: p}\n  old: {image: o}\n",
        "services:\n  redis: {image: 'redis:6'}\n  server: {build: {context: api}}\n  db: {image: p}\n  new: {image: n}\n",
    )
    assert [(one.a, one.b) for one in found.services] == [
        ("api", "server"),
        ("cache", "redis"),
        ("dev-db", "db"),
    ]
    assert (found.only_a, found.only_b, found.roles) == (("old",), ("new",), 3)


def test_within_a_role_the_most_alike_are_matched():
    _, _, found = pair(
        "services:\n  dev-db: {image: p, tty: true}\n  test-db: {image: p, init: true}\n",
        "services:\n  ci-db: {image: p, init: true}\n",
    )
    assert [(one.a, one.b) for one in found.services] == [("test-db", "ci-db")]
    assert found.only_a == ("dev-db",)


def test_rows_give_both_values_and_places():
    one, other, found = pair(
        "services:\n  web:\n    image: a\n    command: run -x\n    ports: ['80:1']\n    environment:\n      A: ${X:-1}\n",
        "services:\n  web:\n    image: a\n    command: run\n    ports: ['81:1']\n    environment: [A=2, B=3]\n",
    )
    rows = [
        (row.path, row.a and (row.a.text, row.a.place.line), row.b and (row.b.text, row.b.place.line))
        for row in setting_rows(one, other, found.services)
    ]
    assert rows == [
        ("environment.A", ("1", 7), ("2", 6)),
        ("environment.B", None, ("3", 6)),
        ("command", ("run -x", 4), ("run", 4)),
        ("ports.1/tcp.published", ("80", 5), ("81", 5)),
    ]


def test_what_a_service_extends_is_its_own():
    base = "services:\n  base: {image: 'x:1', command: run -a, environment: {A: 1, B: 2}, restart: always}\n"
    first = (
        "services:\n  web: {extends: {file: base.yml, service: base}, command: run, environment: {B: 3}}\n"
    )
    second = "services:\n  web: {image: 'x:1', command: run, environment: {A: 1, B: 3}, restart: always}\n"
    texts = {"base.yml": base, "a.yml": first, "b.yml": second}
    found = {stack.path: stack for stack in projects(texts)}
    assert overlap(found["a.yml"], found["b.yml"]).total.value == 1.0
    leaf = found["a.yml"].settings["web"].leaves["environment.A"]
    assert str(found["a.yml"].cell(leaf).place) == "base.yml:2"


def test_files_without_a_common_role_are_no_pair():
    files = {f"{name}.yml": f"services:\n  {name}: {{image: {name}}}\n" for name in "ab"}
    assert compose_overlaps(projects(files)) == []


def test_many_files_are_compared_with_a_bounded_number_of_others():
    files = {f"{number:03}.yml": f"services:\n  web: {{image: 'a:{number}'}}\n" for number in range(60)}
    found = compose_overlaps(projects(files), partners=5)
    assert 60 * 5 // 2 <= len(found) <= 60 * 5


def test_a_file_that_compose_refuses_is_not_compared():
    assert projects({"a.yml": "services:\n  web: {image: x, ports: {a: b}}\n"}) == []


def test_services_of_all_profiles_are_compared():
    text = "services:\n  web: {image: x}\n  db: {image: y, profiles: [all]}\n"
    (found,) = projects({"a.yml": text})
    assert list(found.settings) == ["db", "web"]


def test_what_a_variable_stands_for_is_shown_as_written():
    one, other, found = pair(
        "services:\n  web: {image: 'x:${TAG:?}'}\n", "services:\n  web: {image: 'x:2', env_file: gone.env}\n"
    )
    (row,) = setting_rows(one, other, found.services)
    assert (row.path, row.a.text, row.b.text) == ("image", "x:${TAG:?}", "x:2")


PIECES = st.sampled_from(
    ["ports", "volumes", "build", "environment", "command", "depends_on", "healthcheck", "deploy", "<<", "a", "80:80",
     "${X", "$X", "[", "null", "-1", "a:b:c:d", "", "é", "1e9"]
)  # fmt: skip
VALUES = st.recursive(
    PIECES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(PIECES, inner, max_size=3)),
    max_leaves=8,
)


@given(st.dictionaries(PIECES, VALUES, max_size=4), st.dictionaries(PIECES, VALUES, max_size=4))
def test_any_service_can_be_compared(first, second):
    import json

    one, other = (json.dumps({"services": {"web": {"image": "x", **service}}}) for service in (first, second))
    found = projects({"a.yml": one, "b.yml": other})
    if len(found) < 2:
        return  # compose refuses one
    ours, theirs = found
    both = overlap(ours, theirs)
    assert 0.0 <= both.total.value <= 1.0
    assert overlap(theirs, ours).total.value == both.total.value
    differs = setting_rows(ours, theirs, both.services)
    assert bool(differs) == (both.total.value < 1.0)


def test_aliases_that_grow_a_file_are_bounded():
    lines = ["x0: &x0 {a: 1}"]
    lines += [f"x{n}: &x{n} {{p: *x{n - 1}, q: *x{n - 1}, r: *x{n - 1}}}" for n in range(1, 30)]
    text = "\n".join([*lines, "services:", "  web: {image: i, x-big: *x29}"])
    assert all(len(stack.settings["web"].leaves) <= 5_000 for stack in projects({"a.yml": text}))
