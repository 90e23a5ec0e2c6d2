"""From `path` and line to an explanation, by the kind of file."""

from collections.abc import Sequence

from dockwright.audit.explain.compose import explain_compose
from dockwright.audit.explain.dockerfile import explain_dockerfile
from dockwright.audit.explain.model import Explanation, Line, Section, findings_at, users
from dockwright.audit.explain.script import explain_script
from dockwright.repository.model import ComposeItem, DockerfileItem, Item, ScriptItem
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Finding


def explain(repository: Repository, findings: Sequence[Finding], item: Item, line: int) -> Explanation:
    """What is known about a 1-based line of an inventoried file."""
    if isinstance(item, DockerfileItem):
        return explain_dockerfile(repository, findings, item, line)
    if isinstance(item, ComposeItem):
        return explain_compose(repository, findings, item, line)
    if isinstance(item, ScriptItem):
        return explain_script(repository, findings, item, line)
    return Explanation(
        f"{item.path}:{line}",
        filled([about(item), findings_at(findings, item.path, line, line), users(repository, item.path)]),
    )


def about(item: Item) -> Section:
    """What the file is."""
    facts = [
        f"{name}: {value}" for name in ("service", "variant", "environment") if (value := getattr(item, name))
    ]
    facts += [f"status: {item.status.value}", f"{item.lines} lines"]
    if item.last_change:
        facts.append(f"last changed {item.last_change}")
    if item.standing != "own":
        facts.append(f"{item.standing.value}: {item.standing_because}")
    return Section("the file", [Line("; ".join(facts))])


def filled(sections: Sequence[Section]) -> list[Section]:
    """The sections that say something."""
    return [section for section in sections if section.lines]
