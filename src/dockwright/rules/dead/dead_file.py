"""A Docker file that nothing in the repository uses.

No compose file, bake file, workflow, Makefile, script or test builds, runs, extends or calls it; at most a list of
names or a page of documentation mentions it. Dead files cost twice: people read them to learn how the image is made,
and mend them when the base image has a hole.

Fix: ask whether anybody uses it by hand; where somebody does, write down how, else remove it.

What documentation names is a note with low confidence, a question: people may follow the page. So has low confidence
what is made to be copied or loaded by hand: overrides, fragments, examples, files of tests, files beside a README.

What is called from outside (another repository, a platform that is told the path in its own settings) cannot be seen
from here: confidence is medium for a file at a default name (`Dockerfile`, `compose.yaml`), which tools find by
themselves, and the finding says what does mention it. Removing it is safe in so far as git keeps it.

Not reported: backups, vendored and git-ignored copies (they are listed apart), templates, and images that another
Dockerfile of the repository builds on.
"""

import re
from collections.abc import Iterator, Sequence
from posixpath import basename, dirname

from dockwright.repository.model import ComposeItem, DockerfileItem, Item, Standing, Status, Strength
from dockwright.repository.repository import Repository
from dockwright.rules._shared.by_hand import by_hand, documented
from dockwright.rules.finding import Category, Confidence, Finding, Location, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import at

LARGEST = 200_000
CODE = (".py", ".go", ".js", ".ts", ".mjs", ".rb", ".rs", ".java", ".kt", ".ps1", ".bats", ".exs", ".php")
"""Programs that name a file of their own folder read it."""
KINDS = {DockerfileItem: "Dockerfile", ComposeItem: "compose file"}
DEFAULT_NAMES = frozenset(
    (
        "dockerfile",
        "containerfile",
        "compose.yaml",
        "compose.yml",
        "docker-compose.yaml",
        "docker-compose.yml",
    )
)


def check(repository: Repository) -> Iterator[Finding]:
    for item in (*repository.dockerfiles, *repository.composes):
        if item.standing is not Standing.OWN or item.status not in (Status.DEAD, Status.DOCS):
            continue
        if isinstance(item, DockerfileItem) and (item.tree.template or item.inline):
            continue
        if isinstance(item, ComposeItem) and not item.file.services and not item.file.problems:
            continue
        beside = [] if item.used_by else _beside(repository, item)
        if any(not _is_readme(path) for path in beside):
            continue
        yield _finding(repository, item, beside)


def _beside(repository: Repository, item: Item) -> list[str]:
    """READMEs and scripts in the folders above and below that name the file, a script also by its name without ending
    (`$(with low-memory)` may be `ci/memory/low-memory.yaml`); code in the same folder; for a file at a default name the
    READMEs that link its folder, and code above that names it.
    """
    name = basename(item.path)
    folder = dirname(item.path)
    default = name.lower() in DEFAULT_NAMES
    stem = name.rpartition(".")[0] if isinstance(item, ComposeItem) else name
    parts = folder.split("/")
    if default and len(parts) < 2:
        return []
    found: list[str] = []
    for entry, there in _texts(repository):
        near = (
            folder == there or folder.startswith(f"{there}/") or there.startswith(f"{folder}/") or not there
        )
        if not near or entry == item.path or (default and not (_is_readme(entry) or entry.endswith(CODE))):
            continue
        if entry.endswith(CODE) and not (
            there == folder or (default and there and folder.startswith(f"{there}/"))
        ):
            continue
        wanted = stem if entry.endswith(".sh") and there == folder else name
        words = _folders(parts, there if entry.endswith(CODE) else "") if default else (wanted,)
        if any(_word(one).search(repository.tree.read(entry)) for one in words):
            found.append(entry)
    return found


def _folders(parts: Sequence[str], at: str) -> tuple[str, ...]:
    """How a page links a folder or the one above it (by its last two parts), and how code names one below its own."""
    if at:
        below = parts[at.count("/") + 1 :]
        return ("/".join(below),) if len(below) > 1 else ()
    return tuple("/".join(some) for some in (parts[-2:], parts[-3:-1]) if len(some) == 2)


def _word(text: str) -> re.Pattern[bytes]:
    return re.compile(rb"(?<![\w.-])" + re.escape(text.encode("utf-8", "surrogateescape")) + rb"(?![\w-])")


def _is_readme(path: str) -> bool:
    return basename(path).lower().startswith("readme")


def _texts(repository: Repository) -> list[tuple[str, str]]:
    """READMEs and scripts, and the folders they lie in."""
    return repository.memo(
        "readmes_and_scripts",
        lambda: [
            (entry.path, entry.path.rpartition("/")[0])
            for entry in repository.tree.entries()
            if not entry.is_link
            and entry.size < LARGEST
            and (entry.path.endswith((".sh", *CODE)) or _is_readme(entry.path))
        ],
    )


def _finding(repository: Repository, item: Item, beside: Sequence[str]) -> Finding:
    kind = KINDS[type(item)]
    default = basename(item.path).lower() in DEFAULT_NAMES
    reason = by_hand(repository, item)
    told = documented(item)
    users = [one.place.path for one in item.used_by if one.strength >= Strength.TEST]
    if told:
        message = f"only documentation names this {kind} ({told}): does anybody still use it?"
    elif users:
        message = f"used only by `{users[0]}`, which nothing uses itself"
    elif item.used_by:
        message = f"nothing uses this {kind}, it is only mentioned ({item.used_by[0].place.path})"
    elif beside:
        message = f"nothing uses this {kind}, it is only mentioned ({beside[0]})"
    else:
        message = f"nothing in the repository names this {kind}"
    evidence = [f"last changed {item.last_change}"] if item.last_change else []
    evidence += [reason] if reason and not told else []
    return RULE.finding(
        Location.file(item.path),
        message,
        severity=Severity.NOTE if told else Severity.LOW,
        confidence=Confidence.LOW if default or reason else RULE.confidence,
        related=[
            Related(
                at(reference.place), "used here" if reference.strength >= Strength.TEST else "mentioned here"
            )
            for reference in item.used_by[:5]
        ],
        evidence=evidence,
        service=item.service,
        environment=item.environment,
    )


RULE = Rule(
    id="dead-file",
    summary="a Docker file that nothing in the repository uses",
    category=Category.DEAD,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    build: .\n",
                "Makefile": "up:\n\tdocker compose up -d\n",
                "Dockerfile": "FROM scratch\nCOPY a /\n",
                "Dockerfile.fast": "FROM scratch\nCOPY a /\n",
                "a": "",
            },
            at="Dockerfile.fast",
            says="nothing in the repository names this Dockerfile",
        ),
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    build: .\n",
                "Makefile": "up:\n\tdocker compose up -d\n",
                "Dockerfile": "FROM scratch\nCOPY a /\n",
                "docker/api.old.Dockerfile": "FROM scratch\nCOPY a /\n",
                "docs/images.md": "There is also `docker/api.old.Dockerfile`.\n",
                "a": "",
            },
            at="docker/api.old.Dockerfile",
            says="only documentation names this Dockerfile (docs/images.md:1)",
        ),
        Good(
            {
                "pkg/load_test.go": 'package pkg\n\nfunc TestLoad() { os.ReadFile("full-example.yml") }\n',
                "pkg/full-example.yml": "services:\n  web:\n    image: nginx:1.27\n",
            },
            why="code in the same folder reads it",
        ),
        Good(
            {
                "ci/test.sh": "#!/bin/sh\ncompose $(with low-memory) up --wait\n",
                "ci/low-memory.yaml": "services:\n  web:\n    image: nginx:1.27\n    mem_limit: 64m\n",
            },
            why="the script beside it puts the name together",
        ),
        Good(
            {
                "build.sh": "#!/bin/sh\ndocker build -f docker/base.Dockerfile -t base .\ndocker build -f docker/api.Dockerfile .\n",
                "docker/base.Dockerfile": "FROM scratch\nCOPY a /\n",
                "docker/api.Dockerfile": "FROM base\nCOPY a /\n",
                "a": "",
            },
            why="a script builds both",
        ),
    ),
)
