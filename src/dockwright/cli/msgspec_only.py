"""The import of msgspec, which nearly every command needs, without what it would bring along."""

import sys


def import_msgspec() -> None:
    """Import msgspec without typing_extensions, which brings `inspect` and half as much again as msgspec itself.

    None in `sys.modules` is Python's way of saying that a module is absent; msgspec then takes what it needs from `typing`,
    as it does where typing_extensions is not installed.
    """
    if "typing_extensions" in sys.modules:
        return
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]
    try:
        import msgspec  # noqa: F401
    finally:
        del sys.modules["typing_extensions"]
