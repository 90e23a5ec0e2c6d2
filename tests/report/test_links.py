"""Links from a report's rows to the files they are about."""

import pytest

from dockwright.report.markdown.links import linked, paths_of
from dockwright.report.markdown.render import render
from tests.report.sample import document

PATHS = frozenset({"a/b c.yml", "Dockerfile", "x(1).sh"})


@pytest.mark.parametrize(
    ("row", "made"),
    [
        ("| `Dockerfile` | x |", "| [`Dockerfile`](../Dockerfile) | x |"),
        ("| `Dockerfile:12` | `Dockerfile:9` |", "| [`Dockerfile:12`](../Dockerfile#L12) | `Dockerfile:9` |"),
        ("| `a/b c.yml:3` | x |", "| [`a/b c.yml:3`](../a/b%20c.yml#L3) | x |"),
        ("| `x(1).sh` | x |", "| [`x(1).sh`](../x%281%29.sh) | x |"),
        ("| `gone.yml:3` | x |", "| `gone.yml:3` | x |"),
        ("| 1 | `Dockerfile` |", "| 1 | `Dockerfile` |"),
        ("- `Dockerfile`", "- `Dockerfile`"),
        ("### `Dockerfile`", "### `Dockerfile`"),
    ],
)
def test_the_first_cell_of_a_row_leads_to_its_file(row: str, made: str) -> None:
    assert list(linked([row], PATHS, "../")) == [made]


def test_names_that_are_not_those_of_files_are_no_links() -> None:
    known = paths_of(document())
    assert "docker/backend.Dockerfile" in known
    assert not any("\\" in path or "[" in path or "#" in path for path in known)


def test_without_a_way_back_there_are_no_links() -> None:
    assert "](../" not in render(document())
    assert "[`docker/backend.Dockerfile`](../docker/backend.Dockerfile)" in render(document(), "../")
