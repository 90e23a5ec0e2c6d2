"""The repository's own rules: layers, file length, what a docstring must exist for."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = sorted((ROOT / "src" / "dockwright").rglob("*.py"))


def test_imports_run_downwards_only() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_a_file_is_about_one_thing() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in SOURCES
        if (lines := len(path.read_text("utf-8").splitlines())) > 420
    }
    assert long == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path.read_text("utf-8").strip() and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert silent == []


def test_the_public_names_are_listed() -> None:
    import dockwright

    public = {name for name in vars(dockwright) if not name.startswith("_")} - {"annotations"}
    modules = {name for name in public if isinstance(getattr(dockwright, name), type(ast))}
    assert public - modules <= set(dockwright.__all__)
