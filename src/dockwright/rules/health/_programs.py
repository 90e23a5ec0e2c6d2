"""Which programs some commands need, and which of them an image lacks."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from dockwright.compose.volumes import mount
from dockwright.rules._shared.commands import started
from dockwright.rules._shared.images import image_of, only_stage
from dockwright.rules._shared.presence import UNKNOWN, Presence, in_image, in_stage
from dockwright.rules.subjects import ServiceSubject
from dockwright.shell.script import Command, Link, Nest

GUARDS = frozenset(("command", "which", "type", "hash"))
CONDITIONAL = (Nest.THEN, Nest.ELSE, Nest.CASE)
_MANAGERS = frozenset(
    ("apt-get", "apt", "apk", "dnf", "yum", "microdnf", "pip", "pip3", "npm", "gem", "zypper", "pacman")
)
Lookup = Callable[[str], Presence]


class Missing(msgspec.Struct, frozen=True):
    """A command whose program is not in the image."""

    command: Command
    presence: Presence

    @property
    def program(self) -> str:
        return self.command.name


def image_lookup(subject: ServiceSubject) -> Lookup:
    """Says of a program whether the image a service runs holds it."""
    built = only_stage(subject)
    public = image_of(subject.service)
    if _mounts_programs(subject):
        return lambda _: UNKNOWN
    texts = [text.raw for one in (subject.service.command, subject.service.entrypoint) if one is not None
             for text in (one.text, *one.words) if text is not None]  # fmt: skip
    if any(manager in text for text in texts for manager in _MANAGERS):
        return lambda _: UNKNOWN  # it installs programs when it starts
    if built is not None:
        return lambda program: in_stage(built.stage, program)
    if public is not None:
        return lambda program: in_image(public, program)
    return lambda _: UNKNOWN


def _mounts_programs(subject: ServiceSubject) -> bool:
    """True when a volume lies over a directory of programs."""
    targets = [found.target for volume in subject.service.volumes if (found := mount(volume)) is not None]
    return any(
        "/bin" in f"/{target}" or target.rstrip("/") in ("", "/usr", "/usr/local") for target in targets
    )


def missing_programs(commands: Sequence[Command], lookup: Lookup) -> Iterator[Missing]:
    """Commands whose program the image lacks, each program once.

    Left out: what only runs under a condition, what another command stands in for (`curl … || wget …`), programs whose
    presence the script itself asks for (`command -v curl`), and those it installs first.
    """
    guarded = {word.program for command in commands if command.name in GUARDS for word in command.args}
    brought = {word.shown() for command in commands if command.name in _MANAGERS for word in command.args}
    seen: set[str] = set()
    programs = started(commands)
    for command in programs:
        name = command.name
        if name in seen or name in guarded or name in brought or brought & _named_alike(name):
            continue
        if command.inside(*CONDITIONAL) or "/" in (command.argv[0].value or "/x").lstrip("/"):
            continue
        seen.add(name)
        presence = lookup(name)
        if presence.held is False and not _replaced(command, commands, lookup):
            yield Missing(command, presence)


def _named_alike(program: str) -> set[str]:
    from dockwright.knowledge.programs import providers

    return {provider.package for provider in providers(program)}


def _replaced(command: Command, commands: Sequence[Command], lookup: Lookup) -> bool:
    """True when the command is one of several joined by `||`, and another of them may work."""
    position = next(index for index, one in enumerate(commands) if one is command)
    for other in _alternatives(position, commands):
        if (
            other.name
            and other.name in {one.name for one in started([other])}
            and lookup(other.name).held is not False
        ):
            return True
    return False


def _alternatives(position: int, commands: Sequence[Command]) -> Iterable[Command]:
    at = position
    while at > 0 and commands[at].link is Link.OR:
        at -= 1
        yield commands[at]
    at = position
    while at + 1 < len(commands) and commands[at + 1].link in (Link.OR, Link.PIPE):
        at += 1
        if commands[at].link is Link.OR:
            yield commands[at]
