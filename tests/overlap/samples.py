"""Dockerfiles made from one plan in many spellings, for properties that must not depend on the spelling."""

from hypothesis import strategies as st

from dockwright.dockerfile import parse
from dockwright.overlap.files import Subject, normal_files

PACKAGES = ("curl", "git", "gcc", "make", "libpq-dev", "ca-certificates")
BASES = ("python:3.11-slim", "node:20-alpine", "debian:12")


def subject(text, path="Dockerfile", service=""):
    data = text if isinstance(text, bytes) else text.encode()
    return Subject(path, parse(data, path), service)


def files(*texts):
    """The texts in normal form, named a, b, c … in this order."""
    return normal_files([subject(text, chr(ord("a") + number)) for number, text in enumerate(texts)])


def step():
    """One instruction of a plan; every part of it that may be spelled otherwise is kept apart."""
    packages = st.lists(st.sampled_from(PACKAGES), min_size=1, max_size=5, unique=True)
    return st.one_of(
        st.tuples(st.just("install"), packages),
        st.tuples(
            st.just("env"),
            st.lists(st.sampled_from("ABCD"), min_size=1, max_size=3, unique=True),
            st.integers(0, 2),
        ),
        st.tuples(st.just("copy"), st.sampled_from(["src", "app", "lib"]), st.booleans()),
        st.tuples(st.just("from stage"), st.sampled_from(["/out", "/bin"])),
        st.tuples(st.just("arg"), st.integers(0, 2)),
        st.tuples(st.just("run"), st.sampled_from(["make build", "make test && make install", "true"])),
        st.tuples(st.just("cmd"), st.sampled_from(["app", "web"])),
    )


def plans():
    """Two stages: a base image and steps each."""
    stage = st.tuples(st.sampled_from(BASES), st.lists(step(), max_size=6))
    return st.lists(stage, min_size=1, max_size=3)


class Spelling:
    """How a plan is written down: names, order where it means nothing, case, layout."""

    def __init__(self, stage="build", argument="VERSION", turn=False, low=False, wide=False):
        self.stage = stage
        self.argument = argument
        self.turn = turn
        self.low = low
        self.wide = wide

    def order(self, items):
        return list(reversed(items)) if self.turn else list(items)

    def render(self, plan):
        lines = []
        for number, (base, steps) in enumerate(plan):
            lines.append(("FROM", f"{base} AS {self.stage}{number}"))
            lines.append(("ARG", f"{self.argument}{number}=1"))
            lines.append(("RUN", f"echo ${{{self.argument}{number}}}"))
            lines.extend(self._line(one, number) for one in steps)
        return "\n".join(self._layout(*line) for line in lines) + "\n"

    def _line(self, one, number):
        match one:
            case ("install", packages):
                return "RUN", f"apt-get update && apt-get install -y {' '.join(self.order(packages))}"
            case ("env", names, value):
                return "ENV", " ".join(f"{name}={value}" for name in self.order(names))
            case ("copy", source, owned):
                flags = self.order(["--chown=1:1", "--chmod=755"]) if owned else []
                return "COPY", " ".join([*flags, source, "/app/"])
            case ("from stage", path):
                flags = self.order([f"--from={self.stage}{max(number - 1, 0)}", "--link"])
                return "COPY", " ".join([*flags, path, path]) if number else f"COPY {path} {path}"[5:]
            case ("arg", value):
                return "RUN", f"echo {value} $" + f"{self.argument}{number}"
            case ("run", command):
                return "RUN", command
            case ("cmd", name):
                return "CMD", f'["{name}"]'
        raise AssertionError(one)

    def _layout(self, keyword, rest):
        keyword = keyword.lower() if self.low else keyword
        if not self.wide:
            return f"{keyword} {rest}"
        broken = rest if rest.startswith("[") else rest.replace(" ", "  \\\n # a remark\n    ", 1)
        return f"# about it\n  {keyword}   {broken}\n"


SPELLINGS = st.builds(
    Spelling,
    stage=st.sampled_from(["build", "base", "deps"]),
    argument=st.sampled_from(["VERSION", "RELEASE"]),
    turn=st.booleans(),
    low=st.booleans(),
    wide=st.booleans(),
)
