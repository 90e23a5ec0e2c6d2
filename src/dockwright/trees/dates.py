"""Dates as git reads them. git takes every text for a date: what it does not understand is this moment, or some day of
this month, and it says nothing. So a text must be of forms whose meaning is known before git is asked what it means.

Source: git date.c: approxidate_careful, approxidate_alpha, match_digit.
"""

import datetime as dt
import re
from collections.abc import Iterator

from dockwright.errors import TreeError
from dockwright.trees.git_command import Git, GitError

HINT = 'for instance 2026-01-31, "2026-01-31 18:00", "3 months ago", "last friday", yesterday'
FIRST, LAST = 1970, 2099
"""Years git knows as such: any other number of four digits is taken for something else."""
MAX_LENGTH = 200

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_COUNT = "(?:[0-9]{1,4}|one|two|three|four|five|six|seven|eight|nine|ten|last)"
_ZONES = (
    "idlw|nt|cat|hst|hdt|yst|ydt|pst|pdt|mst|mdt|cst|cdt|est|edt|ast|adt|wat|gmt|utc|wet|bst|cet|met|mewt|mest|cest|mesz|"
    "fwt|fst|eet|eest|wast|wadt|cct|jst|east|eadt|gst|nzt|nzst|nzdt|idle|z"
)


def _begun(names: tuple[str, ...]) -> str:
    """An alternative of words and of their beginnings from three letters on, as git takes them; longest first."""
    found = {name[:length] for name in names for length in range(3, len(name) + 1)}
    return "|".join(sorted(found, key=lambda name: (-len(name), name)))


_MONTH = rf"(?:{_begun(_MONTHS)})\b"
_CLOCK = (
    r"t?(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]+)?)?"
    r"(?:\s?[ap]m\b)?(?:\s?[+-][0-9]{2}:?[0-9]{2}(?![0-9]))?"
)
_FORMS = re.compile(
    "|".join(
        (
            r"(?P<iso>[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2})(?![0-9])",
            r"(?P<dmy>[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4})(?![0-9])",
            r"@?[0-9]{9,11}(?![0-9])(?:\s[+-][0-9]{4})?",
            _CLOCK,
            r"[0-9]{1,2}\s?[ap]m\b",
            rf"(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?[\s.-]{_MONTH}(?:,?[\s.-](?P<year>[0-9]{{4}})(?![0-9:]))?",
            rf"{_MONTH}(?:[\s.-](?P<day2>[0-9]{{1,2}})(?:st|nd|rd|th)?(?![0-9:])(?:,?[\s.-](?P<year2>[0-9]{{4}})(?![0-9:]))?)?",
            rf"{_COUNT}[\s._-]?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)\b(?:[\s._-]ago\b)?",
            rf"(?:{_COUNT}[\s._-])?(?:{_begun(_DAYS)})\b(?:[\s._-]ago\b)?",
            rf"(?:yesterday|noon|midnight|tea|now|never|today|at|on|and|the|of|ago|{_ZONES})\b",
        )
    ),
    re.IGNORECASE | re.ASCII,
)
_BETWEEN = re.compile(r"[ ,._]*")


def complaint(text: str) -> str:
    """Why a text is no date that git understands as it is written; empty for a date."""
    if not text.strip():
        return "an empty text is no date"
    if len(text) > MAX_LENGTH:
        return f"a text of {len(text):,} characters is no date"
    place = 0
    while place < len(text):
        found = _FORMS.match(text, place)
        if found is None or not all(_exists(*one) for one in _days(found)) or not _in_day(found):
            return f"`{text}` is no date" + (f": `{text[place:]}` is not understood" if place else "")
        between = _BETWEEN.match(text, found.end())
        place = between.end() if between else found.end()
    return ""


def _days(found: "re.Match[str]") -> Iterator[tuple[str, str, str]]:
    """The year, month and day of a form that names them, as texts; months by name are months."""
    if found["iso"]:
        year, month, day = re.split("[-/.]", found["iso"])
        yield year, month, day
    if found["dmy"]:
        first, second, year = re.split("[-/.]", found["dmy"])
        yield (year, first, second) if int(first) <= 12 else (year, second, first)
    for day, year in ((found["day"], found["year"]), (found["day2"], found["year2"])):
        if day:
            yield year or str(FIRST), "1", day


def _exists(year: str, month: str, day: str) -> bool:
    try:
        dt.date(int(year), int(month), int(day))
    except ValueError:
        return False
    return FIRST <= int(year) <= LAST


def _in_day(found: "re.Match[str]") -> bool:
    return int(found["hour"] or 0) < 24 and int(found["minute"] or 0) < 60 and int(found["second"] or 0) < 61


def moment(git: Git, text: str) -> int:
    """Seconds since 1970 of a date as this git reads it. Raises TreeError for what it does not understand."""
    wrong = complaint(text)
    if wrong:
        raise TreeError(wrong, HINT)
    try:
        found, now = (
            int(line.partition(b"=")[2])
            for line in git.run("rev-parse", f"--since={text}", "--since=now").split()
        )
    except (GitError, ValueError) as error:
        raise TreeError(f"git cannot read the date `{text}`: {error}", HINT) from error
    if abs(found - now) < 2 and "now" not in text.lower():
        raise TreeError(f"`{text}` is no date: git takes it for this moment", HINT)
    return found


def shown(seconds: int) -> str:
    """A moment for people, in universal time."""
    try:
        return f"{dt.datetime.fromtimestamp(seconds, dt.UTC):%Y-%m-%d %H:%M} UTC"
    except (ValueError, OverflowError, OSError):
        return f"{seconds} seconds after 1970"
