"""The steps of CI workflows with the settings that matter to rules, read from the YAML itself."""

import re
from collections.abc import Iterator

import msgspec

from dockwright.compose.yaml import Scalar, parse
from dockwright.compose.yaml.nodes import Node
from dockwright.repository.model import WorkflowItem
from dockwright.rules.subjects import ScriptSubject
from dockwright.text import MappedText, Span

_EXPRESSION = re.compile(rb"\$\{\{[^\n]{0,2000}?\}\}")


class WorkflowStep(msgspec.Struct, frozen=True):
    """One step of a GitHub workflow or action."""

    name: str
    span: Span
    """The whole step."""
    run: MappedText | None
    uses: str
    continues: Span | None
    """`continue-on-error: true` on the step or its job."""
    whole_job: bool = False
    """It stands on the job: the job fails, and the run does not."""


def steps(subject: ScriptSubject) -> Iterator[WorkflowStep]:
    """The steps of a workflow; none for anything that is not a GitHub workflow."""
    if not isinstance(subject.item, WorkflowItem) or not subject.path.endswith((".yml", ".yaml")):
        return
    file = parse(subject.source.data, subject.path)
    jobs = file.get("jobs")
    holders = [job for _, job in jobs.items()] if jobs is not None else []
    for job in holders:
        listed = job.get("steps")
        for step in listed.values() if listed is not None else ():
            yield _step(step, _continues(job))


def _without_expressions(text: MappedText) -> MappedText:
    """The script with `${{ … }}` as a word of the same length, so that it can be read as shell."""
    data = _EXPRESSION.sub(lambda match: b"x" * len(match[0]), text.data)
    return MappedText(data, text.pieces, text.end)


def _continues(node: Node) -> Span | None:
    setting = node.get("continue-on-error")
    return setting.span if setting is not None and setting.as_bool() else None


def _step(node: Node, job: Span | None) -> WorkflowStep:
    run = node.get("run")
    name, uses = node.get("name"), node.get("uses")
    return WorkflowStep(
        name=(name.as_str() or "") if name is not None else "",
        span=node.span,
        run=_without_expressions(run.mapped) if isinstance(run, Scalar) else None,
        uses=(uses.as_str() or "") if uses is not None else "",
        continues=_continues(node) or job,
        whole_job=_continues(node) is None and job is not None,
    )
