"""Groups of stored results that may be the same one, and what each group is stored under.

Groups only ever grow together. An entry names groups in its key (the parents) and holds groups (the results), so when
two groups become one, the entries of the smaller are rewritten: in all, each entry is rewritten a logarithmic number
of times.
"""

Key = tuple[str, tuple[object, ...]]
"""A step's body and one token for each input; a chain input's token is `(group, selector)`."""


class Groups:
    """A union-find over results, with an index of entries by key."""

    def __init__(self) -> None:
        self._group: list[int] = []
        self._members: dict[int, list[int]] = {}
        self._entries: dict[Key, set[int]] = {}
        self._keys_naming: dict[int, set[Key]] = {}
        self._keys_holding: dict[int, set[Key]] = {}

    def new(self) -> int:
        """A new result, in a group of its own."""
        record = len(self._group)
        self._group.append(record)
        self._members[record] = [record]
        return record

    def of(self, record: int) -> int:
        """The group of a result."""
        return self._group[record]

    def members(self, group: int) -> list[int]:
        return self._members[group]

    def under(self, key: Key) -> set[int]:
        """The groups stored under a key."""
        return self._entries.get(key, set())

    def of_body(self, body: str) -> set[int]:
        """All groups stored for a step's body; looks at every entry."""
        return {group for key, groups in self._entries.items() if key[0] == body for group in groups}

    def put(self, key: Key, record: int) -> None:
        """Store a result's group under a key."""
        group = self._group[record]
        found = self._entries.get(key)
        if found is None:
            found = self._entries[key] = set()
            for named in _named(key):
                self._keys_naming.setdefault(named, set()).add(key)
        if group not in found:
            found.add(group)
            self._keys_holding.setdefault(group, set()).add(key)

    def join(self, record: int, group: int) -> None:
        """Two groups that may hold the same result become one."""
        one, other = self._group[record], self._group[group]
        if one == other:
            return
        if len(self._members[one]) > len(self._members[other]):
            one, other = other, one
        for member in self._members.pop(one):
            self._group[member] = other
            self._members[other].append(member)
        for key in self._keys_holding.pop(one, ()):
            self._entries[key].discard(one)
            self._entries[key].add(other)
            self._keys_holding.setdefault(other, set()).add(key)
        for key in self._keys_naming.pop(one, ()):
            self._rename(key, one, other)

    def _rename(self, key: Key, old: int, new: int) -> None:
        held = self._entries.pop(key)
        for named in _named(key):
            if named != old:
                self._keys_naming[named].discard(key)
        body, tokens = key
        renamed = (body, tuple(_renamed(one, old, new) for one in tokens))
        target = self._entries.setdefault(renamed, set())
        for named in _named(renamed):
            self._keys_naming.setdefault(named, set()).add(renamed)
        for group in held:
            self._keys_holding[group].discard(key)
            self._keys_holding[group].add(renamed)
            target.add(group)


def _renamed(token: object, old: int, new: int) -> object:
    if isinstance(token, tuple) and token and type(token[0]) is int and token[0] == old:
        return (new, *token[1:])
    return token


def _named(key: Key) -> set[int]:
    """The groups a key names."""
    return {token[0] for token in key[1] if isinstance(token, tuple) and token and type(token[0]) is int}
