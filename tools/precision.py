"""Measure how many findings are right: draw some at random from real repositories, judge them by hand, count.

Three steps, each a command:

    python -m tools.precision audit OUT NAME=GITDIR@REVISION ...   audits the repositories, one report per file in OUT
    python -m tools.precision draw OUT --seed 7 > findings.txt     draws findings and prints them with their source
    python -m tools.precision table OUT --seed 7 VERDICTS          the page's tables, from a file of verdicts

The draw is simple random sampling over all findings of all reports, except that one repository gives at most
`--most` of them. The same reports and seed give the same draw. VERDICTS holds one line per finding, in order:
`number|right or wrong or unsure|why`. `docs/precision.md` is made with it.
"""

import argparse
import json
import random
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

AROUND = 4
"""Lines of source shown before and behind a finding."""
WIDEST = 180
VERDICTS = ("right", "wrong", "unsure")
CONFIDENCES = ("high", "medium", "low")


class Audited(NamedTuple):
    """A repository with its report."""

    name: str
    directory: str
    commit: str
    report: Mapping[str, Any]


class Drawn(NamedTuple):
    """A finding that was drawn."""

    number: int
    repository: Audited
    finding: Mapping[str, Any]

    @property
    def where(self) -> str:
        place = self.finding["location"]
        return f"{place['path']}:{place['line']}" if place["line"] else str(place["path"])


class Verdict(NamedTuple):
    """What a person says about a finding."""

    verdict: str
    why: str


def main() -> None:
    """Run one of the three steps."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("step", choices=("audit", "draw", "table"))
    parser.add_argument("reports", type=Path)
    parser.add_argument("arguments", nargs="*")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--most", type=int, default=25, help="most findings of one repository")
    options = parser.parse_args()
    if options.step == "audit":
        options.reports.mkdir(parents=True, exist_ok=True)
        for argument in options.arguments:
            audit(argument, options.reports)
        return
    drawn = draw(read(options.reports), options.seed, options.count, options.most)
    if options.step == "draw":
        print("\n".join(line for one in drawn for line in shown(one)))
        return
    print("\n".join(page(drawn, verdicts(Path(options.arguments[0])))))


def audit(argument: str, reports: Path) -> None:
    """Audit `NAME=GITDIR@REVISION` and keep the report with the commit it is about."""
    name, _, rest = argument.partition("=")
    directory, _, revision = rest.rpartition("@")
    commit = git(directory, "rev-parse", f"{revision}^{{commit}}").decode().strip()
    out = reports / f"{name.replace('/', '+')}.json"
    command = [sys.executable, "-m", "dockwright", "audit", directory, "--at", commit, "--format", "json"]
    found = subprocess.run([*command, "--quiet"], capture_output=True, check=False)
    if found.returncode:
        sys.exit(f"{name}: {found.stderr.decode(errors='replace')}")
    kept = {"name": name, "directory": directory, "commit": commit, "report": json.loads(found.stdout)}
    out.write_text(json.dumps(kept), encoding="utf-8")
    print(f"{name} at {commit}: {len(kept['report']['findings'])} findings")


def read(reports: Path) -> list[Audited]:
    """The reports that `audit` made, by name."""
    return [Audited(**json.loads(path.read_text("utf-8"))) for path in sorted(reports.glob("*.json"))]


def draw(repositories: Sequence[Audited], seed: int, count: int, most: int) -> list[Drawn]:
    """`count` findings at random, at most `most` of one repository; numbered in the order of repository and place."""
    pool = [(one, finding) for one in repositories for finding in one.report["findings"]]
    random.Random(seed).shuffle(pool)  # noqa: S311 - a sample, not a secret
    taken: Counter[str] = Counter()
    chosen: list[tuple[Audited, Mapping[str, Any]]] = []
    for repository, finding in pool:
        if len(chosen) < count and taken[repository.name] < most:
            taken[repository.name] += 1
            chosen.append((repository, finding))
    chosen.sort(
        key=lambda pair: (pair[0].name.lower(), pair[1]["location"]["path"], pair[1]["location"]["line"])
    )
    return [Drawn(number, *pair) for number, pair in enumerate(chosen, 1)]


def shown(drawn: Drawn) -> Iterator[str]:
    """A finding with everything it rests on, and the source around it."""
    finding = drawn.finding
    yield f"=== {drawn.number} {drawn.repository.name} {drawn.where}"
    yield f"{finding['rule']} [{finding['severity']}, {finding['confidence']}] {finding['message']}"
    for fact in finding["evidence"]:
        yield f"    because {fact}"
    yield from source(drawn.repository, finding["location"])
    for related in finding["related"][:4]:
        place = related["location"]
        yield f"    see {place['path']}:{place['line']} {related['label']}: {place['snippet'][:WIDEST]}"


def source(repository: Audited, location: Mapping[str, Any]) -> Iterator[str]:
    """The lines around a place, the place itself marked."""
    if not location["line"]:
        return
    path = location["path"].partition("#")[0]
    data = git(repository.directory, "show", f"{repository.commit}:{path}")
    lines = data.decode("utf-8", "replace").splitlines()
    first, last = location["line"], max(location["end_line"], location["line"])
    for number in range(max(first - AROUND, 1), min(last + AROUND, len(lines)) + 1):
        mark = ">" if first <= number <= last else " "
        yield f"  {mark}{number:5} {lines[number - 1][:WIDEST]}"


def git(directory: str, *arguments: str) -> bytes:
    """What git says; empty when it fails."""
    command = ["git", "-C", directory, *arguments]
    return subprocess.run(command, capture_output=True, check=False).stdout


def verdicts(path: Path) -> dict[int, Verdict]:
    """The verdicts of a file, by number."""
    found: dict[int, Verdict] = {}
    for line in path.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            number, verdict, why = (part.strip() for part in line.split("|", 2))
            if verdict not in VERDICTS:
                sys.exit(f"{path}: {number}: `{verdict}` is no verdict")
            found[int(number)] = Verdict(verdict, why)
    return found


def page(drawn: Sequence[Drawn], judged: Mapping[int, Verdict]) -> Iterator[str]:
    """The tables: repositories, counts by confidence and by rule, every finding."""
    missing = [str(one.number) for one in drawn if one.number not in judged]
    if missing:
        sys.exit(f"no verdict for {', '.join(missing)}")
    yield "| repository | commit | findings | drawn |"
    yield "|---|---|---:|---:|"
    taken = Counter(one.repository.name for one in drawn)
    for repository in {one.repository.name: one.repository for one in drawn}.values():
        found = len(repository.report["findings"])
        yield f"| {repository.name} | `{repository.commit[:12]}` | {found} | {taken[repository.name]} |"
    yield from ("", *counts("confidence", drawn, judged), "", *counts("rule", drawn, judged), "")
    yield "| | repository | where | rule | severity | confidence | finding | verdict | why |"
    yield "|---:|---|---|---|---|---|---|---|---|"
    for one in drawn:
        verdict, finding = judged[one.number], one.finding
        cells = (
            str(one.number), one.repository.name, f"`{one.where}`", finding["rule"], finding["severity"],
            finding["confidence"], finding["message"], f"**{verdict.verdict}**" if verdict.verdict != "right" else "right",
            verdict.why,
        )  # fmt: skip
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def counts(key: str, drawn: Sequence[Drawn], judged: Mapping[int, Verdict]) -> Iterator[str]:
    """How many are right for each value of a field."""
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for one in drawn:
        groups[one.finding[key]][judged[one.number].verdict] += 1
    yield f"| {key} | drawn | right | wrong | unsure | right of drawn |"
    yield "|---|---:|---:|---:|---:|---:|"
    order = CONFIDENCES if key == "confidence" else sorted(groups)
    for name in order:
        group = groups.get(name, Counter())
        total = group.total()
        if total:
            numbers = " | ".join(str(group[verdict]) for verdict in VERDICTS)
            yield f"| {name} | {total} | {numbers} | {100 * group['right'] / total:.1f}% |"


if __name__ == "__main__":
    main()
