"""One base or tool in several versions, with every place."""

import pytest

from dockwright import compose
from dockwright.overlap.files import normal_files
from dockwright.overlap.versions import Hold, Skew, version_groups
from dockwright.text import SourceFile
from tests.overlap.samples import subject


def groups(dockerfiles, composes=(), requirements=()):
    subjects = [subject(text, path, path[:1]) for path, text in dockerfiles.items()]
    files = [compose.read(text.encode(), f"compose{number}.yml") for number, text in enumerate(composes)]
    sources = [
        SourceFile(f"requirements{number}.txt", text.encode()) for number, text in enumerate(requirements)
    ]
    return version_groups(subjects, normal_files(subjects), files, sources)


def test_images_of_several_versions():
    (found,) = groups(
        {"a": "FROM node:18-alpine\n", "b": "FROM node:20 AS x\nFROM x\n", "c": "FROM debian:12\n"}
    )
    assert (found.kind, found.name, found.skew) == ("image", "node", Skew.CONFLICT)
    assert [(use.text, use.version, use.flavour, str(use.place), use.service) for use in found.uses] == [
        ("18-alpine", "18", "alpine", "a:1", "a"),
        ("20", "20", "", "b:1", "b"),
    ]
    assert found.services == ("a", "b")


@pytest.mark.parametrize(
    ("first", "second", "skew"),
    [
        ("3.11", "3.12", Skew.CONFLICT),
        ("3.11", "3.11.4", Skew.PRECISION),
        ("3", "latest", Skew.PRECISION),
        ("23.8", "23-alpine", Skew.PRECISION),
        ("3.11-slim", "3.11-alpine", Skew.FLAVOUR),
        ("v1.2", "1.2", Skew.FLAVOUR),
        ("bookworm", "bullseye", Skew.FLAVOUR),
    ],
)
def test_skew(first, second, skew):
    (found,) = groups({"a": f"FROM x:{first}\n", "b": f"FROM x:{second}\n"})
    assert found.skew is skew


@pytest.mark.parametrize(
    ("tag", "hold"),
    [
        (":3.11.4-slim", Hold.EXACT),
        (":3.11", Hold.SERIES),
        (":latest", Hold.FLOATING),
        ("", Hold.FLOATING),
        (":alpine", Hold.FLOATING),
        (":3.11@sha256:" + "0" * 64, Hold.DIGEST),
    ],
)
def test_hold(tag, hold):
    (found,) = groups({"a": f"FROM x{tag}\n", "b": "FROM x:99\n"})
    (use,) = [use for use in found.uses if use.place.path == "a"]
    assert use.hold is hold
    assert use.moving == (hold not in (Hold.DIGEST, Hold.EXACT))


def test_arg_defaults_are_filled_in_and_said_to_be_assumed():
    text = "ARG NODE_VERSION=18\nFROM node:${NODE_VERSION}\n"
    (found,) = groups({"a": text, "b": "FROM node:20\n"})
    assert [(use.text, use.assumed) for use in found.uses] == [("18", True), ("20", False)]


def test_version_variables_count_as_the_tool():
    (found,) = groups({"a": "FROM x:1\nENV NODE_VERSION=18.2.0\n", "b": "FROM node:20\n"})
    assert [(use.text, use.hold) for use in found.uses] == [("18.2.0", Hold.EXACT), ("20", Hold.SERIES)]


def test_compose_images_but_not_those_that_are_built():
    text = "services:\n  db: {image: 'pg:15'}\n  own: {image: 'pg:16', build: .}\n  other: {image: 'pg:$V'}\n"
    assert groups({}, [text]) == []
    (found,) = groups({}, [text, "services:\n  db: {image: 'pg:${V:-14}'}\n"])
    assert [(use.text, use.service, use.assumed) for use in found.uses] == [
        ("14", "db", True),
        ("15", "db", False),
    ]


def test_packages_of_install_commands_and_requirements():
    dockerfiles = {
        "a": "FROM x\nRUN pip install gunicorn==21.2.0\n",
        "b": 'FROM x\nCMD ["gunicorn", "app"]\n',
    }
    (found,) = groups(
        dockerfiles, requirements=["# web\nGunicorn[gevent]>=23.0.0  # server\nflask==1\n", "flask==2\n"]
    )
    assert (found.name, found.skew) == ("gunicorn (pip)", Skew.CONFLICT)
    assert [(use.text, use.hold, str(use.place)) for use in found.uses] == [
        ("==21.2.0", Hold.EXACT, "a:2"),
        (">=23.0.0", Hold.RANGE, "requirements0.txt:2"),
    ]


def test_an_unpinned_package_beside_a_pinned_one():
    (found,) = groups(
        {"a": "FROM x\nRUN apt-get install -y curl=7.1\n", "b": "FROM x\nRUN apt-get install -y curl\n"}
    )
    assert (found.name, found.skew, found.versions) == ("curl (apt)", Skew.PRECISION, ("", "=7.1"))


def test_one_version_everywhere_is_no_group():
    assert groups({"a": "FROM x:1\nRUN pip install y==1\n", "b": "FROM x:1\nRUN pip install y==1\n"}) == []


def test_contradictions_come_first():
    found = groups({"a": "FROM b:1\nFROM z:1\n", "b": "FROM b:1.2\nFROM z:2\n"})
    assert [(group.name, group.skew) for group in found] == [("z", Skew.CONFLICT), ("b", Skew.PRECISION)]
