"""Cases recorded while compose-go's own tests ran: whole loads, and single steps of it (newest version)."""

import json
from typing import Any

from dockwright.compose.load import render
from dockwright.compose.load.decode import decode
from dockwright.compose.load.environment import Environment
from dockwright.compose.load.files import MemoryFiles
from dockwright.compose.load.merge import Merging
from dockwright.compose.load.normalize import normalize
from dockwright.compose.load.problems import Problems
from dockwright.compose.load.project import Loaded
from dockwright.compose.load.run import Request, run
from dockwright.compose.load.unique import enforce
from dockwright.compose.load.values import Mapping, Scalar, Sequence, Value, plain
from dockwright.compose.load.versions import Semantics
from dockwright.compose.yaml import parse
from tests.compose.load.cases import code_of

NEWEST = Semantics()
TMP = "/tmp-of-test"


def value_of(data: Any) -> Value:
    """Plain data as values without places."""
    if isinstance(data, dict):
        return Mapping({key: value_of(item) for key, item in data.items()})
    if isinstance(data, list):
        return Sequence([value_of(item) for item in data])
    return Scalar(data)


def yaml(text: str) -> Mapping:
    """A YAML text as values."""
    found = decode(parse(text.encode()), NEWEST, Problems())
    assert found is not None
    value = found[0][0]
    assert isinstance(value, Mapping)
    return value


def played(case: dict[str, Any]) -> tuple[Any, Any]:
    """What we make of a case, and what was recorded."""
    return _PLAYS[case["kind"]](case)


def _merge(case: dict[str, Any]) -> tuple[Any, Any]:
    problems = Problems()
    merged = Merging(NEWEST, problems).models(yaml(case["base"]), yaml(case["override"]))
    enforce(merged, problems)
    assert not problems.errors
    return plain(merged), plain(yaml(case["expected"]))


def _unicity(case: dict[str, Any]) -> tuple[Any, Any]:
    problems = Problems()
    model = yaml(case["before"])
    enforce(model, problems)
    assert not problems.errors
    return plain(model), plain(yaml(case["expected"]))


def _normalize(case: dict[str, Any]) -> tuple[Any, Any]:
    model = value_of(case["dict"])
    assert isinstance(model, Mapping)
    normalize(model, case["dict"]["name"], Environment.of(case["env"] or {}), NEWEST)
    return plain(model), case["expected"]


def _working_dir(case: dict[str, Any], cwd: str) -> str:
    """The recording shortened directories below the test's own; whether one was relative shows in the output."""
    name = str(case["working_dir"]).replace("@TMP@", TMP)
    if name[:1] in ("", "/") or (
        name != "." and f'"{name.partition("/")[0]}/' in json.dumps(case.get("expected"))
    ):
        return name
    return f"{cwd}/{name}".removesuffix("/.")


def at(case: dict[str, Any], text: str) -> str:
    """Placeholders of the recording as paths."""
    return text.replace("@CWD@", f"/repo/{case['cwd_in_repo']}").replace("@TMP@", TMP)


def loaded(case: dict[str, Any]) -> Loaded:
    """What loading a `load` case gives."""
    cwd = f"/repo/{case['cwd_in_repo']}"

    files = {}
    for name, text in case["read_files"].items():
        path = at(case, name)
        files[path if path.startswith("/") else f"{cwd}/{path}"] = at(case, text).encode()
    names = []
    stdin = b""
    for file in case["config_files"]:
        name = at(case, file["filename"]) or "inline"
        names.append(name)
        if name == "-":
            stdin = at(case, file["content"]).encode()
        elif "content" in file:
            files[name if name.startswith("/") else f"{cwd}/{name}"] = at(case, file["content"]).encode()
    options = case["options"]
    environment = {name: at(case, value) for name, value in (case["environment"] or {}).items()}
    imperative = options.get("project_name_imperatively_set")
    request = Request(
        files=tuple(names),
        working_dir=_working_dir(case, cwd),
        stdin=stdin,
        environment=Environment.of(environment),
        tree=MemoryFiles({f"{cwd}/.keep": b"", **files}),
        semantics=NEWEST,
        name=options.get("project_name", "") if imperative else "",
        default_name=options.get("project_name", ""),
        profiles=tuple(options.get("profiles", ())),
        services=tuple(options.get("selected_services", ())),
        normalize=not options.get("skip_normalization"),
        resolve_paths=bool(options.get("resolve_paths")),
        consistency=not options.get("skip_consistency_check"),
        validate=not options.get("skip_validation"),
        discard_env_files=bool(options.get("discard_env_files")),
        prune=bool(options.get("prune")),
        check_names=False,
        cwd=cwd,
        home="/root-of-test",
    )
    return run(request)


def _load(case: dict[str, Any]) -> tuple[Any, Any]:
    found = loaded(case)
    if found.errors:
        return ("error", found.errors[0].code), (
            ("error", code_of(case["error"])) if case.get("error") else ("ok", case.get("expected"))
        )
    if case.get("error"):
        return ("ok",), ("error", code_of(case["error"]))
    assert found.project is not None
    if "expected" not in case:
        return None, None
    return json.loads(render.text(found.project, escape=False)), json.loads(
        at(case, json.dumps(case["expected"]))
    )


_PLAYS = {"merge": _merge, "unicity": _unicity, "normalize": _normalize, "load": _load}
