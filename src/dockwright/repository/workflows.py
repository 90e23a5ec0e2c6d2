"""CI files: their steps, the container tools these start, the actions they use, and who calls which workflow."""

import re
from collections.abc import Iterator

import msgspec

from dockwright.compose.yaml import YamlFile, parse
from dockwright.repository.builds.actions import is_docker_action
from dockwright.repository.ci import github, jenkins, pipelines
from dockwright.repository.ci.steps import Step
from dockwright.repository.gather import Calling, step_sites
from dockwright.repository.layout import Layout
from dockwright.repository.model import Place, Reference, Strength, WorkflowItem
from dockwright.repository.scripts import written_names

MAX_CALLERS = 32
_FETCHES = re.compile(r"checkout|download|cache|restore", re.IGNORECASE)


class Read(msgspec.Struct, kw_only=True):
    """A CI file and its steps."""

    item: WorkflowItem
    file: YamlFile | None
    steps: list[Step]


def callings(items: list[WorkflowItem], layout: Layout) -> tuple[list[Calling], list[Reference]]:
    """The CI files that build or run containers, and their references to each other."""
    read = [_read(item) for item in items]
    references = [one for workflow in read for one in _uses(workflow, layout)]
    given = _given(read, layout)
    for workflow in read:
        inputs = given.get(workflow.item.path)
        if inputs and workflow.file is not None:
            workflow.steps = list(github.steps(workflow.file, inputs))
    return [_calling(workflow) for workflow in read], references


def _read(item: WorkflowItem) -> Read:
    if "jenkinsfile" in item.path.rpartition("/")[2].lower():
        return Read(item=item, file=None, steps=list(jenkins.steps(item.source)))
    file = parse(item.source.data, item.path)
    return Read(
        item=item,
        file=file,
        steps=list(github.steps(file) if is_github(file, item.path) else pipelines.steps(file)),
    )


def is_github(file: YamlFile, path: str) -> bool:
    """True for GitHub (and Gitea) workflows and actions, by place or by shape."""
    if "/.github/" in f"/{path}" or "/.gitea/" in f"/{path}" or file.at("runs", "steps") is not None:
        return True
    jobs = file.get("jobs")
    return jobs is not None and any(job.get("runs-on") is not None for job in jobs.values())


def _uses(workflow: Read, layout: Layout) -> Iterator[Reference]:
    """References to workflows and actions of the same repository."""
    for step in workflow.steps:
        target = _local(step, layout)
        if target is not None:
            yield Reference(
                place=Place(workflow.item.source, step.span), verb="calls", strength=Strength.RUN, named=step.uses,
                target=target, expects="script", resolved=target,
            )  # fmt: skip


def _local(step: Step, layout: Layout) -> str | None:
    path = github.local_use(step.uses) if step.uses else ""
    if not path:
        return None
    candidates = (path, f"{path}/action.yml", f"{path}/action.yaml")
    return next((candidate for candidate in candidates if layout.has(candidate)), None)


def _given(read: list[Read], layout: Layout) -> dict[str, list[github.Values]]:
    """The inputs that callers pass, by the path of the workflow or action they call."""
    found: dict[str, list[github.Values]] = {}
    for workflow in read:
        for step in workflow.steps:
            target = _local(step, layout)
            if target is not None and step.inputs:
                values = {f"inputs.{name}": word.parts for name, word in step.inputs.items()}
                inputs = found.setdefault(target, [])
                if len(inputs) < MAX_CALLERS and values not in inputs:
                    inputs.append(values)
    return found


def _fetched(workflow: Read) -> frozenset[str]:
    """Folders that actions fill: `path` of actions/checkout, actions/download-artifact and their like."""
    paths = {
        (step.inputs["path"].value or "").removeprefix("./").rstrip("/")
        for step in workflow.steps
        if "path" in step.inputs and step.inputs["path"].value and _FETCHES.search(step.uses)
    }
    return frozenset(paths - {"", "."})


def _calling(workflow: Read) -> Calling:
    item = workflow.item
    source = item.source
    written = written_names(source.data, "shell") | _fetched(workflow)
    calling = Calling(source=source, language="yaml", item=item, written=written)
    actions: dict[str, None] = {}
    for step in workflow.steps:
        if step.uses and is_docker_action(step.uses):
            actions[step.uses.strip()] = None
        for site, runs in step_sites(source, step, "workflow", Strength.RUN, written):
            if site is not None:
                calling.sites.append(site)
            calling.runs += runs
    item.actions = list(actions)
    return calling
