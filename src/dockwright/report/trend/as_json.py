"""Trends as JSON, and the schema they are published with."""

from collections.abc import Sequence
from typing import Any

import msgspec

from dockwright.measure.trends import rule
from dockwright.measure.trends.build import Trend

SCHEMA = "trend-1"


class Rule(msgspec.Struct, frozen=True):
    """The numbers of the rule by which changes are told (`docs/ledger.md`)."""

    alpha: float = rule.ALPHA
    permutations: int = rule.PERMUTATIONS
    least_share_of_durations: float = rule.LEAST_SHARE["s"]
    least_share_of_others: float = rule.LEAST_EXACT
    spreads_of_others: float = rule.SPREADS


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """All trends of a target; `regressed` when any stands at a worse level than before."""

    schema: str = SCHEMA
    target: str
    rule: Rule = Rule()
    regressed: bool
    trends: Sequence[Trend]


def render(target: str, found: Sequence[Trend]) -> str:
    """Indented JSON, ending in a newline."""
    document = Document(target=target, regressed=any(trend.regressed for trend in found), trends=found)
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def schema_text() -> str:
    """The schema as it stands in `docs/schema/trend-1.json`."""
    made: dict[str, Any] = msgspec.json.schema(Document)
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"dockwright trend ({SCHEMA})",
        "description": "Keys are never renamed or removed within one version of the schema; keys may be added.",
        **made,
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode() + "\n"
