"""Package managers: what a command installs, removes, refreshes or cleans.

All knowledge of the managers is in `knowledge/data/package_managers.toml`; here only what their command lines have in
common, and the few that are unlike the rest (pacman, `python -m pip`, `R -e`).
"""

import re
from typing import Protocol

from dockwright.knowledge.packages import Lookup, lookup
from dockwright.lazy import lazy_regex
from dockwright.shell.package_types import Action, Install, Manifest, Package
from dockwright.shell.package_words import package
from dockwright.shell.script import Command
from dockwright.shell.words import Word

__all__ = ["Action", "Install", "Manifest", "Package", "read_install"]
_PYTHON = lazy_regex(r"(?:python|pypy)\d*(?:\.\d+)?")
_DOTNET_PROJECTS = (".csproj", ".fsproj", ".vbproj", ".sln", ".slnx", ".slnf", ".proj")
_R_INSTALL = lazy_regex(r"install\.packages\s*+\(\s*+(?:c\s*+\(\s*+)?((?:['\"][\w.]++['\"]\s*+,?+\s*+)++)")


class Variables(Protocol):
    """Variables by name; a value of None is one that is not known."""

    def __contains__(self, name: str, /) -> bool: ...

    def get(self, name: str, /) -> str | None: ...


_NO_VARIABLES: dict[str, str | None] = {}


def read_install(command: Command, env: Variables = _NO_VARIABLES) -> Install | None:
    """What a command of a package manager does; None for any other command.

    `env` are variables known to be set around it (ENV of the stage, exports); they count for `no_cache`, `production`
    and the like just as variables set on the command itself.
    """
    argv = command.argv
    if len(argv) >= 3 and argv[1].value == "-m" and _PYTHON.fullmatch(argv[0].program):
        argv = argv[2:]
        if lookup(argv[0].value or "") is None:
            return None
    if not argv:
        return None
    name = argv[0].program
    found = lookup(name)
    if found is None:
        return _read_r(command) if name in ("R", "Rscript", "r") else None
    if found.manager.name == "pacman":
        return _read_pacman(command, argv, found)
    return _Reading(command, argv, found, env).install()


class _Reading:
    """One command line of one manager, split into flags and operands."""

    def __init__(self, command: Command, argv: tuple[Word, ...], found: Lookup, env: Variables) -> None:
        self.command = command
        self.found = found
        self.manager = found.manager
        self.env = env
        self.assigned = {item.name: item.value.value for item in command.assignments}
        self.flags: list[Word] = []
        self.texts: list[str] = []
        """Flags as `--flag`, and with their value as `--flag value` and `--flag=value`."""
        self.operands: list[Word] = []
        self.files: list[Manifest] = []
        self.edited: list[Word] = []
        self.versions: list[str] = []
        self.groups: list[Package] = []
        """Virtual packages that the installed ones are put under (`apk add --virtual .deps`)."""
        self.split(argv)

    def split(self, argv: tuple[Word, ...]) -> None:
        index, count = 1, len(argv)
        while index < count:
            word = argv[index]
            first = word.parts[0]
            text = first if isinstance(first, str) else ""
            index += 1
            if text == "--":
                self.operands.extend(argv[index:])
                return
            if not text.startswith("-") or text == "-":
                self.operands.append(word)
                continue
            self.flags.append(word)
            name, equals, rest = text.partition("=")
            self.texts.append(name)
            if equals:
                self.texts.append(text)
                self.valued(name, word, rest if word.value is not None else None)
            elif name in self.found.valued and index < count:
                value = argv[index]
                index += 1
                self.texts += [f"{name} {value.value}", f"{name}={value.value}", value.value or ""]
                self.valued(name, value, value.value)
            elif not name.startswith("--") and name[:2] in self.found.reads and len(name) > 2:
                self.valued(name[:2], word, name[2:])

    def valued(self, name: str, word: Word, value: str | None) -> None:
        """A flag with a value: a file it reads, an editable project, a version."""
        if name in self.found.reads:
            path = value if value is not None else word.shown("*")
            self.files.append(Manifest(path, self.found.reads[name], word))
        elif name in self.manager.editable:
            self.edited.append(word)
        elif name in self.manager.version_flags and value:
            self.versions.append(value)
        elif name in self.manager.virtual_flags and value:
            self.groups.append(Package(value, word, kind="virtual"))

    def has(self, flags: tuple[str, ...]) -> bool:
        return any(flag in self.texts for flag in flags)

    def switched_off(self, flags: tuple[str, ...]) -> bool:
        """One of the flags is given as `--flag=false`."""
        return any(f"{flag}=false" in self.texts for flag in flags)

    def set(self, variables: tuple[str, ...]) -> bool:
        """One of the variables is set (to a given value, where one is named), and not to a false one."""
        for item in variables:
            name, equals, wanted = item.partition("=")
            if name in self.assigned:
                value = self.assigned[name]
            else:
                value = self.env.get(name) if name in self.env else ""
            if value == "" or (value is not None and value.lower() in ("0", "false", "no", "off")):
                continue
            if not equals or value == wanted:
                return True
        return False

    def verb(self) -> tuple[str, str, list[Word]]:
        """The verb, its action, and the operands after it."""
        values = [word.value or "" for word in self.operands[:2]]
        actions = self.found.actions
        if len(values) == 2 and f"{values[0]} {values[1]}" in actions:
            verb = f"{values[0]} {values[1]}"
            return verb, actions[verb], self.operands[2:]
        if values and values[0] in actions:
            return values[0], actions[values[0]], self.operands[1:]
        if not values and "" in actions:
            return "", actions[""], []
        if self.manager.default_action:
            return "", self.manager.default_action, self.operands
        return (values[0] if values else ""), "other", self.operands[1:]

    def install(self) -> Install:
        manager = self.manager
        verb, action, operands = self.verb()
        packages = tuple(self.packages(action, operands)) if manager.name != "dotnet" or " " in verb else ()
        yes = (
            not self.found.yes
            or not manager.asks
            or bool(self.found.yes & set(self.texts))
            or self.short_yes()
        )
        return Install(
            manager.name, verb, Action(action), self.command, packages, tuple(self.manifests(verb, packages, operands)),
            tuple(self.flags), no_cache=self.has(manager.no_cache_flags) or self.set(manager.no_cache_env),
            non_interactive=yes, frozen=verb in manager.frozen_verbs or self.has(manager.frozen_flags),
            production=not self.switched_off(manager.production)
            and (self.has(manager.production) or self.set(manager.production_env)),
            no_deps=self.has(manager.no_deps), editable=bool(self.edited),
            recommends=manager.recommends and not self.has(manager.no_recommends),
            refreshes_index=action == "refresh" or self.has(manager.refresh_flags),
            cache_dirs=manager.cache_dirs, index_dirs=manager.index_dirs,
        )  # fmt: skip

    def short_yes(self) -> bool:
        """`-yq`, `-qqy`: a yes flag among combined short flags."""
        shorts = {flag[1] for flag in self.found.yes if len(flag) == 2}
        quiet = "-qq" in self.found.yes
        clusters = [text for text in self.texts if len(text) > 2 and text[0] == "-" and text[1:].isalpha()]
        return any(shorts & set(text[1:]) or (quiet and text.count("q") > 1) for text in clusters)

    def packages(self, action: str, operands: list[Word]) -> list[Package]:
        if action not in ("install", "remove", "upgrade", "run"):
            return []
        if action == "run":
            operands = operands[:1]
        found = [package(self.manager.name, word) for word in (*self.edited, *operands)] + self.groups
        if self.versions and found:
            version, last = self.versions[-1], found[-1]
            exact = version[:1].isdigit()
            found[-1] = Package(
                last.name,
                last.word,
                version.lstrip("= "),
                "=" if exact or version[0] == "=" else "~",
                last.kind,
            )
        return found

    def manifests(self, verb: str, packages: tuple[Package, ...], operands: list[Word]) -> list[Manifest]:
        """Files named by flags; with no package named, also those the manager looks for by itself."""
        out = [*self.files, *self.projects(packages, operands)]
        manager = self.manager
        bound = (
            bool(packages)
            or self.has(manager.global_flags)
            or (bool(out) and manager.name in ("pip", "conda"))
        )
        frozen = verb in manager.frozen_verbs or self.has(manager.frozen_flags)
        named = {item.role for item in out}
        for file in manager.manifests:
            if (bound and not file.flags) or (file.verbs and verb not in file.verbs):
                continue
            if (file.flags and not self.has(file.flags)) or (file.role == "manifest" and "manifest" in named):
                continue
            optional = file.optional or (file.role == "lock" and not frozen)
            out.append(Manifest(file.path, file.role, optional=optional))
        return out

    def projects(self, packages: tuple[Package, ...], operands: list[Word]) -> list[Manifest]:
        """Project folders and files among the operands: `pip install .`, `dotnet restore x.csproj`."""
        if self.manager.name == "dotnet":
            return [
                Manifest(word.value, "manifest", word)
                for word in operands if word.value and word.value.endswith(_DOTNET_PROJECTS)
            ]  # fmt: skip
        if self.manager.kind != "python":
            return []
        folders = [(item, item.name.rstrip("/")) for item in packages if item.kind == "path"]
        return [
            Manifest(name if folder in (".", "") else f"{folder}/{name}", "manifest", item.word, optional=True)
            for item, folder in folders for name in ("pyproject.toml", "setup.py", "setup.cfg")
        ]  # fmt: skip


def _read_pacman(command: Command, argv: tuple[Word, ...], found: Lookup) -> Install:
    """Pacman's verbs are flags: `-S`, `-Sy`, `-Syu`, `-R`, `-Sc`."""
    flags = [word for word in argv[1:] if (word.value or "").startswith("-")]
    operands = [word for word in argv[1:] if not (word.value or "-").startswith("-")]
    texts = {word.value or "" for word in flags}
    short = "".join(text[1:] for text in texts if not text.startswith("--"))
    sync = "S" in short or "--sync" in texts
    action = Action.OTHER
    if sync and "c" in short:
        action = Action.CLEAN
    elif "R" in short or "--remove" in texts:
        action = Action.REMOVE
    elif (sync or "U" in short) and operands:
        action = Action.INSTALL
    elif sync and ("u" in short or "--sysupgrade" in texts):
        action = Action.UPGRADE
    elif sync and ("y" in short or "--refresh" in texts):
        action = Action.REFRESH
    return Install(
        "pacman", "-" + short, action, command, tuple(package("pacman", word) for word in operands), (), tuple(flags),
        non_interactive="--noconfirm" in texts, refreshes_index=sync and ("y" in short or "--refresh" in texts),
        cache_dirs=found.manager.cache_dirs, index_dirs=found.manager.index_dirs,
    )  # fmt: skip


def _read_r(command: Command) -> Install | None:
    """`R -e 'install.packages("x")'`."""
    for word in command.args:
        match = _R_INSTALL.search(word.value or "")
        if match is not None:
            names = re.findall(r"['\"]([\w.]+)['\"]", match[1])
            return Install(
                "r", "install.packages", Action.INSTALL, command, tuple(Package(name, word) for name in names)
            )
    return None
