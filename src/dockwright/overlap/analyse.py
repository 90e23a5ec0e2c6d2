"""`analyse`: all overlaps of a repository."""

from collections.abc import Sequence

from dockwright.compose.file import ComposeFile
from dockwright.overlap.blocks import blocks
from dockwright.overlap.clusters import clusters
from dockwright.overlap.copies import group
from dockwright.overlap.families import families
from dockwright.overlap.files import Subject, normal_files
from dockwright.overlap.model import Details, Overlaps
from dockwright.overlap.pairs import Comparer, alike, candidates
from dockwright.overlap.past import look_back
from dockwright.overlap.stacks import Stack, compose_overlaps
from dockwright.overlap.versions import version_groups
from dockwright.text import SourceFile
from dockwright.trees.history import History


def analyse(
    dockerfiles: Sequence[Subject],
    composes: Sequence[ComposeFile] = (),
    *,
    projects: Sequence[Stack] = (),
    requirements: Sequence[SourceFile] = (),
    history: History | None = None,
) -> Overlaps:
    """Compare the Dockerfiles with each other and the compose files with each other.

    `composes` are the files as written, for versions; `projects` what each of them comes to alone (see `stacks`).
    `requirements` are pip requirements files, for versions of tools that Dockerfiles run. With `history` the result
    says when copies parted. Work grows near-linearly with the number of files; the result is the same for the same
    files in any order.
    """
    files = normal_files(dockerfiles)
    distinct, copies = group(files)
    comparer = Comparer(distinct)
    pairs = candidates(distinct)
    similar = alike(comparer, pairs)
    clustered = clusters(comparer, pairs)
    repeated, skipped = blocks(distinct)
    compose = compose_overlaps(projects)
    parted, not_looked = look_back(history, files, similar, compose)
    subjects = sorted(dockerfiles, key=lambda subject: subject.path)
    return Overlaps(
        copies=tuple(copies),
        pairs=tuple(similar),
        clusters=tuple(clustered),
        families=tuple(families(distinct)),
        blocks=tuple(repeated),
        compose=tuple(compose),
        versions=tuple(
            version_groups(subjects, files, sorted(composes, key=lambda file: file.path), requirements)
        ),
        drifts=tuple(parted),
        skipped=(*skipped, *not_looked),
        aligned=comparer.aligned,
        details=Details({file.path: file for file in files}, {stack.path: stack for stack in projects}),
    )
