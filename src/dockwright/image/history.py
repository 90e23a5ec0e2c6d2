"""The history of an image as instructions, each with the layer it made.

Who writes `created_by` how (moby/buildkit dockerfile2llb/convert.go: commitToHistory, runCommandString; moby/moby
builder/dockerfile/dispatchers.go; containers/buildah add.go, commit.go; GoogleContainerTools/kaniko):

    BuildKit   RUN |1 A=b /bin/sh -c make # buildkit        COPY a b # buildkit        ENV A=b
    classic    |1 A=b /bin/sh -c make                       /bin/sh -c #(nop) COPY file:HASH in /b
    Podman     /bin/sh -c make                              /bin/sh -c #(nop) COPY dir:HASH in /b
    Kaniko     RUN make                                     COPY a b
"""

import re
from collections.abc import Sequence

import msgspec

from dockwright.image.config import Config, Past

KEYWORDS = frozenset(
    [
        "ADD",
        "ARG",
        "CMD",
        "COPY",
        "ENTRYPOINT",
        "ENV",
        "EXPOSE",
        "FROM",
        "HEALTHCHECK",
        "LABEL",
        "MAINTAINER",
        "ONBUILD",
        "RUN",
        "SHELL",
        "STOPSIGNAL",
        "USER",
        "VOLUME",
        "WORKDIR",
    ]
)
_NOP = re.compile(r"^(?:/bin/sh -c|cmd /S /C|powershell .*?) #\(nop\)\s+", re.DOTALL)
_SHELL = re.compile(
    r"^(?:/\S*/(?:env )?(?:ba|da|z|k|a)?sh(?: -[a-z]+(?: [a-z]+)?)*? -[a-z]*c|cmd /S /C|powershell -Command) ",
    re.DOTALL,
)
"""A shell with its options up to the first that ends in `c`: the command may begin with options of its own."""
_ARGUMENTS = re.compile(r"^\|(\d+) ")


class Made(msgspec.Struct, frozen=True):
    """One instruction that made the image. `keyword` is empty where the history does not say."""

    number: int
    """Place in the history, from 0."""
    keyword: str
    text: str
    """What follows the keyword, without shell, build arguments and builder's marks."""
    created_by: str
    layer: int | None
    """The layer it made, from 0; None when it made none or that cannot be told."""
    created: str = ""
    arguments: tuple[str, ...] = ()
    """Build arguments a RUN saw, as the history has them: their names only."""

    @property
    def line(self) -> str:
        """For people: the instruction on one line."""
        text = " ".join(self.text.split())
        return f"{self.keyword} {text}".strip() or "(no instruction recorded)"


class Instructions(msgspec.Struct, frozen=True):
    """The instructions, and whether each layer's is known (`sure`); `note` says why not."""

    made: tuple[Made, ...]
    sure: bool
    note: str = ""

    def of_layer(self, layer: int) -> Made | None:
        """The instruction that made a layer."""
        return next((one for one in self.made if one.layer == layer), None)


def instructions(config: Config, layers: int) -> Instructions:
    """Match history entries with layers: those not `empty_layer`, in order, when there are as many as layers.

    Otherwise every layer gets an entry of its own without an instruction, so that no byte is left without a place.
    """
    history = config.history or []
    full = [one for one in history if not one.empty_layer]
    if len(full) == layers:
        return Instructions(_in_order(history), sure=True)
    what = f"the history has {len(full)} entries with a layer" if history else "the image has no history"
    nameless = tuple(Made(number, "", "", "", number) for number in range(layers))
    return Instructions(
        nameless, sure=False, note=f"{what}, and there are {layers} layers: who made which is not known"
    )


def _in_order(history: Sequence[Past]) -> tuple[Made, ...]:
    found, layer = [], 0
    for number, one in enumerate(history):
        keyword, text, arguments = parsed(one.created_by)
        text = text or (
            f"({one.comment})" if one.comment and not keyword else ""
        )  # docker import, docker commit
        own = None if one.empty_layer else layer
        layer += not one.empty_layer
        found.append(Made(number, keyword, text, one.created_by, own, one.created, arguments))
    return tuple(found)


def parsed(created_by: str) -> tuple[str, str, tuple[str, ...]]:
    """Keyword, what follows, and names of build arguments of one history entry."""
    text = created_by.strip().removesuffix("# buildkit").rstrip()
    nop = _NOP.match(text)
    if nop:
        keyword, rest = _split(text[nop.end() :])
        return (keyword, rest, ()) if keyword else ("", text, ())
    keyword, rest = _split(text)
    if keyword and keyword != "RUN":
        return keyword, rest, ()
    body, arguments = _without_arguments(rest if keyword else text)
    shell = _SHELL.match(body)
    if shell:
        return "RUN", body[shell.end() :].strip(), arguments
    return ("RUN", body, arguments) if keyword or arguments else ("", text, ())


def _split(text: str) -> tuple[str, str]:
    keyword, _, rest = text.partition(" ")
    return (keyword, rest.strip()) if keyword in KEYWORDS else ("", text)


def _without_arguments(text: str) -> tuple[str, tuple[str, ...]]:
    """Take `|2 A=x B=y` off the front. Values may hold blanks, so the shell that follows is looked for."""
    match = _ARGUMENTS.match(text)
    if match is None:
        return text, ()
    rest = text[match.end() :]
    names: list[str] = []
    while len(names) < int(match[1][:4]):
        name, equals, after = rest.partition("=")
        if not equals or " " in name.strip():
            break
        names.append(name.strip())
        rest = _after_value(after, last=len(names) == int(match[1][:4]))
    return rest.strip(), tuple(names)


def _after_value(text: str, *, last: bool) -> str:
    """What follows the value of a build argument: the next `NAME=`, or the command."""
    near = text[:65_536]
    if last:
        found = _COMMAND.search(near) or re.search(r" (?=/|\S+sh -|cmd |powershell )", near)
    else:
        found = re.search(r" (?=[A-Za-z_][A-Za-z0-9_.-]*=)", near)
    found = found or re.search(" ", near)
    return text[found.end() :] if found else ""


_COMMAND = re.compile(r" (?=/\S*sh (?:-\S+ (?:[a-z]+ )?){0,8}?-[a-z]*c )")
"""A shell as builders write it before a command."""
