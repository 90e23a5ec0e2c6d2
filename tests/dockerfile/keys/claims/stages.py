"""Stages, images, URLs and repositories: K38 to K49, K62 to K72."""

from dockwright.dockerfile.settings import BaseImage

from .lab import DEBIAN, PATH, Lab, change

F = "FROM debian\n"
URL = F + "ADD http://h/d/f /x\nRUN cat /x\n"


def fetched(after=URL, content="1", before=URL):
    lab = Lab(before, known={"http://": "1"})
    return [lab.build(after, known={"http://": content}).hit("RUN")]


def k38():
    return fetched()


def k38b():
    return fetched(content="2")


k38c = k38d = k38j = k38


def k38e():
    return fetched(URL.replace("/d/f", "/d/g"))


def k38f():
    return fetched(URL.replace("/d/f", "/e/f"))


def k38g():
    return fetched(URL.replace("ADD ", f"ADD --checksum=sha256:{'a' * 64} "))


def k38h():
    url = URL.replace("ADD ", f"ADD --checksum=sha256:{'a' * 64} ")
    built = Lab(url).build()
    return [int(built.outcome.failed), built.last()]


GIT = F + "ADD https://h/r.git#{} /x\nRUN ls /x\n"


def repository(ref, content):
    lab = Lab(GIT.format("1"), known={"git://": "1"})
    return [lab.build(GIT.format(ref), known={"git://": content}).last()]


def k39():
    return repository("1", "1")


def k39b():
    return repository("2", "1")


def k39c():
    return repository("2", "2")


TWO = "FROM debian AS build\nWORKDIR /w\nRUN echo v\nFROM debian\nCOPY --from=build /out /out\nRUN cat /out\n"


def rebuilt(content, after=None):
    lab = Lab(TWO, known={"RUN echo": "1"})
    return lab.build(after or TWO.replace("echo v", "echo  v"), known={"RUN echo": content})


def k40():
    return rebuilt("1").hits(r"build 3/3", "COPY", "cat /out")


def k40b():
    return rebuilt("2").hits("COPY", "cat /out")


def k40c():
    return rebuilt("1").hits("COPY", "cat /out")


def k40d():
    return rebuilt("2").hits("COPY")


k40e = k40g = k40d


def k40f():
    return rebuilt("1").hits("COPY")


def k42():
    other = BaseImage(env=PATH, layers=("sha256:other",))
    lab = Lab(TWO, known={"RUN echo": "1"}, images={"docker.io/library/debian:latest": DEBIAN, OTHER: other})
    after = TWO.replace("FROM debian AS build", "FROM other AS build")
    return lab.build(after, known={"RUN echo": "1"}).hits("COPY --from", "cat /out")


OTHER = "docker.io/library/other:latest"


def k42b():
    lab = Lab(F + "COPY --from=other /f /f\n", images=_images("1"), known={"other": "same"})
    return lab.build(images=_images("2"), known={"other": "same"}).hits("COPY --from")


def _images(layer, **config):
    found = BaseImage(env=PATH, layers=(layer,))
    if config:
        found = BaseImage(**{"env": PATH, "layers": (layer,), **config})
    return {"docker.io/library/debian:latest": DEBIAN, OTHER: found}


ON_OTHER = "FROM other\nCOPY a /a\nRUN echo one\nCOPY s /s\n"


def based(layer="1", after=ON_OTHER, **config):
    lab = Lab(ON_OTHER, {"a": "1", "s": "1"}, images=_images("1"))
    return lab.build(after, images=_images(layer, **config)).hits("COPY a", "echo one", "COPY s")


def k43():
    return based(labels=(("a", "b"),), cmd=("x",))


def k43b():
    return based(env=(*PATH, ("A", "1")))


def k43c():
    return based("2")


def k43d():
    return based(working_dir="/elsewhere")


def k43e():
    lab = Lab(ON_OTHER, {"a": "1", "s": "1"}, images=_images("1"))
    after = ON_OTHER.replace("FROM other", "FROM debian AS base\nRUN make\nFROM base")
    return lab.build(after).hits("COPY a", "echo one")


def k44():
    tagged = {**_images("1"), "docker.io/library/other:tag": BaseImage(env=PATH, layers=("1",))}
    lab = Lab(ON_OTHER, {"a": "1", "s": "1"}, images=tagged)
    return lab.build(ON_OTHER.replace("other", "other:tag")).hits("COPY a", "echo one", "COPY s")


def k45():
    lab = Lab(TWO)
    return lab.build(TWO.replace("build", "compile")).hits(r"3/3\] RUN echo v", "COPY", "cat /out")


def k45b():
    return change(TWO, TWO.replace("--from=build", "--from=0"), "COPY; cat /out")


def k45c():
    return change(F + "RUN echo x1\nRUN echo x2\n", "FROM debian AS a\nRUN echo x1\nFROM a AS b\nRUN echo x2\n",
                  "echo x1; echo x2")  # fmt: skip


LINK = F + "RUN a\nCOPY --link l /l\nRUN cat /l\n"


def k46():
    return change(LINK, LINK.replace("RUN a", "RUN b"), "COPY", {"l": "1"})


def k46b():
    return change(LINK, LINK.replace("--link ", ""), "COPY; cat /l", {"l": "1"})


FILTERED = (
    "FROM debian AS build\nWORKDIR /w\nRUN :\nCOPY a /a\nRUN echo out > /out\n"
    "FROM debian\nCOPY --from=build /out /out\nRUN cat /out\n"
)
STEPS = ("build 3/5", "build 4/5", "build 5/5")


def k47():
    lab = Lab(FILTERED, {"a": "1"}, known={"build 5/5": "1"})
    built = lab.build(no_cache=["build"], known={"build 5/5": "1"})
    return built.hits("build 3/5", "build 4/5", "build 5/5", "COPY --from", "cat /out")


def k47b():
    lab = Lab("FROM debian AS build\nWORKDIR /w\nRUN :\nFROM build\nRUN echo child\n")
    return lab.build(no_cache=["build"]).hits("WORKDIR", "RUN :", "echo child")


def k47c():
    lab = Lab(FILTERED, {"a": "1"}, known={"build 5/5": "1"})
    built = lab.build(no_cache=["stage-1"], known={"build 5/5": "1"})
    return built.hits("build 3/5", "COPY --from", "cat /out")


def k48():
    lab = Lab(FILTERED, {"a": "1"})
    built = lab.build(no_cache=["build", "stage-1"])
    return built.hits("build 3/5", "COPY a", "COPY --from", "cat /out")


def k48b():
    lab = Lab(FILTERED, {"a": "1"})
    lab.build(no_cache=["build", "stage-1"])
    return lab.build().hits("build 3/5", "COPY a", "COPY --from", "cat /out")


def k62():
    lab = Lab(FILTERED, {"a": "1"}, target="build")
    return lab.build().hits("build 3/5", "cat /out")


def k63():
    lab = Lab(F + "COPY a /a\nRUN echo one\nRUN false\n", {"a": "1"}, failed="RUN false")
    return lab.build().all()[:2]


def k64():
    tags = {f"docker.io/library/t:{tag}": DEBIAN for tag in "12"}
    lab = Lab("ARG T=1\nFROM t:$T\nRUN echo q\n", images=tags)
    return [lab.build(args={"T": "2"}).last()]


MOUNTED = "FROM debian AS s\nRUN echo 1\nFROM debian\nRUN --mount=from=s,source=/o,target=/m echo mm\n"


def k71():
    lab = Lab(MOUNTED, known={"RUN echo 1": "same"})
    return [lab.build(MOUNTED.replace("echo 1", "echo 2"), known={"RUN echo 2": "same"}).hit("echo mm")]


def k71b():
    lab = Lab(MOUNTED, known={"RUN echo 1": "same"})
    return [lab.build(MOUNTED.replace("echo 1", "echo 2"), known={"RUN echo 2": "other"}).hit("echo mm")]


def k72():
    built = Lab("FROM debian AS u\nRUN : \nFROM debian\nRUN x\n").first
    return [any("RUN :" in one.operation.name for one in built.plan.steps)]
