"""Recorded runs of Compose, played with our loader: what was asked, what came out, and whether ours is the same."""

import json
import re
from typing import Any

from dockwright.cli.compose_arguments import parse
from dockwright.cli.compose_config import run as config
from dockwright.cli.compose_outcome import Outcome, Surroundings
from dockwright.compose.load.discover import discover
from dockwright.compose.load.environment import Environment
from dockwright.compose.load.files import MemoryFiles
from dockwright.compose.load.gopath import clean
from dockwright.compose.load.project import Loaded
from dockwright.compose.load.run import run
from dockwright.compose.load.versions import Semantics
from dockwright.record import replaced

ROOT = "/root"
HOME = "/root/home"
RECORDED = Semantics((2, 4, 8))
NEWEST = Semantics()

_CODES: tuple[tuple[str, str], ...] = (
    (r"failed to read ", "env-file"),
    (r"already defined at line", "duplicate-key"),
    (r"excessive aliasing|node visit limit", "limit"),
    (r"[Nn]on-string key", "key-not-string"),
    (r"[Tt]op-level object must be a mapping|cannot (un)?marshal !!seq into|cannot construct !!seq", "not-a-mapping"),
    (r"cycle detected: node|unknown anchor|found character|found a tab|^yaml: |go-yaml load|value contains itself|map merge", "yaml"),
    (r"failed to cast to expected type", "cast"),
    (r"required variable .* is missing", "required-variable"),
    (r"invalid interpolation format", "interpolation"),
    (r"dependency cycle", "dependency-cycle"),
    (r"include cycle", "include-cycle"),
    (r"[Cc]ircular reference", "extends-cycle"),
    (r"conflicts with imported", "include-conflict"),
    (r"`include` must be", "include"),
    (r"cannot extend service|extends\..*\.service is required", "extends"),
    (r"cannot override", "merge"),
    (r"unexpected type|missing a (mount )?target|attribute .* is missing|unsupported expose", "unicity"),
    (r"validating |must be a mapping$", "schema"),
    (r"services must be a mapping", "schema"),
    (r"decoding failed", "decode"),
    (r"panic:", "crash"),
    (r"not found: stat|no such file or directory|no configuration file provided", "not-found"),
    (r"unsupported env_file format|failed to read .*env|ouldn't find env file", "env-file"),
    (r"project name", "project-name"),
    (r"no such service", "no-such-service"),
    (r"unsupported format|unknown docker command", "usage"),
    (r"empty compose file", "empty"),
    (r"field Source must not be empty", "paths"),
    (r"MarshalJSON", "rendering"),
    (r"mutually exclusive$|one of .* must be set|conflicting parameters|can't be blank|attributes are exclusive|invalid ip address: ", "validation"),
    (r"confusing device|name and external.name|[Ii]nvalid (hostPort|ip|IP|spec|ranges|proto|container)|No port specified|invalid spec", "canonical"),
    (r"invalid compose project|must be greater than|already mounted|declares unknown service|target is required|must start either|not found for network_mode|MUST include", "consistency"),
)  # fmt: skip


def code_of(lines: list[str] | str) -> str:
    """The class of a recorded error."""
    text = "\n".join(lines) if isinstance(lines, list) else lines
    if "attributes are mutually exclusive" in text:
        return "validation"
    for pattern, code in _CODES:
        if re.search(pattern, text, re.MULTILINE):
            return code
    return f"? {text}"


def place(text: str, cwd: str) -> str:
    """Placeholders of the recording as paths of the play."""
    del cwd
    return text.replace("@PROJ@", f"{ROOT}/proj").replace("@ROOT@", ROOT).replace("@HOME@", HOME)


def tree(case: dict[str, Any]) -> MemoryFiles:
    files: dict[str, bytes] = {}
    links: dict[str, str] = {}
    for name, text in case["files"].items():
        if text.startswith("@@symlink:"):
            links[f"{ROOT}/{name}"] = text.removeprefix("@@symlink:").strip()
        else:
            files[f"{ROOT}/{name}"] = place(text, case["cwd"]).encode()
    files.setdefault(f"{ROOT}/{case['cwd']}/.keep", b"")
    return MemoryFiles(files, links)


def load(
    case: dict[str, Any], semantics: Semantics, argv: list[str] | None = None
) -> tuple[Loaded | None, Any]:
    """Play a case: what loading gave, and the errors of the options when it came to none."""
    arguments = parse([place(word, case["cwd"]) for word in (argv or case["argv"])[2:]])
    cwd = clean(f"{ROOT}/{case['cwd']}")
    environment = Environment.of(
        {"HOME": HOME, **{key: place(value, case["cwd"]) for key, value in (case.get("env") or {}).items()}},
        "environment",
    )
    found = discover(arguments.asked, environment, cwd, tree(case), semantics, case.get("stdin", "").encode())
    if found.request is None:
        return None, found.errors

    switches = arguments.switches
    request = replaced(
        found.request,
        interpolate=not {"no-interpolate", "variables"} & switches,
        bind=not {"no-interpolate", "variables"} & switches,
        normalize="no-normalize" not in switches and not arguments.compatibility,
        resolve_paths="no-path-resolution" not in switches,
        consistency="no-consistency" not in switches,
    )
    return run(request), arguments


def outcome(
    case: dict[str, Any], semantics: Semantics, argv: list[str] | None = None
) -> tuple[str, Any, int]:
    """`("ok", JSON value or text, 0)` or `("error", class, exit code)`."""
    found = command(case, semantics, argv)
    if found.exit_code:
        loaded, rest = load(case, semantics, argv)
        errors = rest if loaded is None else loaded.errors
        code = errors[0].code if errors else "rendering" if "cannot be written" in found.err else "usage"
        if "no such service" in found.err:
            code = "no-such-service"
        return "error", code, found.exit_code
    words = argv or case["argv"]
    return "ok", json.loads(found.out) if "json" in words else found.out, 0


def command(case: dict[str, Any], semantics: Semantics, argv: list[str] | None = None) -> Outcome:
    """The command itself, over the files of the case."""
    words = [place(word, case["cwd"]) for word in (argv or case["argv"])[2:]]
    version = f"compose-go {'.'.join(map(str, semantics.number))}"
    cwd = clean(f"{ROOT}/{case['cwd']}")
    environment = {"HOME": HOME, "DOCKWRIGHT_COMPOSE_VERSION": version}
    environment.update((key, place(value, case["cwd"])) for key, value in (case.get("env") or {}).items())
    return config(parse(words), Surroundings(environment, cwd, tree(case), case.get("stdin", "").encode()))


def expected(case: dict[str, Any], version: str) -> tuple[str, Any, int] | None:
    """The recorded outcome for `recorded` or `head`; None where there is none, or it is text."""
    head = case.get("head")
    if version == "head":
        if head is None:
            return None
        if head["status"] == "same":
            return expected(case, "recorded")
        if "error" in head:
            code = code_of(head["error"])
            return "error", code, case["rc"] if case["rc"] in (1, 14) else _exit(code)
        if "expected" in head:
            return "ok", json.loads(place(json.dumps(head["expected"]), case["cwd"])), 0
        if "expected_text" in head:
            return "ok", place(head["expected_text"], case["cwd"]), 0
        return None
    if case["rc"] == 0:
        if "expected" not in case:
            return "ok", place(case["expected_text"], case["cwd"]), 0
        return "ok", json.loads(place(json.dumps(case["expected"]), case["cwd"])), 0
    return "error", code_of(case["error"]), case["rc"]


def _exit(code: str) -> int:
    """The newest version was recorded as a library, without an exit code."""
    return {"not-found": 14, "rendering": 1}.get(code, 15)
