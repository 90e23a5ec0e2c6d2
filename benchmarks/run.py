"""`make bench`: every speed the project promises, measured beside its peers in one run.

    python -m benchmarks.run [--repository PATH]

The corpus of real Dockerfiles lies beside the project (`../shared/corpus`); without it only start-up is measured.
`--repository` is a checkout to audit (default: the recorded netra tree of the corpus, whose program code is absent).
"""

import argparse
import contextlib
import gzip
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.measure import Cost, in_turn, median_ratio, memory_of_all

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"
BIN = Path(sys.executable).parent
FILES = 1000


def benchmark_list() -> list[bytes]:
    """The first 1,000 corpus Dockerfiles by sha256, filled up from the peak set (corpus README)."""
    texts: list[bytes] = []
    for name in ("dockerfiles.public.jsonl.gz", "dockerfiles.peak.public.jsonl.gz"):
        with gzip.open(CORPUS / name, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        rows = [row for row in rows if row["flavor"] in ("dockerfile", "containerfile")]
        texts += [
            row["text"].encode("utf-8", "surrogateescape")
            for row in sorted(rows, key=lambda row: row["sha256"])
        ]
    return texts[:FILES]


def report(name: str, value: str, promise: str) -> None:
    print(f"{name:58} {value:>22}   promised: {promise}")


def write_list(folder: Path) -> list[str]:
    """Write the list to files of a folder; their names."""
    names: list[str] = []
    for number, text in enumerate(benchmark_list()):
        path = folder / f"{number:04}.Dockerfile"
        path.write_bytes(text)
        names.append(path.name)
    return names


def linting(folder: Path) -> None:
    """All rules over the list, beside hadolint: files per CPU second."""
    paths = write_list(folder)
    commands = {
        "dockwright": [str(BIN / "dockwright"), "check", "--fail-on", "never", *paths],
        "hadolint": [str(BIN / "hadolint"), "--no-fail", *paths],
    }
    results = in_turn(commands, 3, folder)
    ratio = median_ratio(results["hadolint"], results["dockwright"])
    ours = statistics.median(cost.cpu for cost in results["dockwright"]) / len(paths) * 1000
    report(f"parse and all rules, {len(paths)} Dockerfiles, times hadolint", f"{ratio:.1f} x", "30 x")
    report("  dockwright, CPU per file", f"{ours:.2f} ms", "-")


def parsing() -> None:
    """The parser alone, beside BuildKit's own parser (the Go binding `dockerfile`), in one process."""
    import dockerfile
    from dockwright.dockerfile import parse

    texts = benchmark_list()
    peer = [text.decode("utf-8", "replace") for text in texts]

    def ours() -> None:
        for text in texts:
            tree = parse(text)
            for node in tree.instructions:
                _ = node.arguments, node.flags

    def theirs() -> None:
        for text in peer:
            with contextlib.suppress(dockerfile.GoParseError):
                dockerfile.parse_string(text)

    ratios, times = [], []
    for _ in range(5):
        start = time.process_time()
        ours()
        middle = time.process_time()
        theirs()
        end = time.process_time()
        ratios.append((middle - start) / (end - middle))
        times.append((middle - start) / len(texts) * 1000)
    report("parser alone (arguments and flags too), CPU per file", f"{statistics.median(times):.2f} ms", "-")
    report("  over BuildKit's parser (Go binding)", f"{statistics.median(ratios):.2f} x", "-")


def starting(folder: Path) -> None:
    """Start-up, beside a bare interpreter."""
    (folder / "Dockerfile").write_text(
        "FROM alpine:3.20\nRUN apk add --no-cache curl\nCOPY . /app\nUSER nobody\n"
    )
    commands = {
        "python": [sys.executable, "-c", "pass"],
        "version": [str(BIN / "dockwright"), "--version"],
        "check": [str(BIN / "dockwright"), "check", "--fail-on", "never", "Dockerfile"],
    }
    results = in_turn(commands, 15, folder)
    report(
        "dockwright --version over `python -c pass`",
        f"{median_ratio(results['version'], results['python']):.1f} x",
        "4 x",
    )
    report(
        "dockwright check of one file over `python -c pass`",
        f"{median_ratio(results['check'], results['python']):.1f} x",
        "12 x",
    )


def tree_files(name: str) -> Iterator[tuple[str, str, int, str | None]]:
    with gzip.open(CORPUS / "trees" / name, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield row["path"], row["mode"], row["size"], row.get("text")


def materialise(name: str, folder: Path) -> None:
    """Write a recorded tree to disk; files without text get their size in zeros (sparse)."""
    for path, mode, size, text in tree_files(name):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if mode == "120000":
            continue
        if text is not None:
            file.write_bytes(text.encode("utf-8", "surrogateescape"))
        else:
            with file.open("wb") as out:
                out.truncate(size or 0)


def auditing(repository: Path) -> None:
    """A whole audit from a cold start (nothing of dockwright is kept between runs)."""
    command: Sequence[str] = [str(BIN / "dockwright"), "audit", "--format", "json", str(repository)]
    results = in_turn({"audit": command}, 5)
    wall = statistics.median(cost.wall for cost in results["audit"])
    cpu = statistics.median(cost.cpu for cost in results["audit"])
    peak = max(memory_of_all(command), *(cost.peak for cost in results["audit"])) / 1e6
    report(f"audit of {repository.name}: wall", f"{wall:.2f} s", "3 s")
    report("  CPU, all processes", f"{cpu:.2f} s", "-")
    report("  peak memory, all processes", f"{peak:.0f} MB", "300 MB")


def composing(folder: Path) -> None:
    """A set of 30 services resolved, beside `docker compose config`."""
    from benchmarks.compose_set import SERVICES, every_file, write

    files = [word for name in write(folder) for word in ("-f", name)]
    behind = ("compose", *files, "config", "--format", "json")
    commands = {"dockwright": [str(BIN / "dockwright"), *behind]}
    if shutil.which("docker"):
        commands["docker"] = ["docker", *behind]
    results = in_turn(commands, 15, folder)
    report(f"compose config, {SERVICES} services: wall", _milliseconds(results["dockwright"], "wall"), "-")
    report("  CPU", _milliseconds(results["dockwright"], "cpu"), "-")
    if "docker" in results:
        wall = statistics.median(
            ours.wall / theirs.wall
            for ours, theirs in zip(results["dockwright"], results["docker"], strict=True)
        )
        report("  wall over `docker compose config`", f"{wall:.2f} x", "0.2 x")
    else:
        print("docker is not here: nothing to compare `compose config` with")
    if CORPUS.is_dir():
        count, cpu = every_file(CORPUS)
        report(
            f"every compose file of the corpus ({count}), one core: CPU", f"{cpu:.2f} s", "10 s on two cores"
        )


def _milliseconds(costs: Sequence[Cost], what: str) -> str:
    return f"{statistics.median(getattr(cost, what) for cost in costs) * 1000:.0f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repository", type=Path, help="a checkout to audit instead of the recorded tree")
    parser.add_argument(
        "--only", choices=("start", "parse", "lint", "rules", "audit", "compose"), help="one part of it"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.only in (None, "start"):
            starting(folder)
        if options.only in (None, "compose"):
            composing(folder)
        if not CORPUS.is_dir():
            print("the corpus is not here: parsing, linting and auditing are not measured")
            return
        if options.only in (None, "parse"):
            parsing()
        if options.only in (None, "lint"):
            linting(folder)
        if options.only in (None, "rules"):
            from benchmarks.rules import print_costs

            print_costs(folder, write_list(folder))
        if options.only in (None, "audit"):
            repository = options.repository or folder / "netra"
            if options.repository is None:
                materialise("netra-345fee14f.jsonl.gz", repository)
            auditing(repository)


if __name__ == "__main__":
    main()
