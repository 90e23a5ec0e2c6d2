"""A builder that only predicts: it keeps one cache and is told what the engine of the claims had in its images."""

import re
from collections.abc import Collection, Mapping

from dockwright.dockerfile import parse
from dockwright.dockerfile.keys.contents import TreeDigests
from dockwright.dockerfile.keys.model import InputKind, Plan, Selection
from dockwright.dockerfile.keys.outcome import Outcome, Verdict
from dockwright.dockerfile.keys.plan import plan_of
from dockwright.dockerfile.keys.state import CacheState
from dockwright.dockerfile.nodes import Problem
from dockwright.dockerfile.operations.engine import DOCKER_26_1, Engine, RunOptions
from dockwright.dockerfile.platforms import Platform
from dockwright.dockerfile.settings import BaseImage, Settings
from dockwright.trees.context import BuildContext
from dockwright.trees.memory import Content, MemoryTree

PATH = (("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),)
DEBIAN = BaseImage(env=PATH, layers=("sha256:debian",))
IMAGES = {"docker.io/library/debian:latest": DEBIAN}
Files = Mapping[str, Content | None]


class Built:
    """The prediction for one build."""

    def __init__(self, plan: Plan, outcome: Outcome) -> None:
        self.plan = plan
        self.outcome = outcome

    def hit(self, name: str) -> bool:
        """True if the step whose name matches hits; it must be certain."""
        found = [one for one in self.outcome.steps if re.search(name, one.step.operation.name)]
        assert found, (name, [one.step.operation.name for one in self.outcome.steps])
        assert found[0].verdict in (Verdict.HIT, Verdict.MISS), found[0]
        return found[0].verdict is Verdict.HIT

    def hits(self, *names: str) -> list[bool]:
        return [self.hit(name) for name in names]

    def last(self) -> bool:
        """The verdict on the last step."""
        return self.hit(re.escape(self.outcome.steps[-1].step.operation.name))

    def all(self) -> list[bool]:
        return [one.verdict is Verdict.HIT for one in self.outcome.steps]


class Lab:
    """Builds one after the other, each a change of the one before."""

    def __init__(
        self,
        dockerfile: str,
        files: Files | None = None,
        *,
        engine: Engine = DOCKER_26_1,
        images: Mapping[str, BaseImage] | None = None,
        **given: object,
    ) -> None:
        self.state = CacheState()
        self.dockerfile = dockerfile
        self.files: dict[str, Content] = {}
        self.engine = engine
        self.images = dict(images or IMAGES)
        self.first = self.build(files=files, **given)  # type: ignore[arg-type]

    def build(
        self,
        dockerfile: str | None = None,
        files: Files | None = None,
        *,
        args: Mapping[str, str] | None = None,
        target: str = "",
        images: Mapping[str, BaseImage] | None = None,
        options: RunOptions | None = None,
        known: Mapping[str, str] | None = None,
        no_cache: Collection[str] = (),
        root: str = "",
        contexts: Mapping[str, Files] | None = None,
        git: str = "",
        platform: Platform | None = None,
        failed: str = "",
    ) -> Built:
        """`known` gives the content of what is copied from steps or sources whose name matches its keys."""
        self.dockerfile = self.dockerfile if dockerfile is None else dockerfile
        for path, content in (files or {}).items():
            if content is None:
                del self.files[path]
            else:
                self.files[path] = content
        self.images.update(images or {})
        settings = Settings(
            args=args or {},
            target=target,
            images=self.images,
            contexts=frozenset(contexts or ()),
            **({"platform": platform} if platform else {}),
        )
        tree = parse(self.dockerfile.encode("utf-8", "surrogateescape"), dialect=self.engine.frontend)
        plan = plan_of(tree, settings, self.engine, options)
        assert isinstance(plan, Plan), plan
        digests = {"context": BuildContext(_tree(self.files), root, f"{root}/Dockerfile".lstrip("/"))}
        for name, content in (contexts or {}).items():
            digests[name] = BuildContext(_tree(content), "")
        found = self.state.predict(
            plan, TreeDigests(digests, git), known=_known(plan, known or {}), no_cache=no_cache
        )
        stop = [one.index for one in plan.steps if failed and failed in one.operation.name]
        self.state.record(found, failed=stop[0] if stop else None)
        return Built(plan, found.outcome)


def _tree(files: Files) -> MemoryTree:
    return MemoryTree({path: content for path, content in files.items() if content is not None})


def _known(plan: Plan, known: Mapping[str, str]) -> dict[tuple[int, Selection], str]:
    found = {}
    for step in plan.steps:
        for one in step.inputs:
            if one.kind is not InputKind.RESULT:
                continue
            operation = plan.steps[one.step].operation
            shown = f"{operation.name} {getattr(operation.body, 'identifier', '')}"
            for pattern, text in known.items():
                if re.search(pattern, shown):
                    found.update({(one.step, selection): text for selection in one.selections})
    return found


def problem(dockerfile: str, **settings: object) -> str:
    """The first error of a build, "" if there is none."""
    tree = parse(dockerfile.encode(), dialect=DOCKER_26_1.frontend)
    made = Settings(images=IMAGES, **settings)  # type: ignore[arg-type]
    plan = plan_of(tree, made, DOCKER_26_1)
    return plan.text if isinstance(plan, Problem) else ""


def change(
    before: str, after: str, pattern: str = "", files: Files | None = None, **given: object
) -> list[bool]:
    """Verdicts after the Dockerfile changed; on the last step if no pattern is given."""
    lab = Lab(before, files)
    built = lab.build(after, **given)  # type: ignore[arg-type]
    return [built.hit(one) for one in pattern.split("; ")] if pattern else [built.last()]
