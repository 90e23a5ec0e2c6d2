"""The small formats: what captain definitions, dev containers, Skaffold, Tilt, Cloud Build and platforms build and use."""

from collections.abc import Iterator

import msgspec

from dockwright.repository.builds import cloudbuild, devtools, platforms
from dockwright.repository.gather import Calling, step_sites
from dockwright.repository.layout import Layout, clean
from dockwright.repository.model import Build, OtherItem, Place, Reference, ScriptItem, Strength
from dockwright.repository.names import Kind


class Declared(msgspec.Struct, kw_only=True):
    """What one such file declares."""

    builds: list[Build] = []
    references: list[Reference] = []
    calling: Calling | None = None


def declared(item: OtherItem, layout: Layout) -> Declared:
    """The builds, references and commands of one file, by its kind."""
    source = item.source
    if item.kind == Kind.CAPTAIN:
        return Declared(builds=list(platforms.captain(source, layout)))
    if item.kind == Kind.DEVCONTAINER:
        composes = devtools.devcontainer_composes(source)
        references = list(_composes(item, composes, layout))
        return Declared(builds=list(devtools.devcontainer(source, layout)), references=references)
    if item.kind == Kind.SKAFFOLD:
        return Declared(builds=list(devtools.skaffold(source, layout)))
    if item.kind == Kind.TILT:
        references = list(_composes(item, devtools.tilt_composes(source), layout))
        return Declared(builds=list(devtools.tilt(source, layout)), references=references)
    if item.kind == Kind.CLOUDBUILD:
        return Declared(calling=_cloudbuild(item))
    return Declared(builds=list(platforms.builds_of(source, layout)))


def _composes(item: OtherItem, named: list[tuple[str, Place]], layout: Layout) -> Iterator[Reference]:
    """References to compose files named relative to the item's own folder."""
    folder = item.path.rpartition("/")[0]
    for text, place in named:
        path = clean(folder, text)
        if path is None or "$" in text:
            continue
        target = path if layout.has(path) else None
        yield Reference(
            place=place,
            verb="runs",
            strength=Strength.RUN,
            named=text,
            target=target,
            expects="compose",
            resolved=path,
        )


def _cloudbuild(item: OtherItem) -> Calling:
    """Cloud Build steps as the sites of a script."""
    file = cloudbuild.read(item.source)
    script = ScriptItem(path=item.path, source=item.source, language="yaml")
    calling = Calling(source=item.source, language="yaml", item=script)
    for step in cloudbuild.steps(file):
        for site, runs in step_sites(item.source, step, "cloudbuild", Strength.RUN, frozenset()):
            if site is not None:
                calling.sites.append(site)
            calling.runs += runs
    return calling
