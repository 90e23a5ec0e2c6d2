"""Reading a Dockerfile loads little: meaning comes when it is asked for."""

import subprocess
import sys

HEAVY = {"tree_sitter", "asyncio", "email", "http", "json", "logging", "urllib", "click", "rich", "ipaddress"}
LATER = {
    "dockwright.dockerfile.build",
    "dockwright.dockerfile.config",
    "dockwright.dockerfile.graph",
    "dockwright.dockerfile.instructions.read",
    "dockwright.dockerfile.template",
}


def test_only_what_reading_needs_is_loaded():
    program = "import sys, dockwright.dockerfile as d; d.parse(b'FROM a'); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    loaded = set(run.stdout.split())
    assert "dockwright.dockerfile.reader" in loaded
    assert not loaded & (HEAVY | LATER)
