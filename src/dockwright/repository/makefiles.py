"""What a Makefile runs by including another one: its recipes in the includer's folder, with the includer's variables.

`include ../common.mk` is how a family of folders shares one recipe: `podman build -f boot/$(FILE) .` means another file
in each of them. The included text is read behind the includer's own, as make does; what that tells stands at the
`include` line. It only ever adds uses: a file that is not there may come from a variable of the command line.

Source: GNU make manual 4.4, "Including Other Makefiles" (a name is looked for from the directory make runs in).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from dockwright.repository import scripts
from dockwright.repository.builds import calls
from dockwright.repository.gather import Calling
from dockwright.repository.layout import Layout, clean, parents
from dockwright.repository.model import Build, Place, Reference
from dockwright.repository.references.from_calls import used_by
from dockwright.repository.sites import Site
from dockwright.shell.calls import BuildCall
from dockwright.text import SourceFile, Span

_INCLUDE = re.compile(rb"^-?s?include[ \t]+([^\n#]{1,400})", re.MULTILINE)
MAX_INCLUDED = 8
"""Most files one Makefile is taken to include, those that they include in turn counted."""
MAX_BYTES = 400_000
SURE_ONLY = "a Makefile that includes this recipe may set it"


class Included(msgspec.Struct, frozen=True):
    """What an inclusion adds."""

    builds: Sequence[Build] = ()
    references: Sequence[Reference] = ()


def included(callings: Sequence[Calling], layout: Layout) -> Iterator[Included]:
    """The builds and references that Makefiles have by what they include."""
    makefiles = {calling.source.path: calling for calling in callings if calling.language == "make"}
    for calling in makefiles.values():
        match = _INCLUDE.search(calling.source.data)
        if match is None:
            continue
        merged = _merged(calling, makefiles, layout)
        if len(merged.data) > len(calling.source.data):
            place = Place(calling.source, Span(*match.span(1)))
            yield _read(calling, merged, place, layout)


def _merged(calling: Calling, makefiles: Mapping[str, Calling], layout: Layout) -> SourceFile:
    """The includer's text with that of what it includes behind it."""
    parts, waiting = [calling.source.data], [calling.source]
    seen = {calling.source.path}
    folder = calling.source.path.rpartition("/")[0]
    while waiting and len(seen) <= MAX_INCLUDED:
        source = waiting.pop(0)
        for path in _names(source, folder, layout):
            other = makefiles.get(path)
            if other is not None and path not in seen and sum(map(len, parts)) < MAX_BYTES:
                seen.add(path)
                parts.append(other.source.data)
                waiting.append(other.source)
    return SourceFile(calling.source.path, b"\n".join(parts))


def _names(source: SourceFile, folder: str, layout: Layout) -> Iterator[str]:
    """The files of the tree an included name means: from the folder make runs in, from the file's own, or the only one
    that ends so when a variable stands in front.
    """
    for match in _INCLUDE.finditer(source.data):
        for word in match[1].decode("utf-8", "surrogateescape").split():
            tail = re.split(r"\$\([^)]*\)|\$\{[^}]*\}", word)[-1].lstrip("/")
            if tail != word:
                same = layout.ending_in(tail) if tail else []
                yield from same if len(same) == 1 else ()
                continue
            bases = dict.fromkeys((folder, *parents(source.path.rpartition("/")[0])))
            candidates = (clean(base, word) for base in bases)
            yield from [path for path in candidates if path is not None and layout.has(path)][:1]


def _read(calling: Calling, merged: SourceFile, place: Place, layout: Layout) -> Included:
    found = scripts.read(merged, "make")
    builds: list[Build] = []
    references: list[Reference] = []
    for site in scripts.sites_of(merged, found, calling.written):
        if site.span.start <= len(calling.source.data):
            continue  # its own recipe, read by itself
        references += [_moved(one, place) for one in used_by(site, layout).references if one.target]
        if isinstance(site.call, BuildCall):
            builds += _builds(site, place, layout)
    return Included(builds, references)


def _moved(reference: Reference, place: Place) -> Reference:
    return msgspec.structs.replace(reference, place=place)


def _builds(site: Site, place: Place, layout: Layout) -> Iterator[Build]:
    """The builds of a site whose Dockerfile is there, told at the `include` line."""
    for build in calls.builds_of(site, layout):
        if build.dockerfile is not None:
            yield msgspec.structs.replace(
                build,
                place=place,
                dockerfile_place=None,
                context_place=None,
                target_place=None,
                arguments=(),
                owner=place.path,
                uncertain=build.uncertain or SURE_ONLY,
                missing=(),
            )


def has_target(data: bytes, names: Iterable[str]) -> bool:
    """True when a Makefile has a rule whose target is one of these files."""
    words = b"|".join(re.escape(name.encode("utf-8", "surrogateescape")) for name in names)
    return (
        re.search(
            rb"(?m)^(?:[^\s:=#]+ ){0,20}(?:\./)?(?:" + words + rb")(?: [^\s:=#]+){0,20}[ \t]*:(?!=)", data
        )
        is not None
    )
