"""Trends as JSON. Keys are never renamed or removed within one version of the schema; keys may be added."""

from collections.abc import Sequence

import msgspec

from dockwright.measure.trends import rule
from dockwright.measure.trends.build import Trend

SCHEMA = 1


def render(target: str, found: Sequence[Trend]) -> str:
    """Indented JSON, ending in a newline."""
    data = {
        "schema": SCHEMA,
        "target": target,
        "rule": {
            "alpha": rule.ALPHA,
            "permutations": rule.PERMUTATIONS,
            "least_share_of_durations": rule.LEAST_SHARE["s"],
            "least_share_of_others": rule.LEAST_EXACT,
            "spreads_of_others": rule.SPREADS,
        },
        "regressed": any(trend.regressed for trend in found),
        "trends": [{**msgspec.to_builtins(trend), "regressed": trend.regressed} for trend in found],
    }
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n"
