"""`dockwright compose … explain SERVICE.KEY`: where a value comes from."""

import msgspec

from dockwright.cli.compose import semantics_of
from dockwright.cli.compose_arguments import Arguments
from dockwright.cli.compose_outcome import Outcome, Surroundings, told
from dockwright.cli.output import width_for
from dockwright.compose.load.explain import Explanation, Step, Variable, explain, find
from dockwright.compose.load.origin import Origin
from dockwright.compose.load.project import Project
from dockwright.compose.load.run import run as load
from dockwright.record import as_dict, replaced
from dockwright.report.fit import fit

HELP = """Usage: dockwright compose [OPTIONS] explain SERVICE[.KEY …] [--format text|json]

Where a value of the resolved model was set (file and line), what it replaced, and which variables are in it with where they
were set. `web.environment.PORT`, `web.ports.0`, `web`, `volumes.data.name`. Secrets are not shown.
"""


def run(arguments: Arguments, surroundings: Surroundings) -> Outcome:
    """Load, find, tell."""
    subjects = arguments.words
    form = arguments.values.get("format", "text")
    if not subjects or form not in ("text", "json"):
        return Outcome(2, "", HELP)
    semantics = semantics_of(arguments, surroundings)
    found = surroundings.discover(arguments, semantics)
    if found.request is None:
        return Outcome(2, "", told(found.errors, surroundings, "error"))
    loaded = load(replaced(found.request, prune=False))
    if loaded.project is None:
        return Outcome(2, "", told(loaded.errors, surroundings, "error"))
    explanations: list[Explanation] = []
    for subject in subjects:
        value = find(loaded.project, subject)
        if value is None:
            return Outcome(2, "", _unknown(loaded.project, subject))
        explanations.extend(explain(*value))
    if form == "json":
        text = msgspec.json.format(msgspec.json.encode(explanations, enc_hook=as_dict), indent=2).decode()
        return Outcome(0, f"{text}\n")
    text = "\n".join(_text(one, surroundings) for one in explanations)
    return Outcome(0, fit(text, width_for(None)))


def _unknown(project: Project, subject: str) -> str:
    from difflib import get_close_matches

    from dockwright.compose.load.explain import shown

    known = {shown(route): None for route, _ in project.scalars()}
    known.update(dict.fromkeys(project.services))
    near = get_close_matches(subject, known, 3, 0.6)
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    disabled = project.disabled.get(subject.split(".", maxsplit=1)[0])
    if disabled is not None:
        names = ", ".join(disabled.sequence("profiles").texts())
        hint = f"; the service is disabled, its profiles are {names}"
    return f"there is no {subject} in the resolved project{hint}\n"


def _text(found: Explanation, surroundings: Surroundings) -> str:
    lines = [f"{found.route} = {found.now.value}"]
    lines.extend(_step("set in", found.now, surroundings))
    for step in found.replaced:
        lines.append(f"  replaces {step.value}")
        lines.extend(f"  {line}" for line in _step("set in", step, surroundings))
    return "".join(f"{line}\n" for line in lines)


def _step(word: str, step: Step, surroundings: Surroundings) -> list[str]:
    if step.origin is None:
        return ["  filled in by Compose"]
    written = f"   {step.written}" if step.written else ""
    lines = [f"  {word} {_place(step.origin, surroundings)}{written}"]
    lines.extend(f"    {_variable(variable, surroundings)}" for variable in step.variables)
    return lines


def _place(origin: Origin, surroundings: Surroundings) -> str:
    return f"{surroundings.shown(origin.path)}:{origin.line}"


def _variable(variable: Variable, surroundings: Surroundings) -> str:
    if variable.value is None:
        rest = "not set, empty" if variable.default is None else f"not set, default {variable.default!r}"
        return f"${variable.name} {rest}"
    where = f" {_place(variable.origin, surroundings)}" if variable.origin is not None else ""
    return f"${variable.name} = {variable.value!r} from {variable.source}{where}"
