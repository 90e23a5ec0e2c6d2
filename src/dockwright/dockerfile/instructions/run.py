"""RUN. Source: moby/buildkit frontend/dockerfile/instructions/parse.go: parseRun, and its hooks commands_run*.go."""

from dockwright.dockerfile.golang import did_you_mean, parse_bool, quote
from dockwright.dockerfile.instructions.flags import RefusedError, flags_of
from dockwright.dockerfile.instructions.mounts import csv_fields, read_mount
from dockwright.dockerfile.instructions.scripts import interpreter, of_word, with_heredocs
from dockwright.dockerfile.instructions.types import Command, Run
from dockwright.dockerfile.nodes import Flag
from dockwright.dockerfile.syntax import Instruction

_NETWORKS = ("default", "none", "host")
_SECURITY = ("sandbox", "insecure")


def read_run(node: Instruction) -> Command:
    """Flags, then the command line, then what the flags hold, in BuildKit's order."""
    if not node.flagged and not node.heredocs:
        words = node.arguments
        if node.json:
            return Run(node, "json", words, of_word(node, ()), (), False, "", (), None, None, ())
        return Run(node, "shell", words, of_word(node, words), (), False, "", (), None, None, ())
    flags = flags_of(node)
    devices = flags.all("device")
    for flag in devices:
        _check_device(flag)
    mounts = tuple(read_mount(node, flag) for flag in flags.all("mount"))
    network, security = flags.one("network"), flags.one("security")
    if network and network.value not in _NETWORKS:
        raise RefusedError(f"invalid network mode {quote(network.value or '')}", network.span)
    if security and security.value not in _SECURITY:
        raise RefusedError(f"security {quote(security.value or '')} is not valid", security.span)
    words = node.arguments
    script, heredoc_only = (of_word(node, ()), False) if node.json else with_heredocs(node, words)
    return Run(
        node,
        form="json" if node.json else "shell",
        words=words,
        script=script,
        heredocs=node.heredocs,
        heredoc_only=heredoc_only,
        interpreter=interpreter(node, script, heredoc_only=heredoc_only),
        mounts=mounts,
        network=network,
        security=security,
        devices=devices,
    )


def _check_device(flag: Flag) -> None:
    """`ParseDevice`: a name, `name=`, `required`."""
    value = flag.value or ""
    if not value:
        raise RefusedError("failed to parse csv devices: EOF", flag.span)
    name = ""
    for field in csv_fields(value, flag.span):
        key, equals, text = field.partition("=")
        key = key.lower()
        if key == "required":
            if equals and parse_bool(text) is None:
                raise RefusedError(f"invalid value for {key}: {text}", flag.span)
        elif equals and key == "name":
            if name:
                raise RefusedError(f"device name already set to {name}", flag.span)
            name = text
        elif not name:
            name = field
        elif not equals:
            raise RefusedError(f"invalid field '{field}' must be a key=value pair", flag.span)
        else:
            message = f"unexpected key '{key}' in '{field}'"
            message = did_you_mean(message, key, ["name", "required"], case_sensitive=True)
            raise RefusedError(message, flag.span)
