"""The report on an image: every byte with its instruction, line, cause and fix."""

import json
import random
from typing import Any

import pytest

from dockwright.dockerfile.nodes import Problem
from dockwright.dockerfile.stages import Stage
from dockwright.dockerfile.tree import parse
from dockwright.image.config import Config
from dockwright.image.layers import Reader
from dockwright.image.limits import DEFAULT
from dockwright.image.packages.files import wanted
from dockwright.image.source import Image
from dockwright.measure.images.describe import Known, described
from dockwright.measure.images.lines import best_stage
from dockwright.measure.images.model import Base, ImageReport
from dockwright.measure.images.shared import shared
from dockwright.report.images.as_json import as_json
from dockwright.report.images.terminal import as_text, shared_as_text
from tests.image.tars import Item, layer, tar

BUILDKIT = "buildkit.dockerfile.v0"


def image(history: list[tuple[str, list[Item] | None]], name: str = "app:1", **more: Any) -> Image:
    """An image with one history entry per text, and a layer where there are items."""
    layers = tuple(layer(*items) for _, items in history if items is not None)
    config = {
        "architecture": "amd64", "os": "linux", "config": more,
        "history": [{"created_by": text, "empty_layer": items is None} for text, items in history],
        "rootfs": {"diff_ids": [f"sha256:{text}" for text, items in history if items is not None]},
    }  # fmt: skip
    import msgspec

    return Image(name, (name,), "sha256:abc", msgspec.convert(config, Config), b"{}", layers)


def stage(text: str, target: str = "") -> Stage:
    found = parse(text.encode(), "docker/app.Dockerfile").target(target)
    assert not isinstance(found, Problem)
    return found.stage


def files(folder: str, **fields: Any) -> list[Item]:
    return [Item(f"{folder}/{number}", bytes([number + 1]) * 10, **fields) for number in range(10)]


DOCKERFILE = """\
FROM debian:12 AS build
RUN echo unrelated
FROM debian:12
ENV A=b
ARG VERSION=3
COPY --chown=0:0 \\
     app /srv/app
RUN make --all \\
 && make install
RUN chown -R 7 /srv/app
RUN rm -rf /srv/made
COPY ["x y", "/srv/x-$VERSION"]
CMD ["run"]
"""
HISTORY: list[tuple[str, list[Item] | None]] = [
    ("# debian.sh", [Item("bin/base", b"B" * 100), Item("etc/old", b"o" * 7)]),
    ("ENV A=b", None),
    ("ARG VERSION=3", None),
    ("COPY --chown=0:0 app /srv/app # buildkit", files("srv/app")),
    ("RUN |1 VERSION=3 /bin/sh -c make --all  && make install # buildkit", [Item("srv/made/big", b"m" * 500), Item("etc/old", b"new!")]),
    ("RUN |1 VERSION=3 /bin/sh -c chown -R 7 /srv/app # buildkit", files("srv/app", uid=7)),
    ("RUN |1 VERSION=3 /bin/sh -c rm -rf /srv/made # buildkit", [Item("srv/.wh.made")]),
    ("COPY x y /srv/x-3 # buildkit", [Item("srv/x-3", b"x" * 9)]),
    ('CMD ["run"]', None),
]  # fmt: skip


@pytest.fixture
def report() -> ImageReport:
    return described(image(HISTORY), Known(stage(DOCKERFILE)))


def test_every_instruction_is_found_in_the_dockerfile(report: ImageReport) -> None:
    lines = {row.number: (row.place.text, row.place.sure) for row in report.instructions if row.place}
    name = "docker/app.Dockerfile"
    assert lines == {
        number: (f"{name}:{line}", True) for number, line in [(1, 4), (2, 5), (3, 6), (4, 8), (5, 10), (6, 11), (7, 12), (8, 13)]
    }  # fmt: skip
    assert (report.base.layers, report.base.name, report.base.sure) == (1, "debian:12", True)
    assert [row.base for row in report.layers] == [True, False, False, False, False, False]


def test_sums(report: ImageReport) -> None:
    assert report.shipped == sum(row.shipped for row in report.instructions) == 107 + 100 + 504 + 100 + 0 + 9
    assert [row.files for row in report.layers] == [2, 10, 2, 10, 0, 1]
    assert report.dead == sum(row.dead for row in report.layers) == sum(row.kills for row in report.layers)
    assert (report.dead, report.dead_own, report.dead_base) == (607, 600, 7)
    assert report.dead_by_cause == {"deleted_directory": 500, "chown": 100, "edited": 7}
    assert sum(win.bytes for win in report.wins if win.kind == "dead") == report.dead


def test_each_cause_has_the_fix_that_removes_it(report: ImageReport) -> None:
    fixes = {win.cause: win.fix for win in report.wins if win.kind == "dead"}
    file = "docker/app.Dockerfile"
    assert fixes["deleted_directory"].startswith(f"join RUN ({file}:8) and RUN ({file}:11) into one RUN")
    assert fixes["chown"] == f"give COPY ({file}:6) `--chown=…`, and drop the chown in RUN ({file}:10)"
    assert fixes["edited"] == "they come with the base image debian:12: start from one without them"


def test_a_file_that_has_changed_since_is_aligned_and_said_not_to_be_sure() -> None:
    changed = DOCKERFILE.replace("make --all", "make --some").replace(
        "RUN rm -rf", "RUN echo more\nRUN rm -rf"
    )
    report = described(image(HISTORY), Known(stage(changed)))
    lines = {row.number: (row.place.line, row.place.sure) for row in report.instructions if row.place}
    assert lines[4] == (8, False)
    assert lines[6] == (12, True)
    assert not report.base.sure


def test_without_a_dockerfile_the_history_names_the_instruction_and_the_base_is_not_guessed() -> None:
    report = described(image(HISTORY))
    assert (report.base.layers, report.dead_own, report.dead_base) == (None, None, None)
    (chown,) = [win for win in report.wins if win.cause == "chown"]
    assert (
        chown.fix
        == "give `COPY --chown=0:0 app /srv/app` `--chown=…`, and drop the chown in `RUN chown -R 7 /srv/app`"
    )


def test_a_history_that_does_not_fit_is_not_used() -> None:
    made = image(HISTORY)
    short = described(
        Image(made.name, (), made.digest, made.config, b"", made.layers[:3]), Known(stage(DOCKERFILE))
    )
    assert [row.instruction for row in short.instructions] == ["(no instruction recorded)"] * 3
    assert sum(row.shipped for row in short.instructions) == short.shipped
    assert any("who made which is not known" in note for note in short.notes)


def test_the_stage_is_found_among_many() -> None:
    other = 'FROM debian:12\nCMD ["run"]\n'
    stages = [stage(other), stage(DOCKERFILE, "build"), stage(DOCKERFILE)]
    assert best_stage(image(HISTORY), stages) is stages[2]
    assert best_stage(image(HISTORY), stages[:2]) is None
    stages[2] = stage(DOCKERFILE.replace("make --all", "make --some"))  # changed since
    assert best_stage(image(HISTORY), stages) is stages[2]


@pytest.mark.parametrize(
    ("first", "second", "items", "fix"),
    [
        ("COPY a /a # buildkit", "RUN /bin/sh -c rm /a # buildkit", [Item(".wh.a")], "leave /a out of `COPY a /a`"),
        ("ADD a.tgz / # buildkit", "RUN /bin/sh -c rm /a # buildkit", [Item(".wh.a")], "fetch, use and delete /a in one RUN"),
        ("RUN /bin/sh -c x # buildkit", "RUN /bin/sh -c mv a b # buildkit", [Item(".wh.a"), Item("b", b"1234")], "make it in its final place"),
        ("COPY a /a # buildkit", "RUN /bin/sh -c mv a b # buildkit", [Item(".wh.a"), Item("b", b"1234")], "let `COPY a /a` copy to the final place"),
        ("COPY a /a # buildkit", "COPY . / # buildkit", [Item("a", b"1234")], "brings the same files again"),
        ("COPY a /a # buildkit", "RUN /bin/sh -c chmod +x a # buildkit", [Item("a", b"1234", mode=0o755)], "`--chmod=…`"),
        ("RUN /bin/sh -c x # buildkit", "RUN /bin/sh -c chown 3 a # buildkit", [Item("a", b"1234", uid=3)], "chown in `RUN x`"),
        ("COPY a /a # buildkit", "RUN /bin/sh -c sed -i a # buildkit", [Item("a", b"5678")], "change the files before"),
        ("RUN /bin/sh -c x # buildkit", "RUN /bin/sh -c y # buildkit", [Item("a", b"5678")], "join `RUN x` and `RUN y`"),
    ],
)  # fmt: skip
def test_fixes(first: str, second: str, items: list[Item], fix: str) -> None:
    report = described(image([(first, [Item("a", b"1234")]), (second, items)]))
    (win,) = [win for win in report.wins if win.kind == "dead"]
    assert fix in win.fix
    assert win.bytes == 4


def test_caches_that_are_deleted_later_may_be_mounted() -> None:
    history: list[tuple[str, list[Item] | None]] = [
        ("RUN /bin/sh -c apt-get update # buildkit", [Item("var/lib/apt/lists/x", b"1234")]),
        ("RUN /bin/sh -c rm -rf /var/lib/apt/lists/* # buildkit", [Item("var/lib/apt/lists/.wh.x")]),
    ]
    (win,) = described(image(history)).wins
    assert win.fix == (
        "join `RUN apt-get update` and `RUN rm -rf /var/lib/apt/lists/*` into one RUN, or keep it out of the image: "
        "`RUN --mount=type=cache,target=/var/lib/apt/lists`"
    )


def test_junk_is_told_by_kind_with_its_fix() -> None:
    items = [
        Item("var/lib/apt/lists/deb_main", b"1" * 100), Item("root/.cache/pip/x", b"2" * 50), Item("srv/.git/objects/p", b"3" * 40),
        Item("var/log/dpkg.log", b"4" * 30), Item("usr/bin/gcc-12", b"5" * 20), Item("usr/include/stdio.h", b"6" * 10),
        Item("usr/lib/python3/site-packages/numpy/core/tests/t.py", b"7" * 5), Item("srv/app.py", b"8" * 1000),
        Item("usr/bin/gcc", kind="symlink", link="gcc-12"),
    ]  # fmt: skip
    report = described(image([("RUN /bin/sh -c all # buildkit", items)]))
    assert report.junk_by_kind == {
        "package-lists": 100, "package-cache": 50, "version-control": 40, "logs": 30, "compilers": 20, "headers": 10, "tests": 5,
    }  # fmt: skip
    fixes = {win.cause: (win.fix, win.sure) for win in report.wins}
    assert fixes["package manager caches"] == (
        "`RUN all`: keep the cache out of the image: `RUN --mount=type=cache,target=/root/.cache/pip`", True,
    )  # fmt: skip
    assert not fixes["compilers and build tools"][1]


def test_packages_that_are_only_recommended_are_a_win_of_their_own() -> None:
    status = b"Package: curl\nStatus: install ok installed\nRecommends: certs\n\nPackage: certs\nStatus: install ok installed\n"
    items = [
        Item("var/lib/dpkg/status", status), Item("var/lib/dpkg/info/certs.list", b"/etc/certs\n"), Item("etc/certs", b"c" * 90),
        Item("var/lib/apt/extended_states", b"Package: certs\nAuto-Installed: 1\n"),
    ]  # fmt: skip
    history: list[tuple[str, list[Item] | None]] = [
        ("RUN /bin/sh -c apt-get install -y curl # buildkit", items)
    ]
    made = image(history)
    kept = tuple(Reader(DEFAULT, wanted).layer("l", [tar(items)], "l") for _ in range(1))
    report = described(Image(made.name, (), made.digest, made.config, b"", kept))
    (win,) = [win for win in report.wins if win.kind == "recommended"]
    assert (win.bytes, win.paths) == (90, ("certs",))
    assert win.fix.startswith("`RUN apt-get install -y curl`: `apt-get install --no-install-recommends`")
    assert "packages that are only recommended" in as_text(report, 100)


def test_a_copied_tree_is_one_group_of_duplicates() -> None:
    report = described(
        image(
            [("COPY a /a # buildkit", files("a/x")), ("RUN /bin/sh -c cp -r /a /b # buildkit", files("b/x"))]
        )
    )
    (win,) = report.wins
    assert (win.kind, win.bytes, win.files, win.paths) == ("duplicate", 100, 10, ("a", "b"))
    assert report.duplicate == 100
    assert "leave it out of `RUN cp -r /a /b`" in win.fix


def test_shared_layers() -> None:
    one = described(image(HISTORY, "one"))
    two = described(image([*HISTORY[:4], ("RUN /bin/sh -c two", [Item("two", b"2" * 93)])], "two"))
    found = shared([one, two])
    assert (found.total, found.unique) == (one.shipped + two.shipped, one.shipped + 93)
    assert [layer.bytes for layer in found.layers] == [107, 100]
    assert found.shared == pytest.approx(1 - (one.shipped + 93) / (one.shipped + 300))


def test_json_has_what_is_promised(report: ImageReport) -> None:
    document = json.loads(as_json(report))
    for key in ("schema", "shipped", "live", "dead", "dead_own", "dead_base", "dead_by_cause", "duplicate", "junk", "layers", "instructions"):  # fmt: skip
        assert key in document
    assert {figure["basis"] for figure in document["figures"]} == {"measured", "estimated"}


@pytest.mark.parametrize("width", [80, 120])
def test_the_terminal_view_fits(report: ImageReport, width: int) -> None:
    text = as_text(report, width)
    assert max(map(len, text.splitlines())) <= width
    assert text.splitlines()[-1].startswith("607 B of 820 B are dead (74.0 %)")
    assert max(map(len, shared_as_text(shared([report, report]), width).splitlines())) <= width


def test_many_small_groups_are_not_hidden_all_together() -> None:
    history: list[tuple[str, list[Item] | None]] = [
        (
            f"RUN step {number} # buildkit",
            [Item("same", b"x" * 50), Item(f"d/{number}", number.to_bytes(2, "big") * 25)],
        )
        for number in range(300)
    ]
    found = described(image(history))
    assert all(win.bytes < found.shipped / 500 for win in found.wins)
    text = as_text(found, 100)
    assert text.count("↳") == 3
    assert f"and {len(found.wins) - 3} more" in text


def test_one_layer_is_counted() -> None:
    text = as_text(described(image(HISTORY[:1])), 100)
    assert "  1 layer\n" in text
    assert "  2 files\n" in text


def test_each_cache_gets_a_mount() -> None:
    items = [Item("root/.npm/x", b"n" * 90), Item("root/.cache/pip/y", b"p" * 80)]
    (win,) = described(image([("RUN fetch # buildkit", items)])).wins
    assert "`RUN --mount=type=cache,target=/root/.npm --mount=type=cache,target=/root/.cache/pip`" in win.fix


def test_a_base_that_was_named() -> None:
    base = Base(2, "base:1", "its layers are the lowest of the image's", sure=True)
    report = described(image(HISTORY), Known(base=base))
    assert (report.dead_own, report.dead_base) == (500, 107)


@pytest.mark.parametrize("seed", range(10))
def test_bytes_add_up_whatever_the_layers_do(seed: int) -> None:
    rng = random.Random(seed)
    history: list[tuple[str, list[Item] | None]] = []
    for number in range(30):
        if rng.random() < 0.2:
            history.append((f"ENV N={number}", None))
            continue
        items = [
            Item(f"d{rng.randrange(4)}/{rng.randrange(6)}", bytes([rng.randrange(3)]) * rng.randrange(50))
            for _ in range(6)
        ]
        items += [Item(f".wh.d{rng.randrange(4)}") for _ in range(rng.randrange(2))]
        history.append((f"RUN /bin/sh -c step {number} # buildkit", items))
    report = described(image(history))
    assert sum(row.shipped for row in report.instructions) == report.shipped == report.live + report.dead
    assert (
        sum(row.dead for row in report.instructions)
        == sum(row.kills for row in report.instructions)
        == report.dead
    )
    assert sum(win.bytes for win in report.wins if win.kind == "dead") == report.dead
