"""Where several scripts do one task: by what they start, and by which compose file they start."""

from collections.abc import Iterator, Sequence

from dockwright.report.entries import ComposeEntry, ScriptEntry
from dockwright.report.markdown.text import code, codes, table

SHOWN = 8
"""Scripts named in one cell."""
TASKS = {
    "start": ("up", "start", "run", "create", "kube play", "pod create"),
    "stop": ("down", "stop", "kill", "rm", "container rm", "container stop", "container kill", "pod rm"),
    "restart": ("restart", "container restart"),
    "build images": ("build", "buildx build", "buildx bake", "bud"),
    "pull or push images": ("pull", "push", "image pull", "image push"),
    "clean up": ("prune", "volume rm", "image rm", "network rm", "rmi"),
    "look at what runs": ("ps", "ls", "container ls", "inspect", "stats", "container stats", "top", "port"),
    "read logs": ("logs", "container logs"),
    "run a command in a container": ("exec", "container exec"),
    "look for a container engine": ("version", "info", "system info"),
}
"""Tasks and the container commands that do them, without what stands before them (`compose`, `container`)."""


def task_of(verb: str) -> str:
    """The task a container command belongs to; empty for the others."""
    plain = verb.removeprefix("compose ").removeprefix("container ")
    if plain.endswith("prune"):
        return "clean up"
    return next((task for task, verbs in TASKS.items() if plain in verbs), "")


def tasks(scripts: Sequence[ScriptEntry], composes: Sequence[ComposeEntry]) -> Iterator[str]:
    """Two tables; nothing for tasks that one script does alone. `scripts` are no tests."""
    by_task: dict[str, dict[str, None]] = {task: {} for task in TASKS}
    for script in scripts:
        for call in script.invokes:
            if task := task_of(call.verb):
                by_task[task][script.path] = None
    rows = [(task, str(len(paths)), codes(paths, SHOWN)) for task, paths in by_task.items() if len(paths) > 1]
    if rows:
        yield "#### One task in several scripts"
        yield ""
        yield from table(("task", "scripts", "which"), rows, "lrl")
    known = {script.path for script in scripts}
    files = []
    for compose in composes:
        users = dict.fromkeys(use.path for use in compose.used_by if use.verb == "runs" and use.path in known)
        if len(users) > 1:
            files.append((code(compose.path), str(len(users)), codes(users, SHOWN)))
    if files:
        yield "Compose files that several scripts start or stop:"
        yield ""
        yield from table(("compose file", "scripts", "which"), files, "lrl")
