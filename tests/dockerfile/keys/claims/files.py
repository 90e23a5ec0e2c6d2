"""COPY from the build context: K01 to K20, K55 to K61, K73 to K79, S."""

from dockwright.trees.memory import Link, Program

from .lab import Lab, change

F = "FROM debian\n"
ONE = F + "COPY a.txt /a\nRUN cat /a\n"
DIR = F + "COPY d /d\n"
ALL = F + "COPY . /ctx\n"


def k01():
    lab = Lab(F + "RUN :\nCOPY a.txt /a\nRUN cat /a\n", {"a.txt": "1"})
    return lab.build(files={"a.txt": "2"}).hits("COPY", "RUN cat", "RUN :")


def k02():
    return Lab(ONE, {"a.txt": "1"}).build().hits("COPY", "RUN cat")


def k02d():
    return [Lab(DIR, {"d/x": "1"}).build().last()]


def k03b():
    return [Lab(ONE, {"a.txt": "1"}).build(files={"a.txt": Program("1")}).hit("COPY")]


def k05():
    lab = Lab(ONE, {"a.txt": "1"})
    lab.build(files={"a.txt": Program("2")})
    return lab.build(files={"a.txt": "1"}).hits("COPY", "RUN cat")


k06 = k06c = k02d


k04c = k06


def k02c():
    return [Lab(ONE, {"a.txt": "1"}).build(files={"a.txt": "2"}).hit("COPY")]


k07c = k02d
k73b = k02c


def k06b():
    return [Lab(ONE, {"a.txt": "1", "b": "1"}).build(files={"b": "2"}).hit("COPY")]


def k08():
    lab = Lab(F + "COPY l /l\n", {"l": Link("a"), "a": "1", "b": "1"})
    return [lab.build(files={"l": Link("b")}).last()]


def k08b():
    lab = Lab(F + "COPY l /l\n", {"l": Link("a"), "a": "1"})
    return [lab.build(files={"a": "2"}).last()]


def k08c():
    lab = Lab(DIR, {"d/l": Link("a"), "d/a": "1", "d/b": "1"})
    return [lab.build(files={"d/l": Link("b")}).last()]


def k09():
    return [Lab(DIR, {"d/a": "1", "d/b": "1"}).build().last()]


def k10():
    return [Lab(DIR, {"d/a": "1"}).build(files={"d/a": None, "d/b": "1"}).last()]


def k11():
    return [Lab(DIR, {"d/a": "1"}).build(files={"d/b": "1"}).last()]


def k11b():
    return [Lab(DIR, {"d/a": "1"}).build(files={"e": "1"}).last()]


def k11c():
    lab = Lab(ALL, {"a": "1", ".dockerignore": "*.log\n"})
    return [lab.build(files={"x.log": "1"}).last()]


def k12():
    lab = Lab(ALL, {"a": "1", ".dockerignore": "*.log\n.dockerignore\n"})
    return [lab.build(files={".dockerignore": "*.log\n.dockerignore\nnothing\n"}).last()]


def k12b():
    lab = Lab(ALL, {"a": "1", ".dockerignore": "*.log\n"})
    return [lab.build(files={".dockerignore": "# x\n*.log\n"}).last()]


def k13():
    return [Lab(ALL, {"a": "1", "Dockerfile": ALL}).build(files={"Dockerfile": "# x\n" + ALL}).last()]


def k13b():
    lab = Lab(ALL, {"a": "1", "Dockerfile": ALL, ".dockerignore": "Dockerfile\n"})
    return [lab.build(files={"Dockerfile": "# x\n" + ALL}).last()]


STAR = F + "COPY *.txt /t/\n"


def k14():
    return [Lab(STAR, {"a.txt": "1"}).build(files={"b.md": "1"}).last()]


def k14b():
    return [Lab(STAR, {"a.txt": "1"}).build(files={"b.txt": "1"}).last()]


def k14c():
    return [Lab(STAR, {"a.txt": "1", "c.txt": "2"}).build(files={"a.txt": None, "b.txt": "1"}).last()]


def k14d():
    return change(STAR, F + "COPY ?.txt /t/\n", files={"a.txt": "1"})


MOVED = {"d1/a/b/f": None, "d1/a/": "", "d1/b/f": "1"}


def k14e():
    return [Lab(F + "COPY d1/* /t/\n", {"d1/a/b/f": "1"}).build(files=MOVED).last()]


def k14f():
    return [Lab(F + "COPY d1 /t/\n", {"d1/a/b/f": "1"}).build(files=MOVED).last()]


def k15():
    return [Lab(F + "COPY x*y /t/\n", {"a": "1"}).first.outcome.failed]


def k15b():
    return [int(Lab(F + "COPY a x*y /t/\n", {"a": "1"}).first.outcome.failed)]


def k16():
    return change(F + "COPY a /x\n", F + "COPY b /x\n", files={"a": "1", "b": "1"})


def k17():
    return change(F + "COPY d/a /x\n", F + "COPY e/a /x\n", files={"d/a": "1", "e/a": "1"})


def same_files(after, before="COPY a /x\n", files=None):
    return change(F + before, F + after, files=files or {"a": "1", "b": "1"})


def k18():
    return same_files("COPY a /y\n")


def k18b():
    return same_files("COPY ./a /x\n")


def k18c():
    return same_files('COPY ["a", "/x"]\n')


def k18d():
    return same_files("COPY a /z/\n", "COPY a /z\n")


def k18e():
    return same_files("COPY a /q\n", "COPY a q\n")


def k19():
    return same_files("COPY --chown=5 a /x\n")


def k19b():
    return same_files("COPY --chmod=600 a /x\n")


def k19c():
    return same_files("COPY --chmod=644 a /x\n", "COPY --chmod=0644 a /x\n")


def k19d():
    return same_files("COPY --chown=5 a /x\n", "COPY --chown=5:5 a /x\n")


def k19e():
    return same_files("COPY --chown=0 a /x\n", "COPY --chown=root a /x\n")


def k19f():
    return same_files("COPY --chown=65534 a /x\n", "COPY --chown=nobody a /x\n")


def k19g():
    return [Lab(F + "COPY --chmod=600 a /x\n", {"a": "1"}).build(files={"a": Program("1")}).last()]


def k55():
    return same_files("ADD a /x\n")


def k56():
    files = {"one/a": "1", "two/a": "1"}
    lab = Lab(F + "COPY a /x\n", files, root="one")
    return [lab.build(root="two").last()]


def k56b():
    return [Lab(DIR, {"d/x": "1"}).build().last()]


def k57():
    return same_files("COPY b a /x/\n", "COPY a b /x/\n")


def k58():
    return [Lab(DIR, {"d/a": "1"}).build(files={"d/e/": ""}).last()]


k58b = k58


def k59():
    return [Lab(ALL, {"a": "1"}, git="1").build(git="1").last()]


def k59b():
    return [Lab(ALL, {"a": "1"}, git="1").build(git="2").last()]


def k59c():
    return [Lab(ALL, {"a": "1", ".dockerignore": ".git\n"}, git="1").build(git="2").last()]


def k61b():
    return [Lab(ALL, {"a": "1"}).build().last()]


def k75():
    before, after = F + "COPY a /a\nCOPY b /b\n", F + "COPY b /b\nCOPY a /a\n"
    return Lab(before, {"a": "1", "b": "1"}).build(after).all()


def k76():
    lab = Lab(F + "COPY d d/x /t/\n", {"d/x": "1"})
    return [lab.build().last()]


def k77():
    return change(F + "COPY ld/x /x\n", F + "COPY d/x /x\n", files={"ld": Link("d"), "d/x": "1"})


def k78():
    return same_files("COPY d /x\n", "COPY d/ /x\n", {"d/a": "1"})


NAMED = F + "COPY --from=other a /x\n"


def k79():
    lab = Lab(NAMED, contexts={"other": {"a": "1"}})
    return [lab.build(contexts={"other": {"a": "2"}}).last()]


def k79b():
    lab = Lab(NAMED, contexts={"other": {"a": "1"}})
    return [lab.build(contexts={"other": {"a": "1", "b": "2"}}).last()]


def s01():
    return [Lab(ALL, {"a": "1", "sub/": ""}).build(files={"sub/": ""}).last()]


def s02():
    return [Lab(ALL, {"a": "1", "sub/f": "1"}).build(files={"sub/f": "2"}).last()]
