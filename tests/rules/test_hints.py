"""Cheap first looks must not hide what the close look would find."""

import pytest

from dockwright.knowledge import programs
from dockwright.knowledge.packages import by_program
from dockwright.rules.contents.build_tools_in_final_image import hinted
from dockwright.rules.runs import _managers


def test_every_build_tool_is_seen_at_first_sight() -> None:
    tools = programs._data().build_tools
    assert [name for name in (*tools.apt, *tools.apk, *tools.dnf) if not hinted(name.encode())] == []


@pytest.mark.parametrize(
    ("manager", "package"),
    [
        ("apt", "libssl-dev"), ("apt", "gcc-12"), ("apt", "g++-12"), ("apt", "clang-15"), ("apt", "llvm-15"),
        ("apt", "openjdk-17-jdk"), ("apk", "zlib-dev"), ("apk", "clang15"), ("apk", "llvm15"), ("apk", "openjdk17"),
        ("dnf", "zlib-devel"), ("dnf", "gcc-toolset-12"), ("dnf", "clang-tools"), ("dnf", "java-17-openjdk-devel"),
    ],
)  # fmt: skip
def test_build_tools_with_a_version_are_seen_at_first_sight(manager: str, package: str) -> None:
    assert programs.is_build_tool(manager, package)
    for text in (
        f"install {package}",
        f"install {package}=1.2:amd64",
        f'install "{package}"',
        f"{{curl,{package}}}",
    ):
        assert hinted(text.encode())


def test_words_of_other_programs_are_no_build_tools() -> None:
    assert not hinted(b"apt-get update && apt-get install -y --no-install-recommends curl git >/dev/null")


def test_every_package_manager_is_seen_at_first_sight() -> None:
    assert [name for name in by_program() if not _managers().search(f"x && {name} install".encode())] == []
