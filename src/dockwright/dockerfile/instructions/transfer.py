"""COPY and ADD. Source: moby/buildkit frontend/dockerfile/instructions/parse.go: parseCopy, parseAdd."""

from dockwright.dockerfile.heredoc import parse_opener
from dockwright.dockerfile.instructions.flags import Flags, RefusedError, flags_of
from dockwright.dockerfile.instructions.types import Add, Command, Copy, Form, InlineFile
from dockwright.dockerfile.nodes import Word
from dockwright.dockerfile.syntax import Instruction


def _checked(node: Instruction) -> Flags:
    words = node.arguments
    if len(words) < 2:
        message = f"{node.name} requires at least two arguments, but only one was provided."
        raise RefusedError(message + " Destination could not be determined")
    flags = flags_of(node)
    destination = words[-1]
    if "<<" in destination.value and parse_opener(destination.value, node.dialect):
        raise RefusedError(f"{node.name} cannot accept a heredoc as a destination", destination.span)
    return flags


def _sources(node: Instruction) -> tuple[tuple[Word, ...], tuple[InlineFile, ...]]:
    """Paths, and heredocs. Of several heredocs with one name the last is meant by all, as in BuildKit."""
    words = node.arguments
    if b"<<" not in node.line.data and not node.json:
        return words[:-1], ()
    by_name = {heredoc.name: heredoc for heredoc in node.heredocs}
    paths: list[Word] = []
    inline: list[InlineFile] = []
    for word in words[:-1]:
        opener = parse_opener(word.value, node.dialect)
        if opener:
            inline.append(InlineFile(word, opener.name, by_name.get(opener.name)))
        else:
            paths.append(word)
    return tuple(paths), tuple(inline)


def read_copy(node: Instruction) -> Command:
    flags = _checked(node)
    sources, inline = _sources(node)
    if not node.flagged:
        form: Form = "json" if node.json else "shell"
        destination = node.arguments[-1]
        return Copy(node, form, sources, inline, destination, None, None, False, (), None, False)
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
