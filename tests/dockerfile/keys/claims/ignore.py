"""Which ignore file is read, and how: D."""

from dockwright.dockerfile.keys.contents import TreeDigests
from dockwright.dockerfile.keys.model import Selection
from dockwright.trees.context import BuildContext
from dockwright.trees.memory import MemoryTree


def sent(files, *paths, dockerfile="Dockerfile"):
    context = BuildContext(MemoryTree({"Dockerfile": "FROM x\n", **files}), "", dockerfile)
    digests = TreeDigests.of(context)
    return [digests.digest(Selection("context", f"/{path}")) is not None for path in paths]


def refused(text):
    context = BuildContext(MemoryTree({".dockerignore": text, "a": "1"}), "")
    assert context.ignore_file is not None
    return [bool(context.ignore_file.problems)]


def d01():
    return sent({".dockerignore": b"\xef\xbb\xbffoo\n", "foo": "1"}, "foo")


def d02():
    return sent({".dockerignore": "foo\r\nbar\r\n", "foo": "1", "bar": "1"}, "foo", "bar")


def d03():
    return refused("!\n")


def d04():
    return refused("[\n")


def d05():
    files = {".dockerignore": "a\n", "Dockerfile.dockerignore": "b\n", "a": "1", "b": "1"}
    return sent(files, "a", "b")


def d06():
    return sent({".dockerignore": "a\n", "Dockerfile.dockerignore": "", "a": "1"}, "a")


def d07():
    return [BuildContext(MemoryTree({"Dockerfile": "x"})).sends_git, *sent({}, "Dockerfile")]


def d08():
    files = {".dockerignore": "Dockerfile\n.dockerignore\n"}
    return sent(files, "Dockerfile", ".dockerignore")


def d09():
    context = BuildContext(MemoryTree({".dockerignore": "*\n", "a": "1"}))
    return [context.count, int(TreeDigests.of(context).digest(Selection("context", "/")) is None)]


def d10():
    return sent({".dockerignore": " # foo\n", "foo": "1", "# x": "1"}, "foo", "# x")


def d11():
    return sent({".dockerignore": "#hash\n", "#hash": "1"}, "#hash")
