"""COPY and ADD. Source: moby/buildkit frontend/dockerfile/instructions/parse.go: parseCopy, parseAdd."""

from dockwright.dockerfile.heredoc import parse_opener
from dockwright.dockerfile.instructions.flags import Flags, RefusedError
from dockwright.dockerfile.instructions.types import Add, Command, Copy, InlineFile
from dockwright.dockerfile.nodes import Word
from dockwright.dockerfile.syntax import Instruction


def _checked(node: Instruction) -> Flags:
    if len(node.arguments) < 2:
        message = f"{node.name} requires at least two arguments, but only one was provided."
        raise RefusedError(message + " Destination could not be determined")
    flags = Flags(node)
    destination = node.arguments[-1]
    if parse_opener(destination.value, node.dialect):
        raise RefusedError(f"{node.name} cannot accept a heredoc as a destination", destination.span)
    return flags


def _sources(node: Instruction) -> tuple[tuple[Word, ...], tuple[InlineFile, ...]]:
    """Paths, and heredocs. Of several heredocs with one name the last is meant by all, as in BuildKit."""
    by_name = {heredoc.name: heredoc for heredoc in node.heredocs}
    paths: list[Word] = []
    inline: list[InlineFile] = []
    for word in node.arguments[:-1]:
        opener = parse_opener(word.value, node.dialect)
        if opener:
            inline.append(InlineFile(word, opener.name, by_name.get(opener.name)))
        else:
            paths.append(word)
    return tuple(paths), tuple(inline)


def read_copy(node: Instruction) -> Command:
    flags = _checked(node)
    sources, inline = _sources(node)
    return Copy(
        node,
        form="json" if node.json else "shell",
        sources=sources,
        inline=inline,
        destination=node.arguments[-1],
        chown=flags.one("chown"),
        chmod=flags.one("chmod"),
        link=bool(flags.switch("link")),
        excludes=flags.all("exclude"),
        from_=flags.one("from"),
        parents=bool(flags.switch("parents")),
    )


def read_add(node: Instruction) -> Command:
    flags = _checked(node)
    sources, inline = _sources(node)
    return Add(
        node,
        form="json" if node.json else "shell",
        sources=sources,
        inline=inline,
        destination=node.arguments[-1],
        chown=flags.one("chown"),
        chmod=flags.one("chmod"),
        link=bool(flags.switch("link")),
        excludes=flags.all("exclude"),
        checksum=flags.one("checksum"),
        keep_git_dir=flags.switch("keep-git-dir"),
        unpack=flags.switch("unpack"),
    )
