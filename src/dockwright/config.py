"""What the user declares in `dockwright.toml` (or `[tool.dockwright]` of `pyproject.toml`).

Keys this version acts on:

    [ignore]
    files = ["legacy/**"]                      # not looked at, listed as skipped
    [[ignore.findings]]
    rule = "moving-tag"                        # required
    path = "docker/dev.Dockerfile"             # optional, a glob
    reason = "the dev image follows upstream"  # required
    until = "2027-01-31"                       # optional; after that day the finding is back
    [environments.test]
    compose = ["compose.yaml", "compose.test.yaml"]
    profiles = []                              # optional, as are env_files, project_directory and project_name
    [compose]
    version = "2.33"                           # the version of Compose that is followed; the newest without it
    [budgets]                                  # see `dockwright.budgets`
    dockerfiles = 9
    image.backend = "200 MB"
    [prices]                                   # see `dockwright.business`
    ci_minute = 0.008
    [usage]
    builds_per_month = 400
    [engine]
    name = "docker"                            # or "podman": which engine builds, where both are installed
    context = "remote"                         # optional: a Docker context or a Podman connection
    builder = "ci"                             # optional: a buildx builder instance
    [diff]
    count = ["package-log"]                    # noise rules that `dockwright diff` must not apply
    [[diff.waivers]]
    path = "srv/build-info.json"               # or setting = "env.BUILD_ID", or package = "pip:wheel"
    change = "content"                         # optional: only this kind of difference
    reason = "holds the time of the build"     # required

An unknown key is an error, not silence: a mistyped key would otherwise look like a rule that never fires.
"""

from datetime import date
from fnmatch import fnmatchcase
from typing import Any

import msgspec

from dockwright.errors import ConfigError

FILE_NAMES = ("dockwright.toml", ".dockwright.toml")


class IgnoredFinding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Findings that are accepted: which rule, where, why, and until when."""

    rule: str
    reason: str
    path: str = "**"
    until: date | None = None


class Ignore(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    files: tuple[str, ...] = ()
    findings: tuple[IgnoredFinding, ...] = ()


class Compose(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How compose files are read: `version` is a version of Compose, `compose-go X.Y.Z`, or `newest`."""

    version: str = "newest"


class DeclaredEngine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The container engine that builds: its name, a context (or Podman connection), a buildx builder instance."""

    name: str = ""
    context: str = ""
    builder: str = ""


class DeclaredEnvironment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which compose files make an environment, in the order Compose merges them. Paths are relative to the root."""

    compose: tuple[str, ...]
    profiles: tuple[str, ...] = ()
    env_files: tuple[str, ...] = ()
    project_directory: str = ""
    project_name: str = ""


class Waiver(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A difference of two images that is accepted: exactly one of `path` (a glob), `setting` and `package`, and why.

    `change` limits a path's waiver to one kind of difference (`content`, `mode`, `added` …).
    """

    reason: str
    path: str = ""
    setting: str = ""
    package: str = ""
    change: str = ""

    @property
    def says(self) -> str:
        """The waiver in words."""
        if self.path:
            return f"path {self.path}" + (f" ({self.change})" if self.change else "")
        return f"setting {self.setting}" if self.setting else f"package {self.package}"


class Diff(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How images are compared: what is accepted, and which noise rules are switched off."""

    waivers: tuple[Waiver, ...] = ()
    count: tuple[str, ...] = ()


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The declared configuration; an absent file is the default one."""

    ignore: Ignore = Ignore()
    compose: Compose = Compose()
    engine: DeclaredEngine = DeclaredEngine()
    environments: dict[str, DeclaredEnvironment] = {}
    diff: Diff = Diff()
    budgets: dict[str, Any] = {}
    """As it is written, checked by `load`; `budgets.limits` reads it. Kept so, as most commands have no use for it."""
    prices: dict[str, Any] = {}
    usage: dict[str, Any] = {}
    """As they are written, checked by `load`; read by `business.prices` and `business.usage`."""

    def ignores_file(self, path: str) -> bool:
        """True when `path` is left out by `[ignore] files`."""
        return any(glob_match(path, pattern) for pattern in self.ignore.files)

    def accepted(self, rule: str, path: str, today: date) -> IgnoredFinding | None:
        """The declaration that accepts a finding of `rule` in `path` on the day `today`."""
        for entry in self.ignore.findings:
            current = entry.until is None or today <= entry.until
            if entry.rule == rule and current and glob_match(path, entry.path):
                return entry
        return None


def glob_match(path: str, pattern: str) -> bool:
    """True when `path` matches `pattern`: `*` runs over `/` too, and a folder stands for all that is below it."""
    pattern = pattern.rstrip("/")
    return pattern in {"**", ""} or fnmatchcase(path, pattern) or fnmatchcase(path, pattern + "/*")


def load(text: str, name: str) -> Config:
    """Read a configuration; `name` is the file's name for messages.

    Raises ConfigError with the line (TOML) or the key path (unknown key, wrong type).
    """
    import tomllib

    try:
        data: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}: not valid TOML: {error}") from error
    except RecursionError as error:
        raise ConfigError(f"{name}: values nested too deep to be read") from error
    if name.endswith("pyproject.toml"):
        data = data.get("tool", {}).get("dockwright", {})
    try:
        config = msgspec.convert(data, Config)
        _checked(config)
    except ValueError as error:  # msgspec's own is one
        raise ConfigError(f"{name}: {error}", "see `dockwright.toml` in the documentation") from error
    return config


def _checked(config: Config) -> None:
    """Read what is kept as it is written. Raises ValueError that names the key."""
    if config.budgets:
        from dockwright.budgets import limits

        limits(config.budgets)
    if config.prices or config.usage:
        from dockwright import business

        business.check(business.prices(config.prices), business.usage(config.usage))
