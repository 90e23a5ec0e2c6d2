"""A build script runs after an install that left its tools out.

`npm ci --omit=dev` (or `--only=production`, `NODE_ENV=production`) leaves out `devDependencies`; the build script
then starts a program that only they bring (`cross-env`, `tsc`, `vite`, `next` …) and fails with `not found`. Install
everything in the build stage, and leave development packages out of the stage that ships.

The script is looked up in the `package.json` the stage copies in, and its programs in that file's own lists: nothing is
guessed. A program both lists have, or neither, is not reported.
"""

from collections.abc import Iterator

from dockwright.dockerfile.stages import Stage
from dockwright.knowledge.programs import package_of_program
from dockwright.lazy import lazy_regex
from dockwright.rules.contents._npm import copied_manifests, node_modules_from, script_programs
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import StageSubject
from dockwright.shell.package_types import Action, Install
from dockwright.shell.script import Command

MANAGED = lazy_regex(rb"\b(npm|yarn|pnpm|bun)\b")
NAMES = (b"npm", b"yarn", b"bun")
MANAGERS = frozenset(("npm", "yarn", "pnpm", "bun"))
DEV_LISTS = ("devDependencies",)
KEPT_LISTS = ("dependencies", "optionalDependencies", "peerDependencies")


def check(subject: StageSubject) -> Iterator[Finding]:
    if not any(name in subject.run_text for name in NAMES):
        return
    if not any(MANAGED.search(body.data) for body in subject.runs):
        return
    source = node_modules_from(subject.stage)
    manifests = copied_manifests(subject)
    if len(manifests) != 1:
        return
    path, text = manifests[0]
    import json

    try:
        package = json.loads(text, strict=False)
    except ValueError:
        return
    if not isinstance(package, dict):
        return
    for body in subject.runs:
        for command in body.commands:
            missing = _missing(command, package)
            install = _install_before(subject, source, command) if missing else None
            if missing and install is not None and install.production:
                script, program, owner = missing
                yield RULE.finding(
                    subject.at(command.span, f"stage {subject.stage.label}"),
                    f"script `{script}` starts `{program}`, which only devDependencies bring (`{owner}`), and these were left out",
                    related=[subject.related(install.command.span, "installed without them here")],
                    evidence=[f"`{path}` lists `{owner}` under devDependencies"],
                    service=subject.service,
                )
                return


def _install_before(subject: StageSubject, source: Stage | None, command: Command) -> Install | None:
    """The last install of node packages before a command, in the stage that its node_modules come from."""
    stages = [source] if source is not None else [*reversed(subject.stage.ancestors), subject.stage]
    found = None
    for stage in stages:
        for body in subject.dockerfile.runs[stage.index]:
            for install in body.installs:
                if stage is subject.stage and install.command.span.start >= command.span.start:
                    return found
                if install.manager in MANAGERS and install.action is Action.INSTALL and not install.packages:
                    found = install
    return found


def _missing(command: Command, package: dict[str, object]) -> tuple[str, str, str] | None:
    """(script, program, package) of the first program of `npm run X` that only a development package brings."""
    words = [word.value for word in command.args]
    if command.name not in MANAGERS or not words:
        return None
    script = words[1] if words[0] in ("run", "run-script") and len(words) > 1 else words[0]
    scripts = package.get("scripts")
    if script is None or not isinstance(scripts, dict) or not isinstance(scripts.get(script), str):
        return None
    names = {
        key: set(value) for key in (*DEV_LISTS, *KEPT_LISTS) if isinstance(value := package.get(key), dict)
    }
    kept = set().union(*(names.get(key, set()) for key in KEPT_LISTS))
    dev = set().union(*(names.get(key, set()) for key in DEV_LISTS))
    for program in script_programs(scripts, script):
        owners = {program, package_of_program("npm", program) or program}
        if owners & dev and not owners & kept:
            return script, program, min(owners & dev)
    return None


RULE = Rule(
    id="build-without-dev-dependencies",
    summary="a build script runs after an install that left its tools out",
    category=Category.BROKEN,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "Dockerfile": "FROM node:22-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci --omit=dev\nCOPY . .\nRUN npm run build\n",
                "package.json": '{"scripts": {"build": "cross-env NODE_ENV=production next build"}, '
                '"dependencies": {"next": "15"}, "devDependencies": {"cross-env": "7"}}',
                "package-lock.json": "{}",
            },
            at="npm run build",
            says="`cross-env`, which only devDependencies bring",
        ),
        Bad(
            {
                "Dockerfile": "FROM node:22-slim AS deps\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci --only=production\n"
                "FROM node:22-slim AS build\nWORKDIR /app\nCOPY --from=deps /app/node_modules ./node_modules\nCOPY . .\nRUN npm run build\n",
                "package.json": '{"scripts": {"build": "tsc -p ."}, "devDependencies": {"typescript": "5"}}',
                "package-lock.json": "{}",
            },
            at="npm run build",
            says="`tsc`, which only devDependencies bring (`typescript`)",
        ),
        Good(
            {
                "Dockerfile": "FROM node:22-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build && npm prune --omit=dev\n",
                "package.json": '{"scripts": {"build": "tsc -p ."}, "devDependencies": {"typescript": "5"}}',
                "package-lock.json": "{}",
            },
            why="everything is installed first, and development packages are removed afterwards",
        ),
        Good(
            {
                "Dockerfile": "FROM node:22-slim AS deps\nWORKDIR /app\nCOPY package.json pnpm-lock.yaml ./\n"
                "RUN pnpm install --frozen-lockfile --prod=false\nFROM node:22-slim AS build\nWORKDIR /app\n"
                "COPY --from=deps /app/node_modules ./node_modules\nCOPY . .\nRUN pnpm run build\n"
                "FROM node:22-slim\nCOPY package.json ./\nRUN npm ci\nRUN npm run build\nRUN npm ci --omit=dev\n",
                "package.json": '{"scripts": {"build": "tsc -p ."}, "devDependencies": {"typescript": "5"}}',
                "pnpm-lock.yaml": "{}",
            },
            why="the flag is switched off; the other stage leaves them out after the build only",
        ),
    ),
)
