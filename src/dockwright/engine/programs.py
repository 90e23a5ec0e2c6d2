"""Where the programs of engines are: in the absolute folders of PATH only, as a relative one would look into the repository."""

import os
from collections.abc import Mapping


def find(name: str, environment: Mapping[str, str] | None = None) -> str | None:
    """The path of a program, None where there is none."""
    search = (os.environ if environment is None else environment).get("PATH", os.defpath)
    for folder in search.split(os.pathsep):
        path = os.path.join(folder, name)
        if os.path.isabs(folder) and os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return None
