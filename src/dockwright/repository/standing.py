"""Whose file it is: the repository's own, or ignored, a backup, vendored, a fixture, a template.

Each answer comes with the evidence in words. Folder names decide for backups, vendored code and fixtures; they are
whole path parts, so `backups/` is one and `backupd/` is not.
"""

import re

from dockwright.repository.contents import has_placeholders, has_yaml_placeholders
from dockwright.repository.model import Standing
from dockwright.repository.names import BACKUP_SUFFIXES, EXAMPLE_SUFFIXES, TEMPLATE_SUFFIXES
from dockwright.repository.vocabulary import word_set

_VENDORED = word_set("""node_modules vendor vendors third_party third-party thirdparty 3rdparty bower_components site-packages
    dist-packages .venv venv virtualenv .tox .nox godeps pods .terraform .cargo .gradle .m2 jspm_packages
    __pypackages__""")
_FIXTURES = word_set("""testdata test-data test_data fixtures __fixtures__ fixture test-fixtures test_fixtures testfiles
    testfiles-negative testfile-line golden goldens snapshots __snapshots__ cassettes""")
_TESTS = frozenset(("test", "tests", "testing", "__tests__"))
_BACKUP_FOLDER = re.compile(
    r"\.?_?(?:(?:[\w.-]+[_-])?(?:backups?|bak|archived?s?|attic|graveyard|trash)(?:[_-][\w.-]*\d[\w.-]*|\d*)|\.history"
    r"|old[-_][\w.-]*|_?olds?|[\w.-]+[_.-]old|\.?deprecated)",
    re.IGNORECASE,
)
_BACKUP_NAME = re.compile(
    r".+(?:\.(?:"
    + "|".join(sorted(BACKUP_SUFFIXES))
    + r")(?:[._-]?\d*)|~|[._ -]copy(?: ?\(?\d*\)?)?|[._-]old"
    r"|\.20\d{6}[\d._-]*|\.backup[._-]\d.*)",
    re.IGNORECASE,
)
_BACKUP_STEM = re.compile(
    r".+[._ -](?:backup\d*|bak|orig|copy)\.(?:ya?ml|hcl|json|dockerfile)", re.IGNORECASE
)
_PLAIN = re.compile(r"(?:docker|container)file|(?:docker-)?compose\.ya?ml", re.IGNORECASE)
_COOKIECUTTER = re.compile(r"\{\{.*\}\}|\{%|__\w+__$|%%\w+%%")


def backup_evidence(path: str) -> str:
    """Why a path is that of a copy kept aside; empty when it is not."""
    folder, _, name = path.rpartition("/")
    parts = folder.split("/") if folder else []
    if parts and parts[-1].lower() == "backup" and _PLAIN.fullmatch(name):
        parts.pop()  # `backup/Dockerfile` is the image of a service that makes backups
    for part in parts:
        if _BACKUP_FOLDER.fullmatch(part):
            return f"below `{part}/`"
    if _BACKUP_NAME.fullmatch(name) or _BACKUP_STEM.fullmatch(name):
        return f"named `{name}`"
    return ""


def place_standing(path: str) -> tuple[Standing, str]:
    """Standing by the path alone, with its evidence."""
    folder = path.rpartition("/")[0]
    parts = folder.lower().split("/") if folder else []
    for part in parts:
        if part in _VENDORED:
            return Standing.VENDORED, f"below `{part}/`"
    backup = backup_evidence(path)
    if backup:
        return Standing.BACKUP, backup
    for part in parts:
        if part in _FIXTURES:
            return Standing.FIXTURE, f"below `{part}/`"
    tests = next((index for index, part in enumerate(parts) if part in _TESTS), len(parts))
    if "data" in parts[tests + 1 :]:
        return Standing.FIXTURE, f"below `data/` of `{parts[tests]}/`"
    if _COOKIECUTTER.search(folder):
        return Standing.TEMPLATE, "placeholder in its path"
    ending = path.rpartition("/")[2].rpartition(".")[2].lower()
    if ending in TEMPLATE_SUFFIXES or ending in EXAMPLE_SUFFIXES:
        return Standing.TEMPLATE, f"named `.{ending}`"
    return Standing.OWN, ""


def standing_of(path: str, data: bytes, *, yaml: bool = False, ignored: bool = False) -> tuple[Standing, str]:
    """Standing by path and content. `ignored`: git ignores the path; `yaml`: content is read as YAML."""
    if ignored:
        return Standing.IGNORED, "ignored by git"
    standing, evidence = place_standing(path)
    if standing is Standing.OWN:
        placeholder = has_yaml_placeholders(data) if yaml else has_placeholders(data)
        if placeholder:
            return Standing.TEMPLATE, f"placeholder `{placeholder}`"
    return standing, evidence
