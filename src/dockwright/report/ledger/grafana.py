"""A Grafana dashboard for what `openmetrics` exports: import the file and choose the Prometheus data source.

Source: Grafana's dashboard JSON model; `schemaVersion` 38 is that of Grafana 10, and later versions bring it up themselves.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from dockwright.report.ledger.openmetrics import METRICS, RECORDED

SOURCE = {"type": "prometheus", "uid": "${source}"}
UNITS = {"seconds": "s", "bytes": "decbytes"}
_CHOSEN = 'repository=~"$repository",target=~"$target"'


def render() -> str:
    """The dashboard as JSON; always the same."""
    dashboard = {
        "title": "Docker builds (dockwright)",
        "uid": "dockwright-builds",
        "tags": ["dockwright", "docker"],
        "schemaVersion": 38,
        "version": 1,
        "editable": True,
        "timezone": "browser",
        "time": {"from": "now-30d", "to": "now"},
        "refresh": "",
        "templating": {"list": list(_variables())},
        "annotations": {"list": []},
        "panels": list(_panels()),
    }
    return msgspec.json.format(msgspec.json.encode(dashboard), indent=2).decode() + "\n"


def _variables() -> Iterator[dict[str, Any]]:
    yield {"name": "source", "label": "Data source", "type": "datasource", "query": "prometheus", "hide": 0}
    for name, query in (
        ("repository", f"label_values({RECORDED.name}, repository)"),
        ("target", f'label_values({RECORDED.name}{{repository=~"$repository"}}, target)'),
    ):
        yield {
            "name": name,
            "label": name.capitalize(),
            "type": "query",
            "datasource": SOURCE,
            "query": {"query": query, "refId": name},
            "refresh": 2,
            "multi": True,
            "includeAll": True,
            "allValue": ".*",
            "current": {"text": ["All"], "value": ["$__all"]},
            "sort": 1,
            "hide": 0,
        }


def _panels() -> Iterator[dict[str, Any]]:
    for number, metric in enumerate(METRICS.values()):
        legend = "{{target}} {{scenario}} {{side}} {{platform}}"
        yield {
            "id": number + 1,
            "type": "timeseries",
            "title": metric.help.rstrip("."),
            "datasource": SOURCE,
            "gridPos": {"x": 12 * (number % 2), "y": 8 * (number // 2), "w": 12, "h": 8},
            "targets": [
                {
                    "refId": "A",
                    "datasource": SOURCE,
                    "expr": f"{metric.name}{{{_CHOSEN}}}",
                    "legendFormat": legend,
                }
            ],
            "fieldConfig": {
                "defaults": {
                    "unit": UNITS.get(metric.unit, "short"),
                    "min": 0,
                    "custom": {"drawStyle": "line", "lineInterpolation": "stepAfter", "showPoints": "always"},
                },
                "overrides": [],
            },
            "options": {
                "legend": {"displayMode": "list", "placement": "bottom"},
                "tooltip": {"mode": "multi"},
            },
        }
