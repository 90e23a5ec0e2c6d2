"""What is built: a target of the repository with everything the engine and the prediction need to know of it."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from dockwright.engine.protocol import BuildRequest
from dockwright.errors import UsageError
from dockwright.replay.subjects import Subject
from dockwright.trees.tree import Tree

_ELSEWHERE = ("target:", "service:")


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What is given on the command line beside the target."""

    tags: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    ssh: tuple[str, ...] = ()
    platform: str = ""
    network: str = ""
    no_cache: bool = False
    pull: bool = False
    keep: bool = True
    timeout: float | None = None


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A build of the files below `root`, which `tree` shows. `contexts` are named contexts with what they stand for."""

    name: str
    root: Path
    tree: Tree
    subject: Subject
    contexts: tuple[tuple[str, str], ...] = ()
    options: Options = Options()
    notes: tuple[str, ...] = ()
    """What of the build the repository does not tell."""

    def request(self) -> BuildRequest:
        """What the engine is asked to do. Raises UsageError for what it cannot do by itself."""
        subject, options = self.subject, self.options
        root = self.root.resolve()
        inline = subject.dockerfile is not None
        return BuildRequest(
            context=str(root / subject.context),
            dockerfile=None if inline else str(root / subject.path),
            dockerfile_text=subject.dockerfile,
            target=subject.target,
            args=tuple(subject.args.items()),
            contexts=tuple((name, _place(name, value, root)) for name, value in self.contexts),
            tags=options.tags,
            platform=options.platform,
            network=options.network,
            secrets=options.secrets,
            ssh=options.ssh,
            no_cache=options.no_cache,
            pull=options.pull,
            keep=options.keep,
            timeout=options.timeout,
        )


def _place(name: str, value: str, root: Path) -> str:
    """A named context as the engine takes it: folders of the repository by their path on this machine."""
    if value.startswith(_ELSEWHERE) or not value:
        raise UsageError(
            f"named context {name} is {value or 'not known'}: the result of another build",
            f"build that one first and give it: --build-context {name}=docker-image://NAME",
        )
    if "://" in value or value.startswith("git@"):
        return value
    return value if value.startswith("/") else str(root / value)


def tag_for(name: str) -> str:
    """The name an image gets when none is given: `dockwright/` and the target's name, fit for an image reference."""
    import re

    text = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:100] or "target"
    return f"dockwright/{text}:latest"


def secret_values(args: Mapping[str, str]) -> frozenset[str]:
    """Values of build arguments whose names say that they are secret."""
    from dockwright.knowledge.secrets import looks_secret

    return frozenset(value for name, value in args.items() if len(value) > 3 and looks_secret(name, value))
