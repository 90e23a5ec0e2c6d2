"""The export against a real Prometheus: its checker, a scrape over HTTP, its answers to the dashboard, back-filling."""

import functools
import http.server
import json
import os
import shutil
import socket
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from typing import ClassVar

import pytest

from dockwright.report.ledger import grafana
from dockwright.report.ledger.openmetrics import render
from tests.lab.fixtures import REQUIRED
from tests.ledger.conftest import build

pytestmark = [pytest.mark.engine, pytest.mark.slow]


@pytest.fixture(scope="module", autouse=True)
def _programs() -> None:
    if shutil.which("promtool") is None or shutil.which("prometheus") is None:
        if os.environ.get(REQUIRED):
            pytest.fail("prometheus is not installed; `python -m tests.lab up` installs it")
        pytest.skip("prometheus is not installed; `python -m tests.lab up` installs it")


RUNS = [
    build(0, values={"seconds": 10, "image_bytes": 5e8, "dead_bytes": 1e6}, platform="linux/amd64"),
    build(
        1,
        values={
            "seconds": 12.5,
            "context_bytes": 4096,
            "steps": 7,
            "cached_steps": 3,
            "network_seconds": 0.25,
        },
    ),
    build(2, target='we"b\\ {}', values={"compressed_bytes": 123, "layers": 9}, scenario="cold"),
    build(3, outcome="failed"),
]


def tool(*arguments: str, given: str = "") -> str:
    done = subprocess.run(
        ["promtool", *arguments], input=given, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_checker_finds_nothing() -> None:
    assert tool("check", "metrics", given=render(RUNS, "shop")).strip() == ""


def test_the_checker_would_find_something() -> None:
    done = subprocess.run(
        ["promtool", "check", "metrics"], input=render(RUNS, "shop").replace("} 12.5", "} x"), text=True,
        capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode != 0


def test_history_is_taken_as_blocks(tmp_path) -> None:
    (tmp_path / "history.txt").write_text(render(RUNS, "shop", history=True))
    tool("tsdb", "create-blocks-from", "openmetrics", str(tmp_path / "history.txt"), str(tmp_path / "data"))
    (tmp_path / "data" / "wal").mkdir()
    dumped = tool("tsdb", "dump", str(tmp_path / "data"))
    assert "dockwright_build_duration_seconds" in dumped
    assert " 12.5 1772366460000" in dumped


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files as the content type of OpenMetrics, and says nothing."""

    extensions_map: ClassVar = {".txt": "application/openmetrics-text; version=1.0.0; charset=utf-8"}

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def prometheus(tmp_path):
    """A Prometheus that scrapes the export each second, on ports of its own; gives a function that asks it."""
    served = tmp_path / "served"
    served.mkdir()
    (served / "metrics.txt").write_text(render(RUNS, "shop"))
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(served))
    )
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (tmp_path / "prometheus.yml").write_text(
        "global: {scrape_interval: 1s}\nscrape_configs:\n- job_name: ledger\n  metrics_path: /metrics.txt\n"
        f"  static_configs: [{{targets: ['127.0.0.1:{server.server_port}']}}]\n"
    )
    process = subprocess.Popen(
        ["prometheus", f"--config.file={tmp_path}/prometheus.yml", f"--storage.tsdb.path={tmp_path}/tsdb",
         f"--web.listen-address=127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip

    def ask(query: str) -> list[dict]:
        url = f"http://127.0.0.1:{port}/api/v1/query?query={urllib.parse.quote(query)}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            data = json.load(answer)
        assert data["status"] == "success"
        return data["data"]["result"]

    try:
        until = time.monotonic() + 60
        while True:
            try:
                if ask("up") and ask("up")[0]["value"][1] == "1":
                    break
            except OSError:
                pass
            assert process.poll() is None, "prometheus ended"
            assert time.monotonic() < until, "prometheus did not scrape"
            time.sleep(0.2)
        yield ask
    finally:
        process.terminate()
        process.wait(20)
        server.shutdown()
        server.server_close()
        serving.join()


def test_a_scrape_answers_the_dashboard(prometheus) -> None:
    (one,) = prometheus('dockwright_build_duration_seconds{target="web",platform=""}')
    assert one["value"][1] == "12.5"
    assert one["metric"]["machine"] == "4 cores, 16 GiB, amd64"
    odd = prometheus("dockwright_image_compressed_bytes")
    assert [found["metric"]["target"] for found in odd] == ['we"b\\ {}']
    for panel in json.loads(grafana.render())["panels"]:
        query = panel["targets"][0]["expr"].replace("$repository", "shop").replace("$target", ".*")
        assert prometheus(query), query
