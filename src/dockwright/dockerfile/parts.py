"""Typed instructions sorted into global ARGs and stages, and the errors of that layer.

Source: moby/buildkit frontend/dockerfile/instructions/parse.go: Parse. A FROM that is refused still opens a stage
here, so that what follows is not lost.
"""

import msgspec

from dockwright.dockerfile.instructions.types import Arg, Command, From, Invalid
from dockwright.dockerfile.nodes import NO_STAGE, NO_STAGES, Layer, Problem
from dockwright.text import Span


class Parts(msgspec.Struct, frozen=True):
    """The global ARGs, each FROM with its instructions, and the problems."""

    global_args: tuple[Arg, ...]
    stages: tuple[tuple[From, tuple[Command, ...]], ...]
    problems: tuple[Problem, ...]


def split_stages(commands: tuple[Command, ...]) -> Parts:
    """Sort the instructions of a file."""
    global_args: list[Arg] = []
    stages: list[tuple[From, list[Command]]] = []
    problems: list[Problem] = []
    for command in commands:
        if type(command) is Invalid and command.problem.layer is Layer.INSTRUCTION:
            problems.append(command.problem)
        from_ = _opens(command) if command.node.name == "FROM" else None
        if from_ is not None:
            stages.append((from_, []))
        elif stages:
            stages[-1][1].append(command)
        elif isinstance(command, Arg):
            global_args.append(command)
        elif not isinstance(command, Invalid):
            lines = (command.node.first_line, command.node.last_line)
            problems.append(Problem(NO_STAGE, command.node.line_span, lines, Layer.INSTRUCTION))
    if commands and not stages and not problems and not any(isinstance(one, Invalid) for one in commands):
        span = Span(0, commands[-1].span.end)
        problems.append(Problem(NO_STAGES, span, (0, 0), Layer.INSTRUCTION))
    return Parts(tuple(global_args), tuple((one, tuple(rest)) for one, rest in stages), tuple(problems))


def _opens(command: Command) -> From | None:
    """The FROM that opens a stage; a makeshift one for a FROM that is refused."""
    if isinstance(command, From):
        return command
    if not isinstance(command, Invalid) or command.name != "FROM":
        return None
    node = command.node
    words = node.arguments
    end = len(node.line.data)
    image = words[0] if words else node.word(end, end)
    return From(node, image=image, platform=None, as_word=None, alias=None, stage_name="")
