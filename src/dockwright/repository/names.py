"""What a file's path alone says about its kind.

A name is a strong hint, not a proof: `contents` decides where a name is weak (`Dockerfile.py`, `compose.py`) or says
nothing. Conventions: docs.docker.com (Dockerfile, `<name>.Dockerfile`, `<Dockerfile>.dockerignore`, compose and bake
default names), containers/common (Containerfile, .containerignore), and the default files of the CI systems.
"""

import re
from enum import StrEnum

from dockwright.lazy import lazy_regex
from dockwright.repository.vocabulary import word_set


class Kind(StrEnum):
    """Kinds of files the inventory knows."""

    DOCKERFILE = "dockerfile"
    COMPOSE = "compose"
    BAKE = "bake"
    IGNORE = "ignore"
    WORKFLOW = "workflow"
    """GitHub Actions: workflows and composite actions."""
    PIPELINE = "pipeline"
    """Any other CI system."""
    CAPTAIN = "captain-definition"
    DEVCONTAINER = "devcontainer"
    SKAFFOLD = "skaffold"
    TILT = "tilt"
    CLOUDBUILD = "cloudbuild"
    PROCFILE = "procfile"
    PLATFORM = "platform"
    """fly.toml, heroku.yml, render.yaml, railway.toml …"""
    SCRIPT = "script"
    """Program or script code that the shell layer can read."""
    CODE = "code"
    """Program code in a language that is only searched for names."""
    DOC = "doc"
    CONFIG = "config"


_DOCKERFILE = lazy_regex(
    r"(?:(?:dockerfile|containerfile)(?:[._\-~+@ ].*)?|.+[._\- ](?:dockerfile|containerfile))",
    re.IGNORECASE | re.DOTALL,
)
_DOCKERFILE_WITH_SUFFIX = lazy_regex(r".+[._\-](?:dockerfile|containerfile)\.([^.]+)", re.IGNORECASE)
_OTHER_LANGUAGE = word_set("""adoc bash bat bib bmp c cc cfg class cmd conf cpp cs css csv dart diff doc docx eex ejs env erl ex exs gif go
    gradle groovy h hbs hcl hpp hs htm html ico ini ipynb jar java jpeg jpg js json json5 jsonc jsx kt kts less lock log
    lua m map markdown md mdx mjs ml patch pdf php pl png po pot properties ps1 psm1 puml py pyc pyi r rb rej rs rst sarif
    sass scala scss sh snap sql svelte svg swift tex tf tfvars toml ts tsx txt vim vue wasm webp xlsx xml yaml yml zip
    zsh dockerignore containerignore sum asc sig sha256 feature""")
"""A Dockerfile's name may end in anything (`Dockerfile.python`), but these are files *about* Dockerfiles."""
TEMPLATE_SUFFIXES = frozenset(
    {"template", "tmpl", "tpl", "j2", "jinja", "jinja2", "erb", "mustache", "in", "gotmpl"}
)
EXAMPLE_SUFFIXES = frozenset({"example", "sample", "dist", "default"})

_COMPOSE_WORD = lazy_regex(r"(?:^|[._\-\s]|docker|podman|container)compose(?:$|[._\-\s\d])", re.IGNORECASE)
_YAML = lazy_regex(r"\.ya?ml(?:$|[._~\-].*)", re.IGNORECASE)
_BAKE = lazy_regex(r"(?:.*[._\-])?(?:docker-)?bake(?:[._\-].+)?\.(?:hcl|json)", re.IGNORECASE)
_IGNORE = lazy_regex(r".*\.(?:dockerignore|containerignore)", re.IGNORECASE)
_CAPTAIN = lazy_regex(r"captain-definition(?:[._\-].*)?", re.IGNORECASE)
_SKAFFOLD = lazy_regex(r"skaffold(?:[._\-].+)?\.ya?ml(?:\.tmpl)?", re.IGNORECASE)
_TILT = lazy_regex(r"tiltfile(?:\..+)?|.+\.tiltfile", re.IGNORECASE)
_CLOUDBUILD = lazy_regex(r"(?:.*[._\-])?cloud-?build(?:[._\-].+)?\.(?:ya?ml|json)", re.IGNORECASE)
_PLATFORM = lazy_regex(
    r"fly(?:\..+)?\.toml|heroku\.yml|render\.ya?ml|railway\.(?:toml|json)|dockerrun\.aws\.json|app\.ya?ml",
    re.IGNORECASE,
)
_PIPELINE = lazy_regex(
    r"\.?gitlab-ci.*\.ya?ml|.+\.gitlab-ci\.ya?ml|azure-pipelines?.*\.ya?ml|\.travis\.ya?ml|\.drone\.(?:ya?ml|star)"
    r"|\.woodpecker\.ya?ml|bitbucket-pipelines\.ya?ml|jenkinsfile.*|.+\.jenkinsfile|\.cirrus\.ya?ml"
    r"|appveyor\.ya?ml|\.appveyor\.ya?ml|buildspec.*\.ya?ml|wercker\.ya?ml|\.semaphore\.ya?ml",
    re.IGNORECASE,
)
_PIPELINE_FOLDERS = (
    ".circleci/", ".gitlab/", ".buildkite/", ".woodpecker/", ".azure-pipelines/", "azure-pipelines/", ".semaphore/",
    ".teamcity/", ".gitlab-ci/", ".drone/", ".concourse/",
)  # fmt: skip

_SCRIPT_SUFFIXES = word_set(
    "py pyw sh bash zsh ksh dash bat cmd ps1 psm1 js mjs cjs ts mts cts mk make just justfile fish"
)
_SCRIPT_NAMES = lazy_regex(
    r"(?:gnu)?makefile(?:[._\-].*)?|\.?justfile|package\.json|taskfile\.ya?ml|rakefile|tox\.ini|noxfile\.py",
    re.IGNORECASE,
)
_CODE_SUFFIXES = word_set("go rb rs java kt kts cs php pl ex exs groovy scala swift lua r gradle tcl jsx tsx")
_DOC_SUFFIXES = word_set("md markdown mdx rst adoc txt html xml")
_CONFIG_SUFFIXES = word_set("yml yaml toml json jsonc ini cfg conf env properties tf hcl")


def suffix(name: str) -> str:
    """The lower-case ending behind the last dot of a file name; a leading dot alone opens none."""
    stem, dot, end = name.rpartition(".")
    return end.lower() if dot and stem else ""


def is_dockerfile_name(name: str) -> bool:
    """True for `Dockerfile`, `Dockerfile.x`, `x.Dockerfile`, Containerfiles alike, backups and templates of them."""
    if name == FRONTEND:
        return False
    if not _DOCKERFILE.fullmatch(name):
        found = _DOCKERFILE_WITH_SUFFIX.fullmatch(name)
        ending = found[1].lower() if found else ""
        return ending in TEMPLATE_SUFFIXES or ending in EXAMPLE_SUFFIXES or ending in BACKUP_SUFFIXES
    lowered = name.lower()
    return lowered.endswith(("dockerfile", "containerfile")) or suffix(name) not in _OTHER_LANGUAGE


FRONTEND = "dockerfile.v0"
"""The frontend's name in BuildKit's messages and API (moby/buildkit frontend/dockerfile/builder), no file."""

BACKUP_SUFFIXES = word_set("bak old orig backup save copy swp disabled bkp prev previous")


_DIFFERENCES = word_set("patch diff rej")
"""What changes a file, and is none itself."""


_CODE = word_set("js mjs cjs ts tsx jsx py rb go rs java kt php cs sh")
"""`dockerCompose.yaml.js` is a program."""


def is_compose_name(name: str) -> bool:
    """True for YAML files with `compose` as a word of their name, also with an ending such as `.j2` or `.bak`, but no patches."""
    if suffix(name) in _DIFFERENCES or suffix(name) in _CODE:
        return False
    return bool(_YAML.search(name) and _COMPOSE_WORD.search(name.rpartition(".y")[0] or name))


def kind_of(path: str) -> Kind | None:
    """The kind a path points to; None when it says nothing. CI configuration wins over what it may hold."""
    name = path.rpartition("/")[2]
    ending = suffix(name)
    if ending in _PLAIN_SUFFIXES and _TELLING.search(name) is None:
        return Kind.SCRIPT if ending in _SCRIPT_SUFFIXES else _by_suffix(ending, name)
    if _IGNORE.fullmatch(name):
        return Kind.IGNORE
    if ending in ("yml", "yaml"):
        return _yaml_kind(path, name)
    if is_dockerfile_name(name):
        return Kind.DOCKERFILE
    if ending in ("hcl", "json") and _BAKE.fullmatch(name):
        return Kind.BAKE
    for kind, pattern in _BY_NAME:
        if pattern.fullmatch(name):
            return kind
    if name in {"devcontainer.json", ".devcontainer.json"}:
        return Kind.DEVCONTAINER
    if is_compose_name(name):
        return Kind.COMPOSE
    if ending in _SCRIPT_SUFFIXES or _SCRIPT_NAMES.fullmatch(name):
        return Kind.SCRIPT
    return _by_suffix(ending, name)


_PLAIN_SUFFIXES = (_SCRIPT_SUFFIXES | _CODE_SUFFIXES | _DOC_SUFFIXES) & _OTHER_LANGUAGE
_TELLING = lazy_regex("file|ya?ml|captain|bake", re.IGNORECASE)
"""A part of every name that means more than its ending: `Jenkinsfile.groovy`, `compose.yml.md`. The rest is most files,
and need not be held against every pattern."""

_BY_NAME = (
    (Kind.CAPTAIN, _CAPTAIN),
    (Kind.TILT, _TILT),
    (Kind.PIPELINE, _PIPELINE),
    (Kind.CLOUDBUILD, _CLOUDBUILD),
    (Kind.PLATFORM, _PLATFORM),
    (Kind.PROCFILE, re.compile(r"procfile(?:\..+)?", re.IGNORECASE)),
)


def _yaml_kind(path: str, name: str) -> Kind:
    if "/.github/workflows/" in "/" + path or name in ("action.yml", "action.yaml"):
        return Kind.WORKFLOW
    if _PIPELINE.fullmatch(name) or any(folder in "/" + path for folder in _PIPELINE_ROOTS):
        return Kind.PIPELINE
    if _SKAFFOLD.fullmatch(name):
        return Kind.SKAFFOLD
    if _CLOUDBUILD.fullmatch(name):
        return Kind.CLOUDBUILD
    if is_compose_name(name):
        return Kind.COMPOSE
    if name.lower() in ("taskfile.yml", "taskfile.yaml"):
        return Kind.SCRIPT
    return Kind.PLATFORM if _PLATFORM.fullmatch(name) else Kind.CONFIG


_PIPELINE_ROOTS = tuple("/" + folder for folder in _PIPELINE_FOLDERS)


def _by_suffix(ending: str, name: str) -> Kind | None:
    if ending in _CODE_SUFFIXES:
        return Kind.CODE
    if ending in _DOC_SUFFIXES:
        return Kind.DOC
    if ending in _CONFIG_SUFFIXES or name.startswith(".env"):
        return Kind.CONFIG
    return None


_NAMED_AFTER = lazy_regex(r"docker|podman|(?<![a-z])compose|container", re.IGNORECASE)


def named_after_containers(path: str) -> bool:
    """True when the file's own name speaks of docker, podman, compose or containers."""
    return _NAMED_AFTER.search(path.rpartition("/")[2]) is not None


_TEST_FOLDER = lazy_regex(
    r"(?:^|/)(?:tests?|__tests__|e2e|specs?|integration[-_]tests?|testing|it)/", re.IGNORECASE
)
_TEST_NAME = lazy_regex(
    r"test_.*\.\w+|.*[._-](?:test|spec)s?\.\w+|conftest.*\.py|.*_tests?\.\w+", re.IGNORECASE
)
_TOOL_FOLDER = lazy_regex(r"(?:^|/)(?:scripts?|tools?|bin|hack|utils?|\.ci|ci)/")


def is_test_code(path: str) -> bool:
    """True for test code by its place or name.

    Below a folder of tools (`scripts/test_docker.sh`) a name with `test` means a tool that tests something.
    """
    folder, _, name = path.rpartition("/")
    tests = _TEST_FOLDER.search(folder + "/") if folder else None
    tool = _TOOL_FOLDER.search(folder + "/") if folder else None
    if tests:
        return tool is None or tool.start() > tests.start() or "tests/" in tests[0]
    return tool is None and _TEST_NAME.fullmatch(name) is not None


_ENV_NAME = lazy_regex(r"\.env(?:[._-].+)?|.+\.env|env\.\w+", re.IGNORECASE)


def is_env_file(path: str) -> bool:
    """True for `.env`, `.env.test`, `test.env`."""
    return _ENV_NAME.fullmatch(path.rpartition("/")[2]) is not None
