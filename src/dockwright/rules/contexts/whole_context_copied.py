"""`COPY . .` takes more than the program: version control, secrets, or files nobody needs in the image.

Without an ignore file that says otherwise, the whole context goes into the image: `.git` with every secret that was ever
committed, `.env` files and private keys, tests, and whatever lies about. It also makes the step's cache key depend on all
of it, so a change to a document rebuilds the image.

Fix: add an ignore file with what the finding lists, or copy only the directories the program needs. An ignore file
holds for every build of the context: what another Dockerfile copies must stay.

One finding per context and ignore file, with every stage that copies it: the ignore file is what is to be mended. An
`.env` file that is tracked counts only when some name in it is that of a secret.

What is sent is worked out from the tree and the ignore file exactly as BuildKit does it, and counted; nothing is guessed
from the ignore file's wording.
"""

from collections.abc import Iterator, Sequence

from dockwright.dockerfile.instructions.types import Copy
from dockwright.figures import Basis, Figure
from dockwright.repository.model import Build
from dockwright.repository.repository import Repository
from dockwright.rules._shared.secret_files import holds_secret
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import StageSubject, dockerfile_subjects
from dockwright.trees.context import BuildContext

SHOWN = 20
WHOLE = frozenset((".", "./", "/"))


def check(repository: Repository) -> Iterator[Finding]:
    found: dict[tuple[str, str, tuple[str, ...]], list[tuple[StageSubject, Copy, BuildContext]]] = {}
    for dockerfile in dockerfile_subjects(repository):
        for stage in dockerfile.stages:
            copy = _whole_copy(stage)
            for context in _contexts(stage) if copy is not None else ():
                what = _unwanted(context)
                if what and copy is not None:
                    ignore = context.ignore_file.path if context.ignore_file else ""
                    found.setdefault((context.root, ignore, tuple(what)), []).append((stage, copy, context))
                    break
    for (_, ignore, unwanted), places in found.items():
        yield _finding(ignore, unwanted, places)


def _whole_copy(subject: StageSubject) -> Copy | None:
    for command in subject.stage.instructions:
        if not isinstance(command, Copy) or command.from_ is not None:
            continue
        if any(".git" in (flag.value or "") for flag in command.excludes):
            continue  # it says itself what it leaves out
        if any(word.value in WHOLE for word in command.sources):
            return command
    return None


def _finding(
    ignore: str, what: Sequence[str], places: Sequence[tuple[StageSubject, Copy, BuildContext]]
) -> Finding:
    """One finding for one context and ignore file: the cause is there, however many stages copy it."""
    (subject, copy, context), *others = places
    return RULE.finding(
        subject.at(copy.node.line_span, f"stage {subject.stage.label}"),
        f"copies the whole context, with {' and '.join(what)}",
        related=[
            other.related(command.node.line_span, "copied here too") for other, command, _ in others[:SHOWN]
        ],
        evidence=[f"`{ignore}` lets them through" if ignore else "there is no ignore file"],
        figures=[
            Figure(
                "sent",
                context.count,
                "files",
                Basis.DERIVED,
                "files the context sends after its ignore file",
            ),
            Figure("sent", context.bytes, "bytes", Basis.DERIVED, "their sizes, without `.git`"),
        ],
        confidence=RULE.confidence if any("secret" not in part for part in what) else Confidence.MEDIUM,
        severity=RULE.severity if any("secret" in part for part in what) else Severity.MEDIUM,
        service=subject.service if not others else "",
    )


def _contexts(subject: StageSubject) -> Iterator[BuildContext]:
    builds: list[Build] = [
        build for build in subject.item.builds if build.context is not None and not build.uncertain
    ]
    for root in sorted({build.context for build in builds if build.context is not None}):
        yield subject.repository.context(root, subject.path)


def _unwanted(context: BuildContext) -> list[str]:
    what = []
    if context.sends_git:
        what.append("`.git`")
    secrets = sorted(
        context.inside(entry.path) for entry in context.sent if holds_secret(context.tree, entry.path)
    )
    if secrets:
        more = f" and {len(secrets) - 2} more" if len(secrets) > 2 else ""
        what.append(
            f"files that hold secrets by their name ({', '.join(f'`{path}`' for path in secrets[:2])}{more})"
        )
    if any("/node_modules/" in f"/{context.inside(entry.path)}" for entry in context.sent):
        what.append("`node_modules`")
    return what


RULE = Rule(
    id="whole-context-copied",
    summary="`COPY . .` takes version control, secrets or packages into the image",
    category=Category.SECURITY,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "Dockerfile": "FROM python:3.12-slim\nCOPY . /app\n",
                "app.py": "",
                "compose.yaml": "services:\n  web:\n    build: .\n",
            },
            at="COPY . /app",
            says="with `.git`",
        ),
        Bad(
            {
                "Dockerfile": "FROM python:3.12-slim\nCOPY . /app\n",
                "app.py": "",
                ".env": "TOKEN=x\n",
                ".dockerignore": ".git\n",
                "compose.yaml": "services:\n  web:\n    build: .\n",
            },
            at="COPY . /app",
            says="`.env`",
        ),
        Good(
            {
                "Dockerfile": "FROM python:3.12-slim\nCOPY . /app\n",
                "app.py": "",
                ".env": "TOKEN=x\n",
                ".env.example": "TOKEN=\n",
                ".env.local": "TOKEN=x\n",
                ".dockerignore": ".git\n.env\n.env.local\n",
                "compose.yaml": "services:\n  web:\n    build: .\n",
                "site/Dockerfile": "FROM nginx:1.27\nCOPY . /usr/share/nginx/html\n",
                "site/compose.yaml": "services:\n  site:\n    build: .\n",
            },
            why="the ignore file keeps both out; a context below the root has no `.git`",
        ),
        Good(
            {
                "web/Dockerfile": "FROM node:22-slim\nCOPY . /app\n",
                "web/.env": "VITE_PORT=8080\n",
                "compose.yaml": "services:\n  web:\n    build: ./web\n",
            },
            why="an `.env` with a port number in it is no secret",
        ),
    ),
)
