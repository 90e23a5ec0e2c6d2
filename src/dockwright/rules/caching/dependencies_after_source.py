"""Dependencies are installed after the whole source tree was copied.

Every commit that touches any copied file changes the COPY, and with it every later step: dependencies are fetched
and installed again although the manifest did not change. Copy the manifest and lock file first, install, then copy
the rest; the install then stays cached until its own inputs change.

Reported when the whole context (or a directory that holds more than the manifest) is copied before an install that
reads a manifest, in the same stage. Not reported: installs of the project itself (`pip install .`, `-e .`), which
need the source; a second install after the dependencies were installed from their manifest; sources brought by a bind
mount; workspaces whose manifests lie in many folders.
"""

from collections.abc import Iterator

from dockwright.dockerfile.instructions.types import Add, Copy, Transfer
from dockwright.lazy import lazy_regex
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.runs import RunBody
from dockwright.rules.subjects import StageSubject
from dockwright.shell.package_types import Action, Install

SHELL = lazy_regex(r"\|\|?|&&|;|\d?>.*")
WHOLE = frozenset((".", "./", "/", "*", "./*"))


def check(subject: StageSubject) -> Iterator[Finding]:
    copies = [
        (index, copy)
        for index, copy in enumerate(subject.stage.commands)
        if isinstance(copy, Transfer) and _copies_all(copy)
    ]
    if not copies:
        return
    first, copy = copies[0]
    if any(
        body.index < first and _reads_manifest(install) for body in subject.runs for install in body.installs
    ):
        return
    for body in subject.runs:
        install = _late(body, first)
        if install is None:
            continue
        manifests = ", ".join(f"`{manifest.path}`" for manifest in install.manifests[:2])
        yield RULE.finding(
            subject.at(install.command.span, f"stage {subject.stage.label}"),
            f"`{install.manager} {install.verb}` of {manifests} runs after the whole tree was copied",
            related=[subject.related(copy.node.line_span, "any change below the context changes this step")],
            service=subject.service,
        )
        return


def _copies_all(command: Transfer) -> bool:
    if not any(word.value in WHOLE for word in command.sources):
        return False
    if isinstance(command, Copy) and command.from_ is not None:
        return False
    if isinstance(command, Add) and any("://" in word.value for word in command.sources):
        return False
    # `COPY a ./ || true`: what stands there is not what was meant
    return not any(SHELL.fullmatch(word.value) for word in command.sources)


def _reads_manifest(install: Install) -> bool:
    return install.action is Action.INSTALL and bool(install.manifests) and not install.editable


def _late(body: RunBody, first: int) -> Install | None:
    """The first install of the body that reads a manifest and does not need the source."""
    if body.index < first:
        return None
    for install in body.installs:
        local = install.editable or any(package.kind in ("path", "file") for package in install.packages)
        if _reads_manifest(install) and not local:
            return install
    return None


RULE = Rule(
    id="dependencies-after-source",
    summary="dependencies are installed after the whole source tree was copied",
    category=Category.SLOW,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "Dockerfile": "FROM node:22-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\n",
                "package.json": "{}",
                "package-lock.json": "{}",
            },
            at="RUN npm ci",
            says="after the whole tree was copied",
        ),
        Bad(
            {
                "Dockerfile": "FROM python:3.12-slim\nWORKDIR /app\nADD . /app\nRUN apt-get update && \\\n"
                "    apt-get install -y libpq5 && \\\n    pip install -r requirements.txt\n",
                "requirements.txt": "flask==3.1.0\n",
            },
            at="pip install -r requirements.txt",
        ),
        Good(
            {
                "Dockerfile": "FROM node:22-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm ci --offline\n",
                "package.json": "{}",
                "package-lock.json": "{}",
            },
            why="the manifest is copied and installed first",
        ),
        Good(
            {
                "Dockerfile": "FROM python:3.12-slim\nCOPY . /src\nRUN apt-get update && apt-get install -y libpq5\n"
                "RUN pip install /src && pip install -e /src\n",
                "pyproject.toml": "",
            },
            why="installing the project itself needs its source",
        ),
    ),
)
