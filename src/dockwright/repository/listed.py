"""Compose files that are listed as one stack without a command: in COMPOSE_FILE, in a development container."""

from collections.abc import Iterator, Sequence

from dockwright.repository.model import FileSet, Reference, Strength
from dockwright.repository.names import is_test_code
from dockwright.repository.projects import Projects
from dockwright.repository.references.from_calls import Used
from dockwright.repository.references.settings import Listed
from dockwright.text import SourceFile

MAX_SETTINGS_BYTES = 128 << 10
"""JSON above this size is data, not configuration that somebody wrote."""


def by_variable(listed: Listed, strength: Strength, projects: Projects) -> Iterator[FileSet]:
    """The set that a value of COMPOSE_FILE names; nothing where a file is not there."""
    projects.add(listed.used, strength)
    files = listed.used.files
    if listed.used.complete:
        first = listed.references[0]
        how = "COMPOSE_FILE lists them" if len(files) > 1 else "COMPOSE_FILE names it"
        yield FileSet(files, first.place, first.strength, how)


def by_container(references: Sequence[Reference], projects: Projects) -> Iterator[FileSet]:
    """The set that a development container is made of (its `dockerComposeFile`)."""
    files = tuple(one.target for one in references if one.target is not None)
    if files and len(files) == len(references):
        projects.add(Used(files, complete=True, project=files[0].rpartition("/")[0]), Strength.RUN)
        what = "them" if len(files) > 1 else "it"
        yield FileSet(files, references[0].place, Strength.RUN, f"a development container is made of {what}")


def config_strength(source: SourceFile) -> Strength:
    """How strong a word in a configuration file is."""
    data = source.path.endswith(".json") and len(source.data) > MAX_SETTINGS_BYTES
    if data or "generated" in source.path.lower():
        return Strength.DOCS
    return Strength.TEST if is_test_code(source.path) else Strength.SCRIPT
