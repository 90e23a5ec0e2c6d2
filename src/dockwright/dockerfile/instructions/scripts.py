"""The text an instruction hands to the shell, mapped to the file.

Source: moby/buildkit frontend/dockerfile/dockerfile2llb/convert.go: dispatchRun.
"""

from dockwright.dockerfile.dialect import Dialect
from dockwright.dockerfile.heredoc import is_only_opener
from dockwright.dockerfile.nodes import Heredoc, Word
from dockwright.dockerfile.syntax import Instruction
from dockwright.text import MappedText


def of_word(node: Instruction, words: tuple[Word, ...]) -> MappedText:
    """The one shell-form argument; an empty text at the end of the line if there is none."""
    if not words:
        end = node.line_span.end
        return MappedText(b"", [], end)
    return node.line.slice(words[0].at, words[0].end)


def with_heredocs(node: Instruction, words: tuple[Word, ...]) -> tuple[MappedText, bool]:
    """What RUN hands to the shell, and whether that is just the body of one heredoc."""
    text = of_word(node, words)
    if not node.heredocs or not words:
        return text, False
    if is_only_opener(words[0].value, node.dialect):
        return node.heredocs[0].body, True
    return _reassembled(text, node.heredocs), False


def _reassembled(text: MappedText, heredocs: tuple[Heredoc, ...]) -> MappedText:
    """The line, then each body and its terminator, as the shell is to see them."""
    parts = [text.data]
    pieces = text.pieces
    length = len(text.data)
    end = text.end
    for heredoc in heredocs:
        name = heredoc.name.encode("utf-8", "surrogateescape")
        stop = heredoc.end_span.end if heredoc.end_span else heredoc.body_span.end
        pieces.append((length, end))
        pieces.append((length + 1, heredoc.body_span.start))
        length += 1 + len(heredoc.content)
        pieces.append((length, max(stop - len(name), heredoc.body_span.end)))
        parts += [b"\n", heredoc.content, name]
        length += len(name)
        end = stop
    return MappedText(b"".join(parts), pieces, end)


def interpreter(node: Instruction, script: MappedText, *, heredoc_only: bool) -> str:
    """The `#!` line of a heredoc-only script, without `#!`; "" if the shell itself runs it.

    0.13 looks for `#!` before leading tabs are taken off.
    """
    if not heredoc_only:
        return ""
    seen = node.heredocs[0].content if node.dialect is Dialect.V0_13 else script.data
    if not seen.startswith(b"#!"):
        return ""
    return seen[2:].partition(b"\n")[0].decode("utf-8", "surrogateescape").strip()
