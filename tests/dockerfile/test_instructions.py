"""Typed instructions: fields, the places of their parts, and what is refused."""

import pytest

from dockwright.dockerfile import parse
from dockwright.dockerfile.instructions import types


def command(text: str):
    tree = parse(b"FROM base\n" + text.encode() + b"\n")
    found = tree.commands[1]
    return found, tree.file.text


def test_from():
    tree = parse(b"FROM --platform=$BUILDPLATFORM golang:1 as Build\n")
    from_ = tree.commands[0]
    assert isinstance(from_, types.From)
    assert from_.platform
    assert from_.alias
    text = tree.file.text
    assert text(from_.platform.value_span) == "$BUILDPLATFORM"
    assert text(from_.image.span) == "golang:1"
    assert (text(from_.alias.span), from_.stage_name) == ("Build", "build")


def test_run_flags_and_mounts():
    run, text = command("RUN --mount=type=cache,target=/root/.cache,id=x --network=none make")
    assert isinstance(run, types.Run)
    (mount,) = run.mounts
    assert (mount.type, mount.target, mount.id, mount.from_) == ("cache", "/root/.cache", "x", "")
    field = mount.get("target", "dst")
    assert field
    assert text(field.value_span) == "/root/.cache"
    assert text(run.network.value_span) == "none"
    assert run.script.text == "make"
    assert text(run.script.span(0, 4)) == "make"


def test_run_in_json_form():
    run, text = command('RUN [ "echo" , "a\\u00e9\\n" ]')
    assert isinstance(run, types.Run)
    assert run.form == "json"
    assert [word.value for word in run.words] == ["echo", "aé\n"]
    assert [text(word.span) for word in run.words] == ['"echo"', '"a\\u00e9\\n"']


def test_copy():
    copy, text = command('COPY --from=0 --chown=1:2 --chmod=755 --link --exclude=*.md ["a b", "c", "/d/"]')
    assert isinstance(copy, types.Copy)
    assert [word.value for word in copy.sources] == ["a b", "c"]
    assert copy.destination.value == "/d/"
    assert copy.link
    assert not copy.parents
    assert text(copy.from_.value_span) == "0"
    assert [flag.value for flag in copy.excludes] == ["*.md"]


def test_add():
    add, _ = command("ADD --checksum=sha256:1 --keep-git-dir=false --unpack https://host/x /y")
    assert isinstance(add, types.Add)
    assert (add.keep_git_dir, add.unpack) == (False, True)


def test_env_forms():
    env, text = command("ENV A=1 B='x y' C=\"z\"")
    assert isinstance(env, types.Env)
    assert [(text(pair.key.span), text(pair.value.span)) for pair in env.pairs] == [
        ("A", "1"),
        ("B", "'x y'"),
        ("C", '"z"'),
    ]
    assert [pair.value.quote for pair in env.pairs] == ["", "'", '"']
    legacy, text = command("ENV A b c=d")
    assert isinstance(legacy, types.Env)
    assert [(pair.legacy, text(pair.key.span), text(pair.value.span)) for pair in legacy.pairs] == [
        (True, "A", "b c=d")
    ]


def test_arg():
    arg, text = command("ARG A B=1 C=")
    assert isinstance(arg, types.Arg)
    assert [(text(one.name.span), one.default and text(one.default.span)) for one in arg.declarations] == [
        ("A", None),
        ("B", "1"),
        ("C", ""),
    ]


def test_healthcheck():
    check, _ = command("HEALTHCHECK --interval=1m30s --retries=3 CMD curl -f http://localhost/ || exit 1")
    assert isinstance(check, types.Healthcheck)
    assert (check.interval, check.retries) == (90_000_000_000, 3)
    assert check.script.text == "curl -f http://localhost/ || exit 1"
    none, _ = command("HEALTHCHECK NONE")
    assert isinstance(none, types.Healthcheck)
    assert none.disabled


def test_the_others():
    assert command("WORKDIR /a b")[0].path.value == "/a b"
    assert command("USER a:b")[0].user.value == "a:b"
    assert command("STOPSIGNAL 9")[0].signal.value == "9"
    assert command("MAINTAINER A <a@b>")[0].maintainer.value == "A <a@b>"
    assert [word.value for word in command("EXPOSE 80 443/tcp")[0].ports] == ["80", "443/tcp"]
    assert [word.value for word in command('VOLUME ["/a"]')[0].paths] == ["/a"]
    assert [word.value for word in command('SHELL ["/bin/sh", "-c"]')[0].words] == ["/bin/sh", "-c"]
    assert command("CMD exec x")[0].script.text == "exec x"
    assert command("ENTRYPOINT []")[0].words == ()


REFUSED = {
    "COPY a": "COPY requires at least two arguments, but only one was provided. Destination could not be determined",
    "COPY --form=b a c": "unknown flag: --form (did you mean from?)",
    "COPY --link=no a b": "expecting boolean value for flag --link, not: no",
    "COPY a <<EOF\nEOF": "COPY cannot accept a heredoc as a destination",
    "RUN --mount x": "missing a value on flag: --mount",
    "RUN --network=own x": 'invalid network mode "own"',
    "RUN --mount=from=$A,target=/x x": "'from' doesn't support variable expansion, define alias stage instead",
    'RUN --mount=\\"a x': 'failed to parse csv mounts: parse error on line 1, column 2: extraneous or missing " in quoted-field',
    "RUN --device=a,name=b x": "device name already set to a",
    "HEALTHCHECK --interval=5 CMD x": 'time: missing unit in duration "5"',
    "HEALTHCHECK --interval=1x CMD x": 'time: unknown unit "x" in duration "1x"',
    "HEALTHCHECK --retries=x CMD x": 'strconv.ParseInt: parsing "x": invalid syntax',
    "ENV =x": "ENV names can not be blank",
    "LABEL": "LABEL requires at least one argument",
    "SHELL sh": "SHELL requires the arguments to be in JSON form",
    'VOLUME [" "]': "VOLUME specified can not be an empty string",
    "ONBUILD FROM x": "FROM isn't allowed as an ONBUILD trigger",
    "CMD [1]": "when using JSON array syntax, arrays must be comprised of strings only",
}


@pytest.mark.parametrize(("text", "message"), REFUSED.items(), ids=REFUSED)
def test_refused(text, message):
    found, _ = command(text)
    assert isinstance(found, types.Invalid)
    assert found.problem.message == message


@pytest.mark.parametrize(
    ("text", "pointed_at"),
    [
        ("COPY --from=a --form=b c d", "--form=b"),
        ("RUN --mount=from=$A x", "--mount=from=$A"),
        ("RNU x", "RNU"),
        ("HEALTHCHECK NONE now", "now"),
    ],
)
def test_a_problem_points_at_the_part_that_is_wrong(text, pointed_at):
    found, source = command(text)
    assert source(found.problem.span) == pointed_at


@pytest.mark.parametrize(
    ("text", "json"),
    [
        ('["a"]', True),
        ("[]", True),
        (' [ "a" ,\t"b" ] ', True),
        ("['a']", False),
        ('["a"] x', False),
        ('["a",]', False),
        ('["c:\\x"]', False),
        ('["a\tb"]', False),
        ("[ -f x ] && y", False),
        ("[1e999]", False),
        ("[" * 20_000, False),
    ],
)
def test_json_form(text, json):
    tree = parse(f"CMD {text}\n".encode())
    assert tree.parser_problems == ()
    assert tree.instructions[0].json is json


@pytest.mark.parametrize(
    "text", ["[1]", "[null]", '["a", {"b": [true, -1.5e3]}]', "[[]]", "[" * 5000 + "]" * 5000]
)
def test_json_but_not_of_strings(text):
    tree = parse(f"CMD {text}\n".encode())
    assert [problem.message[:30] for problem in tree.parser_problems] == ["when using JSON array syntax, "]
