"""What a file's bytes say about its kind, cheaply: no parser is started here.

Used where a name says nothing (`ollama-gguf` that begins with FROM) or too much (`Dockerfile.py`, a playbook called
`docker-compose.yml`).
"""

import re

HEAD = 16 * 1024
"""Bytes looked at to tell a kind; a licence header fits."""

_KEYWORDS = rb"(?:ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)"
_FROM = re.compile(
    rb"^[ \t]*FROM[ \t]+(?:--platform=\S+[ \t]+)?[\w.$\{\"'%@<]\S*(?:[ \t]+AS[ \t]+\S+)?[ \t]*(?:#.*)?\r?$",
    re.IGNORECASE | re.MULTILINE,
)
_INSTRUCTION = re.compile(rb"^[ \t]*" + _KEYWORDS + rb"[ \t]+\S", re.IGNORECASE | re.MULTILINE)
_FIRST = re.compile(rb"[ \t]*(?:FROM|ARG|" + _KEYWORDS + rb")(?:[ \t]|\\?\r?$)", re.IGNORECASE)
_SHEBANG = re.compile(rb"\s*(?:#!|<\?|<!|//|/\*|package |import |from \w+ import|\"\"\"|\{)")


def first_line(data: bytes) -> bytes:
    """The first line that is neither empty nor a `#` comment, within the head of the file."""
    for line in data[:HEAD].removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        stripped = line.strip()
        if stripped and not stripped.startswith(b"#"):
            return stripped
    return b""


_MARKS = (
    (b"\xff\xfe\0\0", "UTF-32"),
    (b"\0\0\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


def unreadable(data: bytes) -> str:
    """Why bytes are no text that a container tool reads; empty when they may be one."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return f"{encoding} text; container tools read UTF-8"
    return "binary, not text" if b"\0" in data[:1024] else ""


def looks_like_dockerfile(data: bytes) -> bool:
    """True when the bytes plainly are a Dockerfile: it opens with FROM or ARG, and goes on with instructions."""
    head = data[:HEAD]
    if b"\0" in head or not _FROM.search(head):
        return False
    first = first_line(head)
    if not re.match(rb"(?:FROM|ARG)[ \t]", first, re.IGNORECASE):
        return False
    return _INSTRUCTION.search(head) is not None or _FROM.match(first) is not None


def cannot_be_dockerfile(data: bytes) -> bool:
    """True when the bytes plainly are something else, whatever the name: binary, or a program or document."""
    head = data[:HEAD]
    if b"\0" in head[:1024]:
        return True
    first = first_line(head)
    if not first or _FIRST.match(first) or _FROM.search(head):
        return False
    shebang = head.startswith(b"#!") and not re.match(rb"#!\s*(?:syntax|escape|/usr/bin/env docker)", head)
    return shebang or _SHEBANG.match(first) is not None


_PLACEHOLDER_FROM = re.compile(
    rb"^[ \t]*FROM[ \t].*(?:\{\{|\{%|<%|%%\w+%%|@\w+@|__[A-Z][A-Z0-9_]+__|<[A-Z_]+>)",
    re.IGNORECASE | re.MULTILINE,
)
_PLACEHOLDER_LINE = re.compile(
    rb"^[ \t]*(?:\{\{|\{%|<%)|%%[A-Z][A-Z0-9_]*%%|^[ \t]*(?:ENV|ARG|LABEL|COPY|WORKDIR)[ \t][^\n]*(?:\{\{[ ]?\w|\{%|<%=|@@\w)",
    re.MULTILINE,
)


def has_placeholders(data: bytes) -> str:
    """The first placeholder that a generator would fill in; empty when there is none.

    `{{ … }}` inside RUN is left alone: `docker inspect --format` and Go templates are written so.
    """
    found = _PLACEHOLDER_FROM.search(data[: 4 * HEAD]) or _PLACEHOLDER_LINE.search(data[: 4 * HEAD])
    return found[0].strip().decode("utf-8", "replace")[:60] if found else ""


MUSTACHE = re.compile(rb"\{\{[ ]?\w+[ ]?\}\}")
"""`{{name}}`: what a template engine fills in."""
_YAML_PLACEHOLDER = re.compile(
    rb"^[ \t]*\{[{%]|^[ \t]*[\w-]+:[ \t]*[\"']?(?:\{\{ ?\.?\w|\{%|<%=|%%\w+%%|@@\w)", re.MULTILINE
)


def has_yaml_placeholders(data: bytes) -> str:
    """As `has_placeholders`, for YAML (compose itself knows only `${…}`)."""
    found = _YAML_PLACEHOLDER.search(data)
    return found[0].strip().decode("utf-8", "replace")[:60] if found else ""


_GENERATED = re.compile(
    rb"(?:auto[- ]?generated|generated (?:by|from|using|with|file)|do not edit|this file is generated"
    rb"|was generated|is managed by)[^\n]*",
    re.IGNORECASE,
)


def generated_by(data: bytes) -> str:
    """The words of a leading comment that say the file is generated; empty when none does."""
    for line in data[:4096].split(b"\n")[:25]:
        stripped = line.strip()
        if not stripped:
            continue
        if not stripped.startswith((b"#", b"//", b"/*", b"*", b";", b"--")):
            return ""
        found = _GENERATED.search(stripped)
        if found:
            return stripped.lstrip(b"#/*;- ").decode("utf-8", "replace")[:200]
    return ""


_SERVICES = re.compile(rb"^(?:[\"']?services[\"']?|include)[ \t]*:", re.MULTILINE)
_SERVICE_V1 = re.compile(rb"^[\w.-]+:[ \t]*\r?\n[ \t]+(?:image|build):", re.MULTILINE)
_OTHER_YAML = re.compile(
    rb"^(?:apiVersion|kind|jobs|on|stages|pipeline|steps|runs|tasks|hosts|-[ \t]+(?:hosts|name)|openapi|swagger"
    rb"|AWSTemplateFormatVersion|Resources|trigger|pool|workflows|orbs)[ \t]*:",
    re.MULTILINE,
)


def may_be_compose(data: bytes) -> bool:
    """True when a YAML parser is worth starting to see whether this is a compose file."""
    return _SERVICES.search(data) is not None


def is_other_yaml(data: bytes) -> bool:
    """True when top-level keys say that a YAML file belongs to Kubernetes, CI, Ansible … and none says compose."""
    return _OTHER_YAML.search(data) is not None and not _SERVICES.search(data)


_JOBS = re.compile(rb"^jobs[ \t]*:", re.MULTILINE)
_STEPS = re.compile(rb"^[ \t]++-?[ \t]*+(?:runs-on|uses)[ \t]*+:", re.MULTILINE)


def looks_like_workflow(data: bytes) -> bool:
    """True for a GitHub Actions workflow by content (workflows in odd folders, as `act` and templates keep them)."""
    return _JOBS.search(data) is not None and _STEPS.search(data) is not None


_CLOUDBUILD = re.compile(
    rb"gcr\.io/(?:cloud-builders/docker|kaniko-project/executor|k8s-skaffold)|cloud-builders/"
)


def looks_like_cloudbuild(data: bytes) -> bool:
    return (
        _CLOUDBUILD.search(data) is not None and re.search(rb"^steps[ \t]*:", data, re.MULTILINE) is not None
    )


_TARGET = re.compile(rb"^\s*target\s+\"[^\"]+\"\s*\{", re.MULTILINE)
_BAKE_KEY = re.compile(
    rb"^\s*(?:dockerfile|context|tags|inherits|platforms|dockerfile-inline)\s*=", re.MULTILINE
)


def looks_like_bake(data: bytes) -> bool:
    """True for a bake file in HCL by content."""
    return _TARGET.search(data) is not None and _BAKE_KEY.search(data) is not None
