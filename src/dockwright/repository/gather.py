"""Reading everything of interest once: items, and the sites where container tools are started."""

from collections.abc import Iterator

import msgspec

from dockwright.config import Config
from dockwright.errors import Skipped
from dockwright.repository import docs, scripts
from dockwright.repository.builds import actions, cloudbuild
from dockwright.repository.ci.steps import Step
from dockwright.repository.files import Candidate, Finder
from dockwright.repository.items import (
    bake_item,
    compose_item,
    dockerfile_item,
    ignore_item,
    other_item,
    settle_by_place,
)
from dockwright.repository.model import (
    BakeItem,
    ComposeItem,
    DockerfileItem,
    IgnoreItem,
    OtherItem,
    ScriptItem,
    Strength,
    WorkflowItem,
)
from dockwright.repository.names import Kind, is_env_file
from dockwright.repository.reading import Read, Reading
from dockwright.repository.sites import Site
from dockwright.shell.calls import BuildCall
from dockwright.shell.docker_cli import read_call
from dockwright.shell.invocations import Invocation, of_script
from dockwright.shell.parse import parse_shell
from dockwright.text import MappedText, SourceFile
from dockwright.trees.tree import Tree


class Calling(msgspec.Struct, kw_only=True):
    """A file that starts things: its item, the sites where it starts container tools, and what else it runs."""

    source: SourceFile
    language: str
    item: ScriptItem
    sites: list[Site] = []
    imports: tuple[str, ...] = ()
    runs: list[Invocation] = []
    written: frozenset[str] = frozenset()
    """Names of files it makes itself."""


class Gathered(msgspec.Struct, kw_only=True):
    """Everything that was read."""

    dockerfiles: list[DockerfileItem] = []
    composes: list[ComposeItem] = []
    bakes: list[BakeItem] = []
    ignores: list[IgnoreItem] = []
    others: list[OtherItem] = []
    callings: list[Calling] = []
    workflows: list[WorkflowItem] = []
    docs: list[SourceFile] = []
    configs: list[SourceFile] = []
    envs: list[SourceFile] = []
    skipped: list[Skipped] = []


class Gathering:
    """Walks the tree and reads every candidate; scripts come last, in `finish`: `reading` may have begun with them."""

    def __init__(self, tree: Tree, config: Config, reading: Reading | None = None) -> None:
        self.gathered = Gathered()
        self._finder = Finder(tree, config)
        self._reading = reading or Reading()
        self._waiting: list[tuple[Candidate, str, int]] = []
        for candidate in self._finder.candidates():
            if candidate.kind in (Kind.SCRIPT, Kind.CODE):
                language = scripts.language_of(candidate.path, candidate.source.data)
                self._waiting.append((candidate, language, self._reading.put(candidate.source, language)))
            else:
                take(self.gathered, candidate)

    def scripts(self) -> Iterator[tuple[SourceFile, str]]:
        """The scripts that wait to be read, with their languages."""
        return ((candidate.source, language) for candidate, language, _ in self._waiting)

    def finish(self) -> Gathered:
        """Everything, with what the scripts were found to do."""
        gathered = self.gathered
        for candidate, language, number in self._waiting:
            result = self._reading.result(number)
            gathered.callings.append(_calling(candidate, language, result))
            gathered.skipped += result.found.skipped
        gathered.skipped += self._finder.skipped
        return gathered


def take(gathered: Gathered, candidate: Candidate) -> None:
    """Put one candidate, which is no script, where it belongs."""
    kind = candidate.kind
    if kind is Kind.DOCKERFILE:
        gathered.dockerfiles.append(dockerfile_item(candidate))
    elif kind is Kind.COMPOSE:
        compose = compose_item(candidate)
        if compose is not None:
            gathered.composes.append(compose)
        else:
            gathered.configs.append(candidate.source)
    elif kind is Kind.BAKE:
        gathered.bakes.append(bake_item(candidate))
    elif kind is Kind.IGNORE:
        gathered.ignores.append(ignore_item(candidate))
    elif kind in (Kind.WORKFLOW, Kind.PIPELINE):
        gathered.workflows.append(workflow_item(candidate))
    elif kind is Kind.DOC:
        gathered.docs.append(candidate.source)
    elif kind is Kind.CONFIG:
        (gathered.envs if is_env_file(candidate.path) else gathered.configs).append(candidate.source)
    else:
        gathered.others.append(other_item(candidate))


def workflow_item(candidate: Candidate) -> WorkflowItem:
    item = WorkflowItem(path=candidate.path, source=candidate.source, language="ci")
    settle_by_place(item, candidate)
    return item


def _calling(candidate: Candidate, language: str, read: Read) -> Calling:
    source = candidate.source
    found, written = read
    return Calling(
        source=source,
        language=language,
        item=scripts.script_item(candidate, found, language),
        sites=scripts.sites_of(source, found, written),
        imports=found.imports,
        runs=list(found.invocations),
        written=written,
    )


def step_sites(
    source: SourceFile, step: Step, kind: str, strength: Strength, written: frozenset[str]
) -> Iterator[tuple[Site | None, list[Invocation]]]:
    """The container tools a step starts, and everything else that its script runs."""
    if step.uses:
        site = actions.action_site(source, step, strength, written)
        if site is not None:
            site = msgspec.structs.replace(
                site, strength=_stronger(site.call, strength), guarded=step.guarded
            )
        yield site, []
    if isinstance(step, cloudbuild.CloudStep) and step.call is not None:
        yield Site(source=source, span=step.span, call=step.call, kind=kind, strength=_stronger(step.call, strength),
                   cwd=step.cwd, within=step.within, written=written), []  # fmt: skip
    if step.script is None:
        return
    runs: list[Invocation] = []
    for invocation in of_script(parse_shell(step.script, step.dialect, step.variables), "ci"):
        cwd = invocation.cwd
        if cwd is not None and step.cwd is not None:
            invocation = msgspec.structs.replace(invocation, cwd=step.cwd / cwd)
        runs.append(invocation)
        call = read_call(invocation.argv, invocation.env)
        if call is None:
            continue
        inner = scripts.within(invocation.place)
        yield Site(
            source=source, span=invocation.span, call=call, kind=kind, strength=_stronger(call, strength),
            cwd=invocation.cwd, within=f"{step.within} / {inner}" if inner else step.within,
            fallback=scripts.is_fallback(invocation, source), written=written, guarded=step.guarded,
        ), []  # fmt: skip
    yield None, runs


def _stronger(call: object, strength: Strength) -> Strength:
    return Strength.BUILD if isinstance(call, BuildCall) and strength is Strength.RUN else strength


def doc_sites(source: SourceFile) -> Iterator[Site]:
    """The image builds that a page of documentation shows."""
    if b"build" not in source.data and b"bake" not in source.data and b" bud" not in source.data:
        return
    for block in docs.shell_blocks(source):
        if docs.BUILDS.search(block.data):
            yield from _block_sites(source, block)


def _block_sites(source: SourceFile, block: MappedText) -> Iterator[Site]:
    written = scripts.written_names(block.data, "shell")
    for invocation in of_script(parse_shell(block), "docs"):
        call = read_call(invocation.argv, invocation.env)
        if call is not None:
            yield Site(source=source, span=invocation.span, call=call, kind="docs", strength=Strength.DOCS,
                       cwd=invocation.cwd, written=written)  # fmt: skip
