"""Renders a rule's documentation page from its docstring and its examples, with what this build really finds."""

from collections.abc import Sequence

from dockwright.rules.finding import Finding
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.testing import examine

SHOWN = 3
"""How many examples a page shows; all of them are run by the tests."""
INTRODUCTION = (
    "{count} rules. Severity is what a finding has when the rule cannot say better; confidence is how sure the rule is "
    "(high: follows from the files alone)."
)
LANGUAGES = {
    ".yml": "yaml",
    ".yaml": "yaml",
    ".py": "python",
    ".sh": "sh",
    ".json": "json",
    ".hcl": "hcl",
    ".md": "markdown",
    ".toml": "toml",
}


def index_page(rules: Sequence[Rule]) -> str:
    """The list of all rules."""
    lines = [
        "# Rules",
        "",
        INTRODUCTION.format(count=len(rules)),
        "",
        "| rule | what it finds | kind | severity | confidence |",
        "|---|---|---|---|---|",
    ]
    for rule in sorted(rules, key=lambda rule: rule.id):
        lines.append(
            f"| [{rule.id}]({rule.id}.md) | {cell(rule.summary)} | {rule.category} "
            f"| {rule.severity.name.lower()} | {rule.confidence.name.lower()} |"
        )
    return "\n".join([*lines, ""])


def rule_page(rule: Rule, doc: str) -> str:
    """One rule: what it finds and why it matters, then examples with the real output."""
    _, _, prose = doc.partition("\n")
    weight = f"severity {rule.severity.name.lower()}, confidence {rule.confidence.name.lower()}"
    same = ", ".join(f"`{name}`" for name in rule.same_as)
    lines = [
        f"# {rule.id}",
        "",
        f"{rule.summary[:1].upper()}{rule.summary[1:]}.",
        "",
        f"*{rule.category}, {weight}, since {rule.since}{', the same as ' + same if same else ''}*",
        "",
        prose.strip(),
        "",
    ]
    for example in rule.examples[:SHOWN]:
        lines += example_lines(rule, example)
    lines += [
        "## Accept it",
        "",
        f"On the line or the one before it: `# dockwright: ignore[{rule.id}] the reason`, or in `dockwright.toml`:",
        "",
        "```toml",
        "[[ignore.findings]]",
        f'rule = "{rule.id}"',
        'path = "the/file"',
        'reason = "why it is right here"',
        "```",
    ]
    return "\n".join([*lines, ""])


def example_lines(rule: Rule, example: Bad | Good) -> list[str]:
    """An example's files, and what is found in them."""
    good = isinstance(example, Good)
    lines = ["## Not reported" if good else "## Reported", ""]
    if isinstance(example, Good) and example.why:
        lines += [f"{example.why[:1].upper()}{example.why[1:]}.", ""]
    for path, text in example.files.items():
        lines += fenced(path, text)
    if not good:
        outcome = examine(example.files, rules=[rule], ignored=example.ignored, history=example.history)
        lines += ["```text", *(found_line(finding) for finding in outcome.findings), "```", ""]
    return lines


def fenced(path: str, text: str) -> list[str]:
    """A file as a fenced block under its name; an empty file as one line."""
    if not text.strip():
        return [f"`{path}` (empty)", ""]
    language = next((name for ending, name in LANGUAGES.items() if path.endswith(ending)), "")
    if "Dockerfile" in path or "Containerfile" in path:
        language = "dockerfile"
    fence = "~~~" if "```" in text else "```"
    return [f"`{path}`", "", f"{fence}{language}", *text.rstrip("\n").split("\n"), fence, ""]


def found_line(finding: Finding) -> str:
    """A finding as the command line prints it, with its related places below."""
    place = finding.location
    where = f"{place.path}:{place.line}:{place.column}" if place.line else place.path
    related = "".join(f"\n  {other.location}: {other.label}" for other in finding.related)
    return f"{where}: {finding.severity.name.lower()}: {finding.message} [{finding.rule}]{related}"


def cell(text: str) -> str:
    """Text safe inside a table cell."""
    return text.replace("|", "\\|")
