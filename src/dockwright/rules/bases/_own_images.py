"""Which images the repository builds itself."""

import re

from dockwright.dockerfile.image_reference import DEFAULT_REGISTRY, ImageReference, parse_reference
from dockwright.repository.repository import Repository


def own_image(repository: Repository, image: ImageReference) -> bool:
    """True when some build of the repository makes an image of that name."""
    if image.name in repository.memo("own_images", lambda: _own(repository)):
        return True
    if image.repository.rpartition("/")[2] in repository.memo(
        "own_last_parts", lambda: _last_parts(repository)
    ):
        return True
    built = repository.memo("built_services", lambda: _built_services(repository))
    return image.tag is None and any(image.repository.endswith((f"-{name}", f"_{name}")) for name in built)


def perhaps_own(repository: Repository, image: ImageReference) -> bool:
    """True when the name is that of the repository, or of one of its parts that a build tool may make an image of."""
    if image.registry == DEFAULT_REGISTRY and "/" not in image.familiar_name:
        return False  # one of Docker Hub's official images
    name = image.repository.rpartition("/")[2].lower()
    words = repository.memo("own_words", lambda: _own_words(repository))
    return name in words or any(
        len(word) > 3 and name.startswith(f"{word}-") for word in words if word in name
    )


def _own_words(repository: Repository) -> frozenset[str]:
    """Folders with a manifest or Dockerfile, and the names that manifests at the root and the README give the project."""
    found = set()
    for entry in repository.tree.entries():
        folder, _, name = entry.path.rpartition("/")
        if folder and (name in _MANIFESTS or name.startswith("Dockerfile")):
            found.add(folder.rpartition("/")[2].lower())
    for path, pattern in _NAMES.items():
        if repository.tree.is_file(path):
            match = pattern.search(repository.source_data(path)[:MAX_TEXT])
            if match:
                found.add(match[1].decode("utf-8", "replace").lower())
    return frozenset(found - _COMMON)


MAX_TEXT = 50_000
_MANIFESTS = frozenset(
    ("pom.xml", "build.gradle", "build.gradle.kts", "go.mod", "Cargo.toml", "package.json", "pyproject.toml")
)
_COMMON = frozenset(
    ("app", "api", "web", "server", "client", "frontend", "backend", "docker", "src", "core", "test", "tests", "base", "python",
     "node", "java", "php", "nginx", "postgres", "mysql", "mariadb", "redis", "mongo", "mongodb", "rabbitmq", "kafka", "traefik",
     "caddy", "httpd", "elasticsearch", "kibana", "grafana", "prometheus", "alpine", "debian", "ubuntu", "golang", "rust", "ruby")
)  # fmt: skip
"""Names of folders that hold a Dockerfile *on* an image of that name more often than they make it."""
_SLUG = rb"github\.com[/:][\w.-]{1,60}/([\w-]{1,100})"
_NAMES = {
    "go.mod": re.compile(rb"(?m)^module[ \t]+(?:[^\s/]{1,100}/){1,4}?([\w-]{1,100})(?:/v\d+)?[ \t]*$"),
    "package.json": re.compile(rb'"name"\s*:\s*"(?:@[\w.-]{1,60}/)?([\w.-]{1,100})"'),
    "composer.json": re.compile(rb'"name"\s*:\s*"[\w.-]{1,60}/([\w.-]{1,100})"'),
    "pyproject.toml": re.compile(rb'(?m)^name[ \t]*=[ \t]*"([\w.-]{1,100})"'),
    "Cargo.toml": re.compile(rb'(?m)^name[ \t]*=[ \t]*"([\w.-]{1,100})"'),
    "setup.cfg": re.compile(rb"(?m)^name[ \t]*=[ \t]*([\w.-]{1,100})"),
    "README.md": re.compile(_SLUG),
    "README.rst": re.compile(_SLUG),
}
"""Where a project says its own name. (The README's first link to GitHub is nearly always to itself.)"""


def _built_services(repository: Repository) -> frozenset[str]:
    """Compose names what it builds `<project>-<service>` when the service has no image name."""
    return frozenset(
        service.name
        for item in repository.composes
        for service in item.file.services.values()
        if service.build is not None and service.image is None
    )


def _last_parts(repository: Repository) -> frozenset[str]:
    """`base` for a build that tags `$(NAME)/base:$(VERSION)`: the rest is known to the caller alone."""
    tags = (tag for build in repository.builds for tag in build.tags)
    parts = {tag.rpartition("/")[2].partition(":")[0] for tag in tags if _OPEN.match(tag)}
    return frozenset(part for part in parts if part and not _HOLE.search(part))


_HOLE = re.compile(r"[…$]")
_OPEN = re.compile(r"[^:$…]*+[$…][^:/]*+/")


def _own(repository: Repository) -> frozenset[str]:
    names = {tag for build in repository.builds for tag in build.tags}
    for item in repository.composes:
        for service in item.file.services.values():
            if service.build is not None and service.image is not None:
                names.add(service.image.default or service.image.raw.partition(":")[0])
    found = set()
    for name in names:
        reference = parse_reference(_HOLE.split(name)[0].rstrip(":") if _HOLE.search(name) else name)
        if isinstance(reference, ImageReference):
            found.add(reference.name)
    return frozenset(found)
