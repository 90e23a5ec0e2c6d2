"""Links from the report to the files it names, where the report lies among them.

Only the first cell of a table row becomes a link: that is the place a row is about, and a link for every mention would
double the size of a report, which GitHub renders up to half a megabyte.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from dockwright.report.document import Document

_CELL = re.compile(r"\| `(?P<path>[^`|]+?)(?::(?P<line>\d+))?`(?= \|)")


def linked(lines: Iterable[str], paths: frozenset[str], prefix: str) -> Iterator[str]:
    """`lines` with first cells that name one of `paths` as links; `prefix` leads to the repository (`../`)."""
    for line in lines:
        found = _CELL.match(line)
        if found is None or found["path"] not in paths:
            yield line
            continue
        place = f"#L{found['line']}" if found["line"] else ""
        target = f"{prefix}{quote(found['path'])}{place}"
        yield f"| [{found[0][2:]}]({target}){line[found.end() :]}"


def paths_of(document: Document) -> frozenset[str]:
    """Files that are there under exactly the name that is shown: nothing redacted or escaped, no text inside another."""
    inventory = document.inventory
    groups = (
        inventory.dockerfiles,
        inventory.compose,
        inventory.bakes,
        inventory.ignore_files,
        inventory.scripts,
        inventory.workflows,
        inventory.others,
    )
    named = {item.path for group in groups for item in group}
    named.update(finding.location.path for finding in document.findings)
    return frozenset(path for path in named if not {"#", "\\", "["} & set(path))
