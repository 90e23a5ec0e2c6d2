"""What holds for every project: merging is associative, what we print resolves to itself, origins point at what counts."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dockwright.compose.load import render
from dockwright.compose.load.environment import Environment
from dockwright.compose.load.files import MemoryFiles
from dockwright.compose.load.merge import Merging
from dockwright.compose.load.origin import origin_of
from dockwright.compose.load.problems import Problems
from dockwright.compose.load.run import Request, run
from dockwright.compose.load.unique import enforce
from dockwright.compose.load.values import Mapping, clone, plain
from dockwright.compose.load.versions import Semantics
from tests.compose.load import cases
from tests.compose.load.library_cases import value_of
from tests.compose.load.test_conformance import rows

WORDS = st.sampled_from(["a", "b", "c", "web", "1", "x y", "80:80", "./d:/d", "A=1", "A=2", "B="])
PAIRS = st.dictionaries(st.sampled_from("ABCD"), WORDS, max_size=3)
SERVICE = st.fixed_dictionaries(
    {},
    optional={
        "image": WORDS,
        "command": st.lists(WORDS, max_size=2),
        "environment": PAIRS,
        "labels": PAIRS,
        "ports": st.lists(st.sampled_from(["80", "81:80", "127.0.0.1:82:80"]), max_size=3),
        "volumes": st.lists(st.sampled_from(["./a:/a", "./b:/a", "data:/d"]), max_size=3),
        "dns": st.lists(st.sampled_from(["1.1.1.1", "8.8.8.8"]), max_size=2),
        "cap_add": st.lists(st.sampled_from(["A", "B"]), max_size=2),
        "logging": st.fixed_dictionaries({"options": PAIRS}),
        "healthcheck": st.fixed_dictionaries({}, optional={"test": WORDS, "interval": WORDS}),
        "deploy": st.fixed_dictionaries(
            {"labels": PAIRS, "resources": st.fixed_dictionaries({"limits": PAIRS})}
        ),
    },
)
MODEL = st.fixed_dictionaries(
    {"services": st.dictionaries(st.sampled_from(["web", "db"]), SERVICE, max_size=2)}
)


def merged(*models: Mapping) -> Mapping:
    """The models on top of one another, each list made unique after each step, as loading does."""
    problems = Problems()
    found = clone(models[0])
    assert isinstance(found, Mapping)
    enforce(found, problems)
    for model in models[1:]:
        over = clone(model)
        assert isinstance(over, Mapping)
        found = Merging(Semantics(), problems).models(found, over)
        enforce(found, problems)
    assert not problems.errors
    return found


def canonical(value: Any) -> Any:
    """Variables as a mapping, whichever way they are written: what binding makes of both."""
    if isinstance(value, dict):
        return {
            key: dict(part.partition("=")[::2] for part in item)
            if key in ("environment", "labels") and isinstance(item, list)
            else canonical(item)
            for key, item in value.items()
        }
    return value


@settings(deadline=None)
@given(st.tuples(MODEL, MODEL, MODEL))
def test_merging_is_associative(models):
    """Without resets: the second and third merged first give the same."""
    first, second, third = map(value_of, models)
    assert canonical(plain(merged(merged(first, second), third))) == canonical(
        plain(merged(first, merged(second, third)))
    )


COMPOSES_OWN = {
    "blkio_config has capital keys in JSON": (
        "merge/blkio_config/merge", "merge/blkio_config/mixed_same_path", "merge/blkio_config/null",
        "merge/blkio_config/empty", "merge/blkio_config/override",
    ),
    "a limit of 0 is written as {}": ("merge/ulimits/mixed_zero",),
    "-1 is not read back (2.4.8)": ("merge/memswap_limit/merge",),
    "`published` as number and text are two ports, written alike": ("merge/ports/mixed_long_published_int",),
    "two spellings of a host are two entries, written alike": ("merge/extra_hosts/mixed_ipv6",),
    "`$` is doubled in keys too, where nothing is interpolated": ("interp/in_key",),
    "a disabled service is left out, the dependency on it is not": ("profiles/dep_disabled_optional",),
}  # fmt: skip
"""Why some models do not resolve to themselves in Compose either."""


@pytest.mark.slow
@pytest.mark.parametrize("semantics", [cases.RECORDED, cases.NEWEST])
def test_what_is_printed_resolves_to_itself(corpus: Path, semantics: Semantics):
    """Except where Compose's own output does not either."""
    wrong: dict[str, list[str]] = {}
    known = {name for names in COMPOSES_OWN.values() for name in names}
    compared = 0
    for index, row in enumerate(rows(corpus, "config")):
        plain_argv = row["argv"][-2:] == ["--format", "json"] and not {"--compatibility"} & set(row["argv"])
        if not plain_argv or (index % 3 and row["id"] not in known) or row["argv"][-3] != "config":
            continue
        loaded, _ = cases.load(row, semantics)
        if loaded is None or loaded.project is None:
            continue
        try:
            text = render.text(loaded.project)
        except render.Unrenderable:
            continue
        compared += 1
        again = run(
            Request(
                ("/again/compose.yaml",),
                "/again",
                Environment(),
                MemoryFiles({"/again/compose.yaml": text.encode()}),
                semantics,
                profiles=loaded.project.profiles,
            )
        )
        if again.project is None or render.text(again.project) != text:
            wrong[row["id"]] = [str(error) for error in again.errors]
    assert compared > 350
    assert not wrong.keys() - known, wrong
    assert len(wrong) >= len(known) - 1  # each is one, but for -1 from 2.11 on


@pytest.mark.slow
def test_text_at_an_origin_counts(corpus: Path):
    """Change what stands at a value's origin, and the project is another, or none."""
    tried = 0
    for index, row in enumerate(rows(corpus, "config")):
        if index % 4 or "@@symlink" in json.dumps(row["files"]):
            continue
        loaded, _ = cases.load(row, cases.NEWEST)
        if loaded is None or loaded.project is None:
            continue
        before = json.dumps(render_data(loaded.project))
        for route, value in loaded.project.scalars():
            origin = origin_of(value.place)
            if (
                origin is None
                or str(route[0]).startswith("x-")
                or any(str(part).startswith("x-") for part in route)
            ):
                continue
            name = origin.path.removeprefix(f"{cases.ROOT}/")
            if name not in row["files"]:
                continue
            tried += 1
            assert changed(row, name, origin.span, before), (row["id"], route, origin)
    assert tried > 800


def changed(row: dict[str, Any], name: str, span: Any, before: str) -> bool:
    """True when the file with other text at the span gives another project, or none."""
    data = cases.place(row["files"][name], row["cwd"]).encode()
    for text in (b'"zz changed"', b"77", b"zz=zz", b"/zz", b"true", b"false"):
        other = (data[: span.start] + text + data[span.end :]).decode()
        loaded, _ = cases.load({**row, "files": {**row["files"], name: other}}, cases.NEWEST)
        if loaded is None or loaded.project is None or json.dumps(render_data(loaded.project)) != before:
            return True
    return False


def render_data(project: Any) -> Any:
    try:
        return render.data(project)
    except render.Unrenderable:
        return None
