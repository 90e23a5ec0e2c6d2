"""Findings with one repair are one cause, and causes are in order of weight."""

from dockwright.audit.causes import causes
from dockwright.repository.model import WorkflowItem
from dockwright.rules.finding import Category, Confidence, Finding, Location, Related, Severity
from dockwright.text import SourceFile
from tests.audit.facts import DEAD, LIVE, dockerfile, given, repository


def finding(
    rule: str,
    path: str,
    message: str = "something",
    *,
    line: int = 1,
    because: str = "",
    label: str = "hidden here",
    severity: Severity = Severity.HIGH,
    confidence: Confidence = Confidence.HIGH,
    category: Category = Category.BROKEN,
) -> Finding:
    related = (
        (Related(Location(*because.split(":")[:1], int(because.split(":")[1]), 1, 1, 1), label),)
        if because
        else ()
    )
    return Finding(
        rule=rule,
        severity=severity,
        confidence=confidence,
        message=message,
        location=Location(path, line, 1, line, 2),
        related=related,
        category=category,
    )


def test_sixteen_files_behind_one_ignore_file_are_one_cause() -> None:
    findings = [
        finding(
            "copy-hidden",
            f"{number}.Dockerfile",
            f"copies `{number}`",
            because=f".dockerignore:{number % 3 + 1}",
        )
        for number in range(16)
    ]
    (cause,) = causes(repository(), {}, findings)
    assert cause.cause == ".dockerignore:1,2,3"
    assert len(cause.places) == len(cause.findings) == 16


def test_one_thing_named_in_several_files_is_one_cause() -> None:
    findings = [finding("missing-compose-file", f"{name}.sh", "names `gone.yml`") for name in "abc"]
    findings.append(finding("missing-compose-file", "d.sh", "names `other.yml`"))
    found = causes(repository(), {}, findings)
    assert [(cause.cause, len(cause.findings)) for cause in found] == [("`gone.yml`", 3), ("", 1)]


def test_several_places_of_one_file_are_one_cause_and_several_rules_are_not() -> None:
    findings = [
        finding("secret", "compose.yaml", f"`{name}` is set", line=line) for line, name in enumerate("abc", 1)
    ]
    findings.append(finding("socket", "compose.yaml"))
    assert [len(cause.findings) for cause in causes(repository(), {}, findings)] == [3, 1]


def test_users_of_a_broken_thing_are_not_its_cause() -> None:
    findings = [
        finding("shell-in-copy", f"{name}.Dockerfile", name, because="compose.yaml:3", label="built here")
        for name in "ab"
    ]
    assert len(causes(repository(), {}, findings)) == 2


def test_dead_things_go_together() -> None:
    findings = [finding("dead-file", f"{name}.Dockerfile", category=Category.DEAD) for name in "ab"]
    assert len(causes(repository(), {}, findings)) == 1


def test_order_is_severity_then_confidence_then_live_then_number() -> None:
    workflow = WorkflowItem(path="ci.yml", source=SourceFile("ci.yml", b""), language="yaml")
    facts = repository(dockerfile("live.Dockerfile", status=LIVE), dockerfile("dead.Dockerfile", status=DEAD))
    facts.workflows.append(given(workflow, {"status": DEAD}))
    findings = [
        finding("e-dead-many", "dead.Dockerfile", line=1),
        finding("e-dead-many", "dead.Dockerfile", line=2),
        finding("d-live", "live.Dockerfile"),
        finding("c-workflow-two", "ci.yml", line=1),
        finding("c-workflow-two", "ci.yml", line=2),
        finding("b-unsure", "live.Dockerfile", confidence=Confidence.LOW),
        finding("a-critical", "dead.Dockerfile", severity=Severity.CRITICAL),
    ]
    found = causes(facts, {}, findings)
    assert [cause.rule for cause in found] == [
        "a-critical",
        "c-workflow-two",
        "d-live",
        "e-dead-many",
        "b-unsure",
    ]
    assert [cause.rank for cause in found] == [1, 2, 3, 4, 5]
    assert [cause.reaches_live for cause in found] == [False, True, True, False, True]


def test_every_finding_is_in_exactly_one_cause() -> None:
    findings = [
        finding(
            f"rule-{number % 3}",
            f"{number % 4}.Dockerfile",
            f"`{number % 2}`",
            because=f"x:{number % 5}" if number % 2 else "",
        )
        for number in range(40)
    ]
    found = causes(repository(), {}, findings)
    assert sorted(index for cause in found for index in cause.findings) == list(range(40))


def test_groups_of_files_that_share_a_volume_s_name_are_causes_of_their_own() -> None:
    findings = [
        finding(
            "shared-project-name",
            f"{folder}/a.yml",
            "share `pgdata`",
            because=f"{folder}/b.yml:1",
            label="same project",
        )
        for folder in ("x", "y")
    ]
    assert len(causes(repository(), {}, findings)) == 2
