"""The name of a project.

Source: compose-go loader/loader.go (projectName, NormalizeProjectName), cli/options.go (withNamePrecedenceLoad): what was asked
for, else the last `name:` of the files, else the directory's name. Only the last two are brought into form.
"""

from __future__ import annotations

from dockwright.compose.load.environment import Environment
from dockwright.compose.load.loading import Session
from dockwright.compose.load.origin import origin_of
from dockwright.compose.load.substitute import Interpolation
from dockwright.compose.load.values import Scalar
from dockwright.compose.yaml.scalar import Scalar as ScalarNode
from dockwright.lazy import lazy_regex

_ALLOWED = lazy_regex(r"[a-z0-9_-]")


def normalized(name: str) -> str:
    """NormalizeProjectName: lower case, only `[a-z0-9_-]`, no `_` or `-` at the start."""
    return "".join(_ALLOWED.findall(name.lower())).lstrip("_-")


def invalid(name: str) -> str:
    """What is said of a name that was asked for and is not in form."""
    return (
        f"invalid project name {name!r}: must consist only of lowercase alphanumeric characters, hyphens, and "
        "underscores as well as start with a letter or number"
    )


def project_name(
    session: Session, paths: tuple[str, ...], environment: Environment, asked: str, directory_name: str
) -> str | None:
    """The name; None on an error, which is noted. An empty one is told later, as Compose does."""
    if asked:
        if normalized(asked) != asked:
            session.problems.fail("project-name", invalid(asked))
            return None
        return asked
    found: ScalarNode | None = None
    named = False
    for path in paths:
        file = session.file(path)
        for index, document in enumerate(file.documents if file is not None else ()):
            node = document.root.get("name") if document.root is not None else None
            if isinstance(node, ScalarNode) and not node.is_null and node.text:
                found = node
                named = named or index == 0
    name = "" if named else directory_name
    if found is None:
        return name
    text = found.text
    if session.options.interpolate:
        filled = Interpolation(environment, session.semantics, session.problems).text(
            text, Scalar(text, found), "name"
        )
        if filled is None:
            return None
        text = filled[0]
    if session.options.normalize or not session.semantics.since(2, 4, 9):
        text = normalized(text)
    if not text and not name:
        session.problems.fail("project-name", "project name must not be empty", origin_of(found))
        return None
    return text or name
