"""Texts that look like Dockerfiles, and some that do not."""

from hypothesis import strategies as st

KEYWORDS = (
    "FROM", "RUN", "COPY", "ADD", "ENV", "ARG", "LABEL", "CMD", "ENTRYPOINT", "HEALTHCHECK", "ONBUILD", "SHELL", "USER",
    "VOLUME", "EXPOSE", "WORKDIR", "STOPSIGNAL", "MAINTAINER", "run", "Foo",
)  # fmt: skip
FRAGMENTS = (
    " ", "  ", "\t", "\n", "\n\n", "\\\n", "\\ \n", "\\\r\n", "`\n", "\\", "\\\\\n", "`", '"', "'", "#", "# note\n", "  # note\n",
    "#\n", "\r\n", "\r", "\v", "\f", "\u00a0", "\u2003", "\u0085", "\u3000", "é", "한", "\ufeff", "\x00", "\x1c",
    "--from=0", "--from=base", "--", '--a="b c"', "--x=\\ y", "--é=à", "--mount=type=cache,target=/x", "--chmod=9",
    "--mount=from=base", "a", "base", "AS base", "x:1@sha256:" + "a" * 64, "=", "c=d", "k='v w'", "$", "$A", "${A}", "${A:-b}",
    "${A:+b}", "${A:?b}", "${A#*x}", "${A%%?y}", "${A/x/y}", "${A//x/$A}", "${", "}", "[", "]", '["a"]', '["a", "b"]', "[1]",
    '{"a":1}', "null", '"\\u00e9"', "<<EOF", "<<-EOF", "<<'EOF'", '<<"E F"', "3<<A", "<<", "<<<", "EOF\n", "\tEOF\n", "E F\n",
    "A\n", "# escape=`\n", "# syntax=x\n", "# check=skip=all\n", "NONE", "CMD", "80/tcp", "1-5", "/a/b", ".", "..", "linux/arm64",
)  # fmt: skip

pieces = st.one_of(
    st.sampled_from(FRAGMENTS),
    st.sampled_from(KEYWORDS).map(lambda word: word + " "),
    st.sampled_from(KEYWORDS).map(lambda word: "\n" + word + " "),
    st.text(max_size=3),
)
dockerfile_texts = st.lists(pieces, max_size=40).map("".join)
dockerfile_bytes = st.one_of(
    dockerfile_texts.map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.tuples(st.sampled_from([b"", b"\xef\xbb\xbf", b"FROM base AS base\n"]), st.binary(max_size=200)).map(
        b"".join
    ),
    st.lists(pieces, max_size=40).map(
        lambda parts: b"\xff".join(part.encode("utf-8", "surrogatepass") for part in parts)
    ),
)
