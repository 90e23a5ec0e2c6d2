"""What `check` does with one path: a whole directory with all rules, or one file with the rules that need no other."""

import os
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from os.path import abspath
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from dockwright.config import Config
from dockwright.errors import ConfigError, Skipped, UsageError
from dockwright.rules.engine import Crash
from dockwright.rules.finding import Finding, Location
from dockwright.rules.rule import Rule

if TYPE_CHECKING:
    import datetime as dt

    from dockwright.report.clean import Cleaner
    from dockwright.repository.repository import Repository
    from dockwright.rules.engine import Outcome


class Checked(msgspec.Struct, kw_only=True):
    """The result for one path. Paths of findings are as the user would type them: `prefix` is in front already."""

    prefix: str
    findings: Sequence[Finding]
    accepted: Sequence[tuple[Finding, str, str]]
    crashes: Sequence[Crash]
    skipped: Sequence[Skipped]
    repository: "Repository"
    files: int
    rules: int
    partial: str = ""
    """Why not all rules ran; empty for a directory."""

    def source_line(self, path: str, line: int) -> str | None:
        """A line of a file of the repository, for snippets."""
        data = self.repository.source_data(path.removeprefix(self.prefix))
        lines = data.split(b"\n", line)
        return lines[line - 1].decode("utf-8", "replace").rstrip("\r") if 0 < line <= len(lines) else None


Chosen = Callable[[frozenset[str] | None], Sequence[Rule]]
"""The rules to run: all (None), or those about some subjects (names of classes in `rules.subjects`)."""


def check_all(paths: Sequence[Path], chosen: Chosen, progress: Callable[[str], None]) -> list[Checked]:
    """Check paths in order. Raises UsageError for the first at which there is nothing."""
    found: list[Checked] = []
    files: list[Path] = []  # neighbours among the paths are checked together

    def check_waiting() -> None:
        if files:
            from dockwright.cli.single import check_files

            found.extend(check_files(files, chosen))
            files.clear()

    for path in paths:
        if os.path.isfile(path):
            files.append(path)
            continue
        check_waiting()
        if not os.path.isdir(path):
            raise _nothing_at(path)
        found.append(_directory(path, chosen(None), progress))
    check_waiting()
    return found


def _nothing_at(path: Path) -> UsageError:
    if os.path.lexists(path):
        return UsageError(
            f"{path} is no file that can be read", "it is a device, a pipe, or a link that leads nowhere"
        )
    return UsageError(
        f"{path} does not exist", "give directories or files of a repository, or nothing for this one"
    )


def _directory(path: Path, rules: Sequence[Rule], progress: Callable[[str], None]) -> Checked:
    from dockwright.audit.accepted import crashed, split
    from dockwright.cli.source import configuration, opened
    from dockwright.repository.inventory import build
    from dockwright.rules import engine

    progress(f"opening {path}")
    tree = opened(path, None, history=False).tree
    config = configuration(tree)
    progress("reading files")
    repository = build(tree, config)
    progress("checking rules")
    outcome = engine.run(repository, rules)
    findings, accepted = split(outcome, config, today())
    prefix = "" if str(path) == "." else f"{path.as_posix().rstrip('/')}/"
    return Checked(
        prefix=prefix,
        findings=[placed(finding, prefix) for finding in findings],
        accepted=[(placed(one.finding, prefix), one.reason, one.by) for one in accepted],
        crashes=outcome.crashes,
        skipped=[*_above(path), *repository.skipped, *outcome.skipped, *crashed(outcome.crashes)],
        repository=repository,
        files=sum(item.standing == "own" for item in repository.items()),
        rules=len(rules),
    )


def _above(path: Path) -> Iterator[Skipped]:
    """What a part of a repository cannot show: who uses its files from outside of it."""
    from dockwright.cli.source import repository_above

    above = repository_above(path)
    if above:
        yield Skipped(str(path), f"what lies above this folder, in the repository at `{above}`, was not read")


def cleaner_of(checked: Sequence[Checked]) -> "Cleaner":
    """What makes texts about these files fit to be shown."""
    from dockwright.knowledge.secrets import redact
    from dockwright.report.clean import Cleaner
    from dockwright.report.secrets import known_secrets

    known = (
        known_secrets(
            one.repository.dockerfiles,
            one.repository.composes,
            () if one.partial else one.repository.builds,
            (*one.repository.scripts, *one.repository.workflows),
        )
        for one in checked
    )
    return Cleaner(redact, frozenset().union(*known))


def today() -> "dt.date":
    """The day by which `until` of accepted findings is judged."""
    import datetime as dt

    return dt.datetime.now(tz=dt.UTC).date()


def placed(finding: Finding, prefix: str) -> Finding:
    """The finding with its paths as seen from the working directory."""
    if not prefix:
        return finding

    def moved(place: Location) -> Location:
        return msgspec.structs.replace(place, path=prefix + place.path)

    return msgspec.structs.replace(
        finding,
        location=moved(finding.location),
        related=tuple(msgspec.structs.replace(one, location=moved(one.location)) for one in finding.related),
    )


def accept(
    outcome: "Outcome", config: Config, root: Path, path: Path
) -> tuple[list[Finding], list[tuple[Finding, str, str]]]:
    """Findings of one file that neither a comment nor the configuration at `root` accepts, and those they do."""
    if not config.ignore.findings and not outcome.suppressed:
        return list(outcome.findings), []
    from dockwright.audit.accepted import split

    within = _within(path, root)
    renamed = msgspec.structs.replace(
        outcome, findings=[_at(finding, within) for finding in outcome.findings]
    )
    findings, accepted = split(renamed, config, today())
    name = path.as_posix()
    return [_at(one, name) for one in findings], [
        (_at(one.finding, name), one.reason, one.by) for one in accepted
    ]


def _at(finding: Finding, path: str) -> Finding:
    return msgspec.structs.replace(finding, location=msgspec.structs.replace(finding.location, path=path))


def _within(path: Path, root: Path) -> str:
    full = path.resolve()
    return full.relative_to(root).as_posix() if full.is_relative_to(root) else path.as_posix()


def configuration_above(path: Path) -> tuple[Config, Path]:
    """The configuration of the repository a file lies in, and its root; the default one when there is none."""
    return _configuration_above(abspath(path.parent))


@cache
def _configuration_above(folder: str) -> tuple[Config, Path]:
    """By the folder before links are followed: files are given by the thousand, folders are few."""
    return _configuration_in(Path(folder).resolve())


@cache
def _configuration_in(start: Path) -> tuple[Config, Path]:
    from dockwright.config import FILE_NAMES, load

    for folder in (start, *start.parents):
        for name in FILE_NAMES:
            if os.path.isfile(folder / name):
                return load(_setting_text(folder / name, folder), str(folder / name)), folder
        project = folder / "pyproject.toml"
        if os.path.isfile(project) and project.stat().st_size <= MAX_CONFIG:
            text = _readable(project)
            if "tool.dockwright" in text:
                return load(text, str(project)), folder
        if os.path.lexists(folder / ".git"):
            return Config(), folder
    return Config(), start


MAX_CONFIG = 1 << 20
"""Bytes of a configuration file; larger ones are somebody's mistake."""


def _setting_text(path: Path, folder: Path) -> str:
    """As the audit reads it: inside the folder, UTF-8, of a size that people write."""
    if not path.resolve().is_relative_to(folder):
        raise ConfigError(f"{path} is a link that leads out of the repository")
    if path.stat().st_size > MAX_CONFIG:
        raise ConfigError(f"{path} is larger than {MAX_CONFIG >> 20} MB")
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8: {error}") from error
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}") from error


def _readable(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:  # another tool's file first of all
        return ""


def summary(checked: Sequence[Checked]) -> Iterator[str]:
    """Why not all rules ran, what was not looked at, and the last line."""
    from dockwright.report.words import SEVERITIES, counted, listed

    for text in dict.fromkeys(one.partial for one in checked if one.partial):
        yield f"note: {text}"
    skipped = [skip for one in checked for skip in one.skipped]
    for skip in skipped[:5]:
        yield f"not looked at: {skip.what}: {skip.reason}"
    if len(skipped) > 5:
        yield f"not looked at: {len(skipped) - 5:,} more, see --format json"
    findings = [finding for one in checked for finding in one.findings]
    if findings:
        yield f"note: `dockwright explain {findings[0].rule}` says why it matters and what to do"
    counts = [
        (sum(finding.severity.name.lower() == name for finding in findings), name) for name in SEVERITIES
    ]
    weights = listed(f"{number:,} {name}" for number, name in counts if number)
    accepted = sum(len(one.accepted) for one in checked)
    files = sum(one.files for one in checked)
    parts = [f"{counted(len(findings), 'finding')} ({weights})" if findings else "no findings"]
    parts.append(f"{counted(files, 'file')}, {counted(max(one.rules for one in checked), 'rule')}")
    if accepted:
        parts.append(f"{counted(accepted, 'finding')} accepted")
    if skipped:
        parts.append(f"{counted(len(skipped), 'thing')} not looked at")
    yield "; ".join(parts)
