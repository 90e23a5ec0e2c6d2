"""What BuildKit refuses or takes differently than one would think: P."""

from dockwright.dockerfile import parse
from dockwright.dockerfile.dialect import Dialect
from dockwright.dockerfile.operations.model import ExecBody, FileBody, Mkdir

from .lab import Lab, problem

F = "FROM debian\n"


def refused(dockerfile, text, **settings):
    def claim():
        return text in problem(dockerfile, **settings)

    return claim


def bodies(dockerfile, kind, files=None):
    plan = Lab(dockerfile, files).first.plan
    return [one.operation.body for one in plan.steps if isinstance(one.operation.body, kind)]


def env(dockerfile):
    return bodies(dockerfile, ExecBody)[-1].env


def copies(dockerfile, files):
    return [one.what for body in bodies(dockerfile, FileBody, files) for one in body.actions]


p01 = refused(F + "FOO x\n", "unknown instruction: FOO")
p03 = refused("FROM debian AS Up\nFROM Up\n", "must be lowercase")
p05 = refused("FROM debian AS a\nFROM debian\n", "target stage", target="0")
p07 = refused("FROM debian AS a\nCOPY --from=b /x /y\nFROM debian AS b\n", "defined before", target="a")
p09 = refused("FROM debian AS b\nFROM debian\nARG S=b\nCOPY --from=$S /a /b\n", "failed to parse stage name")
p10 = refused(F + "ENV A\n", "ENV must have two arguments")
p11 = refused(F + "ENV A=1 B\n", "Syntax error - can't find = in")
p12 = refused(F + "RUN [1, 2]\n", "arrays must be comprised of strings only")
p14 = refused("RUN x\nFROM debian\n", "no build stage in current context")
p15 = refused(F + "RUN <<EOF\nx\n", "unterminated heredoc")
p16 = refused(F + "WORKDIR ${x:?msg}\n", "msg")
p17 = refused(F + "WORKDIR ${x:=b}\n", "unsupported modifier")
p18 = refused("FROM $X\n", "should not be blank")
p19 = refused("FROM debian AS 1a\n", "invalid name for build stage")
p21 = refused(F + "COPY --parents a /x/\n", "unknown flag: parents")
p23 = refused(F + "RUN --mount=target=/ x\n", "invalid mount target")
p29 = refused("FROM debian AS a\nCOPY --from=b /x /y\nFROM debian AS b\nCOPY --from=a /x /y\n", "circular")
p30 = refused("FROM debian\nCOPY --from=0 /a /b\n", "circular dependency")
p31 = refused(F + "EXPOSE abc\n", "invalid containerPort")
p32 = refused(F + "STOPSIGNAL SIGFOO\n", "invalid signal")
p33 = refused("", "empty")
p34 = refused("# nothing\n", "file with no instructions")
p35 = refused(F + "COPY a\n", "requires at least two arguments")


def p02():
    return (
        Lab("FROM debian AS Build\nRUN x\nFROM debian\nCOPY --from=BUILD /a /b\n").first.plan.steps[1].counted
    )


def p04():
    return problem("FROM debian AS abc\nRUN x\nFROM debian\n", target="ABC") == ""


def p06():
    return problem("FROM nope/not:there AS u\nFROM debian\nRUN x\n") == ""


def p08():
    plan = Lab("FROM debian AS s\nRUN one\nFROM debian AS s\nRUN two\nFROM s\nRUN three\n").first.plan
    return not any("RUN one" in one.operation.name for one in plan.steps)


def p13():
    return Lab(F + "CMD ['a', 'b']\nRUN x\n").first.plan.config.cmd == ("/bin/sh", "-c", "['a', 'b']")


def p20():
    return Lab(F + "COPY nope /x\n", {"a": "1"}).first.outcome.failed


def p25():
    return not Lab(F + "COPY ../a /x\n", {"a": "1"}).first.outcome.failed


def p26():
    return bodies(F + "RUN <<EOF\r\necho x\r\nEOF\r\n", ExecBody)[0].args[-1].endswith("\r\n")


def p27():
    syntax = parse(b"# syntax=docker/dockerfile:1\nFROM debian\n").syntax
    return syntax is not None and syntax.value == "docker/dockerfile:1"


def p40():
    (what,) = copies(F + "COPY d /x\n", {"d/x": "1"})
    return [int(not what.contents)]


def p41():
    found = copies(F + "COPY f d /x/\n", {"f": "1", "d/x": "1"})
    return [int([one.dest for one in found] != ["/x/", "/x/"])]


def p42():
    return int(problem(F + "COPY a b /x\n") != "")


def p43():
    return [int("A=2" not in env(F + "ARG A=1\nARG A=2\nRUN x\n"))]


def p44():
    return [int("X=1" not in env(F + "ENV X=2\nARG X=1\nRUN x\n"))]


def p45():
    return [int(not {"A=1", "E=2"} <= set(env("FROM debian AS a\nARG A=1\nENV E=2\nFROM a\nRUN x\n")))]


def p46():
    return [int("B=2" not in env(F + "ARG A=1 B=${A}2\nRUN x\n"))]


def p47():
    return [int(bodies(F + "WORKDIR /a\nWORKDIR b\nWORKDIR ../c\nRUN x\n", ExecBody)[0].cwd != "/a/c")]


def p48():
    return [int(bodies(F + "RUN [[ 1 = 1 ]]\n", ExecBody)[0].args[-1] != "[[ 1 = 1 ]]")]


def p49():
    return bool(parse(b"FROM debian\nRUN a \\\n\n b\n", dialect=Dialect.V0_13).warnings)


def p50():
    copy, mkdir = copies(F + "USER app\nCOPY a /a\nWORKDIR /w\n", {"a": "1"})
    assert isinstance(mkdir, Mkdir)
    return [int(copy.user is not None or mkdir.user is None or mkdir.user.name != "app")]


def p51():
    (what,) = copies(F + "COPY --chmod=u+x a /a\n", {"a": "1"})
    return [int((what.mode, what.symbolic_mode) != (-1, ""))]


def p52():
    (what,) = copies(F + "ARG M=600\nCOPY --chmod=$M a /a\n", {"a": "1"})
    return [int(what.mode != -1)]
