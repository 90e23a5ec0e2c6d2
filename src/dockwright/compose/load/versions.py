"""The versions of Compose that can be followed, and where their meaning differs.

A meaning belongs to a version of compose-go, the library under Compose; a version of Compose is mapped to the one it
was built with (docker/compose go.mod at each tag). Two versions were recorded case by case and are followed exactly:
compose-go 2.4.8 (Compose 2.33, and 2.26.1-4 as Debian builds it) and the newest (2.14). Between them each change is
switched on at the version that brought it; versions before 2.4.8 are followed as 2.4.8.
"""

from __future__ import annotations

from functools import cached_property

from dockwright.errors import UsageError
from dockwright.lazy import lazy_regex

Number = tuple[int, int, int]

NEWEST: Number = (2, 14, 0)
OLDEST: Number = (2, 4, 8)

_COMPOSE = (
    ((2, 0, 0), (2, 4, 8)), ((2, 34, 0), (2, 4, 9)), ((2, 35, 0), (2, 6, 0)), ((2, 36, 0), (2, 6, 2)),
    ((2, 36, 1), (2, 6, 3)), ((2, 36, 2), (2, 6, 4)), ((2, 37, 2), (2, 6, 5)), ((2, 38, 0), (2, 7, 0)),
    ((2, 38, 1), (2, 7, 1)), ((2, 39, 0), (2, 8, 0)), ((2, 39, 1), (2, 8, 1)), ((2, 39, 3), (2, 8, 2)),
    ((2, 39, 4), (2, 9, 0)), ((2, 40, 3), (2, 9, 1)), ((5, 0, 0), (2, 10, 0)), ((5, 0, 2), (2, 10, 1)),
    ((5, 1, 2), (2, 10, 2)), ((5, 1, 4), (2, 11, 0)), ((5, 2, 0), (2, 12, 1)), ((5, 3, 0), (2, 13, 0)),
    ((5, 4, 0), (2, 14, 0)),
)  # fmt: skip
"""Compose from this version on: compose-go; docker/compose go.mod at v2.24.0 … v5.5.0."""

_VERSION = lazy_regex(
    r"(compose-go[ @/-]?)?v?([0-9]{1,4})(?:\.([0-9]{1,4}))?(?:\.([0-9]{1,4}))?(?:[-+~].{0,40})?"
)


class Semantics:
    """What one version of compose-go does where versions differ (the number behind each is where it began)."""

    def __init__(self, number: Number = NEWEST) -> None:
        self.number = max(number, OLDEST)

    def __repr__(self) -> str:
        return f"Semantics(compose-go {'.'.join(map(str, self.number))})"

    def since(self, *number: int) -> bool:
        """True when this version is `number` or later."""
        return self.number >= number

    @cached_property
    def lazy_defaults(self) -> bool:
        """2.10.1: a default or message is only looked at when it is needed."""
        return self.since(2, 10, 1)

    @cached_property
    def include_first(self) -> bool:
        """2.10.2: `include` is applied before `extends`."""
        return self.since(2, 10, 2)

    @cached_property
    def include_merges(self) -> bool:
        """2.10.0: the including file is merged on top of what it includes; before, a difference is an error."""
        return self.since(2, 10, 0)

    @cached_property
    def merges_extensions(self) -> bool:
        """2.6.0: `x-*` are merged like everything else; before, replaced."""
        return self.since(2, 6, 0)

    @cached_property
    def tags_behind_aliases(self) -> bool:
        """2.11.0: a `!reset` inside an anchor counts at each alias; before, only where it is written."""
        return self.since(2, 11, 0)

    @cached_property
    def yaml4(self) -> bool:
        """2.10.0: go-yaml v4."""
        return self.since(2, 10, 0)

    @cached_property
    def opt_out(self) -> bool:
        """2.10.0: `create_host_path` and `required` are true by default and rendered only when false."""
        return self.since(2, 10, 0)


def followed(name: str) -> Semantics:
    """The semantics a user names: `newest`, a version of Compose (`2.33`, `v5.1.2`) or `compose-go 2.4.8`.

    `2.26.1-4` is Debian's build, which holds compose-go 2.4.8. Raises UsageError for anything else.
    """
    text = name.strip().lower()
    if text in ("", "newest", "latest"):
        return Semantics()
    found = _VERSION.fullmatch(text)
    if found is None:
        raise UsageError(
            f"{name!r} is not a version of Compose",
            "use `newest`, a version such as 2.33.1 or 5.1.2, or `compose-go 2.4.8`",
        )
    number = (int(found[2]), int(found[3] or 0), int(found[4] or 0))
    if found[1]:
        return Semantics(number)
    if found[3] is None:  # `2` or `5`: the last of that series
        number = (number[0], 9_999, 0)
    return Semantics(max(go for since, go in _COMPOSE if since <= max(number, (2, 0, 0))))
