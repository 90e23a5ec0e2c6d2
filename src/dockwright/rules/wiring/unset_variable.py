"""A compose file uses a variable that nothing sets.

Without a value compose puts an empty text in its place, with a warning that is easily overlooked: `image: app:` cannot be
parsed, `ports: [":80"]` publishes on a random port, a password is empty. Where the variable is only handed on to a
container, it arrives empty there instead of being absent, which many programs take for a value.

Fix: give it a default (`${NAME:-value}`), or insist on it (`${NAME:?what it is for}`), and put it into the example env
file.

Looked for in the `.env` beside the file and every other env file of the repository, in what commands, scripts, Makefiles
and workflows set or export, and in the README. Not reported: variables with a default, those that must be given (`:?`
says so itself), those of every login shell, and those an example env file documents. One finding per file for variables that shape
the project (images, ports, volumes …), and one for those that are only handed on.
"""

import re
from collections.abc import Iterator

from dockwright.compose.dotenv import parse
from dockwright.compose.model import VariableUse
from dockwright.figures import Basis, Figure
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ComposeSubject, compose_subjects

SHELL = frozenset(
    [
        "HOME",
        "USER",
        "USERNAME",
        "LOGNAME",
        "PWD",
        "OLDPWD",
        "PATH",
        "SHELL",
        "LANG",
        "TERM",
        "TMPDIR",
        "TEMP",
        "TMP",
        "DISPLAY",
        "XAUTHORITY",
        "WAYLAND_DISPLAY",
        "XDG_RUNTIME_DIR",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_CACHE_HOME",
        "SSH_AUTH_SOCK",
        "SUDO_USER",
        "SUDO_UID",
        "SUDO_GID",
        "USERPROFILE",
        "APPDATA",
        "LOCALAPPDATA",
        "ProgramData",
        "DOCKER_HOST",
        "DOCKER_CERT_PATH",
        "DBUS_SESSION_BUS_ADDRESS",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "NO_PROXY",
        "http_proxy",
        "https_proxy",
        "no_proxy",
        "CI",
        "TZ",
        "EDITOR",
    ]
)
PREFIXES = ("COMPOSE_", "GITHUB_", "CI_", "BUILDKITE", "RUNNER_", "VSCODE_", "AWS_", "PODMAN_", "DOCKER_")
_SET = re.compile(
    rb"(?:^|[\s\"'`;({,&|-])(?:export\s+|set\s+|\$env:|ENV\s+|-e\s+)?([A-Za-z_][A-Za-z0-9_]{0,80})[ \t]*(?:\?|\+|:)?[=:]",
    re.MULTILINE,
)
LARGEST = 2 << 20
SHOWN = 8
RUNNERS = frozenset(("makefile", "gnumakefile", "justfile", "taskfile.yml", "mise.toml", ".mise.toml"))
STRUCTURE = frozenset(
    ("image", "ports", "volumes", "build", "env_file", "networks", "container_name", "deploy", "user")
)


def check(subject: ComposeSubject) -> Iterator[Finding]:
    uses = _wanted(subject)
    if not uses:
        return
    known = subject.repository.memo("unset_variable.set", lambda: _set_somewhere(subject.repository))
    shaping: dict[str, VariableUse] = {}
    handed_on: dict[str, VariableUse] = {}
    for name, found in uses.items():
        if name not in known:
            shapes = next((use for use in found if _key(use) in STRUCTURE), None)
            (handed_on if shapes is None else shaping)[name] = shapes or found[0]
    if shaping:
        yield _finding(subject, shaping, RULE.severity)
    if handed_on:
        yield _finding(subject, handed_on, Severity.LOW)


def _finding(subject: ComposeSubject, uses: dict[str, VariableUse], severity: Severity) -> Finding:
    first = next(iter(uses.values()))
    names = ", ".join(f"`{name}`" for name in list(uses)[:SHOWN])
    more = f" and {len(uses) - SHOWN} more" if len(uses) > SHOWN else ""
    keys = ", ".join(f"`{key}`" for key in dict.fromkeys(_key(use) for use in uses.values()))
    single = len(uses) == 1
    route = first.node.route
    return RULE.finding(
        subject.at(first.span, first.node.path),
        f"{names}{more} {'is' if single else 'are'} set nowhere, so {keys} {'gets' if ',' not in keys else 'get'} an empty text",
        related=[subject.related(use.span, f"`{name}`") for name, use in list(uses.items())[1:SHOWN]],
        figures=[
            Figure(
                "variables", len(uses), "variables", Basis.DERIVED, "variables of the file that nothing sets"
            )
        ],
        severity=severity,
        environment=subject.item.environment,
        service=str(route[1]) if single and len(route) > 1 and route[0] == "services" else "",
    )


def _key(use: VariableUse) -> str:
    """The key of the service (or the last one) the use stands under."""
    route = use.node.route
    if len(route) > 2 and route[0] == "services":
        return str(route[2])
    return str(route[-1]) if route else ""


def _wanted(subject: ComposeSubject) -> dict[str, list[VariableUse]]:
    """The variables a file uses without a default, by name."""
    uses: dict[str, list[VariableUse]] = {}
    required = {use.name for use in subject.file.uses if "?" in use.operator}
    for use in subject.file.uses:
        if (
            use.name not in required
            and use.operator == ""
            and not use.nested
            and use.name not in SHELL
            and not use.name.startswith(PREFIXES)
        ):
            uses.setdefault(use.name, []).append(use)
    return uses


def _set_somewhere(repository: Repository) -> frozenset[str]:
    """Of the names that compose files use without default: those some script, workflow, env file or README sets."""
    waiting = {name.encode() for subject in compose_subjects(repository) for name in _wanted(subject)}
    found: set[bytes] = set()
    for item in (*repository.scripts, *repository.workflows, *repository.others):
        _collect(item.source.data, waiting, found)
    for entry in repository.tree.entries():
        if entry.size > LARGEST or entry.is_link or not _may_set(entry.path):
            continue
        data = repository.source_data(entry.path)
        _collect(data, waiting, found)
        if ".env" in entry.path or entry.path.endswith("env"):
            found.update(one.name.encode() for one in parse(data, entry.path).assignments)
    return frozenset(name.decode() for name in found)


def _may_set(path: str) -> bool:
    """True for env files, shell scripts (one may write the env file), Makefiles and READMEs by their name."""
    name = path.rpartition("/")[2].lower()
    if name.startswith("readme") or name in RUNNERS or name.endswith(".sh"):
        return True
    env = ".env" in name or name.startswith("env") or name.endswith(("env", ".envrc"))
    return env and not name.endswith((".py", ".js", ".ts", ".tsx", ".go"))


def _collect(data: bytes, waiting: set[bytes], found: set[bytes]) -> None:
    """Move the names that `data` sets from `waiting` to `found`."""
    present = [name for name in waiting if name in data]
    if present:
        given = set(_SET.findall(data[:LARGEST])).intersection(present)
        waiting -= given
        found |= given


RULE = Rule(
    id="unset-variable",
    summary="a compose file uses a variable that nothing sets",
    category=Category.BROKEN,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  web:\n    image: shop:${SHOP_TAG}\n    environment:\n      TAG: $SHOP_TAG\n",
                ".env": "OTHER=1\n",
            },
            at="image: shop:${SHOP_TAG}",
            says="`SHOP_TAG` is set nowhere, so `image` gets an empty text",
        ),
        Good(
            {
                "compose.yaml": "services:\n  web:\n    image: shop:${A}-${B}-${C:-1}-${D:?give one}\n"
                "    volumes: ['${HOME}/.aws:/root/.aws:ro']\n    environment: {E: $E, F: '${F}'}\n",
                ".env": "A=1\n",
                ".env.example": "E=\n",
                "Makefile": "export B ?= 2\nup:\n\tF=3 docker compose up -d\n",
            },
            why="each is set or documented somewhere, has a default, or says itself that it is needed",
        ),
    ),
)
