"""What was not looked at, and why: a value of every report."""

import msgspec


class Skipped(msgspec.Struct, frozen=True):
    """Something that was not looked at: `what` (a path, a check, a part of one) and the `reason`."""

    what: str
    reason: str
