"""Repeated runs of tokens: maximal repeats of a set of sequences, by a suffix automaton over all of them.

Near-linear in the number of tokens. A state of the automaton stands for all substrings that end at the same places;
its longest one cannot be extended to the left without losing a place. It is a maximal repeat when it cannot be
extended to the right either (A. Blumer et al., "The smallest automaton recognizing the subwords of a text", 1985).
"""

from collections.abc import Callable, Iterator, Sequence

import msgspec

MAX_PLACES = 300_000
"""Most places enumerated in one call, over all repeats; what comes later is not reported."""


class Run(msgspec.Struct, frozen=True):
    """A run of `length` tokens that stands at each of `places`: (sequence, index of the first token), ascending."""

    length: int
    places: tuple[tuple[int, int], ...]


class _Automaton:
    """Suffix automaton of all sequences, one after the other, each closed by a token of its own."""

    def __init__(self, sequences: Sequence[Sequence[int]]) -> None:
        self.next: list[dict[int, int]] = [{}]
        self.link = [-1]
        self.longest = [0]
        self.count = [0]
        self.end: list[int] = [-1]
        """Where the first place of a state ends: an index into the joined text (-1 for clones and the root)."""
        self.owner: list[tuple[int, int]] = []
        last = 0
        for number, sequence in enumerate(sequences):
            for index, token in enumerate(sequence):
                last = self._add(last, token)
                self.owner.append((number, index))
            last = self._add(last, -1 - number)
            self.owner.append((number, len(sequence)))
        self._count_places()

    def _add(self, last: int, token: int) -> int:
        state = self._new(self.longest[last] + 1, len(self.owner))
        self.count[state] = 1
        at = last
        while at != -1 and token not in self.next[at]:
            self.next[at][token] = state
            at = self.link[at]
        if at == -1:
            self.link[state] = 0
            return state
        there = self.next[at][token]
        if self.longest[there] == self.longest[at] + 1:
            self.link[state] = there
            return state
        clone = self._new(self.longest[at] + 1, -1)
        self.next[clone] = dict(self.next[there])
        self.link[clone] = self.link[there]
        while at != -1 and self.next[at].get(token) == there:
            self.next[at][token] = clone
            at = self.link[at]
        self.link[there] = self.link[state] = clone
        return state

    def _new(self, longest: int, end: int) -> int:
        self.next.append({})
        self.link.append(0)
        self.longest.append(longest)
        self.count.append(0)
        self.end.append(end)
        return len(self.longest) - 1

    def _count_places(self) -> None:
        order = sorted(range(1, len(self.longest)), key=self.longest.__getitem__, reverse=True)
        self.children: dict[int, list[int]] = {}
        self.first = [end if end >= 0 else len(self.owner) for end in self.end]
        for state in order:
            parent = self.link[state]
            self.count[parent] += self.count[state]
            self.first[parent] = min(self.first[parent], self.first[state])
            self.children.setdefault(parent, []).append(state)

    def repeats(self) -> Iterator[int]:
        """States of maximal repeats: at least two places, and no single token follows at all of them."""
        for state in range(1, len(self.longest)):
            count = self.count[state]
            if count > 1 and not any(self.count[to] == count for to in self.next[state].values()):
                yield state

    def places(self, state: int) -> list[tuple[int, int]]:
        """Where the longest substring of a state begins, ascending."""
        length = self.longest[state]
        found: list[tuple[int, int]] = []
        todo = [state]
        while todo:
            at = todo.pop()
            if self.end[at] >= 0:
                number, index = self.owner[self.end[at]]
                found.append((number, index - length + 1))
            todo.extend(self.children.get(at, ()))
        found.sort()
        return found


def repeated_runs(
    sequences: Sequence[Sequence[int]], gain: Callable[[Run], float], worth: Callable[[int, int, int], float]
) -> list[tuple[Run, int]]:
    """Runs of tokens that repeat, with the number of places that no run before them covers.

    `worth(sequence, start, length)` is what one place of a run weighs; runs are tried by `worth * (places - 1)`,
    descending. `gain(run)` is asked with the places that no earlier run covers; a run is taken when it is positive,
    and then carries all its places. Tokens must not be negative.
    """
    automaton = _Automaton(sequences)
    ranked: list[tuple[float, int, tuple[int, int], int]] = []
    for state in automaton.repeats():
        length = automaton.longest[state]
        number, index = automaton.owner[automaton.first[state]]
        first = (number, index - length + 1)
        weight = worth(number, first[1], length) * (automaton.count[state] - 1)
        if weight > 0:
            ranked.append((-weight, -length, first, state))
    ranked.sort()
    return list(_choose(automaton, [state for *_, state in ranked], sequences, gain))


def _choose(
    automaton: _Automaton, states: list[int], sequences: Sequence[Sequence[int]], gain: Callable[[Run], float]
) -> Iterator[tuple[Run, int]]:
    covered = [bytearray(len(sequence)) for sequence in sequences]
    budget = MAX_PLACES
    for state in states:
        budget -= automaton.count[state]
        if budget < 0:
            return
        length = automaton.longest[state]
        places = automaton.places(state)
        fresh: list[tuple[int, int]] = []
        for number, start in places:
            overlaps = fresh and fresh[-1][0] == number and start < fresh[-1][1] + length
            if not overlaps and not any(covered[number][start : start + length]):
                fresh.append((number, start))
        if gain(Run(length, tuple(fresh))) <= 0:
            continue
        for number, start in fresh:
            covered[number][start : start + length] = b"\1" * length
        yield Run(length, tuple(places)), len(fresh)
