"""A builder that knows what every stage contains: BuildKit's lookup with nothing unknown, to hold predictions against.

What a step makes is a small number worked out from its body and what it is made of, so that different builds often
make the same: then, and only then, a copy out of a rebuilt stage hits.
"""

from hashlib import sha256

from dockwright.dockerfile.keys.model import ContentDigests, InputKind, Plan

KINDS = 3
"""How many different contents a step can make: few, so that equal ones are common."""


class TrueCache:
    """Builds plans one after the other and says of each step whether it hit."""

    def __init__(self) -> None:
        self._links: dict[object, set[int]] = {}
        self._made: list[int] = []
        self._sources: dict[str, int] = {}

    def _new(self, content: int) -> int:
        self._made.append(content)
        return len(self._made) - 1

    def build(self, plan: Plan, contents: ContentDigests) -> dict[int, bool]:
        results: list[set[int]] = []
        hits: dict[int, bool] = {}
        for step in plan.steps:
            if not step.inputs and (step.fixed or step.local):
                key = step.fixed or f"new {len(self._made)}"
                if key not in self._sources:
                    self._sources[key] = self._new(len(self._made) + KINDS)
                results.append({self._sources[key]})
                continue
            ways = [self._ways(one, results, contents, plan) for one in step.inputs] or [{"nothing"}]
            reached = [
                set().union(*(self._links.get((step.body, number, way), set()) for way in found))
                for number, found in enumerate(ways)
            ]
            found = set.intersection(*reached)
            hits[step.index] = bool(found)
            result = found or {self._new(self._content(step.body, ways))}
            for number, alternatives in enumerate(ways):
                for way in alternatives:
                    self._links.setdefault((step.body, number, way), set()).update(result)
            results.append(result)
        return hits

    def _ways(self, one, results, contents, plan):
        """The keys that lead to an input."""
        if one.kind is InputKind.LOCAL:
            return {tuple(contents.digest(selection) for selection in one.selections)}
        found = {("key", result, one.selector) for result in results[one.step]}
        if one.kind is InputKind.RESULT:
            source = plan.steps[one.step]
            made = source.fixed if source.fixed.startswith("file ") else ""
            found |= {
                ("content", made or (self._made[result], one.selections)) for result in results[one.step]
            }
        return found

    def _content(self, body, ways):
        text = repr((body, [sorted(map(repr, found)) for found in ways]))
        return sha256(text.encode()).digest()[0] % KINDS
