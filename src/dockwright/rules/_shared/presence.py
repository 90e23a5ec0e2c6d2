"""Does an image hold a program?

Known is what base images document to have or lack (`knowledge.images`, `knowledge.services`) and what the Dockerfile
installs on top. Everything that may bring programs unseen (a script that is run, files copied into a directory of
programs, archives unpacked, packages from variables) makes the answer "not known", never "absent".
"""

import re

import msgspec

from dockwright.dockerfile.image_reference import ImageReference
from dockwright.dockerfile.instructions.types import Add, Copy, Run
from dockwright.dockerfile.stages import Stage
from dockwright.knowledge.images import base_image as known_base
from dockwright.knowledge.programs import packages_of_program
from dockwright.knowledge.services import service_image
from dockwright.rules._shared.images import base_image
from dockwright.rules.runs import RunBody
from dockwright.rules.subjects import StageSubject
from dockwright.shell.package_types import Action, Install
from dockwright.shell.script import Command, Link

SYSTEM = frozenset(("apt", "apk", "dnf", "yum", "microdnf", "tdnf", "zypper", "pacman", "conda", "nix"))
"""Managers that install programs of the operating system."""
_PROGRAM_DIR = re.compile(r"^(?:/|/usr(?:/local)?|/opt)?(?:/s?bin)?/?$|/s?bin(?:/|$)")
_SHELLS = frozenset(("sh", "bash", "ash", "dash", "zsh"))
_SCRIPT_ENDINGS = (".sh", ".bash", ".run", ".bin", ".pl")
_BRINGERS = frozenset(
    [
        "tar",
        "unzip",
        "dpkg",
        "rpm",
        "install",
        "ln",
        "mv",
        "cp",
        "busybox",
        "cargo",
        "go",
        "gem",
        "make",
        "update-alternatives",
        "curl",
        "wget",
        "tee",
        "dd",
        "chmod",
        "printf",
        "echo",
        "git",
        "pipx",
        "alternatives",
    ]
)
"""Programs that bring another one when they name it."""


class Presence(msgspec.Struct, frozen=True):
    """`held` is True, False, or None when it cannot be known; `because` says what it rests on; `sure` whether the
    absence is documented beyond doubt.
    """

    held: bool | None
    because: str = ""
    sure: bool = False


UNKNOWN = Presence(None)


def in_image(image: ImageReference, program: str) -> Presence:
    """A public image as it is."""
    tag = image.tag or ""
    service = service_image(image.familiar_name)
    held = service.has(program) if service is not None else None
    if held is False and "alpine" in tag and program in ("wget", "nc", "ps"):
        held = True  # busybox has these
    base = known_base(image.familiar_name, tag)
    if base is not None and base.has(program) is not None:
        held = base.has(program)
        return Presence(held, f"`{image.text}` is documented to lack it", sure=base.confidence == "high")
    if held is None:
        return UNKNOWN
    return Presence(held, f"`{image.text}` does not hold it")


def in_stage(subject: StageSubject, program: str) -> Presence:
    """The image of a stage: its base, and what the stages down to it install."""
    image = base_image(subject.stage)
    if image is None:
        return UNKNOWN
    base = in_image(image, program)
    if base.held is not False:
        return base
    manager = ""
    for stage in (subject.stage, *subject.stage.ancestors):
        if any(isinstance(one, Copy | Add) and _may_bring(one, program) for one in stage.commands):
            return UNKNOWN
        if _extends_path(stage):
            return UNKNOWN
        for body in subject.dockerfile.runs[stage.index]:
            if _brings_unseen(body, program):
                return UNKNOWN
            for install in body.installs:
                held = _installs(install, program)
                if held is not False:
                    return Presence(held)
                manager = install.manager if install.manager in SYSTEM else manager
    what = f"`{subject.path}` does not install it" if manager else "nothing installs it"
    return Presence(False, f"{base.because}, and {what}", sure=base.sure)


STANDARD = frozenset(f"{root}/{name}" for root in ("", "/usr", "/usr/local") for name in ("bin", "sbin"))


def _extends_path(stage: Stage) -> bool:
    """True when PATH has a directory of the image's own (`/app/.venv/bin`): its programs are not known."""
    path = stage.config.env.get("PATH")
    parts = path.value.split(":") if path is not None else []
    return any(part and "$" not in part and part not in STANDARD for part in parts)


def _installs(install: Install, program: str) -> bool | None:
    """Whether a command of a package manager brings the program; None when that cannot be known."""
    if install.action not in (Action.INSTALL, Action.UPGRADE):
        return False
    bringing = packages_of_program(install.manager, program)
    if {package.name for package in install.packages} & {program, *bringing}:
        return True
    if install.manager in SYSTEM:
        odd = any(
            package.kind not in ("registry", "virtual") or "$" in package.name for package in install.packages
        )
        return None if odd else False
    return None if bringing and not install.packages else False  # a manifest may list it


def _may_bring(command: Copy | Add, program: str) -> bool:
    """True when a COPY or ADD may put the program there."""
    target = command.destination.value
    if isinstance(command, Copy) and command.from_ is not None:
        names = [word.value.rpartition("/")[2] for word in (*command.sources, command.destination)]
        return (
            program in names
            or _PROGRAM_DIR.search(target) is not None
            or any(_PROGRAM_DIR.search(word.value) is not None for word in command.sources)
        )
    return target.rpartition("/")[2] == program or re.search(r"/s?bin(?:/|$)", target) is not None


def _brings_unseen(body: RunBody, program: str) -> bool:
    """True when the body may bring the program in a way that cannot be seen."""
    run = body.instruction
    if body.unread or not isinstance(run, Run) or any(_runs_script(command) for command in body.commands):
        return True
    named = re.compile(rf"(?<![\w-]){re.escape(program)}(?![\w-])")
    return any(_names(command, named) for command in body.commands)


def _names(command: Command, named: re.Pattern[str]) -> bool:
    """True when the command may put a program of that name somewhere: as an argument, or as what it writes to."""
    words = [redirect.target for redirect in command.redirects if redirect.target is not None]
    words += command.args if command.name in _BRINGERS else ()
    return any(named.search(word.shown()) for word in words)


def _runs_script(command: Command) -> bool:
    """True for a command that runs a script: it may install anything."""
    if command.name in _SHELLS:
        first = next((word for word in command.args if not (word.value or "x").startswith("-")), None)
        options = "".join(word.value or "" for word in command.args if (word.value or "").startswith("-"))
        return command.link is Link.PIPE or (first is not None and "c" not in options)
    written = command.argv[0].value if command.argv else ""
    return command.name.endswith(_SCRIPT_ENDINGS) or (written or "").startswith("./")
