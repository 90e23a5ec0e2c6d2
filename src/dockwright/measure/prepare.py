"""Before a build: its plan, its steps' keys, and what is said of each, for the builder that will do it."""

import os
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import msgspec

from dockwright.dockerfile.dialect import Dialect
from dockwright.dockerfile.keys.contents import MAIN, TreeDigests
from dockwright.dockerfile.keys.model import Plan
from dockwright.dockerfile.keys.plan import plan_of
from dockwright.dockerfile.nodes import Problem
from dockwright.dockerfile.operations.engine import NEWEST, RunOptions
from dockwright.dockerfile.operations.engine import Engine as CacheModel
from dockwright.dockerfile.platforms import LINUX_AMD64, Platform, parse_platform
from dockwright.dockerfile.settings import BaseImage, Settings
from dockwright.dockerfile.tree import Dockerfile, parse
from dockwright.engine.faults import Failed
from dockwright.engine.protocol import Engine, ImageDetail, Info, Versions
from dockwright.errors import Skipped, UsageError
from dockwright.measure.keys import StepKey, keys_of
from dockwright.measure.target import Target
from dockwright.trees.context import BuildContext
from dockwright.trees.disk import DiskTree
from dockwright.trees.tree import Unreadable

MAX_BASES = 50
"""Base images that the engine is asked about."""


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """A target made ready. `plan` is None where no plan can be made: `notes` say why, and the engine says the rest."""

    target: Target
    file: Dockerfile
    plan: Plan | None
    keys: tuple[StepKey | None, ...] = ()
    cache: str = ""
    bases: tuple[tuple[str, bool], ...] = ()
    """The images the build starts from or takes from, and whether the engine told what is in them."""
    notes: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """An engine that has answered."""

    engine: Engine
    versions: Versions
    info: Info

    @property
    def cache(self) -> str:
        """Stands for the cache of its builder; says nothing of the machine."""
        builder = self.versions.instance or self.engine.builder
        where = (self.engine.name, builder, self.info.name, self.info.root)
        return sha256("\0".join(where).encode()).hexdigest()[:16]

    @property
    def own_builder(self) -> bool:
        """It is the engine's own BuildKit that builds, which sees the engine's images; others fetch their bases."""
        return self.versions.driver in ("", "docker")

    @property
    def platform(self) -> Platform:
        """What it builds for unless it is told otherwise."""
        arch = self.info.architecture
        return Platform(self.info.os or "linux", _ARCHES.get(arch, arch))

    @property
    def model(self) -> CacheModel:
        """How its cache works. A builder of its own keeps layers with containerd's snapshotters, which merge."""
        found = re.match(r"(\d+)\.(\d+)", self.versions.solver)
        solver = (int(found[1]), int(found[2])) if found else NEWEST.solver
        merge = self.info.content_store or not self.own_builder
        old = solver <= (0, 13)
        return CacheModel(solver, merge=merge, frontend=Dialect.V0_13 if old else Dialect.LATEST)


async def setting_of(engine: Engine, versions: Versions | None = None) -> Setting:
    """Ask an engine what it is."""
    return Setting(engine=engine, versions=versions or await engine.versions(), info=await engine.info())


async def prepare(setting: Setting, target: Target) -> Prepared:
    """The plan and keys of a target. Raises UsageError when there is no such Dockerfile or it cannot be read."""
    data = _dockerfile(target)
    model = setting.model
    file = parse(data, target.subject.path, model.frontend)
    if file.syntax is not None and model.frontend is not Dialect.LATEST:
        model = msgspec.structs.replace(
            model, frontend=Dialect.LATEST
        )  # that frontend is fetched, whatever the engine is
        file = parse(data, target.subject.path, model.frontend)
    if setting.engine.name == "podman":
        return Prepared(
            target=target, file=file, plan=None, notes=("Podman's cache is Buildah's: nothing is predicted",)
        )
    options = RunOptions(network=target.options.network)
    host = setting.platform
    plan = plan_of(file, _settings(target, {}, host), model, options)
    if isinstance(plan, Problem):
        return Prepared(target=target, file=file, plan=None, notes=(f"nothing is predicted: {plan.message}",))
    references = plan.unknown_images
    images = await _bases(setting, plan)
    if images:
        better = plan_of(file, _settings(target, images, host), model, options)
        plan = plan if isinstance(better, Problem) else better
    bases = tuple((reference, reference in images) for reference in references)
    return msgspec.structs.replace(_with_keys(setting, target, file, plan), bases=bases)


def plan_for_edits(target: Target) -> Plan | None:
    """A plan that says which files steps take, whatever the engine; None where there is none."""
    file = parse(_dockerfile(target), target.subject.path)
    plan = plan_of(file, _settings(target, {}, LINUX_AMD64))
    return None if isinstance(plan, Problem) else plan


def _with_keys(setting: Setting, target: Target, file: Dockerfile, plan: Plan) -> Prepared:
    context = BuildContext(target.tree, target.subject.context, target.subject.path)
    no_cache = target.options.no_cache
    contexts = {MAIN: context, **_named(target)}
    try:
        state = _git_state(target.root) if context.sends_git else ""
        keys = keys_of(plan, TreeDigests(contexts, state), TreeDigests(contexts), no_cache=no_cache)
    except Unreadable as error:
        note = f"nothing is predicted: {error}"
        return Prepared(target=target, file=file, plan=plan, notes=(note,), skipped=tuple(context.skipped))
    return Prepared(
        target=target, file=file, plan=plan, keys=keys, cache=setting.cache, skipped=tuple(context.skipped)
    )


def _named(target: Target) -> dict[str, BuildContext]:
    """Named contexts that are folders, as the builder is sent them: each by its own `.dockerignore`."""
    root = target.root.resolve()
    found: dict[str, BuildContext] = {}
    for name, value in target.contexts:
        if "://" in value or value.startswith(("target:", "service:", "git@")):
            continue
        folder = root / value
        if folder.is_dir():
            found[name] = BuildContext(DiskTree(folder))
    return found


def _dockerfile(target: Target) -> bytes:
    subject = target.subject
    if subject.dockerfile is not None:
        return subject.dockerfile
    try:
        return target.tree.read(subject.path)
    except KeyError as error:
        raise UsageError(f"there is no {subject.path}", "give a Dockerfile, a service or a target") from error
    except Unreadable as error:
        raise UsageError(f"{subject.path} cannot be read: {error}") from error


_ARCHES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "i686": "386"}


def _platform(text: str, host: Platform) -> Platform:
    """The platform that is built for. Raises UsageError for what is none, or several."""
    if not text:
        return host
    if "," in text:
        raise UsageError(
            f"--platform {text}: several platforms cannot be measured at once", "build them one by one"
        )
    found = parse_platform(text, host)
    if isinstance(found, str):
        raise UsageError(f"--platform {found}", "for instance linux/arm64")
    return found


def _settings(target: Target, images: Mapping[str, BaseImage], host: Platform) -> Settings:
    subject = target.subject
    return Settings(
        platform=_platform(target.options.platform, host),
        build_platform=host,
        args=dict(subject.args),
        contexts=subject.contexts | {name for name, _ in target.contexts},
        target=subject.target,
        images=images,
        context_sources=dict(target.contexts),
    )


async def _bases(setting: Setting, plan: Plan) -> dict[str, BaseImage]:
    """Base images the engine has: their configuration counts, and their layers tell when a tag has moved.

    Only of the engine's own builder: others look their bases up themselves.
    """
    if not setting.own_builder:
        return {}
    found: dict[str, BaseImage] = {}
    for reference in plan.unknown_images[:MAX_BASES]:
        try:
            found[reference] = _base(await setting.engine.image(reference))
        except Failed:
            continue  # it is fetched when it is built
    return found


def _base(image: ImageDetail) -> BaseImage:
    return BaseImage(
        env=image.env,
        working_dir=image.working_dir,
        user=image.user,
        cmd=image.cmd,
        entrypoint=image.entrypoint,
        shell=image.shell,
        labels=tuple(sorted(image.labels.items())),
        exposed_ports=tuple(sorted(image.exposed_ports)),
        volumes=tuple(sorted(image.volumes)),
        stop_signal=image.stop_signal,
        onbuild=image.on_build,
        layers=image.layers,
    )


def _git_state(root: Path) -> str:
    """What stands for the files of `.git`: their names, sizes and times. Equal: they are the same."""
    digest = sha256()
    for folder, folders, files in os.walk(root / ".git"):
        folders.sort()
        for name in sorted(files):
            path = os.path.join(folder, name)
            try:
                found = os.lstat(path)
            except OSError:
                continue
            digest.update(
                f"{path}\0{found.st_size}\0{found.st_mtime_ns}\0".encode("utf-8", "surrogateescape")
            )
    return digest.hexdigest()
