"""What a rule is: its description, its check, and the examples that prove it.

One rule is one file. The module's docstring is its documentation page (first line: the summary), `check` is a pure
generator over one *subject*, and `RULE` ties them together. The annotation of `check`'s only parameter says which
subject the rule wants to see; the engine calls it once for each (see `rules.subjects`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from dockwright.figures import Figure
from dockwright.rules.finding import Category, Confidence, Finding, Location, Related, Severity

Files = Mapping[str, str]
"""A small repository: path to text. A value starting with `-> ` is a symbolic link to what follows."""


class Bad(msgspec.Struct, frozen=True):
    """A small repository in which the rule finds exactly one thing.

    `at` is the text under the primary location's first line (a part of it is enough); `says` a part of the message.
    """

    files: Files
    at: str
    says: str = ""
    ignored: Sequence[str] = ()
    """Paths that git does not track but that lie in the working directory."""
    history: Sequence[Files] = ()
    """Earlier commits, the oldest first, for rules about history: what each changed in `files`."""


class Good(msgspec.Struct, frozen=True):
    """A small repository in which the rule finds nothing; `why` says what it would be easy to get wrong."""

    files: Files
    why: str = ""
    ignored: Sequence[str] = ()
    history: Sequence[Files] = ()


class Rule(msgspec.Struct, frozen=True):
    """A rule's description. `id` is the file's name with dashes and reads as "allow <id>": it names the pattern.

    `severity` and `confidence` are what findings have unless the check says otherwise. `since` is the rule-set
    version that first had it. `same_as` lists what other tools call the same thing (`hadolint:DL3007`).
    """

    id: str
    summary: str
    category: Category
    severity: Severity
    confidence: Confidence
    check: Callable[[Any], Iterator[Finding]]
    examples: tuple[Bad | Good, ...]
    since: str = "0.1"
    same_as: tuple[str, ...] = ()
    pedantic: bool = False
    """Only reported when asked for: true, but most people do not want to hear it."""

    def finding(
        self,
        location: Location,
        message: str,
        *,
        related: Sequence[Related] = (),
        figures: Sequence[Figure] = (),
        evidence: Sequence[str] = (),
        severity: Severity | None = None,
        confidence: Confidence | None = None,
        service: str = "",
        environment: str = "",
    ) -> Finding:
        """A finding of this rule, with the rule's own severity, confidence and category unless said otherwise."""
        return Finding(
            rule=self.id,
            severity=self.severity if severity is None else severity,
            confidence=self.confidence if confidence is None else confidence,
            message=message,
            location=location,
            related=tuple(related),
            figures=tuple(figures),
            evidence=tuple(evidence),
            service=service,
            environment=environment,
            category=self.category,
        )
