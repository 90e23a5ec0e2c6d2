"""Which rules run: all but the pedantic ones, or those that are asked for by name."""

from collections.abc import Collection, Sequence

from dockwright.errors import UsageError
from dockwright.rules.rule import Rule


def select(
    wanted: Sequence[str],
    unwanted: Sequence[str],
    *,
    pedantic: bool = False,
    about: Collection[str] | None = None,
) -> tuple[Rule, ...]:
    """The rules to run. Naming a rule by `wanted` runs it also when it is pedantic.

    With `about` (names of subjects) only rules about these are looked at, and only they are imported. Raises UsageError
    for a name no rule has, with the nearest ones.
    """
    from dockwright.rules.catalogue import all_rules, names, rules_about

    known = names()
    for name in (*wanted, *unwanted):
        if name not in known:
            raise unknown_rule(name, sorted(known))
    rules = all_rules() if about is None else rules_about(about)
    chosen = set(wanted)
    return tuple(
        rule
        for rule in rules
        if rule.id not in unwanted and (rule.id in chosen if chosen else pedantic or not rule.pedantic)
    )


def unknown_rule(name: str, names: Sequence[str]) -> UsageError:
    """The error for a rule that does not exist."""
    from difflib import get_close_matches

    near = get_close_matches(name, names, 3, 0.5)
    hint = f"did you mean {', '.join(near)}?" if near else "`dockwright explain --list` names all rules"
    return UsageError(f"there is no rule {name!r}", hint)
