"""Putting the facts together: sites to builds and references, references to status, builds to verdicts.

The order matters: a file that a build or a command names becomes an item first (`_promote`), since its own builds and
references may name further files; status needs all references; verdicts and classification need all builds.
"""

from collections.abc import Iterable, Iterator, Sequence

from dockwright.config import Config
from dockwright.repository import others, workflows
from dockwright.repository.builds import calls, composed
from dockwright.repository.callers import image_references, managers, run_references
from dockwright.repository.completion import complete
from dockwright.repository.files import Candidate
from dockwright.repository.gather import Calling, Gathered, doc_sites, take
from dockwright.repository.inline import spans
from dockwright.repository.items import inline_item
from dockwright.repository.layout import Layout
from dockwright.repository.listed import by_container, by_variable, config_strength
from dockwright.repository.makefiles import included
from dockwright.repository.model import (
    Build,
    ComposeItem,
    DockerfileItem,
    FileSet,
    Invocation,
    Item,
    Place,
    Reference,
    Strength,
    WorkflowItem,
)
from dockwright.repository.names import Kind, is_test_code
from dockwright.repository.projects import Projects, overridden
from dockwright.repository.references import from_builds, from_compose
from dockwright.repository.references.from_calls import COMPOSE_DEFAULTS, used_by
from dockwright.repository.references.mentions import Mentions, words
from dockwright.repository.references.patterns import cores_of, patterns
from dockwright.repository.references.settings import compose_files
from dockwright.repository.repository import Facts, Repository
from dockwright.repository.sites import Site
from dockwright.shell.calls import BakeCall, BuildCall, ComposeCall
from dockwright.text import SourceFile
from dockwright.trees.tree import Tree

MAX_ROUNDS = 3
"""Rounds of reading files that were only found because something names them."""


class Assembly:
    """One inventory in the making."""

    def __init__(
        self, tree: Tree, gathered: Gathered, scripts: Iterable[tuple[SourceFile, str]] = ()
    ) -> None:
        """`gathered` still lacks what the `scripts` do: what can be read without is read here, while others read these."""
        self.tree = tree
        self.layout = Layout(tree)
        self.gathered = gathered
        self.projects = Projects(self.layout, gathered.envs)
        self.workflows = workflows.callings(gathered.workflows, self.layout)
        self.doc_sites = [site for source in gathered.docs for site in doc_sites(source)]
        for source in (*gathered.docs, *gathered.configs, *gathered.envs):
            words(source)
        for source, language in scripts:
            words(source), cores_of(source), spans(source, language)
        self.callings: list[Calling] = []
        self.builds: list[Build] = []
        self.references: list[Reference] = []
        self.listed: list[FileSet] = []
        self.bake_starts: dict[tuple[str, ...], dict[str, None]] = {}
        self.lines: dict[str, set[int]] = {}
        """Lines on which commands were read, by file: words on them need no second look."""

    # -- from files to sites

    def read(self) -> None:
        """Read what starts things, and turn every call into builds and references."""
        found, references = self.workflows
        self.callings += self.gathered.callings
        self.callings += found
        self.references += references
        for item in self.gathered.others:
            declared = others.declared(item, self.layout)
            self.builds += declared.builds
            self.references += declared.references
            if item.kind == Kind.DEVCONTAINER:
                self.listed += by_container(declared.references, self.projects)
            if declared.calling is not None:
                self.callings.append(declared.calling)
        for calling in self.callings:
            calling.item.invocations = [self.use(site) for site in calling.sites]
        for more in included(self.callings, self.layout):
            self.builds += more.builds
            self.references += more.references
        self._settings()
        for site in self.doc_sites:
            self.use(site)

    def _settings(self) -> None:
        """Compose files that COMPOSE_FILE lists, wherever it is set."""
        sources = [(calling.source, _run_strength(calling)) for calling in self.callings]
        sources += [(source, Strength.RUN) for source in self.gathered.envs]
        sources += [(source, config_strength(source)) for source in self.gathered.configs]
        for source, strength in sources:
            for listed in compose_files(source, self.layout, strength):
                self.references += listed.references
                self.listed += by_variable(listed, strength, self.projects)

    def use(self, site: Site) -> Invocation:
        """Take in one call: what it builds, what it reads."""
        used = used_by(site, self.layout)
        self.references += used.references
        call = site.call
        if isinstance(call, ComposeCall):
            self.projects.add(used, site.strength)
        elif isinstance(call, BakeCall):
            starts = self.bake_starts.setdefault(used.files, {})
            starts.update(dict.fromkeys(site.starts()))
        elif isinstance(call, BuildCall):
            self.builds += calls.builds_of(site, self.layout)
        place = site.place
        end = site.source.line_of(site.span.end)
        if not _from_input(call):
            self.lines.setdefault(site.source.path, set()).update(
                range(place.line, min(end, place.line + 40) + 1)
            )
        return Invocation(
            place=place,
            call=call,
            text=" ".join(word.shown() for word in call.argv),
            within=site.within,
            fallback=site.fallback,
            files=used.files if used.complete else (),
            cwd=used.cwd,
        )

    # -- from items to builds and references

    def declare(self) -> None:
        """The builds and references of compose and bake files, and those of files that these name in turn."""
        composes, bakes = self.gathered.composes, self.gathered.bakes
        done = 0
        for _ in range(MAX_ROUNDS):
            self._place(composes[done:])
            for compose in composes[done:]:
                self._declare_compose(compose)
            done = len(composes)
            if not self._promote():
                break
        if bakes:
            from dockwright.repository.bakes import bake_builds

            self.builds += bake_builds(bakes, self.layout, self.bake_starts)
        self._inline()

    def _place(self, composes: Iterable[ComposeItem]) -> None:
        """Find out from which directory each file is read, before anything in it is looked for."""
        bases = {
            item.path.rpartition("/")[0]: item
            for item in self.gathered.composes
            if item.path.rpartition("/")[2] in COMPOSE_DEFAULTS
        }
        for compose in composes:
            self.projects.include(compose)
        for compose in composes:
            self.projects.extend(compose, bases)

    def _declare_compose(self, item: ComposeItem) -> None:
        folders = self.projects.folders(item.path)
        settings = self.projects.settings(item.path)
        base = overridden(item, {other.path: other for other in self.gathered.composes})
        self.builds += composed.builds_of(item, self.layout, folders, settings, base)
        self.references += from_compose.of_compose(item, self.layout, folders, settings[0])
        item.used_with = list(self.projects.sets.get(item.path, ()))
        item.fragment = item.file.is_fragment

    def _promote(self) -> bool:
        """Read files that are named as Dockerfiles or compose files, but that neither name nor content told."""
        known = {
            item.path for item in (*self.gathered.dockerfiles, *self.gathered.composes, *self.gathered.bakes)
        }
        wanted: dict[str, Kind] = {}
        for build in self.builds:
            if build.dockerfile is not None and build.strength > Strength.DOCS:
                wanted[build.dockerfile] = Kind.DOCKERFILE
        for reference in self.references:
            if (
                reference.target is not None
                and reference.expects == "compose"
                and reference.strength >= Strength.TEST
            ):
                wanted.setdefault(reference.target, Kind.COMPOSE)
        fresh = False
        for path, kind in sorted(wanted.items()):
            if path not in known and self._read_named(path, kind):
                fresh = True
        return fresh

    def _read_named(self, path: str, kind: Kind) -> bool:
        try:
            data = self.tree.read(path)
        except (KeyError, OSError):
            return False
        candidate = Candidate(path, kind, SourceFile(path, data), "reference", self.tree.state(path))
        before = len(self.gathered.dockerfiles) + len(self.gathered.composes)
        take(self.gathered, candidate)
        return len(self.gathered.dockerfiles) + len(self.gathered.composes) > before

    def _inline(self) -> None:
        """Dockerfiles that stand in compose and bake files, in scripts and in programs, as items of their own."""
        self.builds = [self._inline_build(build) if build.inline else build for build in self.builds]
        for calling in self.callings:
            for span in spans(calling.source, calling.language):
                item = inline_item(
                    calling.source, span, f"L{calling.source.line_of(span.start)}", calling.item
                )
                self._add_inline(item, Place(calling.source, span))

    def _inline_build(self, build: Build) -> Build:
        import msgspec

        place = build.dockerfile_place or build.place
        item = inline_item(
            place.source, place.span, build.service or f"L{place.line}", None, text=build.inline
        )
        self.gathered.dockerfiles.append(item)
        return msgspec.structs.replace(build, dockerfile=item.path)

    def _add_inline(self, item: DockerfileItem, place: Place) -> None:
        self.gathered.dockerfiles.append(item)
        strength = Strength.TEST if is_test_code(place.path) else Strength.SCRIPT
        self.references.append(
            Reference(
                place=place, verb="holds", strength=strength, named=item.path, target=item.path, expects="dockerfile",
                resolved=item.path,
            )
        )  # fmt: skip

    # -- from words and paths to references

    def refer(self) -> None:
        """The references that are not made by builds and calls: imports, scripts, words."""
        for build in self.builds:
            self.references += from_builds.of_build(build)
        self.references += from_builds.between_dockerfiles(self.gathered.dockerfiles, self.builds)
        self._refer_scripts()
        for source in self.gathered.docs:
            self._mention(source, "text", Strength.DOCS)
        for source in (*self.gathered.configs, *self.gathered.envs):
            self._mention(source, "yaml", config_strength(source))
        for calling in self.callings:
            self._mention(calling.source, calling.language, _code_strength(calling), calling.written)
            self._fit(calling)
        for compose in self.gathered.composes:
            self._mention(compose.source, "yaml", Strength.DOCS)

    def _image_sources(self) -> Iterator[tuple[SourceFile, Sequence[str]]]:
        """Dockerfiles and compose files with the folders that paths in them may be relative to."""
        contexts: dict[str, dict[str, None]] = {}
        for build in self.builds:
            if build.dockerfile is not None and build.context is not None:
                contexts.setdefault(build.dockerfile, {})[build.context] = None
        for item in self.gathered.dockerfiles:
            if not item.inline:
                yield item.source, [*contexts.get(item.path, ()), item.path.rpartition("/")[0], ""]
        for compose in self.gathered.composes:
            yield compose.source, self.projects.folders(compose.path)

    def _refer_scripts(self) -> None:
        scripts = frozenset(calling.source.path for calling in self.callings)
        managing = {
            calling.source.path: calling.source.path
            for calling in self.callings
            if calling.language == "python" and (calling.sites or calling.item.named)
        }
        self.references += image_references(self._image_sources(), self.layout, scripts)
        for calling in self.callings:
            self.references += run_references(calling, self.layout, scripts)
            if calling.language != "python":
                continue
            for name, path in managers(calling, self.layout, managing):
                calling.item.managers.append(path or name)
                if path and path != calling.source.path:
                    self.references.append(_import(calling, name, path))

    def _fit(self, calling: Calling) -> None:
        """Files that a pattern or a name with a hole in it means."""
        builds = any(isinstance(site.call, BuildCall) for site in calling.sites)
        runs = any(isinstance(site.call, ComposeCall) for site in calling.sites)
        strength = _code_strength(calling)
        known = frozenset(self.lines.get(calling.source.path, ()))
        self.references += patterns(
            calling.source, self.layout, strength, builds=builds, runs=runs, known=known
        )

    def _mention(
        self, source: SourceFile, language: str, strength: Strength, written: frozenset[str] = frozenset()
    ) -> None:
        known = frozenset(self.lines.get(source.path, ()))
        self.references += Mentions(source, self.layout, language, strength, written).references(known)

    # -- everything

    def repository(self, config: Config, gathered: Gathered) -> Repository:
        """All facts of what was gathered, which now is complete."""
        assert gathered is self.gathered
        self.read()
        self.declare()
        self.refer()
        facts = Facts(skipped=[*self.tree.skipped, *gathered.skipped])
        facts.dockerfiles = gathered.dockerfiles
        facts.composes = gathered.composes
        facts.bakes = gathered.bakes
        facts.ignores = gathered.ignores
        facts.others = gathered.others
        facts.scripts = [calling.item for calling in self.callings if _is_script(calling)]
        facts.workflows = [item for calling in self.callings if (item := _workflow(calling)) is not None]
        facts.builds = self.builds
        facts.references = self.references
        facts.listed = self.listed
        lists = (facts.dockerfiles, facts.composes, facts.bakes, facts.ignores, facts.others, facts.scripts)
        for items in (*lists, facts.workflows):
            _by_path(items)
        repository = Repository(self.tree, facts, config)
        complete(repository, self.layout)
        return repository


def _from_input(call: object) -> bool:
    """True for `cat a.Dockerfile | docker build -`: what is built stands on the line as a word."""
    if not isinstance(call, BuildCall):
        return False
    return any(word.value == "-" for word in (*call.files, *call.argv[1:]))


def _run_strength(calling: Calling) -> Strength:
    return Strength.TEST if calling.item.test else Strength.RUN


def _import(calling: Calling, name: str, path: str) -> Reference:
    data = calling.source.data
    at = max(data.find(name.encode("utf-8", "surrogateescape")), 0)
    from dockwright.text import Span

    strength = Strength.TEST if calling.item.test else Strength.SCRIPT
    place = Place(calling.source, Span(at, at + len(name)))
    return Reference(
        place=place,
        verb="imports",
        strength=strength,
        named=name,
        target=path,
        expects="script",
        resolved=path,
    )


def _code_strength(calling: Calling) -> Strength:
    """Words in a program that starts container tools are used; in one that does not, lists of names are just that."""
    if isinstance(calling.item, WorkflowItem):
        return Strength.SCRIPT
    if calling.item.test:
        return Strength.TEST
    return Strength.SCRIPT if calling.sites else Strength.NAME_LIST


def _by_path(items: Iterable[Item]) -> None:
    assert isinstance(items, list), "the lists of the facts are sorted in place"
    items.sort(key=lambda item: item.path)


def _is_script(calling: Calling) -> bool:
    """True for scripts that start container tools, are named after them, or import what manages containers."""
    item = calling.item
    if isinstance(item, WorkflowItem) or item.language == "yaml":
        return False
    if item.invocations or item.managers:
        return True
    if not item.named or calling.language in ("json", "npm"):
        return False
    name = item.path.rpartition("/")[2].lower()
    return (
        calling.language in ("python", "shell", "batch", "powershell", "make")
        or "docker" in name
        or "podman" in name
    )


def _workflow(calling: Calling) -> WorkflowItem | None:
    item = calling.item
    return item if isinstance(item, WorkflowItem) and (item.invocations or item.actions) else None
