"""A bind mount lies over a directory that the image filled while it was built.

`./frontend:/app/frontend` hides `/app/frontend/node_modules`, which `npm ci` in the Dockerfile made: the container sees
the host's directory instead, and what is not installed there is gone (`next: not found`). With `:ro` the program cannot
even write its build output. It works by accident for those who also installed on the host, with binaries of the host's
system.

Fix: a volume of its own over the hidden directory (`/app/frontend/node_modules`), or mount the source folders only. Not
reported: services whose command installs first, mounts with such a volume, and images of which the directory is not
known.
"""

import posixpath
from collections.abc import Iterator

from dockwright.compose.volumes import Mount, mount
from dockwright.rules._shared.commands import of_command
from dockwright.rules._shared.images import only_stage
from dockwright.rules._shared.made import MadeFolder, below, made_folders
from dockwright.rules.finding import Category, Confidence, Finding, Location, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ServiceSubject
from dockwright.text import Span


def check(subject: ServiceSubject) -> Iterator[Finding]:
    mounts = _mounts(subject)
    if not any(one.type == "bind" for one, _ in mounts):
        return
    built = only_stage(subject)
    if built is None or _installs_first(subject):
        return
    seen: set[str] = set()
    for folder in made_folders(built):
        hiding = _hiding(folder.path, mounts)
        if hiding is None or folder.path in seen or _on_host(subject, hiding[0], folder):
            continue
        seen.add(folder.path)
        one, span = hiding
        source = built.dockerfile.source
        yield RULE.finding(
            subject.at(span, f"{subject.route}.volumes"),
            f"`{one.source}` is mounted over `{one.target}` and hides `{folder.path}`, which the image made",
            related=[Related(Location.at(source, folder.span), "made here")],
            severity=Severity.HIGH if one.read_only else RULE.severity,
            evidence=["the mount is read-only: the program cannot make it again"] if one.read_only else [],
            service=subject.service.name,
            environment=subject.item.environment,
        )


def _mounts(subject: ServiceSubject) -> list[tuple[Mount, Span]]:
    found = [
        (one, volume.node.span) for volume in subject.service.volumes if (one := mount(volume)) is not None
    ]
    found += [(Mount("tmpfs", "", text.raw.partition(":")[0]), text.span) for text in subject.service.tmpfs]
    return [(one, span) for one, span in found if one.target.startswith("/")]


def _hiding(path: str, mounts: list[tuple[Mount, Span]]) -> tuple[Mount, Span] | None:
    """The bind mount over a path, unless something else lies on top of it again (the deepest mount is what counts)."""
    over = [(one, span) for one, span in mounts if below(path, posixpath.normpath(one.target))]
    if not over:
        return None
    deepest = max(over, key=lambda pair: len(pair[0].target.rstrip("/")))
    one = deepest[0]
    return deepest if one.type == "bind" and posixpath.normpath(one.target) != path else None


def _installs_first(subject: ServiceSubject) -> bool:
    """True when the service's command or entrypoint installs the dependencies itself."""
    commands = [*of_command(subject.service.entrypoint), *of_command(subject.service.command)]
    texts = [" ".join(word.shown() for word in command.argv) for command in commands]
    return any(
        " install" in text or (" ci" in f"{text} " and "npm" in text) or text == "yarn" for text in texts
    )


def _on_host(subject: ServiceSubject, one: Mount, folder: MadeFolder) -> bool:
    """True when the repository itself holds the folder where the mount comes from."""
    rest = folder.path[len(posixpath.normpath(one.target)) :].lstrip("/")
    source = posixpath.normpath(posixpath.join(posixpath.dirname(subject.path), one.source, rest))
    return subject.repository.tree.is_dir(source)


RULE = Rule(
    id="bind-hides-image-content",
    summary="a bind mount lies over a directory that the image filled while it was built",
    category=Category.BROKEN,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  web:\n    build: ./web\n    volumes:\n      - ./web:/app/web:ro\n",
                "web/Dockerfile": "FROM node:22-slim\nWORKDIR /app/web\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\n"
                "CMD npm run dev\n",
                "web/package.json": "{}",
                "web/package-lock.json": "{}",
            },
            at="- ./web:/app/web:ro",
            says="hides `/app/web/node_modules`, which the image made",
        ),
        Good(
            {
                "compose.yaml": "services:\n  web:\n    build: ./web\n    volumes:\n      - ./web:/app\n"
                "      - /app/node_modules\n  two:\n    build: ./web\n    volumes: ['./web/src:/app/src']\n"
                "  three:\n    build: ./web\n    command: sh -c 'npm install && npm run dev'\n    volumes: ['./web:/app']\n",
                "web/Dockerfile": "FROM node:22-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci && npm i -g serve\n"
                "COPY . .\nCMD npm run dev\n",
                "web/package.json": "{}",
                "web/package-lock.json": "{}",
                "web/src/a.js": "",
            },
            why="a volume keeps the directory, only the sources are mounted, or the command installs anew",
        ),
    ),
)
