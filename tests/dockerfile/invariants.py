"""What must hold for the tree of any bytes at all."""

from itertools import pairwise

from dockwright.dockerfile.nodes import Word
from dockwright.dockerfile.syntax import Instruction
from dockwright.dockerfile.tree import Dockerfile
from dockwright.text import MappedText, Span


def check_syntax(tree: Dockerfile) -> None:
    """Leaves, nodes and words cover, nest and map as promised."""
    data = tree.file.data
    assert tree.source == data
    check_partition([token.span for token in tree.tokens()], len(data))
    check_partition([node.extent for node in tree.nodes], len(data))
    for node in tree.nodes:
        assert node.extent.covers(node.span), node
        if isinstance(node, Instruction):
            check_instruction(node)


def check_partition(spans: list[Span], length: int) -> None:
    """The spans follow each other without gap or overlap, none empty."""
    at = 0
    for span in spans:
        assert span.start == at, span
        assert span.end > span.start, span
        at = span.end
    assert at == length


def check_instruction(node: Instruction) -> None:
    data = node.file.data
    check_mapping(node.line, data)
    check_mapping(node.body, data)
    for word in (node.keyword, *node.arguments):
        check_word(node, word)
    for flag in node.flags:
        assert flag.raw == data[flag.span.start : flag.span.end]
        assert node.extent.covers(flag.span)
        assert flag.span.covers(flag.name_span)
        assert flag.value_span is None or flag.span.covers(flag.value_span)
        assert (flag.value is None) == ("=" not in flag.text)
    order = [flag.span for flag in node.flags] + [word.span for word in node.arguments]
    assert order == sorted(order)
    assert all(left.end <= right.start for left, right in pairwise(order))
    for heredoc in node.heredocs:
        check_mapping(heredoc.body, data)
        assert heredoc.content == data[heredoc.body_span.start : heredoc.body_span.end]
        assert node.extent.covers(heredoc.body_span)
        assert heredoc.end_span is None or node.extent.covers(heredoc.end_span)
    if node.nested is not None:
        check_instruction(node.nested)


def check_word(node: Instruction, word: Word) -> None:
    data = node.file.data
    assert word.raw == data[word.span.start : word.span.end]
    assert node.extent.covers(word.span)
    if word.quote != "json":
        assert word.value == node.line.data[word.at : word.end].decode("utf-8", "surrogateescape")


def check_mapping(text: MappedText, data: bytes) -> None:
    """Every byte of the text is the byte of the file at its offset, and the offsets rise."""
    if len(text.pieces) == 1:  # then offsets rise by one
        start = text.offset(0)
        assert data[start : start + len(text.data)] == text.data
        return
    offsets = [text.offset(at) for at in range(len(text.data))]
    assert bytes(data[offset] for offset in offsets) == text.data
    assert all(left < right for left, right in pairwise(offsets))
