"""The folders that are sent to builds: who builds from them, and whether an ignore file keeps anything back."""

from collections.abc import Iterator

from dockwright.report.document import Document
from dockwright.report.markdown.text import code, codes, table


def contexts(document: Document) -> Iterator[str]:
    """A table of build contexts that exist; documentation's examples are left out."""
    made: dict[str, dict[str, None]] = {}
    for item in document.inventory.dockerfiles:
        if item.standing == "own":
            for build in item.builds:
                if build.context is not None and "context" not in build.missing and build.strength != "docs":
                    made.setdefault(build.context, {})[item.path] = None
    if not made:
        return
    beside = {
        item.path.removesuffix(".dockerignore")
        for item in document.inventory.ignore_files
        if item.path.rpartition("/")[2] != ".dockerignore"
    }
    read = {
        "" if root == "." else root: item.path
        for item in document.inventory.ignore_files
        for root in item.read_by
        if item.path.rpartition("/")[2] == ".dockerignore"
    }
    yield f"### Build contexts ({len(made):,})"
    yield ""
    yield "What a build is sent: `dockwright context DOCKERFILE` counts its files and proposes an ignore file."
    yield ""
    yield from table(
        ("context", "Dockerfiles", "which", "ignore file"),
        (
            (
                code(context or "."),
                str(len(paths)),
                codes(paths, 6),
                code(read.get(context, "")) or _own(paths, beside),
            )
            for context, paths in sorted(made.items())
        ),
        "lrl",
    )


def _own(paths: dict[str, None], beside: set[str]) -> str:
    number = sum(path in beside for path in paths)
    if not number:
        return "**none**"
    return "one beside each Dockerfile" if number == len(paths) else f"beside {number} of {len(paths)}"
