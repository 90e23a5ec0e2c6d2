"""A rule's page: what it says, why it matters, what to do, and the examples that prove it."""

from typing import Any

from dockwright.audit.rulebook import page
from dockwright.rules.rule import Bad, Good, Rule

EXAMPLES = 3


def as_data(rule: Rule) -> dict[str, Any]:
    """The page as plain data."""
    text = page(rule)
    return {
        "id": rule.id,
        "summary": rule.summary,
        "severity": rule.severity.name.lower(),
        "confidence": rule.confidence.name.lower(),
        "category": rule.category.value,
        "since": rule.since,
        "pedantic": rule.pedantic,
        "same_as": list(rule.same_as),
        "why": text.why,
        "fix": text.fix,
        "scope": text.scope,
        "examples": [_example(one) for one in rule.examples],
    }


def _example(one: Bad | Good) -> dict[str, Any]:
    found = {"at": one.at} if isinstance(one, Bad) else {"why": one.why}
    return {"finds": isinstance(one, Bad), "files": dict(one.files), **found}


def as_text(rule: Rule) -> str:
    """The page for a terminal."""
    data = as_data(rule)
    lines = [
        f"{rule.id}: {rule.summary}",
        f"severity {data['severity']}, confidence {data['confidence']}, {data['category']}, since {rule.since}"
        + (", only with --pedantic or --rule" if rule.pedantic else ""),
    ]
    if rule.same_as:
        lines.append(f"same as {', '.join(rule.same_as)}")
    for title, key in (("", "why"), ("What to do", "fix"), ("What is reported", "scope")):
        if data[key]:
            lines += ["", *([f"{title}:"] if title else []), *data[key].split("\n")]
    for one in rule.examples[:EXAMPLES]:
        lines += ["", *_example_lines(one)]
    lines += [
        "",
        f"To accept it at one place: `# dockwright: ignore[{rule.id}] reason`, on the line or the one above.",
    ]
    return "\n".join(lines) + "\n"


def _example_lines(one: Bad | Good) -> list[str]:
    if isinstance(one, Bad):
        lines = [f"Found in this (at `{one.at}`):"]
    else:
        lines = [f"Not found in this{f' ({one.why})' if one.why else ''}:"]
    for path, text in one.files.items():
        body = text.rstrip("\n").split("\n")
        lines += [f"    {path}", *(f"    | {line}".rstrip() for line in body)]
    return lines
