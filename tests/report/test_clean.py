"""Nothing unprintable and no known secret gets through."""

from hypothesis import given
from hypothesis import strategies as st

from dockwright.knowledge.secrets import redact
from dockwright.report.clean import REDACTED, Cleaner, printable


@given(st.text())
def test_printable_text_is_printable_and_keeps_what_was(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    assert (
        "".join(char for char in text if char.isprintable())
        == "".join(char for char in shown if char.isprintable())
        or not text.isprintable()
    )


def test_printable_leaves_ordinary_text_alone() -> None:
    assert printable("Größe: 3 · “ok” 日本") == "Größe: 3 · “ok” 日本"


def test_bytes_that_are_not_utf8_become_hexadecimal_escapes() -> None:
    assert printable(b"caf\xe9/Dockerfile".decode("utf-8", "surrogateescape")) == r"caf\xe9/Dockerfile"


def test_terminal_and_direction_controls_are_escaped() -> None:
    assert printable("a\x1b[2Jb\u202ec\nd") == r"a\x1b[2Jb\u202ec\nd"


def test_known_values_go_wherever_they_stand_the_longest_first() -> None:
    cleaner = Cleaner(lambda text: text, ["hunter2", "hunter2-long", ""])
    assert cleaner.text("a hunter2-long b hunter2 c") == f"a {REDACTED} b {REDACTED} c"


def test_data_is_cleaned_at_every_depth_but_identifiers_are_not_redacted() -> None:
    cleaner = Cleaner(lambda text: text.replace("secret", "***"), ["s3cr3t!"])
    data = {"a": ["x s3cr3t!", {"message": "secret"}], "content": "secret", "n": 3, "none": None, "b\n": True}
    assert cleaner.data(data) == {
        "a": [f"x {REDACTED}", {"message": "***"}],
        "content": "secret",
        "n": 3,
        "none": None,
        "b\\n": True,
    }


def test_a_password_that_is_also_a_name_is_taken_out_where_a_value_stands():
    cleaner = Cleaner(redact, {"paperless-ngx", "Wq7-zz"}, frozenset({"paperless-ngx"}))
    shown = [
        "builds `stacks/paperless-ngx/Dockerfile`",
        "tag `latest` of `ghcr.io/paperless-ngx/paperless-ngx` moves",
        "service `paperless-ngx` waits",
        "image: paperless-ngx",
    ]
    assert [cleaner.text(text) for text in shown] == shown
    assert "paperless-ngx" not in cleaner.text("X=paperless-ngx")
    assert "paperless-ngx" not in cleaner.text('DB: "paperless-ngx"')
    assert cleaner.text("paperless-ngx") == "[redacted]"
    assert cleaner.data({"service": "paperless-ngx", "value": "paperless-ngx"}) == {
        "service": "paperless-ngx",
        "value": "[redacted]",
    }
    assert cleaner.text("path/Wq7-zz/x") == "path/[redacted]/x"
