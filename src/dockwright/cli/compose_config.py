"""`dockwright compose … config`: what `docker compose … config` prints, without Docker.

Source: docker/compose cmd/compose/config.go.
"""

from __future__ import annotations

from dockwright.cli.compose import semantics_of
from dockwright.cli.compose_arguments import Arguments
from dockwright.cli.compose_outcome import Outcome, Surroundings, told
from dockwright.compose.load.project import Loaded, Project
from dockwright.compose.load.run import Request
from dockwright.compose.load.run import run as load
from dockwright.compose.load.values import Mapping
from dockwright.compose.load.versions import Semantics
from dockwright.record import replaced

HELP = """Usage: dockwright compose [OPTIONS] config [SERVICE …]

The canonical model, as `docker compose config` prints it. Exit code 0, 14 (a file is missing), 15 (the model is wrong), 16
(the command line) or 1, as Compose had them up to 2.32 (later ones end every error in 1). All errors are told, not just the first, each with its file and line.

Options:
      --format yaml|json      default yaml
      --no-interpolate        leave variables as they are written
      --no-normalize          leave out names, networks and dependencies that are implied
      --no-path-resolution    leave paths as they are written
      --no-consistency        do not check what services refer to
      --no-env-resolution     do not read env files
      --services --volumes --networks --models --images --profiles
                              print only names
      --hash NAMES|*          print configuration hashes
      --variables             print the variables that are used, with their defaults
      --environment           print the variables that are set for interpolation
  -q, --quiet                 only check
  -o, --output FILE           write to a file
"""

_NAMES = ("services", "volumes", "networks", "models", "profiles", "images", "environment")
_UNSUPPORTED = ("resolve-image-digests", "lock-image-digests")


class _Stop(Exception):
    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


def run(arguments: Arguments, surroundings: Surroundings) -> Outcome:
    """Load and print."""
    for switch in _UNSUPPORTED:
        if switch in arguments.switches:
            return Outcome(16, "", f"--{switch} needs a registry, which dockwright does not ask\n")
    semantics = semantics_of(arguments, surroundings)
    found = surroundings.discover(arguments, semantics)
    if found.request is None:
        return Outcome(found.errors[0].exit_code, "", told(found.errors, surroundings, "error"))
    request = _request(found.request, arguments, semantics)
    loaded = load(request)
    warnings = told((*found.warnings, *loaded.warnings), surroundings, "warning")
    if loaded.errors:
        # without interpolation Compose gives the merged model only, and its errors have no code of their own
        code = loaded.exit_code if request.bind else 1
        return Outcome(code, "", warnings + told(loaded.errors, surroundings, "error"))
    try:
        out = _printed(loaded, arguments, semantics)
    except _Stop as stop:
        return Outcome(stop.outcome.exit_code, "", warnings + stop.outcome.err)
    if "quiet" in arguments.switches:
        out = ""
    output = arguments.values.get("output")
    if output and out:
        return _written(output, out, warnings)
    return Outcome(0, out, warnings)


def _written(path: str, out: str, warnings: str) -> Outcome:
    try:
        with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(out)
    except OSError as error:
        return Outcome(1, "", f"{warnings}{path}: {error.strerror}\n")
    return Outcome(0, "", warnings)


def _request(request: Request, arguments: Arguments, semantics: Semantics) -> Request:
    switches = arguments.switches
    variables = "variables" in switches
    raw = "no-interpolate" in switches or variables
    names = bool(switches & {"services", "volumes", "networks", "models"}) or "hash" in arguments.values
    old_names = not semantics.since(2, 4, 9) and bool(switches & {"profiles", "images"})
    hashed = "hash" in arguments.values and semantics.since(2, 4, 9)
    return replaced(
        request,
        interpolate=not raw,
        bind=not raw,
        normalize="no-normalize" not in switches and not arguments.compatibility,
        resolve_paths="no-path-resolution" not in switches,
        consistency="no-consistency" not in switches,
        validate=not (variables and semantics.since(2, 6, 0)),
        services=() if names else request.services,
        resolve_environment=(not (names or old_names) or hashed) and "no-env-resolution" not in switches,
        check_names=not switches & set(_NAMES) and "hash" not in arguments.values,
    )


def _printed(loaded: Loaded, arguments: Arguments, semantics: Semantics) -> str:
    switches = arguments.switches
    raw = loaded.raw
    assert raw is not None
    if not switches.isdisjoint((*_NAMES, "variables")) or "hash" in arguments.values:
        return _list(loaded, raw, arguments)
    return _document(loaded, arguments.values.get("format") or "yaml", semantics)


def _list(loaded: Loaded, raw: Mapping, arguments: Arguments) -> str:
    from dockwright.cli import compose_lists as lists

    switches = arguments.switches
    if "variables" in switches:
        return lists.variables(raw, arguments.values.get("format", ""))
    if "hash" in arguments.values and loaded.project is not None:
        return _hashes(loaded.project, arguments.values["hash"])
    for name in _NAMES:
        if name in switches:
            if name == "environment":
                return "".join(f"{key}={loaded.environment[key]}\n" for key in sorted(loaded.environment))
            if loaded.project is None:
                return lists.keys(raw, name)
            return lists.names(loaded.project, name, "_" if arguments.compatibility else "-")
    raise AssertionError("nothing to list")


def _hashes(project: Project, names: str) -> str:
    from dockwright.compose.load import hashing

    wanted = sorted(project.services) if names == "*" else sorted(names.split(","))
    for name in wanted:
        if name not in project.services:
            raise _Stop(Outcome(1, "", f"no such service: {name}\n"))
    return "".join(f"{name} {hashing.service_hash(project, name)}\n" for name in wanted)


def _document(loaded: Loaded, form: str, semantics: Semantics) -> str:
    if form == "json":
        from dockwright.compose.load import render

        if loaded.project is None:
            assert loaded.raw is not None
            return render.model_text(loaded.raw)
        try:
            return render.text(loaded.project)
        except render.Unrenderable as error:
            raise _Stop(Outcome(1, "", f"error: {error}\n")) from None
    if form == "yaml":
        from dockwright.compose.load import render_yaml

        if loaded.project is None:
            assert loaded.raw is not None
            return render_yaml.model_text(loaded.raw, semantics)
        return render_yaml.text(loaded.project)
    raise _Stop(Outcome(1, "", f'unsupported format "{form}"\n'))
