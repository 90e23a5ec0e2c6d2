"""A Python service in two ways of copying: everything first, or what says the dependencies first."""

from collections.abc import Mapping
from pathlib import Path

EVERYTHING = 'FROM {base}\nWORKDIR /app\nCOPY . .\nRUN pip install --no-cache-dir -r requirements.txt\nCMD ["python", "app.py"]\n'
DEPENDENCIES = (
    "FROM {base}\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\n"
    'COPY . .\nCMD ["python", "app.py"]\n'
)
APP = 'import requests\n\nprint("service", requests.__version__)\n'


def write_service(top: Path, base: str, requirements: str) -> None:
    """The service in a folder, with both Dockerfiles."""
    files: Mapping[str, str] = {
        "everything.Dockerfile": EVERYTHING.format(base=base),
        "dependencies.Dockerfile": DEPENDENCIES.format(base=base),
        "requirements.txt": requirements,
        "app.py": APP,
        ".dockerignore": "*.Dockerfile\n",
    }
    top.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (top / name).write_text(text)
