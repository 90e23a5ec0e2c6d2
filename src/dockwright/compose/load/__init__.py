"""The exact compose model: files, an environment and profiles in, what `docker compose config` makes of them out.

    loaded = load.run(load.Request(files=("/srv/compose.yaml",), working_dir="/srv", environment=Environment.of({}),
                                   tree=files, semantics=Semantics()))
    loaded.project.at("services", "web", "image").place       # where it was written
    render.text(loaded.project)                               # the JSON Compose prints

Every value knows the place it was written at, what it replaced and the variables in it (`values`, `origin`). Errors are all
there is wrong, each with its places (`problems`). The version of Compose followed is a value (`versions`). Nothing here opens
a file or reads the environment of the process: both are given (`files`, `environment`).
"""

from dockwright.compose.load.environment import Environment
from dockwright.compose.load.project import Loaded, Project
from dockwright.compose.load.run import Request, run
from dockwright.compose.load.versions import Semantics, followed

__all__ = ["Environment", "Loaded", "Project", "Request", "Semantics", "followed", "run"]
