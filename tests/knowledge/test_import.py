"""Knowledge costs nothing until it is asked for."""

import subprocess
import sys

MODULES = "packages images services programs secrets arguments docker_flags"


def test_importing_reads_no_data_file():
    code = (
        "import sys\n"
        + "".join(f"import dockwright.knowledge.{name}\n" for name in MODULES.split())
        + "from dockwright.knowledge.tables import table\n"
        "print(table.cache_info().currsize)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"


def test_shell_modules_do_not_import_the_parser():
    code = "import sys, dockwright.shell.parse, dockwright.shell.docker_cli, dockwright.shell.carriers\nprint('tree_sitter' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
