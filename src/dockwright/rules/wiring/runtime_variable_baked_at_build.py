"""A variable that a front-end build writes into its files is only given when the container starts.

Next.js, Vite, Create React App and others replace `process.env.NEXT_PUBLIC_…`, `import.meta.env.VITE_…` while they build.
A service that gets such a variable under `environment:` of an image already built changes nothing: the browser still
calls the address of build time, or `undefined`.

Fix: pass it as a build argument (`build.args` with `ARG` in the Dockerfile), or let the program read it at run time
under another name. Not reported: services that run a development server (it builds when it starts), variables that are
build arguments too, and images whose start script fills the values in.
"""

import re
from collections.abc import Iterator

from dockwright.compose.model import KeyValue
from dockwright.rules._shared.commands import of_command
from dockwright.rules._shared.images import Built, only_stage
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ServiceSubject

PREFIXES = (
    "NEXT_PUBLIC_",
    "VITE_",
    "REACT_APP_",
    "NUXT_PUBLIC_BUILD_",
    "GATSBY_",
    "VUE_APP_",
    "PUBLIC_",
    "EXPO_PUBLIC_",
)
_BUILD = re.compile(
    rb"\b(?:npm|pnpm|yarn|bun)\b[^\n;&|]*\bbuild\b|\b(?:next|vite|react-scripts|gatsby|vue-cli-service|astro)\s+build\b"
)
_DEV = re.compile(
    r"\b(?:dev|serve|start:dev|develop|watch)\b|\bvite\b(?!\s+(?:build|preview))|react-scripts start|npm start"
)


def check(subject: ServiceSubject) -> Iterator[Finding]:
    given = [
        pair
        for pair in subject.service.environment
        if pair.name.startswith(PREFIXES) and pair.value is not None
    ]
    built = only_stage(subject) if given else None
    if (
        built is None
        or subject.service.build is None
        or not _builds(built)
        or _runs_development(subject, built)
    ):
        return
    passed = {argument.name for argument in subject.service.build.args}
    late = [pair for pair in given if pair.name not in passed and not _filled_at_start(built, pair)]
    if not late:
        return
    data = built.dockerfile.source.data
    declared = [pair for pair in late if re.search(rb"\bARG\s+" + pair.name.encode() + rb"\b", data)]
    first = (declared or late)[0]
    names = ", ".join(f"`{pair.name}`" for pair in late)
    yield RULE.finding(
        subject.at(first.span, f"{subject.route}.environment"),
        f"{names} {'is' if len(late) == 1 else 'are'} given at run time, but `{built.dockerfile.path}` builds them in",
        related=[subject.related(pair.span, "this one too") for pair in late if pair is not first],
        confidence=RULE.confidence if declared else Confidence.MEDIUM,
        evidence=["the Dockerfile declares it as ARG, and this build does not pass it"] if declared else [],
        service=subject.service.name,
        environment=subject.item.environment,
    )


def _builds(built: Built) -> bool:
    """True when the image holds the result of a front-end build."""
    return _BUILD.search(built.dockerfile.source.data) is not None


def _runs_development(subject: ServiceSubject, built: Built) -> bool:
    """True when the service starts a development server: its command, or the image's own."""
    commands = [*of_command(subject.service.entrypoint), *of_command(subject.service.command)]
    if commands:
        return any(_DEV.search(" ".join(word.shown() for word in command.argv)) for command in commands)
    config = built.stage.stage.config
    texts = [" ".join(setting.value) for setting in (config.entrypoint, config.cmd) if setting is not None]
    if built.stage.stage.name in ("dev", "development", "develop"):
        return True
    return any(_DEV.search(text) for text in texts)


def _filled_at_start(built: Built, pair: KeyValue) -> bool:
    """True when a command of the image handles the variables at its start (`envsubst`, `sed` over the files)."""
    data = built.dockerfile.source.data
    if b"envsubst" in data or b"runtime-env" in data or b"next-runtime-env" in data or b"env.sh" in data:
        return True
    config = built.stage.stage.config
    texts = [" ".join(setting.value) for setting in (config.entrypoint, config.cmd) if setting is not None]
    return any(".sh" in text or "entrypoint" in text or pair.name in text for text in texts)


RULE = Rule(
    id="runtime-variable-baked-at-build",
    summary="a variable that a front-end build writes into its files is only given at run time",
    category=Category.BROKEN,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  web:\n    build: .\n    environment:\n"
                "      NEXT_PUBLIC_API_URL: http://api:8000\n      NODE_ENV: production\n",
                "Dockerfile": "FROM node:22-slim\nARG NEXT_PUBLIC_API_URL\nWORKDIR /app\nCOPY . .\n"
                'RUN npm ci && npm run build\nCMD ["node", "server.js"]\n',
                "package.json": "{}",
            },
            at="NEXT_PUBLIC_API_URL: http://api:8000",
            says="`NEXT_PUBLIC_API_URL` is given at run time, but `Dockerfile` builds them in",
        ),
        Good(
            {
                "compose.yaml": "services:\n  web:\n    build:\n      context: .\n      args:\n        VITE_API: /api\n"
                "    environment:\n      VITE_API: /api\n  dev:\n    build: .\n    command: npm run dev\n"
                "    environment:\n      VITE_API: http://localhost:8000\n",
                "Dockerfile": "FROM node:22-slim\nARG VITE_API\nWORKDIR /app\nCOPY . .\n"
                'RUN npm ci && npm run build\nCMD ["npm", "run", "preview"]\n',
                "package.json": "{}",
            },
            why="it is a build argument as well, and the other service builds when it starts",
        ),
    ),
)
