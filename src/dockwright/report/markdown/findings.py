"""Every finding, by weight and rule, with the places it rests on and why it matters."""

from collections import Counter
from collections.abc import Iterator, Sequence

from dockwright.report.document import Document
from dockwright.report.findings.entries import FindingEntry
from dockwright.report.markdown.text import code, escaped, prose, table
from dockwright.report.words import SEVERITIES, counted, figure_text


def section(document: Document) -> Iterator[str]:
    """Findings by severity and service as a table, then each rule's findings."""
    yield f"## Findings ({len(document.findings):,})"
    yield ""
    if not document.findings:
        yield "None."
        yield ""
        return
    yield from _by_service(document)
    rules = {rule.id: rule for rule in document.rules}
    told: set[str] = set()
    for severity in SEVERITIES:
        chosen = [finding for finding in document.findings if finding.severity == severity]
        if not chosen:
            continue
        yield f"### {severity.capitalize()} ({len(chosen):,})"
        yield ""
        for rule_id in dict.fromkeys(finding.rule for finding in chosen):
            rule = rules[rule_id]
            places = [finding for finding in chosen if finding.rule == rule_id]
            yield f"#### {code(rule_id)}: {prose(rule.summary)} ({counted(len(places), 'place')})"
            yield ""
            if rule_id in told:
                yield "Why it matters and what to do: see above, where this rule stands first."
                yield ""
                yield from _table(places)
                continue
            told.add(rule_id)
            if rule.why:
                yield f"*Why it matters.* {prose(rule.why)}"
                yield ""
            if rule.fix:
                yield f"*What to do.* {prose(rule.fix)}"
                yield ""
            yield from _table(places)


def _table(findings: Sequence[FindingEntry]) -> list[str]:
    return table(("where", "what", "rests on", "confidence", "service"), map(_finding, findings))


def _by_service(document: Document) -> Iterator[str]:
    count = Counter((finding.service or "–", finding.severity) for finding in document.findings)
    total = Counter(finding.service or "–" for finding in document.findings)
    weights = [name for name in SEVERITIES if document.counts["severity"].get(name)]
    services = sorted(total, key=lambda name: (-total[name], name))
    rows = [
        (escaped(name), str(total[name]), *(str(count[(name, weight)] or "") for weight in weights))
        for name in services[:40]
    ]
    if len(services) > 40:
        rest = services[40:]
        cells = (str(sum(count[(name, weight)] for name in rest) or "") for weight in weights)
        rows.append((f"{len(rest)} other services", str(sum(total[name] for name in rest)), *cells))
    yield "By service (– where no one service is touched):"
    yield ""
    yield from table(("service", "all", *weights), rows, "lr" + "r" * len(weights))


def _finding(finding: FindingEntry) -> tuple[str, ...]:
    facts = [f"{prose(one.label)} {code(str(one.location))}" for one in finding.related[:4]]
    if len(finding.related) > 4:
        facts.append(f"{len(finding.related) - 4:,} more places")
    facts += [prose(fact) for fact in finding.evidence[:3]]
    facts += [f"{escaped(figure.name)} {figure_text(figure)}" for figure in finding.figures]
    touched = ", ".join(part for part in (finding.service, finding.environment) if part)
    return (
        code(str(finding.location)),
        prose(finding.message),
        "; ".join(facts),
        finding.confidence,
        escaped(touched),
    )
