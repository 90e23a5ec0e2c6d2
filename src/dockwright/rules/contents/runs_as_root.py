"""The image's program runs as root.

No USER stands in the final stage (or it says root), so a fault in the program gives an intruder root in the container
and, with a mounted directory or socket, on the host. Create a user and switch to it after the last step that needs
root.

Only stages that ship are judged. High confidence when the base image is known to run as root by default; where the
base is not known to us, it may set a user of its own, and the finding says so by low confidence. Medium for development
containers, in which the editor sets a user, and where the start script is not in the repository. Not reported: stages on `scratch` that start nothing (they are exported, not run). Nor when
every compose service that builds the image sets `user:`, nor for images whose start script drops privileges
(`gosu`, `su-exec`, `setpriv`, `runuser`), nor for
stages named after a check or generator (`lint`, `validate`, `vendor`).
"""

from collections.abc import Iterator, Sequence

from dockwright.dockerfile.instructions.types import Copy, User
from dockwright.dockerfile.stages import SourceKind
from dockwright.knowledge.images import base_image
from dockwright.lazy import lazy_regex
from dockwright.repository.model import Build, Status
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import StageSubject

TOOL = lazy_regex(
    r"(?i)(^|[-_.])(lint|validate|check|fmt|format|vendor|vendored|generate|generated|gen|update|outdated|docs)([-_.]|$)"
)
"""Names of stages that check or make files of the repository: nothing is deployed from them."""
_WINDOWS = lazy_regex(r"(?i)windows|nanoserver|servercore")
SCRIPT = lazy_regex(r"\.(?:sh|bash)$|entrypoint[\w.-]*$|/(?:start|run|init)[\w.-]*$")
GIVES_UP = lazy_regex(
    rb"(?m)\bcapsh[ \t]{1,9}--user|^[ \t]{0,40}exec[ \t][^\n]{0,200}\b(?:gosu|su-exec|setpriv|runuser|setuidgid|chroot|su)\b"
    rb"|\b(?:gosu|su-exec|setpriv|runuser|setuidgid)\b[^\n]{0,200}\$@"
)
"""A start script hands the program over to another user; a single command as another (`runuser -u x -- migrate`) is none."""
MAX_SCRIPT = 200_000
MAX_PATH = 4096
DROPPERS = (b"gosu", b"su-exec", b"setpriv", b"runuser", b"setuidgid", b"s6-")
ROOT = frozenset(("root", "0", "root:root", "0:0", ""))


def check(subject: StageSubject) -> Iterator[Finding]:
    if not subject.kept or TOOL.search(subject.stage.name):
        return
    builds = subject.item.builds  # for one file alone they are not known, and the rule ends here
    config = subject.stage.config
    user = config.user
    if user is not None and (user.value not in ROOT or _unknown(user.command)):
        return
    if any(word in subject.source.data for word in DROPPERS):
        return
    names = _start_scripts(subject)
    scripts = _texts(subject, names) if names else []
    if any(GIVES_UP.search(data) for data in scripts):
        return
    if _user_set_by_callers(subject, builds):
        return
    if subject.stage.root.kind is SourceKind.SCRATCH and config.cmd is None and config.entrypoint is None:
        return  # files to be exported: nothing runs
    if _WINDOWS.search(subject.stage.root.name):
        return  # its users are others, root is none of them
    confidence = _confidence(subject, explicit=user is not None and user.command is not None)
    if confidence is None:
        return
    if names and not scripts:
        confidence = min(confidence, Confidence.MEDIUM)  # a script that is not seen may give up root
    span = user.command.span if user is not None and user.command is not None else subject.stage.from_.span
    explicit = user is not None and user.command is not None
    yield RULE.finding(
        subject.at(span, f"stage {subject.stage.label}"),
        "the final USER is root" if explicit else "the final image has no USER and runs as root",
        severity=Severity.MEDIUM if subject.item.status is Status.LIVE else Severity.LOW,
        confidence=confidence,
        service=subject.service,
        environment=subject.item.environment,
    )


def _start_scripts(subject: StageSubject) -> frozenset[str]:
    """Names of the scripts that the image starts with."""
    config = subject.stage.config
    words = [word for one in (config.entrypoint, config.cmd) if one is not None for word in one.value[:3]]
    names = {word.rpartition("/")[2] for word in words if _is_script(word)}
    renamed = {
        command.sources[0].value.rpartition("/")[2]
        for command in subject.stage.commands
        if isinstance(command, Copy) and command.from_ is None and len(command.sources) == 1
        if command.destination.value.rpartition("/")[2] in names
    }
    return frozenset(names | renamed)


def _is_script(word: str) -> bool:
    return len(word) <= MAX_PATH and SCRIPT.search(word) is not None


def _texts(subject: StageSubject, names: frozenset[str]) -> list[bytes]:
    """The scripts of these names in the folder of the Dockerfile or in a context it is built with."""
    repository = subject.repository
    known = repository.memo("start_scripts", lambda: _by_name(repository))
    folders = {subject.path.rpartition("/")[0], *(build.context or "" for build in subject.item.builds)}
    heads = tuple(f"{folder}/" if folder else "" for folder in folders)
    return [
        repository.source_data(path)
        for name in names
        for path in known.get(name, ())
        if path.startswith(heads)
    ]


def _by_name(repository: Repository) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry in repository.tree.entries():
        name = entry.path.rpartition("/")[2]
        if _is_script(name) and not entry.is_link and entry.size < MAX_SCRIPT:
            found.setdefault(name, []).append(entry.path)
    return found


def _unknown(command: object) -> bool:
    """True for `USER ${UID}`: an empty value here comes from a base image that is not looked into."""
    return isinstance(command, User) and "$" in command.user.value


def _confidence(subject: StageSubject, *, explicit: bool) -> Confidence | None:
    """None when the base image is known to switch to a user of its own."""
    if explicit:
        return Confidence.HIGH
    if ".devcontainer/" in f"/{subject.path}":
        return Confidence.MEDIUM
    root = subject.stage.root
    if root.kind is SourceKind.SCRATCH:
        return Confidence.HIGH
    if root.kind is not SourceKind.IMAGE or root.image is None:
        return Confidence.LOW
    known = base_image(root.image.familiar_name, root.image.tag or "")
    if known is None or known.user is None:
        return Confidence.LOW
    return Confidence.HIGH if known.user in ROOT else None


def _user_set_by_callers(subject: StageSubject, builds: Sequence[Build]) -> bool:
    """True when all compose services that build this file set a user that is not root."""
    services = []
    last = subject.dockerfile.tree.stages[-1]
    for build in builds:
        if (build.target.lower() or last.name) != subject.stage.name:
            continue
        compose = subject.repository.compose(build.owner)
        service = compose.file.services.get(build.service) if compose else None
        if service is None:
            return False
        services.append(service)
    return bool(services) and all(
        service.user is not None and service.user.raw not in ROOT for service in services
    )


RULE = Rule(
    id="runs-as-root",
    summary="the image's program runs as root",
    category=Category.SECURITY,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    check=check,
    same_as=("hadolint:DL3002", "trivy:DS-0002", "checkov:CKV_DOCKER_3"),
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    build: .\n",
                "Dockerfile": 'FROM python:3.12-slim\nCOPY a.py /\nCMD ["python", "/a.py"]\n',
                "a.py": "",
            },
            at="FROM python:3.12-slim",
            says="has no USER",
        ),
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    build: .\n",
                "Dockerfile": "FROM example.com/base:1\nUSER app\nRUN true\nUSER root\n",
            },
            at="USER root",
            says="the final USER is root",
        ),
        Good(
            {
                "compose.yaml": "services:\n  api:\n    build: .\n  job:\n    build:\n      context: .\n      target: build\n    user: '1000'\n",
                "Dockerfile": "FROM python:3.12-slim AS build\nRUN true\nFROM build\nUSER app\n",
            },
            why="what ships has a user: its own, or the one compose gives it",
        ),
        Good(
            {
                "compose.yaml": "services:\n  api:\n    build: .\n",
                "Dockerfile": 'FROM python:3.12-slim\nRUN apt-get update && apt-get install -y gosu\nENTRYPOINT ["gosu", "app", "serve"]\n',
            },
            why="the start command drops privileges itself",
        ),
        Good(
            {
                "compose.yaml": "services:\n  api:\n    build: .\n",
                "Dockerfile": 'ARG VERSION=1\nFROM example/base:${VERSION}\nUSER ${APP_UID}\nCMD ["serve"]\n',
            },
            why="the base image sets the variable",
        ),
    ),
)
