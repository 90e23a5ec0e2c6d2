"""Programs that images have several times under different names (data/image_programs.toml)."""

from functools import cache

import msgspec

from dockwright.knowledge.tables import typed


class Program(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """File names of one program's executable; `whole`: the folder it is in belongs to it; `fix`: how to do with one."""

    names: tuple[str, ...]
    whole: bool
    fix: str = ""


class _Data(msgspec.Struct, forbid_unknown_fields=True):
    programs: dict[str, Program]


@cache
def by_file_name() -> dict[str, tuple[str, Program]]:
    """File name to the program's name and entry."""
    return {
        file: (name, one)
        for name, one in typed("image_programs", _Data).programs.items()
        for file in one.names
    }
