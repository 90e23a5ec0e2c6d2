"""`COPY . .` takes more than the program: version control, secrets, or files nobody needs in the image.

Without an ignore file that says otherwise, the whole context goes into the image: `.git` with every secret that was ever
committed, `.env` files and private keys, tests, and whatever lies about. It also makes the step's cache key depend on all
of it, so a change to a document rebuilds the image.

What is sent is worked out from the tree and the ignore file exactly as BuildKit does it, and counted; nothing is guessed
from the ignore file's wording.
"""

import re
from collections.abc import Iterator
from posixpath import basename

from dockwright.dockerfile.instructions.types import Copy
from dockwright.figures import Basis, Figure
from dockwright.repository.model import Build
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import StageSubject
from dockwright.trees.context import BuildContext
from dockwright.trees.tree import Tree

WHOLE = frozenset((".", "./", "/"))
SECRET = re.compile(
    r"(^|/)(\.env(\.(?!example|sample|template|dist|test)[\w.]+)?|id_(rsa|dsa|ecdsa|ed25519)|[\w.-]+\.(p12|pfx|kdbx)|\.netrc|\.npmrc|\.pypirc|"
    r"credentials\.json|service[-_]account[\w-]*\.json|\.aws/credentials|\.docker/config\.json)$"
)
SETTINGS = frozenset((".npmrc", ".pypirc", ".netrc", "config.json"))
"""Files that hold secrets only sometimes: their content decides."""
TOKEN = re.compile(
    rb"(?i)_authToken\s*=\s*[^$\s{]|_auth\s*=\s*[^$\s{]|password\s*[=: ]\s*[^$\s{]|\"auth\"\s*:\s*\"\w"
)
KEY_FILE = re.compile(r"(^|/)[\w.-]*(private|secret|server|priv)[\w.-]*\.(pem|key)$")


def check(subject: StageSubject) -> Iterator[Finding]:
    copies = [
        command
        for command in subject.stage.instructions
        if isinstance(command, Copy)
        and command.from_ is None
        and any(word.value in WHOLE for word in command.sources)
    ]
    if not copies:
        return
    for context in _contexts(subject):
        what = _unwanted(context)
        if what:
            ignore = (
                f"`{context.ignore_file.path}` lets them through"
                if context.ignore_file
                else "there is no ignore file"
            )
            yield RULE.finding(
                subject.at(copies[0].node.line_span, f"stage {subject.stage.label}"),
                f"copies the whole context, with {' and '.join(what)}",
                evidence=[ignore],
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
                severity=RULE.severity if any("secret" in part for part in what) else Severity.MEDIUM,
                service=subject.service,
            )
            return


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
        context.inside(entry.path) for entry in context.sent if _secret(context.tree, entry.path)
    )
    if secrets:
        more = f" and {len(secrets) - 2} more" if len(secrets) > 2 else ""
        what.append(
            f"files that hold secrets by their name ({', '.join(f'`{path}`' for path in secrets[:2])}{more})"
        )
    if any("/node_modules/" in f"/{context.inside(entry.path)}" for entry in context.sent):
        what.append("`node_modules`")
    return what


def _secret(tree: Tree, path: str) -> bool:
    name = basename(path)
    if name in SETTINGS:
        try:
            return bool(TOKEN.search(tree.read(path)))
        except (KeyError, OSError):
            return False
    return (
        bool(SECRET.search(path) or KEY_FILE.search(path))
        and "example" not in name
        and "test" not in path.lower()
    )


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
                ".dockerignore": ".git\n.env\n",
                "compose.yaml": "services:\n  web:\n    build: .\n",
                "site/Dockerfile": "FROM nginx:1.27\nCOPY . /usr/share/nginx/html\n",
                "site/compose.yaml": "services:\n  site:\n    build: .\n",
            },
            why="the ignore file keeps both out; a context below the root has no `.git`",
        ),
    ),
)
