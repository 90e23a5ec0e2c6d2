"""Which services a compose command can name, when all its files are known."""

import re

from dockwright.repository.model import Invocation, ScriptItem
from dockwright.repository.repository import Repository
from dockwright.shell.calls import ComposeCall

_OVERRIDE = re.compile(rb"compose\.override\.ya?ml")
"""`ln -s docker-compose.override.e2e.yml docker-compose.override.yml`: what the file makes of the stack is not known."""


_COMPOSE_FILE = re.compile(
    rb"(?:export[ \t]+|environ\b[^\n]{0,20}|env\b[^\n]{0,20}|setenv\b[^\n]{0,20})COMPOSE_FILE\b|^[ \t]*COMPOSE_FILE[ \t]*:(?!=)",
    re.MULTILINE,
)
"""`export COMPOSE_FILE=a:b`, `os.environ["COMPOSE_FILE"] = …`, `COMPOSE_FILE: a:b` below `env:`."""


_CI = re.compile(r"\.(?:github|gitea|forgejo)/[^\n]{1,200}\.ya?ml$|\.gitlab-ci\.ya?ml$|\.envrc$")


def _exported(repository: Repository, item: ScriptItem) -> bool:
    """True when the script sets COMPOSE_FILE in any way, or another one gives it to what it starts."""
    if b"COMPOSE_FILE" in item.source.data:
        return True
    return repository.memo("compose_file_exported", lambda: _exported_anywhere(repository))


def _exported_anywhere(repository: Repository) -> bool:
    scripts = [other.source.data for other in (*repository.scripts, *repository.workflows)]
    workflows = [
        repository.source_data(entry.path) for entry in repository.tree.entries() if _CI.match(entry.path)
    ]
    return any(b"COMPOSE_FILE" in data and _COMPOSE_FILE.search(data) for data in (*scripts, *workflows))


def _listed_elsewhere(repository: Repository, invocation: Invocation) -> bool:
    """True when the `.env` compose reads by itself sets COMPOSE_FILE: then it loads other files than the default."""
    folders = {path.rpartition("/")[0] for path in invocation.files}
    return any(
        b"COMPOSE_FILE" in repository.source_data(f"{folder}/.env" if folder else ".env")
        for folder in folders
    )


def known_services(
    repository: Repository, item: ScriptItem, invocation: Invocation
) -> tuple[set[str], list[str]] | None:
    """Service names of the files the command reads, and their paths; None when a file is unknown or incomplete."""
    call = invocation.call
    assert isinstance(call, ComposeCall)
    if not call.files and (
        _OVERRIDE.search(item.source.data)
        or _exported(repository, item)
        or _listed_elsewhere(repository, invocation)
    ):
        return None
    paths = repository.compose_files_of(item, invocation)
    if not paths:
        return None
    services: set[str] = set()
    for path in paths:
        compose = repository.compose(path)
        if compose is None or compose.file.includes or compose.file.problems:
            return None
        services.update(compose.file.services)
    return services, paths
