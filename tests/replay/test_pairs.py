"""Images that are rebuilt by the same commits, and by others."""

from pathlib import Path

from dockwright.replay.run import Replay
from dockwright.replay.subjects import Subject
from dockwright.replay.summary import summary
from dockwright.report.replay import words
from dockwright.trees.git_command import Git
from dockwright.trees.revisions import Range, Walk
from tests.trees.fast_import import Made, history, text


def test_how_often_two_images_are_rebuilt_together(tmp_path: Path) -> None:
    made = [Made({"a.Dockerfile": text("FROM x\nCOPY a /a\n"), "b.Dockerfile": text("FROM x\nCOPY b /b\n")})]
    for number, files in enumerate([{"a": "1", "b": "1"}, {"a": "2"}, {"a": "3"}, {"b": "2"}, {"c": "1"}]):
        made.append(Made({path: text(content) for path, content in files.items()}, (number,)))
    walk = Walk(Git(history(tmp_path / "r", made)), Range(("main",)))
    subjects = [Subject(path=f"{name}.Dockerfile", context="", status="live") for name in "ab"]
    replay = Replay(walk, subjects)
    replay.run()
    result = summary(replay)
    (pair,) = result.pairs
    assert (pair.a, pair.b) == (0, 1)
    assert pair.both < pair.either
    rebuilt = [one.commits - one.untouched for one in result.dockerfiles]
    assert pair.either == sum(rebuilt) - pair.both
    assert words.apart(result) == []
