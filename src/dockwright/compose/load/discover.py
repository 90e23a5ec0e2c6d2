"""From the options of the command line to a request: which files, which directory, which environment, which profiles.

Sources: compose-go cli/options.go (WithConfigFileEnv, WithDefaultConfigPath, WithEnvFiles, WithDotEnv, WithDefaultProfiles),
docker/compose cmd/compose/compose.go (toProjectOptions, setEnvWithDotEnv), pkg/compose/loader.go (buildProjectOptions).
"""

from __future__ import annotations

from dockwright.compose.load.dotenvs import read_env_files
from dockwright.compose.load.environment import Environment
from dockwright.compose.load.files import Files
from dockwright.compose.load.gopath import directory, is_absolute, join
from dockwright.compose.load.names import invalid, normalized
from dockwright.compose.load.problems import LoadProblem, Problems
from dockwright.compose.load.run import Request
from dockwright.compose.load.versions import Semantics
from dockwright.record import Record

NAMES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
OVERRIDES = (
    "compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml",
)  # fmt: skip
"""In order of preference; cli/options.go: DefaultFileNames, DefaultOverrideFileNames."""


class Asked(Record):
    """The options every command of Compose takes, as given. Paths may be relative to `cwd`."""

    files: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    env_files: tuple[str, ...] = ()
    project_directory: str = ""
    project_name: str = ""
    services: tuple[str, ...] = ()


class Found(Record):
    """A request, or why there is none; warnings either way."""

    request: Request | None
    errors: tuple[LoadProblem, ...] = ()
    warnings: tuple[LoadProblem, ...] = ()


def discover(
    asked: Asked, environment: Environment, cwd: str, tree: Files, semantics: Semantics, stdin: bytes = b""
) -> Found:
    """The request Compose would make of these options in this directory and environment."""
    return _Discovery(asked, environment, cwd, tree, semantics).run(stdin)


class _Discovery:
    def __init__(
        self, asked: Asked, environment: Environment, cwd: str, tree: Files, semantics: Semantics
    ) -> None:
        self.asked = asked
        self.environment = environment
        self.cwd = cwd
        self.tree = tree
        self.semantics = semantics
        self.problems = Problems()
        self.paths = [
            path if path == "-" else join(cwd, path) if not is_absolute(path) else path
            for path in asked.files
        ]

    def run(self, stdin: bytes) -> Found:
        given = self.environment
        newest = self.semantics.since(2, 9, 1)
        early = self.env_files(given) if newest else None
        if early is not None:
            # from Compose 2.40 on the working directory's `.env` may name the files, then the project directory's is read
            self.read(early)
        self.from_variable()
        self.search()
        self.read(self.env_files(given))
        if not self.asked.files and not newest:
            self.from_variable_of_dotenv()
        name = self.name()
        if self.problems.errors:
            return self.found(None)
        environment = self.environment
        request = Request(
            files=tuple(self.paths),
            working_dir=self.working_dir(),
            environment=environment,
            tree=self.tree,
            semantics=self.semantics,
            name=name,
            profiles=self.profiles(),
            services=self.asked.services,
            cwd=self.cwd,
            home=given.get("HOME"),
            stdin=stdin,
        )
        return self.found(request)

    def found(self, request: Request | None) -> Found:
        return Found(request, tuple(self.problems.errors), tuple(self.problems.warnings))

    def working_dir(self) -> str:
        """GetWorkingDir: the option, else the first file's directory (links kept), else where the command runs."""
        if self.asked.project_directory:
            return (
                join(self.cwd, self.asked.project_directory)
                if not is_absolute(self.asked.project_directory)
                else directory(self.asked.project_directory + "/")
            )
        first = next((path for path in self.paths if path != "-"), None)
        return directory(first) if first is not None else self.cwd

    def from_variable(self) -> None:
        """COMPOSE_FILE, unless files were asked for."""
        listed = self.environment.get("COMPOSE_FILE")
        if self.paths or listed is None:
            return
        separator = self.environment.get("COMPOSE_PATH_SEPARATOR") or ":"
        for path in listed.split(separator):
            absolute = path if path == "-" or is_absolute(path) else join(self.cwd, path)
            if absolute != "-" and not self.tree.exists(absolute):
                self.problems.fail(
                    "not-found", f"{absolute}: no such file or directory (from COMPOSE_FILE)", exit_code=1
                )
            self.paths.append(absolute)

    def from_variable_of_dotenv(self) -> None:
        """COMPOSE_FILE of `.env`: older versions read it into the process' environment first."""
        if self.environment.get("COMPOSE_FILE") is not None and not self._given("COMPOSE_FILE"):
            self.paths = []
            self.from_variable()
            self.read(self.env_files(self.environment))

    def _given(self, name: str) -> bool:
        setting = self.environment.setting(name)
        return setting is not None and setting.kind != "env-file"

    def search(self) -> None:
        """A file of a default name, here or further up, with an override beside it."""
        if self.paths:
            return
        here = self.working_dir()
        while True:
            names = [join(here, name) for name in NAMES if self.tree.exists(join(here, name))]
            if names:
                self.paths.append(self.chosen(names, "config"))
                overrides = [join(here, name) for name in OVERRIDES if self.tree.exists(join(here, name))]
                if overrides:
                    self.paths.append(self.chosen(overrides, "override"))
                return
            above = directory(here)
            if above == here:
                return
            here = above

    def chosen(self, paths: list[str], what: str) -> str:
        if len(paths) > 1:
            self.problems.warn(
                "usage",
                f"found multiple {what} files with supported names: {', '.join(paths)}; using {paths[0]}",
            )
        return paths[0]

    def env_files(self, given: Environment) -> list[str]:
        """`--env-file`, else COMPOSE_ENV_FILES, else `.env` of the project directory unless that is switched off."""
        names = list(self.asked.env_files)
        if not names:
            names = [name for name in (given.get("COMPOSE_ENV_FILES") or "").split(",") if name]
        if names:
            return [name if is_absolute(name) else join(self.cwd, name) for name in names]
        switch = given.get("COMPOSE_DISABLE_ENV_FILE")
        if switch is not None:
            if switch in ("1", "t", "T", "true", "TRUE", "True"):
                return []
            if switch not in ("0", "f", "F", "false", "FALSE", "False"):
                self.problems.fail(
                    "usage", f'COMPOSE_DISABLE_ENV_FILE: parsing "{switch}": invalid syntax', exit_code=1
                )
        path = join(self.working_dir(), ".env")
        return [path] if self.tree.exists(path) and not self.tree.is_directory(path) else []

    def read(self, paths: list[str]) -> None:
        """WithDotEnv: what the files set goes below what is set already."""
        found = read_env_files(self.tree, paths, self.environment, self.problems, exit_code=1)
        if found is None:
            return
        self.environment = found
        nameless = found.setting("")
        if nameless is not None and not self.semantics.since(2, 4, 9):
            # it is put into the environment of the process, which takes no empty name
            place = nameless.place
            self.problems.fail("env-file", "an env file sets a variable without a name", place, exit_code=1)

    def profiles(self) -> tuple[str, ...]:
        """`--profile`, else COMPOSE_PROFILES; without either the empty name."""
        if self.asked.profiles:
            return self.asked.profiles
        return tuple(part.strip() for part in (self.environment.get("COMPOSE_PROFILES") or "").split(","))

    def name(self) -> str:
        """A name asked for, by option or variable."""
        if self.asked.project_name:
            if normalized(self.asked.project_name) != self.asked.project_name:
                self.problems.fail("project-name", invalid(self.asked.project_name), exit_code=1)
            return self.asked.project_name
        return self.environment.get("COMPOSE_PROJECT_NAME") or ""
