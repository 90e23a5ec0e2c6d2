"""Cheap first looks must not hide what the close look would find."""

from dockwright.knowledge import programs
from dockwright.knowledge.packages import by_program
from dockwright.rules.contents.build_tools_in_final_image import hinted
from dockwright.rules.runs import _managers


def test_every_build_tool_is_seen_at_first_sight() -> None:
    tools = programs._data().build_tools
    assert [name for name in (*tools.apt, *tools.apk, *tools.dnf) if not hinted(name.encode())] == []


def test_every_package_manager_is_seen_at_first_sight() -> None:
    assert [name for name in by_program() if not _managers().search(f"x && {name} install".encode())] == []
