"""A container starts a module or file that the repository does not have.

`uvicorn auth_service.app.main:app` fails with `No module named 'auth_service.app'` when the package has no `app`. The
module was moved, or the command copied from another service.

Fix: start the module that exists; the finding names the part that does not.

Looked for anywhere in the repository, so a wrong path inside the image is not seen, but what is reported is surely not
there: the first part of the dotted name exists as a package of the repository, and the rest does not. Judged are
uvicorn, gunicorn, hypercorn, celery, flask, `python -m`, in compose files and Dockerfiles. Not
reported: names with variables and packages that are not the repository's own.
"""

import itertools
import posixpath
import re
from collections.abc import Iterator

from dockwright.compose.model import Service
from dockwright.dockerfile.instructions.types import Cmd, Entrypoint
from dockwright.repository.repository import Repository
from dockwright.rules._shared.commands import of_command, of_instruction
from dockwright.rules.finding import Category, Confidence, Finding, Location, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ServiceSubject, compose_subjects, dockerfile_subjects
from dockwright.shell.script import Command
from dockwright.shell.words import Word

ASGI = frozenset(("uvicorn", "gunicorn", "hypercorn", "daphne", "granian", "waitress-serve"))
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")


def check(repository: Repository) -> Iterator[Finding]:
    for compose in compose_subjects(repository):
        for service in compose.file.services.values():
            subject = ServiceSubject(compose, service)
            if service.build is None and not _mounts_code(service):
                continue  # somebody else's program
            commands = [*of_command(service.entrypoint), *of_command(service.command)]
            for word, module in _missing(repository, commands):
                yield _finding(compose.at(word.span, f"{subject.route}.command"), module, service.name)
    for dockerfile in dockerfile_subjects(repository):
        for stage in dockerfile.stages:
            for instruction in stage.stage.instructions:
                if isinstance(instruction, Cmd | Entrypoint):
                    commands = list(of_instruction(stage, instruction))
                    for word, module in _missing(repository, commands):
                        location = dockerfile.at(word.span, instruction.name.lower())
                        yield _finding(location, module, dockerfile.service)


def _mounts_code(service: Service) -> bool:
    """True when files of the repository are mounted into a public image."""
    return any(
        volume.type == "bind" and volume.source is not None and volume.source.raw.startswith(".")
        for volume in service.volumes
    )


def _missing(repository: Repository, commands: list[Command]) -> Iterator[tuple[Word, str]]:
    for command in commands:
        word = _module(command)
        if word is None or word.value is None:
            continue
        dotted = word.value.partition(":")[0]
        if _DOTTED.fullmatch(dotted) and _gone(repository, dotted.split(".")):
            yield word, dotted


def _module(command: Command) -> Word | None:
    """The word that names a module, for the programs we know."""
    name = command.name
    args = command.args
    if name in ASGI:
        return next(
            (word for word in args if word.value and re.fullmatch(r"[\w.]+:[\w.()]+", word.value)), None
        )
    if re.fullmatch(r"python[\d.]*", name):
        values = [word.value for word in args]
        at = values.index("-m") + 1 if "-m" in values else 0
        if at and at < len(args):
            inner = args[at]
            return _module_of_runner(args[at:]) if inner.value in ASGI else inner
        return None
    if name == "celery":
        for option, word in itertools.pairwise(args):
            if option.value in ("-A", "--app"):
                return word
    return None


def _module_of_runner(args: tuple[Word, ...]) -> Word | None:
    return next((word for word in args if word.value and re.fullmatch(r"[\w.]+:[\w.()]+", word.value)), None)


def _gone(repository: Repository, parts: list[str]) -> bool:
    """True when the first part is a package of the repository with Python files, and the module is nowhere in it."""
    index = repository.memo("missing_app_module.index", lambda: _index(repository))
    roots = index.get(parts[0])
    if not roots:
        return False
    tree = repository.tree
    for root in roots:
        path = posixpath.join(root, *parts)
        if tree.is_file(f"{path}.py") or tree.is_dir(path) or tree.is_file(f"{path}/__init__.py"):
            return False
        if len(parts) > 2:  # the last part may be an attribute (`config.celery.app`)
            shorter = posixpath.join(root, *parts[:-1])
            if tree.is_file(f"{shorter}.py"):
                return False
    return True


def _index(repository: Repository) -> dict[str, list[str]]:
    """Folders that hold Python files, by their name: the folder above each."""
    found: dict[str, dict[str, None]] = {}
    folders = {
        posixpath.dirname(entry.path) for entry in repository.tree.entries() if entry.path.endswith(".py")
    }
    for folder in folders:
        while folder:
            above, _, name = folder.rpartition("/")
            if above in found.setdefault(name, {}):
                break
            found[name][above] = None
            folder = above
    return {name: list(above) for name, above in found.items()}


def _finding(location: Location, module: str, service: str) -> Finding:
    top = module.partition(".")[0]
    return RULE.finding(
        location,
        f"starts `{module}`, which does not exist in the repository",
        evidence=[f"`{top}` is a package of the repository"],
        service=service,
    )


RULE = Rule(
    id="missing-app-module",
    summary="a container starts a module that the repository does not have",
    category=Category.BROKEN,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  auth:\n    build: .\n    command: uvicorn auth.app.main:app --reload\n",
                "Dockerfile": "FROM python:3.12-slim\nCOPY auth auth\n",
                "auth/main.py": "",
                "auth/__init__.py": "",
            },
            at="command: uvicorn auth.app.main:app",
            says="starts `auth.app.main`, which does not exist",
        ),
        Good(
            {
                "compose.yaml": "services:\n  auth:\n    build: .\n    command: uvicorn auth.main:app\n"
                "  worker:\n    build: .\n    command: celery -A auth.tasks.app worker\n"
                "  docs:\n    build: .\n    command: python -m http.server\n"
                "  air:\n    image: apache/airflow:2.10\n    command: python -m auth.nothing\n",
                "Dockerfile": 'FROM python:3.12-slim\nCOPY src/ /app/\nCMD ["gunicorn", "shop.wsgi:application"]\n',
                "src/auth/main.py": "",
                "src/auth/tasks.py": "app = None\n",
            },
            why="the package lies below `src/`, an attribute may be named, and others are not the repository's own",
        ),
    ),
)
