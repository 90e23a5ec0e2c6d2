"""A bind mount, secret or config takes its content from a path that does not exist.

With the short form the engine makes an empty *directory*, owned by root, where the source is missing: a configuration
file becomes a directory and the program does not start, or starts with its defaults; a folder of dashboards or
migrations is silently empty. Secrets, configs and `create_host_path: false` stop compose instead.

Fix: correct the path, add the file, or remove the mount. An empty directory that an engine made in its place may have
to be removed first.

Reported are sources inside the repository that look like content of it: files by their name, and read-only mounts, which
make no sense on an empty directory. Not reported: places for data that a run makes (`./data`, `./logs`, certificates,
sockets), paths that git ignores (lower severity, when they look like a file), paths of which a part is a variable
without default, and what lies outside the repository. Medium confidence where a comment of the file speaks of the path, or a script
of a file of that name. One finding per source and file.
"""

import posixpath
import re
from collections.abc import Iterator

from dockwright.compose.model import Service, Volume
from dockwright.repository.ignored import ignored_by_git
from dockwright.repository.model import Reference, Standing
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Category, Confidence, Finding, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import at

_MADE_AT_RUN = re.compile(
    r"(?:^|[/._-])(?:data|datas|database|db[-_]?data|pgdata|mysql[-_]?data|logs?|tmp|temp|cache|caches|uploads?|media|storage"
    r"|volumes?|backups?|dumps?|certs?|certificates?|ssl|tls|letsencrypt|certbot|keys|secrets?|acme|node_modules|dist|build|target"
    r"|out|output|outputs|results?|reports?|coverage|artifacts?|models?|downloads?|run|sockets?|state|persist(?:ent|ence)?"
    r"|workspace|home|letsencrypt|localstack|minio|vendor|wheels?|\.venv|venv|\.aws|\.ssh|\.kube|\.cache|\.config|\.git"
    r"|[\w-]{1,60}[-_](?:data|logs?|storage)|data[-_][\w-]{1,100})(?:/|$)",
    re.IGNORECASE,
)
_MADE_FILE = re.compile(
    r"\.(?:log|pid|sock|db|sqlite3?|rdb|aof|dump|bak|key|pem|crt|cer|csr|p12|pfx|jks|keystore|htpasswd|passwd|gz|tgz|tar|zip"
    r"|gguf|bin|onnx|pt|h5|csv|parquet|out|lock|jar|war|whl|deb|so|exe|wasm)$|(?:^|/)(?:acme\.json|\.env[\w.]*|\.?htpasswd|\.bash_history)$",
    re.IGNORECASE,
)
_FILE = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,9}$")
KINDS = {"bind": "mounts", "secret": "secret is read from", "config": "config is read from"}


def check(repository: Repository) -> Iterator[Finding]:
    missing: dict[tuple[str, str], list[Reference]] = {}
    for reference in repository.references:
        if (
            reference.target is None
            and reference.expects in KINDS
            and not reference.uncertain
            and reference.resolved
        ):
            missing.setdefault((reference.place.path, reference.resolved), []).append(reference)
    for (path, source), references in missing.items():
        item = repository.compose(path)
        if item is not None and item.standing is Standing.OWN:
            yield from _judge(repository, source, references, item.environment)


def _judge(
    repository: Repository, source: str, references: list[Reference], environment: str
) -> Iterator[Finding]:
    first = references[0]
    item = repository.compose(first.place.path)
    assert item is not None, "only references of compose files are looked at"
    service, volume = _mount(list(item.file.services.values()), first)
    strict = first.expects != "bind" or (volume is not None and volume.create_host_path is False)
    read_only = volume is not None and bool(volume.read_only)
    looks_file = _FILE.search(posixpath.basename(source)) is not None and not source.endswith(".d")
    if _MADE_FILE.search(source) or (not looks_file and _MADE_AT_RUN.search(source)):
        if not strict or first.expects == "secret":
            return
    elif looks_file and _MADE_AT_RUN.search(posixpath.dirname(source) + "/"):
        return
    if not (looks_file or read_only or strict):
        return
    elsewhere = _elsewhere(repository, first)
    if elsewhere and item.fragment:
        return  # a piece is loaded with a base, and its paths are seen from there
    ignored = ignored_by_git(repository, source)
    if ignored and not looks_file:
        return
    example = _example(repository, source)
    outcome = "compose refuses it" if strict else "the engine makes an empty directory there"
    yield RULE.finding(
        at(first.place, f"services.{service.name}.volumes" if service else ""),
        f"{KINDS[first.expects]} `{source}`, which does not exist: {outcome}",
        related=[Related(at(other.place), "mounted here too") for other in references[1:6]],
        severity=Severity.LOW if ignored or example else RULE.severity,
        confidence=Confidence.MEDIUM
        if elsewhere or _told(item.source.data, first) or _brought(repository, source)
        else _confidence(repository, source, sure=looks_file or strict or read_only, ignored=ignored),
        evidence=["git ignores the path: everybody is to make it"]
        if ignored
        else [f"`{example}` is there to be copied"]
        if example
        else [f"`{elsewhere}` is there: another project directory may be meant"]
        if elsewhere
        else _parent_words(repository, source),
        service=service.name if service is not None else "",
        environment=environment,
    )


def _elsewhere(repository: Repository, reference: Reference) -> str:
    """What the path means from a folder above the file: compose takes it from the project directory."""
    folder = posixpath.dirname(reference.place.path)
    while folder:
        folder = posixpath.dirname(folder)
        path = posixpath.normpath(posixpath.join(folder, reference.named))
        if not path.startswith("..") and (repository.tree.is_file(path) or repository.tree.is_dir(path)):
            return path
    return ""


def _confidence(repository: Repository, source: str, *, sure: bool, ignored: bool) -> Confidence:
    if ignored or not (sure or repository.tree.is_dir(posixpath.dirname(source))):
        return Confidence.MEDIUM
    return RULE.confidence


def _told(data: bytes, reference: Reference) -> bool:
    """True when a comment of the file speaks of the path: it tells people to make it before they start."""
    name = posixpath.basename(reference.named.rstrip("/")).encode("utf-8", "surrogateescape")
    return len(name) > 2 and any(
        name in line[line.find(b"#") :] for line in data.split(b"\n") if b"#" in line
    )


def _brought(repository: Repository, source: str) -> bool:
    """True when a script speaks of a file of that name: an installer may put it beside the compose file."""
    name = posixpath.basename(source).encode("utf-8", "surrogateescape")
    return any(name in item.source.data for item in repository.scripts)


def _mount(services: list[Service], reference: Reference) -> tuple[Service | None, Volume | None]:
    """The service and volume a reference comes from."""
    for service in services:
        for volume in service.volumes:
            if volume.source is not None and volume.source.span == reference.place.span:
                return service, volume
    return None, None


def _parent_words(repository: Repository, source: str) -> list[str]:
    folder = posixpath.dirname(source)
    if repository.tree.is_dir(folder):
        return [f"`{folder or '.'}/` exists without it"]
    return []


def _example(repository: Repository, source: str) -> str:
    """The example beside a path that everybody is to copy to it."""
    return next(
        (f"{source}{ending}" for ending in _EXAMPLES if repository.tree.is_file(f"{source}{ending}")), ""
    )


_EXAMPLES = (".example", ".sample", ".dist", ".template", ".tmpl")


RULE = Rule(
    id="missing-bind-source",
    summary="a bind mount, secret or config takes its content from a path that does not exist",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    volumes:\n"
                "      - ./nginx/site.conf:/etc/nginx/conf.d/default.conf\n",
                "nginx/nginx.conf": "",
            },
            at="./nginx/site.conf",
            says="mounts `nginx/site.conf`, which does not exist: the engine makes an empty directory there",
        ),
        Bad(
            {
                "compose.yaml": "services:\n  grafana:\n    image: grafana/grafana:11\n    volumes:\n"
                "      - ./monitoring/dashboards:/etc/grafana/provisioning/dashboards:ro\n",
                "monitoring/prometheus.yml": "",
            },
            at="./monitoring/dashboards",
            says="mounts `monitoring/dashboards`",
        ),
        Good(
            {
                "compose.yaml": "services:\n  db:\n    image: postgres:16\n    volumes:\n"
                "      - ./data/pg:/var/lib/postgresql/data\n      - ./certs/server.key:/server.key:ro\n"
                "      - /etc/localtime:/etc/localtime:ro\n      - ~/.aws:/root/.aws:ro\n      - ${CONF}/a.conf:/a.conf\n"
                "      - ./sql:/docker-entrypoint-initdb.d:ro\n",
                "sql/init.sql": "",
            },
            why="places for data and keys, paths of the host, and what is there",
        ),
    ),
)
