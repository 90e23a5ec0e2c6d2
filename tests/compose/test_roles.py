"""Environment words at the ends of names do not tell services apart."""

import pytest

from dockwright.compose.roles import Neutral, role


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("dev-postgres", "postgres"),
        ("alpine-test-postgres", "postgres"),
        ("postgres_test", "postgres"),
        ("web.prod", "web"),
        ("test", "test"),
        ("dev-test", "dev-test"),
        ("contest-web", "contest-web"),
        ("web-test-runner", "web-test-runner"),
        ("Dev-Web", "Web"),
        ("", ""),
    ],
)
def test_role(name, expected):
    assert role(name) == expected


def test_neutral_replaces_whole_names_only():
    neutral = Neutral(["dev-db", "dev-db-admin", "web"])
    assert neutral("postgres://dev-db:5432/x") == "postgres://db:5432/x"
    assert neutral("app-dev-db-1") == "app-db-1"
    assert neutral("dev-db-admin") == "db-admin"
    assert neutral("xdev-db dev-dbs") == "xdev-db dev-dbs"


def test_neutral_without_names_changes_nothing():
    assert Neutral([])("dev-db") == "dev-db"
