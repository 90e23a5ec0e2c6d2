"""Our trees in the form in which the conformance cases record BuildKit's."""

from typing import Any

from dockwright.dockerfile.arguments import KEYWORDS
from dockwright.dockerfile.config import StageConfig
from dockwright.dockerfile.dialect import Dialect
from dockwright.dockerfile.instructions import types
from dockwright.dockerfile.nodes import Flag, Heredoc
from dockwright.dockerfile.settings import BaseImage
from dockwright.dockerfile.syntax import Instruction
from dockwright.dockerfile.tree import Dockerfile

Json = dict[str, Any]


def parser_arguments(node: Instruction) -> list[str]:
    """`nodeArgs`: name, value and delimiter of ENV and LABEL apart (0.13 keeps no delimiter)."""
    if node.name not in KEYWORDS:
        return [""]
    values = [word.value for word in node.arguments]
    if node.name not in ("ENV", "LABEL") or not values:
        return values
    triples = [(values[0], values[1], "")] if node.legacy else [(*word.split("=", 1), "=") for word in values]
    kept = 2 if node.dialect is Dialect.V0_13 else 3
    return [part for triple in triples for part in triple[:kept]]


def parser_node(node: Instruction, *, top: bool = True) -> Json:
    form: Json = {"value": node.keyword.value, "original": node.original, "args": parser_arguments(node)}
    form["start"], form["end"] = (node.first_line, node.last_line) if top else (0, 0)
    if node.flags:
        form["flags"] = [flag.text for flag in node.flags]
    if node.json:
        form["json"] = True
    if node.nested:
        form["sub"] = parser_node(node.nested, top=False)
    if top and node.comments:
        form["comments"] = [comment.doc for comment in node.comments]
    if top and node.heredocs:
        form["heredocs"] = [parser_heredoc(heredoc) for heredoc in node.heredocs]
    return form


def parser_heredoc(heredoc: Heredoc) -> Json:
    form: Json = {"name": heredoc.name, "expand": heredoc.expand, "chomp": heredoc.strip_tabs}
    if heredoc.descriptor:
        form["fd"] = heredoc.descriptor
    return form | {"content": heredoc.content.decode()}


def _value(flag: Flag | None) -> str:
    return (flag.value or "") if flag else ""


def _doc(node: Instruction, name: str) -> str:
    found = (comment.doc for comment in node.comments if name and comment.doc.startswith(name + " "))
    return next((doc[len(name) + 1 :] for doc in found), "")


def _pairs(pairs: tuple[types.Pair, ...]) -> list[Json]:
    return [{"Key": one.key.value, "Value": one.value.value, "NoDelim": one.legacy} for one in pairs]


def _files(node: Instruction) -> list[Json] | None:
    return [
        {"Name": one.name, "Data": one.content.decode(), "Chomp": one.strip_tabs} for one in node.heredocs
    ] or None


def _transfer(command: types.Transfer) -> Json:
    contents = [
        {"Path": one.path, "Data": one.heredoc.body.text if one.heredoc else "", "Expand": one.heredoc.expand}
        for one in command.inline
        if one.heredoc
    ]
    return {
        "Chmod": _value(command.chmod),
        "Chown": _value(command.chown),
        "DestPath": command.destination.value,
        "ExcludePatterns": [flag.value for flag in command.excludes] or None,
        "Link": command.link,
        "SourceContents": contents or None,
        "SourcePaths": [word.value for word in command.sources] or None,
    }


def _health(command: types.Healthcheck) -> Json:
    kind = "NONE" if command.disabled else ("CMD" if command.form == "json" else "CMD-SHELL")
    form: Json = {"Test": [kind, *[word.value for word in command.words]]}
    numbers = {
        "Interval": command.interval,
        "Timeout": command.timeout,
        "StartPeriod": command.start_period,
        "StartInterval": command.start_interval,
        "Retries": command.retries,
    }
    return form | {name: number for name, number in numbers.items() if number}


def instruction(command: types.Command) -> Json:
    """One typed instruction as `instructions.Parse` gives it."""
    form = _fields(command)
    suffix = {"Healthcheck": "HealthCheck", "Stopsignal": "StopSignal"}.get(
        type(command).__name__, type(command).__name__
    )
    return form | {"type": f"{suffix}Command"}


def _fields(command: types.Command) -> Json:
    match command:
        case types.Run() | types.Cmd() | types.Entrypoint():
            words: list[str] | None = [word.value for word in command.words]
            if isinstance(command, types.Entrypoint) and not words:
                words = None
            form: Json = {
                "CmdLine": words,
                "Files": _files(command.node),
                "PrependShell": command.form == "shell",
            }
            if isinstance(command, types.Run):
                form["Network"] = _value(command.network) or "default"
                form["Security"] = _value(command.security) or "sandbox"
            return form
        case types.Copy():
            return _transfer(command) | {"From": _value(command.from_), "Parents": command.parents}
        case types.Add():
            return _transfer(command) | {
                "Checksum": _value(command.checksum),
                "KeepGitDir": command.keep_git_dir,
                "Unpack": command.unpack,
            }
        case types.Env():
            return {"Env": _pairs(command.pairs)}
        case types.Label():
            return {"Labels": _pairs(command.pairs)}
        case types.Arg():
            return {"Args": [_declaration(command.node, one) for one in command.declarations]}
        case types.Volume():
            return {"Volumes": [word.value for word in command.paths]}
        case types.Expose():
            return {"Ports": sorted(word.value for word in command.ports)}
        case types.Onbuild():
            return {"Expression": command.expression}
        case types.Healthcheck():
            return {"Health": _health(command)}
        case types.Shell():
            return {"Shell": [word.value for word in command.words]}
        case types.User():
            return {"User": command.user.value}
        case types.Workdir():
            return {"Path": command.path.value}
        case types.Stopsignal():
            return {"Signal": command.signal.value}
        case types.Maintainer():
            return {"Maintainer": command.maintainer.value}
    raise AssertionError(command)


def _declaration(node: Instruction, one: types.Declaration) -> Json:
    value = one.default.value if one.default else None
    return {"Key": one.name.value, "Value": value, "DocComment": _doc(node, one.name.value)}


def stages(tree: Dockerfile) -> list[Json] | None:
    return [
        {
            "BaseName": from_.image.value,
            "Commands": [instruction(command) for command in commands] or None,
            "Comments": [comment.doc for comment in from_.node.comments] or None,
            "DocComment": _doc(from_.node, from_.stage_name),
            "Name": from_.stage_name,
            "OrigCmd": from_.node.keyword.value,
            "Platform": _value(from_.platform),
            "SourceCode": from_.node.original.strip(),
            "type": "Stage",
        }
        for from_, commands in tree.stage_parts
    ] or None


def image_config(config: StageConfig) -> Json:
    """The effective settings of a stage as an image configuration, without what is not set."""
    form: Json = {
        "Env": [f"{one.name}={one.value}" for one in config.env.values()],
        "WorkingDir": config.working_dir and config.working_dir.value,
        "User": config.user and config.user.value,
        "Cmd": config.cmd and list(config.cmd.value),
        "Entrypoint": config.entrypoint and list(config.entrypoint.value),
        "Shell": config.shell and list(config.shell.value),
        "ExposedPorts": {name: {} for name in config.exposed_ports},
        "Labels": {name: one.value for name, one in config.labels.items().items()},
        "Volumes": {name: {} for name in config.volumes},
        "StopSignal": config.stop_signal and config.stop_signal.value,
        "Healthcheck": config.healthcheck and {"Test": list(config.healthcheck.value.test)},
        "OnBuild": [one.value for one in config.onbuild],
    }
    return {name: value for name, value in form.items() if value}


def base_images(recorded: Json) -> dict[str, BaseImage]:
    """The base images of the cases."""
    found = {}
    for reference, image in recorded.items():
        config = image["config"]
        found[reference] = BaseImage(
            env=tuple(tuple(one.split("=", 1)) for one in config.get("Env", ())),
            working_dir=config.get("WorkingDir", ""),
            user=config.get("User", ""),
            shell=tuple(config.get("Shell", ())),
            onbuild=tuple(config.get("OnBuild", ())),
            layers=tuple(image["rootfs"]["diff_ids"]),
        )
    return found
