"""A volume for a build directory is mounted beside the directory the program works in.

`frontend_cache:/app/.next` keeps nothing when the image works in `/app/frontend`: Next.js writes to
`/app/frontend/.next`. The cache is empty at every start, and the volume is taken for the place where the build lives.
It happens when a Dockerfile moves its WORKDIR and the compose file is not told.

Fix: mount the volume at the directory below the working directory, or remove it.

Judged are directories of front-end tools (`.next`, `.nuxt`, `node_modules` …) whose parent is a parent of the working
directory of the image, and neither a target of COPY nor of another mount.
"""

import posixpath
from collections.abc import Iterator

from dockwright.compose.volumes import mount
from dockwright.dockerfile.instructions.types import Copy, Workdir
from dockwright.rules._shared.images import Built, only_stage
from dockwright.rules._shared.made import FRONT_END, below
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ServiceSubject


def check(subject: ServiceSubject) -> Iterator[Finding]:
    targets = [
        (posixpath.normpath(one.target), volume.node.span)
        for volume in subject.service.volumes
        if (one := mount(volume)) is not None and one.type == "volume" and one.target.startswith("/")
        if posixpath.basename(posixpath.normpath(one.target)) in FRONT_END
    ]
    built = only_stage(subject) if targets else None
    if built is None:
        return
    setting = subject.service.working_dir
    config = built.stage.stage.config.working_dir
    workdir = setting.default if setting is not None else config.value if config is not None else None
    for target, span in targets:
        parent = posixpath.dirname(target)
        if not workdir or not below(workdir, parent) or posixpath.normpath(workdir) == parent:
            continue
        if parent in _used(subject, built):
            continue
        yield RULE.finding(
            subject.at(span, f"{subject.route}.volumes"),
            f"a volume is mounted on `{target}`, but the image works in `{workdir}`",
            related=[built.dockerfile.related(config.command.span, "working directory")]
            if config is not None and config.command is not None and setting is None
            else [],
            service=subject.service.name,
            environment=subject.item.environment,
        )


def _used(subject: ServiceSubject, built: Built) -> set[str]:
    """Directories that the image or the service fills or works in."""
    found: set[str] = set()
    for stage in built.chain:
        for command in stage.stage.instructions:
            workdir = stage.stage.workdir_before(command) or "/"
            if isinstance(command, Copy):
                found.add(posixpath.normpath(posixpath.join(workdir, command.destination.value)))
            elif not isinstance(command, Workdir) and stage.stage.workdir_before(command):
                found.add(posixpath.normpath(workdir))
    for volume in subject.service.volumes:
        one = mount(volume)
        if one is not None and one.type == "bind":
            found.add(posixpath.normpath(one.target))
    return found


RULE = Rule(
    id="cache-volume-beside-workdir",
    summary="a volume for a build directory is mounted beside the directory the program works in",
    category=Category.DRIFT,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  web:\n    build: .\n    volumes:\n      - cache:/app/.next\nvolumes:\n  cache:\n",
                "Dockerfile": "FROM node:22-slim\nWORKDIR /app/web\nCOPY web/package*.json ./\nRUN npm ci\nCMD npm run dev\n",
                "web/package.json": "{}",
            },
            at="- cache:/app/.next",
            says="a volume is mounted on `/app/.next`, but the image works in `/app/web`",
        ),
        Good(
            {
                "compose.yaml": "services:\n  web:\n    build: .\n    volumes:\n      - cache:/app/web/.next\n"
                "      - modules:/app/node_modules\nvolumes:\n  cache:\n  modules:\n",
                "Dockerfile": "FROM node:22-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nWORKDIR /app/web\n"
                "CMD npm run dev\n",
                "package.json": "{}",
            },
            why="the image works below, and it installs into the other directory (a workspace)",
        ),
    ),
)
