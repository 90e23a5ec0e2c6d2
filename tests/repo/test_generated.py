"""What is generated is what its source says: rule index, rule pages, compiled knowledge."""

import pytest

from tools import docs, families, knowledge


@pytest.mark.parametrize("tool", [families, knowledge, docs], ids=lambda tool: tool.__name__)
def test_generated_files_are_fresh(tool) -> None:
    assert tool.main("check") == 0
