"""A comment in a compose file states a total of resource limits that is not the sum of the limits.

"TOTAL RESOURCE LIMITS: Memory ~3.2GB" below services that add up to 5.8 GiB. Whoever sizes a machine or sets the memory
of Docker Desktop by the comment runs out of memory.

The sum is worked out for the services that start by default, for those of each profile, and for all; reported when the
stated total is more than a twentieth off from each of these. Only comments that speak of a total are judged, not
those that speak of a target or a machine.

Fix: correct the total, or remove it: the sum can be worked out from the file at any time.
"""

import re
from collections.abc import Iterable, Iterator

from dockwright.compose.model import Service
from dockwright.figures import Basis, Figure
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ComposeSubject

_TOTAL = re.compile(r"\b(?:total|sum|overall|altogether)\b", re.IGNORECASE)
_MEMORY = re.compile(r"\bmem(?:ory)?\b[^\n\d(]{0,20}~?\s*(\d+(?:\.\d+)?)\s*(G|M)i?B?\b", re.IGNORECASE)
_CPUS = re.compile(r"\bcpus?\b[^\n\d(]{0,20}~?\s*(\d+(?:\.\d+)?)\s*(?:cores?|cpus?)?\b", re.IGNORECASE)
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?", re.IGNORECASE)
_BOUND = re.compile(r"\b(?:max(?:imum)?|up to|at most|under|below|less than)\b|<", re.IGNORECASE)
_WISH = re.compile(
    r"\b(?:target|goal|budget|host|machine|require[sd]?|recommend\w*|minimum|at least|available|from|was|instead)\b",
    re.IGNORECASE,
)
UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
TOLERANCE = 0.05
NEAR = 4
"""Lines above a figure in which the total may be announced."""


def check(subject: ComposeSubject) -> Iterator[Finding]:
    comments = subject.file.yaml.comments
    lines = [subject.source.line_of(comment.span.start) for comment in comments]
    for index, comment in enumerate(comments):
        text = comment.text
        for kind, pattern in (("memory", _MEMORY), ("cpus", _CPUS)):
            found = pattern.search(text)
            if (
                found is None
                or _WISH.search(text)
                or not _announced(index, lines, [one.text for one in comments])
            ):
                continue
            stated = float(found[1]) * (UNITS[found[2].lower()] if kind == "memory" else 1)
            sums = _sums(subject.file.services.values(), kind)
            if not sums or any(abs(stated - value) <= TOLERANCE * value for value in sums.values()):
                continue
            label, value = next(iter(sums.items()))
            if _BOUND.search(text) and value <= stated:
                continue
            yield RULE.finding(
                subject.at(comment.span),
                f"comment states {_shown(stated, kind)} of {kind} in total; the limits {label} add up to {_shown(value, kind)}",
                figures=[
                    Figure(
                        kind,
                        value,
                        "bytes" if kind == "memory" else "cores",
                        Basis.DERIVED,
                        f"sum of the limits {label}",
                    )
                ],
                environment=subject.item.environment,
            )


def _announced(index: int, lines: list[int], texts: list[str]) -> bool:
    """True when the comment, or one of the comment lines right above it, speaks of a total."""
    at = index
    while at >= 0 and lines[index] - lines[at] <= NEAR:
        if _TOTAL.search(texts[at]):
            return True
        if at and lines[at] - lines[at - 1] != 1:
            return False
        at -= 1
    return False


def _sums(services: Iterable[Service], kind: str) -> dict[str, float]:
    """Sums of limits by what starts: by default, with each profile, all. Empty when none are given."""
    by_profile: dict[str, float] = {}
    default = total = 0.0
    for service in services:
        text = service.limits.memory if kind == "memory" else service.limits.cpus
        value = _value(text.default or "", kind) if text is not None else 0.0
        value *= _replicas(service)
        total += value
        for profile in service.profiles:
            by_profile[profile.raw] = by_profile.get(profile.raw, 0.0) + value
        default += 0.0 if service.profiles else value
    if not total:
        return {}
    sums = {"that apply by default": default} if default else {}
    for name, value in by_profile.items():
        if value:
            sums[f"of profile `{name}`"] = value
            sums[f"with profile `{name}`"] = default + value
    return {**sums, "of all services": total}


def _value(text: str, kind: str) -> float:
    if kind == "cpus":
        try:
            return float(text)
        except ValueError:
            return 0.0
    found = _SIZE.fullmatch(text.strip())
    return float(found[1]) * UNITS[found[2].lower()] if found else 0.0


def _replicas(service: Service) -> int:
    text = (service.replicas.default or "1") if service.replicas is not None else "1"
    return int(text) if text.isdecimal() else 1


def _shown(value: float, kind: str) -> str:
    return f"{value / (1 << 30):.2f} GiB" if kind == "memory" else f"{value:g} cores"


RULE = Rule(
    id="stale-limits-comment",
    summary="a comment states a total of resource limits that is not the sum of the limits",
    category=Category.MISLEADING,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  a:\n    image: a:1\n    mem_limit: 2g\n  b:\n    image: b:1\n"
                "    deploy:\n      resources:\n        limits:\n          memory: 1G\n"
                "# Total limits:\n# - Memory: ~2GB\n"
            },
            at="# - Memory: ~2GB",
            says="comment states 2.00 GiB of memory in total; the limits that apply by default add up to 3.00 GiB",
        ),
        Good(
            {
                "compose.yaml": "services:\n  a:\n    image: a:1\n    mem_limit: 2g # Memory: 4GB is too much\n"
                "  b:\n    image: b:1\n    profiles: [big]\n    mem_limit: 1024m\n# Total: Memory 3GB\n"
            },
            why="the total is right with the profile, and a remark at one service is no total",
        ),
    ),
)
