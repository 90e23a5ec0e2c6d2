"""Turns values into plain data: structs into dicts, enumerations into their names, sequences into lists."""

from collections.abc import Mapping
from enum import Enum, IntEnum
from typing import Any

import msgspec


def plain(value: Any) -> Any:
    """Plain data for a struct and all below it. `IntEnum`s become `their-name`, other enumerations their value."""
    if value is None or (isinstance(value, (str, int, float)) and not isinstance(value, Enum)):
        return value
    if isinstance(value, IntEnum):
        return value.name.lower().replace("_", "-")
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, msgspec.Struct):
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    return [plain(part) for part in value]
