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
    assert page.why == "It costs. Really."
    assert page.fix == "Take it out; not safe when it is used. Then run it."
    assert page.scope == "Not reported: things that are right."


def test_the_fix_may_stand_inside_a_paragraph() -> None:
    page = read("Wrong.\n\nIt costs (a lot). To mend it, take `x` out.\n\nWhat is not reported: nothing.")
    assert (page.why, page.fix, page.scope) == (
        "It costs (a lot).",
        "Take `x` out.",
        "What is not reported: nothing.",
    )


def test_an_imperative_sentence_says_what_to_do_for_itself_alone() -> None:
    page = read(
        "Wrong.\n\nIt costs. Copy the list first, then install.\nThat is quick. Only heavy steps are judged. So."
    )
    assert page.fix == "Copy the list first, then install."
    assert page.why == "It costs.\n\nThat is quick."
    assert page.scope == "Only heavy steps are judged. So."


def test_a_page_without_marks_is_all_reason() -> None:
    page = read("Wrong.\n\nIt costs. Fixing takes long. Using it e.g. here, `a.b` too.")
    assert (page.why, page.fix) == ("It costs. Fixing takes long. Using it e.g. here, `a.b` too.", "")


def test_first_sentence() -> None:
    assert first_sentence("Use `a.b` here; not there.\nNever.") == "Use `a.b` here"
    assert first_sentence("no stop") == "no stop"


def test_scope_begins_also_where_a_line_ends_within_its_mark() -> None:
    text = "Summary.\n\nWhy it is so.\n\nFix: name it. Not\nreported: what is named. Severity is high where it matters.\n"
    made = read(text)
    assert made.fix == "Name it."
    assert made.scope.startswith("Not\nreported")
