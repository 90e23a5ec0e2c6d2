"""Can a clean clone build it? What keeps each way of building a Dockerfile from working, told from the files alone.

Every build is played through as far as BuildKit goes before it runs a command: the file is parsed, the target and its
stages resolved under the build's arguments, and each source of COPY, ADD and bind mounts of the stages that are reached
is looked for in the context as it is sent. A Dockerfile nobody builds is tried with the likely contexts. What git ignores
(a step before the build may make it) and what lies in a submodule (another repository has it) is no sure fault: where
nothing else stops the build, the verdict is that it cannot be told.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from dockwright.dockerfile.build import Build as Played
from dockwright.dockerfile.instructions.types import Add, Copy, Run, Transfer
from dockwright.dockerfile.nodes import Layer, Problem
from dockwright.dockerfile.remote import Place as Remote
from dockwright.dockerfile.remote import place_of
from dockwright.dockerfile.settings import Settings
from dockwright.dockerfile.stages import Stage
from dockwright.lazy import lazy_regex
from dockwright.repository.model import Build, BuildFault, DockerfileItem, FaultKind, Place, Strength
from dockwright.repository.vocabulary import GENERIC_FOLDERS
from dockwright.text import Span
from dockwright.trees.globs import fixed_folder, has_wildcard
from dockwright.trees.paths import clamped
from dockwright.trees.selection import Found, Selection

if TYPE_CHECKING:
    from dockwright.repository.layout import Layout
    from dockwright.trees.context import BuildContext

Contexts = Callable[[str, str | None], "BuildContext"]

Ignored = Callable[[str], bool]
"""Whether git would ignore a path of the tree that may not be there."""


def _nothing(_: str) -> bool:
    return False


_SHELL_SIGN = lazy_regex(r"\|\|?|&&|;|\d?>>?\S*|\d?>&\d")
_SHELL_START = frozenset("|&;>0123456789")
"""Words that only a shell understands; COPY takes them for paths."""


LOCK_FILES = frozenset(
    (
        "Cargo.lock",
        "package-lock.json",
        "yarn.lock",
        "pnpm-lock.yaml",
        "poetry.lock",
        "uv.lock",
        "Gemfile.lock",
        "go.sum",
    )
)


class Way(msgspec.Struct, frozen=True):
    """One way to play: a context, arguments, a target; `builds` are those it stands for."""

    context: str
    args: tuple[tuple[str, str], ...] = ()
    contexts: frozenset[str] = frozenset()
    target: str = ""
    builds: tuple[Build, ...] = ()
    vague: bool = False
    """Some argument has a value that is not known."""


class _Fault(msgspec.Struct, frozen=True, kw_only=True):
    """A fault of one way, before the ways are put together."""

    kind: FaultKind
    span: Span
    message: str
    stage: int
    source: str = ""
    selection: Selection | None = None
    sure: bool = True
    alone: str | None = None
    """The folder of a wildcard that matches nothing: a fault only if no other source brings the folder (#2933)."""
    doubt: str = ""


def judge(item: DockerfileItem, layout: "Layout", contexts: Contexts, ignored: Ignored = _nothing) -> None:
    """Fill in `faults`, `buildable` and `shipped_stages` of a Dockerfile whose builds are known.

    `ignored` says whether git would ignore a path that may not be there.
    """
    item.shipped_stages = _shipped(item)
    kept = _shipped(item, kept=True) if any(build.discarded for build in item.builds) else item.shipped_stages
    item.discarded_stages = [index for index in item.shipped_stages if index not in kept]
    if item.tree.template is not None:
        return
    ways = ways_of(item)
    if ways:
        found = [(way, list(_doubted(_play(item, way, contexts), way, layout, ignored))) for way in ways]
        item.faults = _merged(item, found, contexts)
        _verdict(item, [faults for _, faults in found])
    elif not any(build.context is None and not build.missing for build in item.builds):
        _judge_unbuilt(item, layout, contexts, ignored)


def ways_of(item: DockerfileItem) -> list[Way]:
    """The different ways in which the repository builds the file; documentation counts when nothing else does."""
    builds = [build for build in item.builds if build.context is not None]
    strong = [build for build in builds if build.strength > Strength.DOCS]
    found: dict[tuple[object, ...], Way] = {}
    for build in strong or builds:
        args = {one.name: one.value for one in build.arguments if one.value is not None}
        known = tuple(
            sorted((name, value) for name, value in args.items() if "…" not in value and "$" not in value)
        )
        vague = len(known) < len(build.arguments)
        key = (build.context, known, build.target.lower(), tuple(sorted(build.named_contexts)), vague)
        way = found.get(key)
        if way is None:
            found[key] = Way(
                build.context or "", known, frozenset(build.named_contexts), build.target, (build,), vague
            )
        else:
            found[key] = msgspec.structs.replace(way, builds=(*way.builds, build))
    return list(found.values())


def _doubted(faults: Iterable[_Fault], way: Way, layout: "Layout", ignored: Ignored) -> Iterator[_Fault]:
    """The faults, those with a reason that makes them unsure marked."""
    for fault in faults:
        doubt = _doubt(fault, way, layout, ignored)
        yield msgspec.structs.replace(fault, sure=False, doubt=doubt) if doubt else fault


def _doubt(fault: _Fault, way: Way, layout: "Layout", ignored: Ignored) -> str:
    if fault.kind not in (FaultKind.MISSING, FaultKind.UNTRACKED) or not fault.source or "*" in fault.source:
        return ""
    from dockwright.repository.layout import clean

    path = clean(way.context, fault.source.lstrip("/"))
    if not path or path.rpartition("/")[2] in LOCK_FILES:
        return ""  # a lock file is to be committed, also one that git ignores
    if layout.foreign(path):
        return "it lies in a submodule"
    return "git ignores it: a step before the build is to make it" if ignored(path) else ""


def _judge_unbuilt(item: DockerfileItem, layout: "Layout", contexts: Contexts, ignored: Ignored) -> None:
    """Nobody builds it: its own folder and the root are tried, then the folders between (`service/src/main/docker`); the
    one in which more is found is taken.
    """
    from dockwright.repository.layout import parents

    folder = item.path.rpartition("/")[0]
    own = folder.rpartition("/")[2].lower()
    plain = (
        item.path.rpartition("/")[2].lower() in ("dockerfile", "containerfile") and own not in GENERIC_FOLDERS
    )
    found: list[tuple[Way, list[_Fault]]] = []
    for root in dict.fromkeys(((folder, "") if plain else ("", folder)) + tuple(parents(folder))):
        known = len(found) > 1 and not all(
            any(one.kind is FaultKind.MISSING for one in faults) for _, faults in found
        )
        if layout.has(root, folder=True) and not known:
            found.append(
                (Way(root), list(_doubted(_play(item, Way(root), contexts), Way(root), layout, ignored)))
            )
    if not found:
        return
    if tool := _assembled(item.path, layout):
        found = [(way, [_made(fault, tool) for fault in faults]) for way, faults in found]
    hopeless = all(any(fault.sure for fault in faults) for _, faults in found)
    best = min(found, key=lambda pair: sum(fault.kind is FaultKind.MISSING for fault in pair[1]))
    faults = best[1] if hopeless else [msgspec.structs.replace(fault, sure=False) for fault in best[1]]
    item.faults = _merged(item, [(best[0], faults)], contexts)
    _verdict(item, [faults])


def _made(fault: _Fault, tool: str) -> _Fault:
    if fault.kind is not FaultKind.MISSING:
        return fault
    doubt = f"`{tool}` speaks of Docker: its build may put the context together"
    return msgspec.structs.replace(fault, sure=False, doubt=fault.doubt or doubt)


MAX_POM = 200_000
_ASSEMBLES = lazy_regex(
    rb"docker(?:file)?-maven-plugin|docker-maven|<goal>docker|bmuschko\.docker|palantir\.docker|com\.google\.cloud\.tools\.jib"
    rb"|io\.quarkus|DockerBuildImage|dockerPrepare|<dockerfile|[Dd]ockerfile</|/docker</"
)


def _assembled(path: str, layout: "Layout") -> str:
    """The Maven or Gradle file above a Dockerfile that makes its context; empty when none does."""
    folder = path
    while folder:
        folder = folder.rpartition("/")[0]
        for name in ("pom.xml", "build.gradle", "build.gradle.kts"):
            file = f"{folder}/{name}" if folder else name
            if file in layout.files and _ASSEMBLES.search(layout.tree.read(file)[:MAX_POM]):
                return file
    return ""


def _verdict(item: DockerfileItem, ways: Sequence[list[_Fault]]) -> None:
    """True when some way meets no fault, False when every way meets a sure one, else unknown."""
    if any(not faults for faults in ways):
        item.buildable = True
    elif all(any(fault.sure for fault in faults) for faults in ways):
        item.buildable = False


def _shipped(item: DockerfileItem, *, kept: bool = False) -> list[int]:
    """The stages that builds make into images: targets they name, else the last one. `kept`: of builds that keep them."""
    stages = item.tree.stages
    if not stages:
        return []
    found: set[int] = set()
    for build in item.builds:
        if build.strength <= Strength.DOCS or build.uncertain or (kept and build.discarded):
            continue
        stage = item.tree.default_build.find(build.target) if build.target else stages[-1]
        if stage is not None:
            found.add(stage.index)
    return sorted(found) or ([] if kept else [len(stages) - 1])


def _play(item: DockerfileItem, way: Way, contexts: Contexts) -> Iterator[_Fault]:
    """The faults one way meets, in file order per stage."""
    played: Played = item.tree.default_build
    if way.args or way.contexts or way.target:
        played = item.tree.build(Settings(args=dict(way.args), contexts=way.contexts, target=way.target))
    target = played.target(way.target)
    if isinstance(target, Problem):
        yield from _problems(item.tree.problems)
        if item.tree.stages:
            yield _Fault(kind=FaultKind.STAGE, span=target.span, message=target.message, stage=0)
        return
    yield from _problems(target.problems, vague=way.vague, data=item.source.data)
    context = contexts(way.context, item.path)
    found = [fault for stage in target.reached for fault in _stage_faults(stage, context)]
    for fault in found:
        if fault.alone is None or not _brought(fault.alone, target.reached, context):
            yield fault


def _brought(folder: str, stages: Sequence[Stage], context: "BuildContext") -> bool:
    """True when some source of the build has BuildKit transfer this folder of the context, or something in it."""
    for source in (one for stage in stages for one in _sources(stage)):
        selection = context.select(source)
        if selection.found is not Found.FILES:
            continue
        path = clamped(source)
        if any(context.inside(one).startswith(f"{folder}/") for one in selection.paths):
            return True
        if not has_wildcard(path) and (not path or f"{folder}/".startswith(f"{path}/")):
            return True
    return False


def _sources(stage: Stage) -> Iterator[str]:
    """What a stage takes from the context, variables filled in."""
    for command in stage.commands:
        if isinstance(command, Copy | Add) and not (isinstance(command, Copy) and command.from_):
            yield from (stage.expand(word.value, command).value for word in command.sources)
        elif isinstance(command, Run):
            yield from (mount.source for mount in command.mounts if mount.type == "bind" and not mount.from_)


def _problems(problems: Sequence[Problem], *, vague: bool = False, data: bytes = b"") -> Iterator[_Fault]:
    for problem in problems:
        late = problem.layer is Layer.BUILD
        blank = "should not be blank" in problem.message or (
            "invalid reference format" in problem.message and _open(data, problem.span)
        )
        vague = vague or blank  # an argument without default (`node:${VERSION}`): its caller has it
        kind = FaultKind.STAGE if late else FaultKind.SYNTAX
        yield _Fault(
            kind=kind, span=problem.span, message=problem.message, stage=0, sure=not (late and vague)
        )


def _open(data: bytes, span: Span) -> bool:
    """True when the line of a problem holds a variable."""
    start = data.rfind(b"\n", 0, span.start) + 1
    return b"$" in data[start : span.end]


def _stage_faults(stage: Stage, context: "BuildContext") -> Iterator[_Fault]:
    for command in stage.commands:
        if type(command) is Add or (type(command) is Copy and not command.from_):
            yield from _transfer_faults(stage, command, context)
        elif type(command) is Run:
            for mount in command.mounts:
                if mount.type == "bind" and not mount.from_ and mount.source:
                    field = mount.get("source", "src")
                    span = (field.value_span or field.span) if field else mount.flag.span
                    yield from _source_fault(stage, mount.source, span, context, sure="$" not in mount.source)


def _transfer_faults(stage: Stage, command: Transfer, context: "BuildContext") -> Iterator[_Fault]:
    sources = command.sources
    signs = [
        index
        for index, word in enumerate(sources)
        if command.form == "shell" and word.value[:1] in _SHELL_START and _SHELL_SIGN.fullmatch(word.value)
    ]
    if signs:
        word = sources[signs[0]]
        span = Span(word.span.start, command.destination.span.end)
        message = f'"/{word.value}": not found'
        yield _Fault(
            kind=FaultKind.SHELL_SYNTAX, span=span, message=message, stage=stage.index, source=word.value
        )
        sources = sources[
            : max(signs[0] - 1, 0)
        ]  # what stands before the sign is the destination that was meant
    for word in sources:
        expansion = stage.expand(word.value, command)
        if expansion.error or (isinstance(command, Add) and place_of(expansion.value) is not Remote.LOCAL):
            continue
        sure = not expansion.unset
        yield from _source_fault(stage, expansion.value, word.span, context, sure=sure)


def _source_fault(
    stage: Stage, source: str, span: Span, context: "BuildContext", *, sure: bool
) -> Iterator[_Fault]:
    if not source.strip() or clamped(source).partition("/")[0] == ".git":
        return  # every clone has it, and no commit does
    selection = context.select(source)
    folder = fixed_folder(clamped(source)) if selection.found is Found.NOTHING else None
    if folder == "" or (selection.found is Found.FILES and not selection.untracked):
        return
    if selection.found is Found.FILES:
        kind = FaultKind.UNTRACKED
    else:
        kind = FaultKind.IGNORED if selection.found is Found.HIDDEN else FaultKind.MISSING
    message = (
        f'"/{source.strip("/")}": not found'
        if folder is None
        else f"lstat /{folder}: no such file or directory"
    )
    yield _Fault(
        kind=kind,
        span=span,
        message=message,
        stage=stage.index,
        source=source,
        selection=selection,
        sure=sure,
        alone=folder,
    )


def _merged(
    item: DockerfileItem, found: Sequence[tuple[Way, list[_Fault]]], contexts: Contexts
) -> list[BuildFault]:
    """The faults of all ways in file order, each once, with the builds that meet it."""
    merged: dict[tuple[object, ...], BuildFault] = {}
    for way, faults in found:
        for fault in faults:
            key = (fault.kind, fault.span, fault.source, way.context)
            known = merged.get(key)
            if known is not None:
                builds = (*known.builds, *way.builds)
                merged[key] = msgspec.structs.replace(known, builds=builds, sure=known.sure or fault.sure)
                continue
            merged[key] = BuildFault(
                kind=fault.kind,
                place=Place(item.source, fault.span),
                message=fault.message,
                source=fault.source,
                context=way.context,
                hidden_by=_hidden_by(fault, contexts(way.context, item.path)),
                builds=way.builds,
                stage=fault.stage,
                sure=fault.sure,
                doubt=fault.doubt,
            )
    return sorted(merged.values(), key=lambda fault: (fault.place.span.start, fault.kind))


def _hidden_by(fault: _Fault, context: "BuildContext") -> Place | None:
    pattern = fault.selection.hidden_by if fault.selection is not None else None
    if pattern is None or context.ignore_file is None:
        return None
    return Place(context.ignore_file.source, pattern.span)
