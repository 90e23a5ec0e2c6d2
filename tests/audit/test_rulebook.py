"""A rule's docstring in parts."""

from dockwright.audit.rulebook import first_sentence, read

PAGE = """A thing is wrong.

It costs.
Really.

Fix: take it out; not safe when it is used. Then run it.

Not reported: things that are right."""


def test_marked_paragraphs() -> None:
    page = read(PAGE)
    assert page.summary == "A thing is wrong"
    assert page.why == "It costs.\nReally."
    assert page.fix == "Take it out; not safe when it is used. Then run it."
    assert page.not_reported == "Things that are right."


def test_the_fix_may_stand_inside_a_paragraph() -> None:
    page = read("Wrong.\n\nIt costs (a lot). To mend it, take `x` out.\n\nWhat is not reported: nothing.")
    assert (page.why, page.fix, page.not_reported) == ("It costs (a lot).", "Take `x` out.", "Nothing.")


def test_a_page_without_marks_is_all_reason() -> None:
    page = read("Wrong.\n\nIt costs. Fixing takes long.")
    assert (page.why, page.fix) == ("It costs. Fixing takes long.", "")


def test_first_sentence() -> None:
    assert first_sentence("Use `a.b` here; not there.\nNever.") == "Use `a.b` here"
    assert first_sentence("no stop") == "no stop"
