"""Which commits of a history are walked, in which order, and how they hang together.

The order is that of time with parents before children (`git log --date-order --reverse`), so that a state can be
handed down from each commit to its children and given up when the last child has it. Nothing is fetched and no blob is
read, so that partial clones serve as well as whole ones.
"""

from array import array
from collections.abc import Iterator

import msgspec

from dockwright.errors import Skipped, TreeError
from dockwright.trees.changes import CHUNK, HEAD, OPTIONS, CommitChanges, read_changes
from dockwright.trees.dates import moment
from dockwright.trees.git_command import Git, GitError

ROOT = -1
"""The commit has no parent: it begins with nothing."""
OUTSIDE = -2
"""Its first parent is not among the commits walked, but is in the repository."""
CUT = -3
"""Its parents are not in this shallow clone: what it changed cannot be told."""


class Range(msgspec.Struct, frozen=True):
    """Commits to walk: those that `revisions` reach (`A..B` and `^A` as git takes them), not older than `since`.

    `since` and `until` are dates as git reads them (`trees.dates`). `first_parent` keeps to the line of the revisions themselves. `all`
    adds every branch and tag.
    """

    revisions: tuple[str, ...] = ("HEAD",)
    since: str = ""
    until: str = ""
    first_parent: bool = False
    all: bool = False

    def arguments(self, since: int | None, until: int | None) -> list[str]:
        """For `git rev-list` and `git log`, with the moments that `since` and `until` mean."""
        found = ["--date-order", "--reverse"]
        found += [f"--max-age={since}"] if since is not None else []
        found += [f"--min-age={until}"] if until is not None else []
        found += ["--first-parent"] if self.first_parent else []
        found += ["--branches", "--tags", "--remotes"] if self.all else []
        return [*found, "--end-of-options", *self.revisions]


class Walk:
    """The commits of a range, numbered in the order in which they are walked.

    `parents` has for each the number of its first parent, or ROOT, OUTSIDE, CUT. `merges` says which have several
    parents, `children` how many other commits have it as their first parent. `outside` has the id of the first parent
    where that is OUTSIDE. `since` and `until` are the moments the dates of the range mean, in seconds since 1970. Memory:
    some 150 bytes for a commit. Raises TreeError for revisions that do not exist, and for dates that are none.
    """

    def __init__(self, git: Git, wanted: Range) -> None:
        self.git = git
        self.range = wanted
        self.skipped: list[Skipped] = []
        self.parents = array("i")
        self.children = array("i")
        self.merges = bytearray()
        self.outside: dict[int, str] = {}
        self.last = ""
        self.since = moment(git, wanted.since) if wanted.since else None
        self.until = moment(git, wanted.until) if wanted.until else None
        try:
            self._read()
        except GitError as error:
            raise TreeError(
                f"the commits asked for cannot be listed: {error.message}",
                "`git log --oneline` lists commits",
            ) from error

    def __len__(self) -> int:
        return len(self.parents)

    def _read(self) -> None:
        numbers: dict[bytes, int] = {}
        shallow = self.git.shallow
        for line in _lines(
            self.git.stream(
                "rev-list", "--parents", *self.range.arguments(self.since, self.until), "--", chunk=CHUNK
            )
        ):
            ids = line.split(b" ")
            number = len(self.parents)
            numbers[bytes.fromhex(ids[0].decode("ascii"))] = number
            self.merges.append(len(ids) > 2)
            self.children.append(0)
            parent = self._parent(ids, number, numbers, shallow)
            self.parents.append(parent)
            if parent >= 0:
                self.children[parent] += 1
            self.last = ids[0].decode("ascii")
        if shallow:
            reason = f"shallow clone: what came before {len(shallow)} of its commits is not here"
            self.skipped.append(Skipped("history", reason))

    def _parent(
        self, ids: list[bytes], number: int, numbers: dict[bytes, int], shallow: frozenset[str]
    ) -> int:
        if len(ids) < 2:
            return CUT if ids[0].decode("ascii") in shallow else ROOT
        found = numbers.get(bytes.fromhex(ids[1].decode("ascii")))
        if found is None:
            self.outside[number] = ids[1].decode("ascii")
            return OUTSIDE
        return found

    def commits(self) -> Iterator[tuple[int, CommitChanges]]:
        """Each commit with its number and what it changed against its first parent, merges too.

        A history that git cannot read to its end (trees that a partial clone lacks) ends early and is told in `skipped`.
        """
        stream = self.git.stream(
            "log",
            "--no-show-signature",
            f"--format=%x00%x{HEAD[0]:02x}%H %T %ct",
            "--diff-merges=first-parent",
            *OPTIONS,
            *self.range.arguments(self.since, self.until),
            "--",
            chunk=CHUNK,
        )
        number = -1
        try:
            for number, commit in enumerate(read_changes(stream)):
                if number >= len(self.parents):  # a branch has grown since the commits were listed
                    break
                yield number, commit
        except GitError as error:
            reason = f"read to commit {number + 1} of {len(self)} only: {error.message}"
            self.skipped.append(Skipped("history", reason))


def _lines(stream: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in stream:
        parts = (rest + chunk).split(b"\n")
        rest = parts.pop()
        yield from parts
    if rest:
        yield rest
