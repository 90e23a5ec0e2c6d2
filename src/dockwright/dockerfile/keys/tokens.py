"""What stands for the inputs of a step in its key: stored results, contents, and groups of results that may be the same.

Source: moby/buildkit solver/cachemanager.go: an input's key, and beside it the key of its content where that counts.
"""

from collections.abc import Iterable, Mapping
from typing import Protocol

from dockwright.dockerfile.keys.groups import Groups
from dockwright.dockerfile.keys.model import ContentDigests, Input, InputKind, Plan, Selection, Step

Token = object
"""What stands for an input in a key: a stored result, or a content."""
Known = Mapping[tuple[int, Selection], str]
"""Contents of stages, images and URLs, by step and selection, where they are known."""
_ANY = "any content"
_UNSEEN = "a content that is not known"


class Resolved:
    """What a step came to in one build: the stored results it certainly is, or a new one, perhaps of known groups."""

    __slots__ = ("forced", "fresh", "groups", "records", "unknown")

    def __init__(
        self,
        records: frozenset[int],
        *,
        fresh: bool = False,
        groups: frozenset[int] = frozenset(),
        forced: bool = False,
    ) -> None:
        self.records = records
        self.fresh = fresh
        self.groups = groups
        self.unknown = fresh and bool(groups)
        self.forced = forced


class Inputs:
    """The inputs of one step in one build: certain tokens for each, and the coarse ones."""

    __slots__ = ("certain", "coarse", "contents", "stored")

    def __init__(self) -> None:
        self.certain: list[tuple[Token, ...]] = []
        self.coarse: list[tuple[Token, ...]] = []
        self.stored: list[tuple[Token, ...]] = []
        """The coarse tokens under which the result is stored."""
        self.contents: list[tuple[str, ...] | None] = []


class Before(Protocol):
    """What has been worked out of a build so far."""

    plan: Plan
    contents: ContentDigests
    known: Known
    resolved: list[Resolved]


class Tokens:
    """Makes the tokens, and learns which contents are equal."""

    def __init__(self, groups: Groups) -> None:
        self._groups = groups
        self._equal: dict[Token, set[Token]] = {}

    def of(self, step: Step, before: Before) -> Inputs | None:
        """The tokens of a step's inputs; None if something selected of a build context does not exist."""
        inputs = Inputs()
        for one in step.inputs:
            if one.kind is InputKind.LOCAL:
                if not _add_local(inputs, one, before.contents):
                    return None
                continue
            parent = before.resolved[one.step]
            keys: tuple[Token, ...] = tuple((record, one.selector) for record in parent.records)
            groups = self._groups_of(parent)
            if one.kind is InputKind.CHAIN:
                inputs.certain.append(keys)
                inputs.coarse.append(tuple((group, one.selector) for group in groups))
                inputs.stored.append(tuple((self._groups.of(r), one.selector) for r in parent.records))
                inputs.contents.append(None)
                continue
            self._add_result(inputs, one, before.plan.steps[one.step], keys, before.known)
        return inputs

    def _groups_of(self, parent: Resolved) -> frozenset[int]:
        return parent.groups.union(self._groups.of(record) for record in parent.records)

    def _add_result(
        self,
        inputs: Inputs,
        one: Input,
        source: Step,
        keys: tuple[Token, ...],
        known: Known,
    ) -> None:
        """An input from a stage, image or URL: by its key, or by its content if that is known."""
        texts = [known.get((one.step, selection)) for selection in one.selections]
        if source.fixed.startswith("file "):
            texts = [text or source.fixed for text in texts]
        inputs.contents.append(None)
        if any(text is None for text in texts):
            symbols = [("content of", key, one.selections) for key in keys]
            equal = [other for symbol in symbols for other in self._equal.get(symbol, ())]
            inputs.certain.append((*keys, *symbols, *equal))
            inputs.coarse.append((_ANY,))
            inputs.stored.append((_ANY, _UNSEEN))
        else:
            # the key of a URL or repository is made from what is found there, not from its name
            named = () if source.fetched else keys
            told = ("is", *texts)
            inputs.certain.append((*named, told))
            inputs.coarse.append((told, _UNSEEN))
            inputs.stored.append((told, _ANY))

    def learn_equal(self, mine: Iterable[Token], theirs: Iterable[Token]) -> None:
        """Two contents that were not known turned out to be the same."""
        others = list(theirs)
        for one in mine:
            for other in others:
                self._equal.setdefault(one, set()).add(other)
                self._equal.setdefault(other, set()).add(one)


def is_symbol(token: Token) -> bool:
    """True for a content that is known only by what it is the content of."""
    return isinstance(token, tuple) and len(token) == 3 and token[0] == "content of"


def _add_local(inputs: Inputs, one: Input, contents: ContentDigests) -> bool:
    """An input from a build context; False if something selected does not exist."""
    found: list[str] = []
    for selection in one.selections:
        digest = contents.digest(selection)
        if digest is None:
            return False
        found.append(digest)
    token = tuple(found)
    for tokens in (inputs.certain, inputs.coarse, inputs.stored):
        tokens.append((token,))
    inputs.contents.append(token)
    return True
