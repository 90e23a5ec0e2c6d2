"""OpenMetrics text and the Grafana dashboard, without programs that read them (`tests/engine/test_prometheus.py` has some)."""

import json
import re

from dockwright.report.ledger import grafana
from dockwright.report.ledger.openmetrics import METRICS, render
from tests.ledger.conftest import build

LINE = re.compile(r'[a-z_]+\{([a-z]+="(?:[^"\\\n]|\\[\\"n])*",?)*\} -?[0-9.e+-]+( [0-9]+\.[0-9]{3})?')


def test_the_newest_values() -> None:
    runs = [
        build(0, values={"seconds": 10, "image_bytes": 5}),
        build(1, values={"seconds": 12.5}),
        build(2, values={"seconds": 99}, outcome="failed"),
        build(3, scenario="cold", values={"seconds": 100}),
    ]
    text = render(runs, "shop")
    assert text.endswith("# EOF\n")
    lines = text.splitlines()
    machine = 'machine="4 cores, 16 GiB, amd64"'
    assert f'dockwright_build_duration_seconds{{repository="shop",target="web",{machine}}} 12.5' in lines
    assert (
        f'dockwright_build_duration_seconds{{repository="shop",target="web",scenario="cold",{machine}}} 100'
        in lines
    )
    assert f'dockwright_image_size_bytes{{repository="shop",target="web",{machine}}} 5' in lines
    assert 'dockwright_recorded_runs{repository="shop",target="web",outcome="failed"} 1' in lines
    assert sum(line == "# TYPE dockwright_build_duration_seconds gauge" for line in lines) == 1
    assert all(line.startswith("# ") or LINE.fullmatch(line) for line in lines)


def test_all_values_with_their_times() -> None:
    runs = [build(minute, values={"seconds": float(minute)}) for minute in range(3)]
    lines = [line for line in render(runs, "shop", history=True).splitlines() if not line.startswith("#")]
    assert [line.split("} ")[1] for line in lines] == [
        "0 1772366400.000",
        "1 1772366460.000",
        "2 1772366520.000",
    ]


def test_two_values_of_one_moment() -> None:
    """Prometheus takes one value a millisecond."""
    runs = [
        build(0, values={"seconds": 1.0}, side="A"),
        build(0, values={"seconds": 2.0}, side="A", uid="other"),
    ]
    assert render(runs, "x", history=True).count("\ndockwright_build_duration_seconds{") == 1


def test_names_of_any_kind() -> None:
    text = render([build(target='we"b\\\n{}')], 'sh"op')
    assert 'target="we\\"b\\\\\\n{}"' in text
    assert all(line.startswith("# ") or LINE.fullmatch(line) for line in text.splitlines())


def test_nothing_recorded() -> None:
    assert render([], "shop") == "# EOF\n"


def test_the_dashboard_shows_every_metric() -> None:
    dashboard = json.loads(grafana.render())
    asked = " ".join(panel["targets"][0]["expr"] for panel in dashboard["panels"])
    assert all(metric.name in asked for metric in METRICS.values())
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(METRICS)
    places = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in dashboard["panels"]}
    assert len(places) == len(METRICS)
