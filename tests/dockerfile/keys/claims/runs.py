"""RUN and what it is keyed by: K20 to K36, K50 to K54."""

from dockwright.dockerfile.operations.engine import RunOptions, Ulimit
from dockwright.dockerfile.platforms import Platform
from dockwright.dockerfile.settings import BaseImage

from .lab import DEBIAN, PATH, Lab, change

F = "FROM debian\n"


def run(before, after, pattern="", **given):
    return change(F + before, F + after, pattern, **given)


def k20():
    return run("RUN echo a b\n", "RUN echo  a b\n")


def k20b():
    return run("RUN echo a \\\n b\n", "RUN echo a \\\n# hello\n b\n")


def k20c():
    return run("RUN echo a b\n", "RUN echo a \\\nb\n")


def k20d():
    return run("RUN echo a \\\nb\n", "RUN echo a \\\n  b\n")


def k20e():
    return run("RUN echo a\n", "  run   echo a  \n")


def k20f():
    return run("RUN echo a \\\n b\n", "RUN echo a \\\n\n b\n")


def k20g():
    return run("RUN echo a \\\n b\n", "RUN echo a \\\r\n b\r\n")


def k20h():
    return run("RUN echo a\n", 'RUN ["/bin/sh","-c","echo a"]\n')


UNUSED = F + "WORKDIR /w\nARG A=1\nCOPY a /a\nWORKDIR /v\nRUN x\n"


def k21():
    lab = Lab(UNUSED, {"a": "1"})
    return lab.build(UNUSED.replace("A=1", "A=2")).hits("COPY", "WORKDIR /v", "RUN")


def k21b():
    lab = Lab(UNUSED, {"a": "1"})
    return [lab.build(args={"A": "3"}).last()]


def k21c():
    lab = Lab(UNUSED, {"a": "1"}, args={"A": "3"})
    return [lab.build(UNUSED.replace("A=1", "A=2"), args={"A": "3"}).last()]


def k22():
    return run("RUN x\nARG A=1\n", "RUN x\nARG A=2\n")


def k23():
    return run("RUN x\n", "ARG A\nRUN x\n")


def k24():
    return change("ARG G=1\nFROM debian\nRUN x\n", "ARG G=2\nFROM debian\nRUN x\n")


def k24b():
    return change("ARG G=1\nFROM debian\nARG G\nRUN x\n", "ARG G=2\nFROM debian\nARG G\nRUN x\n")


def k25():
    return run("RUN x\n", "RUN x\n", args={"HTTP_PROXY": "http://p"})


def k25b():
    lab = Lab(F + "ARG HTTP_PROXY\nRUN x\n", args={"HTTP_PROXY": "http://p"})
    return [lab.build(args={"HTTP_PROXY": "http://q"}).last()]


def k26():
    before = F + "ENV A=1\nCOPY a /a\nRUN x\n"
    return Lab(before, {"a": "1"}).build(before.replace("A=1", "A=2")).hits("COPY", "RUN")


def k26b():
    return run("ARG A=a\nCOPY $A /x\n", "ARG B=a\nCOPY ${B} /x\n", files={"a": "1"})


def k26c():
    return run("ENV A=1\nRUN echo $A\n", "ENV A=2\nRUN echo $A\n")


def k27():
    return run("ENV P=1 Q=2\nRUN x\n", "ENV Q=2 P=1\nRUN x\n")


def k27b():
    return run("ENV P=1 Q=2\nRUN x\n", "ENV P=1\nENV Q=2\nRUN x\n")


def k27c():
    return run("ENV A=1\nRUN x\n", "ENV A 1\nRUN x\n")


def k27d():
    return run("ENV P=1 Q=2\nRUN x\n", "ENV P=1 Q=2\nENV P=1\nRUN x\n")


def k27e():
    return run("ENV Q=2 P=1\nRUN x\n", "ENV P=1 Q=2\nENV P=1\nRUN x\n")


def k28():
    return run("ENV A=1 B=2\nRUN x\n", "ARG A=1\nENV B=2\nRUN x\n")


def inserted(line):
    return lambda: run("RUN x\n", f"{line}\nRUN x\n")


k29a = inserted("LABEL a=1")
k29b = inserted('CMD ["x"]')
k29c = inserted('ENTRYPOINT ["x"]')
k29d = inserted("EXPOSE 80")
k29e = inserted("HEALTHCHECK CMD x")
k29f = inserted("VOLUME /v")
k29g = inserted("STOPSIGNAL 9")
k29h = inserted("MAINTAINER me")
k29i = inserted("ONBUILD RUN y")


def k29y():
    return run("RUN x\n", "RUN x\n")  # --label is no argument of ours: it changes no operation


def k29z():
    lines = "LABEL a=1\nEXPOSE 1\nCMD x\nENTRYPOINT y\nVOLUME /v\nUSER u\nENV q=1\nRUN x\nRUN y\nRUN z\n"
    return [len(Lab(F + lines).first.outcome.steps)]


k30 = inserted('SHELL ["/bin/sh", "-c"]')
k30b = inserted('SHELL ["/bin/bash", "-c"]')


def k30c():
    return run('RUN ["x"]\n', 'SHELL ["/bin/bash", "-c"]\nRUN ["x"]\n')


def k31():
    return run("WORKDIR /a\nRUN x\n", "WORKDIR /b\nRUN x\n", "WORKDIR; RUN")


def k31b():
    return run("WORKDIR /w\nRUN x\n", "WORKDIR /w/\nRUN x\n", "WORKDIR; RUN")


def k31c():
    lab = Lab(F + "RUN x\n")
    built = lab.build(F + "WORKDIR /\nRUN x\n")
    return [len(built.outcome.steps) - 1, built.last()]


def k31d():
    return run("WORKDIR /w\nRUN x\n", "WORKDIR w\nRUN x\n", "WORKDIR; RUN")


def k31e():
    lab = Lab(F + "WORKDIR /w\nRUN x\n")
    built = lab.build(F + "WORKDIR /w\nWORKDIR /w\nRUN x\n")
    return [len(built.outcome.steps) - 1, built.last()]


def k32():
    before = F + "USER a\nCOPY a /a\nWORKDIR /w\nRUN x\n"
    return change(before, before.replace("USER a", "USER b"), "COPY; WORKDIR; RUN", {"a": "1"})


def k32b():
    return run("COPY a /a\nRUN x\n", "USER root\nCOPY a /a\nRUN x\n", "COPY; RUN", files={"a": "1"})


BIND = "RUN --mount=type=bind,source=a.txt,target=/m cat /m\n"
BINDABLE = {"a.txt": "1", "b.txt": "1", "d/x": "1"}


def bound(after=None, change_=None, before=BIND):
    lab = Lab(F + before, BINDABLE)
    return [lab.build(F + (after or before), change_ or {}).last()]


def k33():
    return bound(change_={"a.txt": "2"})


def k33b():
    return bound(change_={"b.txt": "2"})


def k33c():
    return bound(BIND.replace("a.txt", "b.txt"))


def k33d():
    return bound(BIND.replace("/m cat", "/n cat"))


def k33e():
    return bound(change_={"d/y": "1"}, before="RUN --mount=source=d,target=/m ls /m\n")


def k33f():
    return bound(change_={"b.txt": "2"}, before="RUN --mount=target=/m ls /m\n")


def k33g():
    return bound("RUN --mount=target=/m,source=a.txt cat /m\n")


def k33h():
    return bound(BIND.replace("/m cat", "/m,ro cat"))


def k33i():
    return bound(BIND.replace("/m cat", "/m,rw cat"))


def cached(before, after):
    return run(f"RUN --mount=type=cache,{before} echo hi\n", f"RUN --mount=type=cache,{after} echo hi\n")


def k34():
    return cached("target=/c", "target=/c")


def k34b():
    return cached("target=/c,id=a", "target=/c,id=b")


def k34c():
    return cached("target=/c", "target=/c,id=b")


def k34d():
    return cached("target=/c", "target=/c,sharing=locked")


def k34e():
    return cached("target=/c,sharing=locked", "target=/c,sharing=private")


def k34f():
    return cached("target=/c", "target=/c,id=/c,sharing=shared")


def k34g():
    return run("RUN echo hi\n", "RUN --mount=type=cache,target=/c echo hi\n")


def k34h():
    return cached("target=/c", "target=/c,ro")


def k34i():
    return cached("target=/c,id=a", "target=/e,id=a")


def secret(before, after):
    return run(f"RUN --mount=type=secret,{before} x\n", f"RUN --mount=type=secret,{after} x\n")


def k35():
    return secret("id=k", "id=k")


k35b = k35


def k35c():
    return secret("id=k", "id=j,target=/run/secrets/k")


def k35d():
    return secret("id=k", "id=k,required")


def k35e():
    return secret("id=k", "id=k,mode=0444")


def upstream(mount, known_after, known_before="same"):
    """An upstream RUN changes its text; its result is known to be the same or not."""
    lab = Lab(F + f"RUN echo 1\nRUN --mount={mount} x\n", known={"RUN echo": known_before})
    return lab.build(F + f"RUN echo 2\nRUN --mount={mount} x\n", known={"RUN echo": known_after})


def k35f():
    return upstream("type=secret,id=k", "same").hits("RUN echo", "RUN --mount")


def k35g():
    return upstream("type=secret,id=k", "other").hits("RUN --mount")


def k35h():
    return upstream("type=ssh", "same").hits("RUN echo", "RUN --mount")


def k35i():
    return upstream("type=tmpfs,target=/t", "same").hits("RUN --mount")


def k35j():
    return upstream("type=cache,target=/t", "same").hits("RUN --mount")


def k35k():
    lab = Lab(F + "RUN echo 1\nRUN --mount=target=/m,source=a x\n", {"a": "1"}, known={"RUN echo": "same"})
    after = F + "RUN echo 2\nRUN --mount=target=/m,source=a x\n"
    return [lab.build(after, known={"RUN echo": "same"}).last()]


def k35x():
    mount = "RUN --mount=type=tmpfs,target=/t,size={} echo tm\n"
    return run(mount.format("1m"), mount.format("2m"))


HD = "RUN <<EOF\necho hd\nEOF\n"


def k36():
    return run(HD, 'RUN ["/bin/sh","-c","echo hd\\n"]\n')


def k36b():
    return run(HD, "RUN <<EOF\n# c\necho hd\nEOF\n")


def k36c():
    return run(HD, "RUN <<XX\necho hd\nXX\n")


def k36d():
    return run("RUN <<EOF\n#!/bin/sh\necho hd\nEOF\n", "RUN <<XX\n#!/bin/sh\necho hd\nXX\n")


def k36e():
    return run(HD, 'RUN <<"EOF"\necho hd\nEOF\n')


CP = "COPY <<EOF /d\nx\nEOF\n"


def k36f():
    return run(CP, CP.replace("x", "y"))


def k36g():
    return run(CP, CP)


def k36h():
    return run(CP, CP.replace("EOF", "EOX"))


def k36i():
    return run("ARG V=1\nCOPY <<EOF /d\n$V\nEOF\n", "ARG V=2\nCOPY <<EOF /d\n$V\nEOF\n")


def k36j():
    return run("ARG V=1\nCOPY <<'EOF' /d\n$V\nEOF\n", "ARG V=2\nCOPY <<'EOF' /d\n$V\nEOF\n")


def k50():
    return run("RUN x\n", "RUN --network=none x\n")


def k50b():
    return run("RUN x\n", "RUN --network=default x\n")


def optioned(after, before=None):
    lab = Lab(F + "RUN x\n", options=before)
    return [lab.build(options=after).last()]


def k50c():
    return optioned(RunOptions(network="host"))


def k50d():
    return optioned(RunOptions(hosts=(("h", "1.2.3.4"),)))


def k50e():
    return optioned(RunOptions(hosts=(("h", "1.2.3.4"),)), RunOptions(hosts=(("h", "5.6.7.8"),)))


def k50f():
    return optioned(RunOptions(shm_size=1 << 20))


def k50g():
    return optioned(RunOptions(ulimits=(Ulimit("nofile", 10, 20),)))


def k50h():
    return optioned(RunOptions(hostname="h"))


def k50i():
    return optioned(RunOptions(cgroup_parent="x"))


def k51():
    return run("RUN x\n", "RUN x\n", platform=Platform("linux", "amd64"))


def k52():
    before = F + "WORKDIR /w\nCOPY a /a\nRUN echo sde\n"
    lab = Lab(before, {"a": "1"}, args={"SOURCE_DATE_EPOCH": "1"})
    return lab.build(args={"SOURCE_DATE_EPOCH": "2"}).hits("WORKDIR", "COPY", "echo sde")


TWINS = "FROM debian AS a\nRUN x\nFROM debian AS b\nRUN x\nFROM scratch\nCOPY --from=a /f /1\nCOPY --from=b /f /2\n"


def k53():
    return Lab(TWINS).first.hits("COPY --from=a")


def k53b():
    return [sum("RUN x" in one.step.operation.name for one in Lab(TWINS).first.outcome.steps)]


def r01():
    steps = Lab(TWINS).first.plan.steps
    return [
        sum(
            "FROM" in one.operation.name.split("] ")[1].split() for one in steps if "] " in one.operation.name
        ),
        sum("RUN x" in one.operation.name for one in steps),
    ]


def k54():
    images = {
        "docker.io/library/debian:latest": DEBIAN,
        "docker.io/library/onb:latest": BaseImage(env=PATH, layers=("l",), onbuild=("COPY a /onb",)),
    }
    lab = Lab("FROM onb\nRUN echo after\n", {"a": "1"}, images=images)
    return lab.build().hits(r"\[2/2\] COPY a /onb", r"\[3/2\] RUN echo after")


def k65():
    before = "FROM debian AS p\nARG A=1\nFROM p\nRUN echo child\n"
    return change(before, before.replace("A=1", "A=2"))


def k65b():
    before = "FROM debian AS p\nARG A=1\nFROM debian\nCOPY --from=p /etc/x /x\nRUN echo child\n"
    return change(before, before.replace("A=1", "A=2"))


def k66():
    return run("ARG TARGETARCH\nRUN x\n", "ARG TARGETARCH\nARG TARGETARCH\nRUN x\n")


def k66b():
    return run("ARG TARGETARCH\nRUN x\n", "ENV TARGETARCH=amd64\nRUN x\n")


def k69():
    before = "RUN echo 1 > /dev/null\nRUN echo second\n"
    return run(before, before.replace("echo 1", "echo 2"))
