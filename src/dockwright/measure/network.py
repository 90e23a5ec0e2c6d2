"""Which part of a step's time is registry, mirror or package index, as far as the log says so.

Base images are vertices of their own. apt sums up what it fetched and how long it took (apt-pkg/acquire-item: `Fetched
12.3 MB in 2s`). Other managers mix fetching with unpacking: they are named, no time is made up for them.
"""

import re
from collections.abc import Iterable

from dockwright.dockerfile.keys.model import Step
from dockwright.dockerfile.operations.model import ExecBody
from dockwright.engine.protocol import Vertex
from dockwright.knowledge.packages import managers
from dockwright.replay.commands import commands_of

_FETCHED = re.compile(r"^Fetched [\d.,]+ \w+ in (?:(\d+)h )?(?:(\d+)min )?(\d+)s\b")
_METADATA = re.compile(r"^\[internal\] load metadata for |^\[auth\] ")
_BASE = re.compile(r"^\[(?:[^\]]*[^\]\d])?\d++/\d++\] FROM ")
_FETCHING = ("install", "upgrade", "refresh", "run", "build")


def fetched_seconds(lines: Iterable[str]) -> float | None:
    """Seconds of fetching that apt reports; None where it reports none."""
    found = [match for match in map(_FETCHED.match, lines) if match is not None]
    if not found:
        return None
    return float(sum(int(one[1] or 0) * 3600 + int(one[2] or 0) * 60 + int(one[3]) for one in found))


def registry_seconds(vertices: Iterable[Vertex]) -> float | None:
    """Seconds of looking base images up and fetching them; None where nothing of the kind is told."""
    found = [one.seconds for one in vertices if _METADATA.match(one.name) or _BASE.match(one.name)]
    return sum(found) if found else None


def downloads(step: Step) -> tuple[str, ...]:
    """Package managers that a RUN lets fetch without their telling how long: all but apt."""
    body = step.operation.body
    if not isinstance(body, ExecBody):
        return ()
    installs = commands_of(body).installs
    names = [one.manager for one in installs if one is not None and one.action.value in _FETCHING]
    return tuple(dict.fromkeys(name for name in names if name in managers() and name != "apt"))
