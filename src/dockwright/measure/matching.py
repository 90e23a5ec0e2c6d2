"""From vertices of a build to the instructions of its Dockerfile.

BuildKit gives vertices no line. Its name says stage, number and text (moby/buildkit frontend/dockerfile/dockerfile2llb/
convert.go: prefixCommand), and the names our own graph gives its operations are the same; where they are not (variables of
a base image that is not known), stage and number decide, and the keyword must fit. Steps that two stages share are one
vertex, under the name of either.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from dockwright.dockerfile.keys.model import Plan, Step
from dockwright.dockerfile.tree import Dockerfile
from dockwright.engine.protocol import Vertex

_NAME = re.compile(
    r"^\[(?:(?P<platform>\w+/[\w./]+(?:->\S+)?) )?(?:(?P<stage>[^\s\]]+) )?\s*(?P<number>\d+)/(?P<of>\d+)\] "
    r"(?P<trigger>ONBUILD )?(?P<text>.*)$",
    re.DOTALL,
)


class Name:
    """The name of a vertex taken apart; `stage` is "" where the file has one stage."""

    __slots__ = ("keyword", "number", "plain", "stage", "text")

    def __init__(self, found: re.Match[str]) -> None:
        self.stage = found["stage"] or ""
        self.number = int(found["number"])
        self.text = found["text"]
        self.keyword = self.text.partition(" ")[0].upper()
        label = f"{self.stage} " if self.stage else ""
        self.plain = f"[{label}{found['number']}/{found['of']}] {found['trigger'] or ''}{self.text}"
        """The name without the platform and without padding."""


def name_of(text: str) -> Name | None:
    """The parts of a vertex's name; None for what is no instruction (`[internal] …`, `exporting to image`)."""
    found = _NAME.match(text)
    return Name(found) if found is not None else None


def is_base(name: Name | None) -> bool:
    """The vertex of a FROM."""
    return name is not None and name.keyword == "FROM"


def matched(plan: Plan, vertices: Iterable[Vertex]) -> dict[int, tuple[Vertex, ...]]:
    """The vertices of each counted step, by its index: more than one where an instruction is several (`--link`, URLs)."""
    left: dict[str, list[Vertex]] = {}
    names: dict[str, Name] = {}
    for vertex in vertices:
        name = name_of(vertex.name)
        if name is not None and not is_base(name):
            left.setdefault(name.plain, []).append(vertex)
            names[name.plain] = name
    found: dict[int, tuple[Vertex, ...]] = {}
    for way in (_by_name, _by_number, _by_text):
        for step in plan.counted:
            if step.index in found:
                continue
            plain = next((one for one in way(step, names) if one in left), None)
            if plain is not None:
                found[step.index] = tuple(left.pop(plain))
    return found


def _wanted(step: Step) -> Name | None:
    return name_of(step.operation.name)


def _by_name(step: Step, _names: Mapping[str, Name]) -> Iterator[str]:
    wanted = _wanted(step)
    if wanted is not None:
        yield wanted.plain


def _by_number(step: Step, names: Mapping[str, Name]) -> Iterator[str]:
    wanted = _wanted(step)
    if wanted is not None:
        for plain, one in names.items():
            if (one.stage, one.number, one.keyword) == (wanted.stage, wanted.number, wanted.keyword):
                yield plain


def _by_text(step: Step, names: Mapping[str, Name]) -> Iterator[str]:
    """Of equal steps of several stages any may give the name."""
    wanted = _wanted(step)
    stages = {origin.stage or f"stage-{origin.stage_index}" for origin in step.operation.origins}
    for plain, one in names.items():
        if wanted is not None and one.stage in stages and one.text == wanted.text:
            yield plain


def verdict_of(vertices: Sequence[Vertex]) -> Vertex:
    """The one that tells whether the instruction was cached: the last of the chain, which has most inputs."""
    return max(vertices, key=lambda one: (len(one.inputs), one.started or 0.0))


class Numbered:
    """An instruction that an engine numbers itself, with its place in the file."""

    __slots__ = ("line", "stage", "text", "word")

    def __init__(self, stage: str, word: str, text: str, line: int) -> None:
        self.stage, self.word, self.text, self.line = stage, word, text, line


def numbered(file: Dockerfile) -> dict[tuple[int, int], Numbered]:
    """All instructions of stages by stage and number, FROM being 1: how Buildah counts."""
    found: dict[tuple[int, int], Numbered] = {}
    for stage in file.stages:
        for number, command in enumerate((stage.from_, *stage.instructions), 1):
            node = command.node
            text = " ".join(node.original.split())
            found[stage.index, number] = Numbered(stage.label, command.name, text, node.first_line)
    return found
