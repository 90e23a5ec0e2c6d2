"""The settings of a compose service, flattened: a path such as `healthcheck.interval` or `ports.8000/tcp.published`,
and a value as text.

Short forms are taken apart as compose does, variables are filled with the defaults written beside them, numbers,
sizes and durations are brought to one form, names are made neutral (`roles.Neutral`). The items of `ports` and
`volumes` are known by their target, words of commands by themselves, items of other lists by their position.
`networks` and `profiles` are left out: they say how a service is grouped, not what it is. As in compose's own output,
`command` and `entrypoint` are always there, `null` where the image's own is used.

A service that `extends` others is the settings of all of them, later ones over earlier ones.

Not modelled (the exact merged model is compose's own affair): lists of a base and an extending service are joined by
position, and ports by their target; paths of a base in another directory stay as written there; `include`, `.env`,
what `env_file` holds, and what compose fills in for networks and volumes. A variable without default stays as written.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

from dockwright.compose.interpolate import Template
from dockwright.compose.ports import Binding, parse_port
from dockwright.compose.roles import Neutral
from dockwright.compose.volumes import parse_volume
from dockwright.compose.yaml.collections import Mapping, Sequence
from dockwright.compose.yaml.nodes import Node
from dockwright.compose.yaml.scalar import Scalar
from dockwright.overlap.place import Place

SKIPPED = frozenset({"networks", "profiles", "extends"})
MAX_DEPTH = 40
MAX_SETTINGS = 5_000
"""Settings of one service that are looked at; further ones are left out (aliases can make a small file huge)."""

_PAIRS = frozenset(
    {"environment", "labels", "args", "annotations", "sysctls", "extra_hosts", "additional_contexts"}
)
_COMMANDS = ("command", "entrypoint")
_WHOLE = (*_COMMANDS, "healthcheck.test")
_SIZES = frozenset({"memory", "mem_limit", "mem_reservation", "memswap_limit", "shm_size", "size"})
_TIMES = frozenset(
    {
        "interval",
        "timeout",
        "start_period",
        "start_interval",
        "stop_grace_period",
        "delay",
        "window",
        "monitor",
    }
)
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([bkmgt]?)i?b?", re.IGNORECASE)
_TIME = re.compile(r"(?:\d+(?:\.\d+)?(?:h|ms|us|m|s))+")
_TIME_PART = re.compile(r"(?<!\d)(\d++(?:\.\d++)?)(h|ms|us|m|s)")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001, "us": 0.000001}
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?")


class Setting(msgspec.Struct, frozen=True, gc=False):
    """One leaf: neutral value, the value as it stands (variables filled in), and where it stands."""

    value: str
    shown: str
    place: Place


class Settings:
    """The settings of one service; environment variables and the rest apart. Both are path to value."""

    def __init__(self, nodes: Iterable[Node], neutral: Neutral) -> None:
        """`nodes` are the service as written, and before it those it extends, the lowest first."""
        self.leaves: dict[str, Setting] = {}
        self.commands: dict[str, tuple[list[str], Node]] = {}
        """Words of `command` and `entrypoint` where the service gives them, and where."""
        self._neutral = neutral
        merged: dict[str, Setting] = {}
        for node in nodes:
            self.leaves = {}
            for key, value in node.items():
                if key not in SKIPPED:
                    self._top(key, value)
            merged = _merged(merged, self.leaves)
        self.leaves = merged
        for key in _COMMANDS:
            if key not in self.commands and key not in merged:
                self._put(key, "null", node)
        self.environment = {
            path: leaf.value for path, leaf in self.leaves.items() if path.startswith("environment.")
        }
        self.rest = {
            path: leaf.value for path, leaf in self.leaves.items() if not path.startswith("environment.")
        }

    def _top(self, key: str, node: Node) -> None:
        if key == "ports":
            for item in node.values():
                self._port(item)
        elif key == "volumes":
            for item in node.values():
                self._volume(item)
        elif key == "depends_on":
            self._depends(node)
        elif key == "build":
            self._build(node)
        elif key == "healthcheck":
            self._healthcheck(node)
        else:
            self._walk(key, node)

    def _put(self, path: str, text: str, node: Node, *, exact: bool = False) -> None:
        shown = filled(text)
        value = self._neutral(shown if exact else canonical(path.rpartition(".")[2], shown))
        path = self._neutral(path)
        if path in self.leaves:
            number = 2
            while f"{path}#{number}" in self.leaves:
                number += 1
            path = f"{path}#{number}"
        if len(self.leaves) < MAX_SETTINGS:
            self.leaves[path] = Setting(value, shown, Place(node.file.source, node.span))

    def _walk(self, path: str, node: Node, depth: int = 0) -> None:
        """Any value; a mapping or list without items is a setting of its own."""
        key = path.rpartition(".")[2]
        if depth > MAX_DEPTH or len(self.leaves) >= MAX_SETTINGS:
            return
        if key in _PAIRS:
            self._pairs(path, node)
        elif key in _COMMANDS and depth == 0:
            self._words(path, node)
        elif isinstance(node, Scalar):
            self._put(path, node.text if not node.is_null else "null", node)
        elif isinstance(node, Mapping):
            for name, value in node.items():
                self._walk(f"{path}.{name}", value, depth + 1)
        elif isinstance(node, Sequence):
            for index, value in enumerate(node.values()):
                self._walk(f"{path}.{index}", value, depth + 1)

    def _pairs(self, path: str, node: Node) -> None:
        """`KEY=value` lists and mappings alike."""
        if isinstance(node, Mapping):
            for name, value in node.items():
                text = value.as_str()
                self._put(f"{path}.{name}", "null" if text is None else text, value, exact=True)
            return
        for item in node.values():
            name, equals, text = (item.as_str() or "").partition("=")
            self._put(f"{path}.{name}", text if equals else "null", item, exact=True)

    def _words(self, path: str, node: Node) -> None:
        """A command: each word a setting, so that an added flag does not make all that follow differ. A repeated
        word counts once.
        """
        if node.is_null:
            self._put(path, "null", node)
        found = [(filled(word), place) for word, place in words(node)]
        if found:
            self.commands[path] = [word for word, _ in found], node
        for word, place in dict(found).items():
            self._put(f"{path}.{word}", word, place, exact=True)

    def _port(self, item: Node) -> None:
        if isinstance(item, Mapping):
            target = item.get("target")
            protocol = item.get("protocol")
            slot = f"{target.as_str() if target else ''}/{(protocol.as_str() if protocol else None) or 'tcp'}"
            for name, value in (("mode", "ingress"), ("protocol", "tcp")):
                if name not in item:
                    self._put(f"ports.{slot}.{name}", value, item)
            for name, node in item.items():
                self._walk(f"ports.{slot}.{name}", node, 1)
            return
        text = item.as_str() or ""
        found = parse_port(filled(text))
        for binding in found if isinstance(found, tuple) else ():
            self._binding(binding, item)
        if not isinstance(found, tuple):
            self._put(f"ports.{text}", text, item, exact=True)

    def _binding(self, binding: Binding, item: Node) -> None:
        slot = f"ports.{binding.target}/{binding.protocol}"
        self._put(f"{slot}.mode", "ingress", item)
        self._put(f"{slot}.protocol", binding.protocol, item)
        self._put(f"{slot}.target", str(binding.target), item)
        if binding.published:
            self._put(f"{slot}.published", binding.published, item)
        if binding.host_ip:
            self._put(f"{slot}.host_ip", binding.host_ip, item)

    def _volume(self, item: Node) -> None:
        if isinstance(item, Mapping):
            target = item.get("target")
            slot = f"volumes.{(target.as_str() if target else None) or ''}"
            for name, node in item.items():
                self._walk(f"{slot}.{name}", node, 1)
            return
        text = item.as_str() or ""
        mount = parse_volume(filled(text))
        if mount.error or not mount.target:
            self._put(f"volumes.{text}", text, item, exact=True)
            return
        slot = f"volumes.{mount.target}"
        self._put(f"{slot}.type", mount.type, item)
        self._put(f"{slot}.target", mount.target, item)
        if mount.source:
            self._put(
                f"{slot}.source", path_form(mount.source) if mount.type == "bind" else mount.source, item
            )
        if mount.read_only:
            self._put(f"{slot}.read_only", "true", item)
        self._put(f"{slot}.bind.create_host_path" if mount.type == "bind" else f"{slot}.volume", "true", item)
        for name in ("propagation", "selinux"):
            if getattr(mount, name):
                self._put(f"{slot}.bind.{name}", getattr(mount, name), item)

    def _depends(self, node: Node) -> None:
        if isinstance(node, Mapping):
            for name, entry in node.items():
                for key, default in (("condition", "service_started"), ("required", "true")):
                    value = entry.get(key)
                    self._put(
                        f"depends_on.{name}.{key}", (value.as_str() if value else None) or default, entry
                    )
            return
        for item in node.values():
            name = item.as_str() or ""
            self._put(f"depends_on.{name}.condition", "service_started", item)
            self._put(f"depends_on.{name}.required", "true", item)

    def _build(self, node: Node) -> None:
        if isinstance(node, Scalar):
            self._put("build.context", path_form(node.text), node)
            self._put("build.dockerfile", "Dockerfile", node)
            return
        for name, value in node.items():
            if name in ("context", "dockerfile") and isinstance(value, Scalar):
                self._put(f"build.{name}", path_form(value.text), value)
            else:
                self._walk(f"build.{name}", value, 1)
        if node.get("dockerfile") is None and node.get("dockerfile_inline") is None:
            self._put("build.dockerfile", "Dockerfile", node)
        if node.get("context") is None:
            self._put("build.context", ".", node)

    def _healthcheck(self, node: Node) -> None:
        for name, value in node.items():
            if name != "test":
                self._walk(f"healthcheck.{name}", value, 1)
            elif isinstance(value, Scalar):
                self._put("healthcheck.test.0", "CMD-SHELL", value)
                self._put("healthcheck.test.1", value.text, value, exact=True)
            else:
                self._walk("healthcheck.test", value, 1)


def _merged(base: dict[str, Setting], over: dict[str, Setting]) -> dict[str, Setting]:
    """The settings of an extending service over those of its base; a command replaces the whole command."""
    if not base:
        return over
    replaced = tuple(
        f"{key}." for key in _WHOLE if any(path == key or path.startswith(f"{key}.") for path in over)
    )
    kept = {
        path: leaf
        for path, leaf in base.items()
        if not path.startswith(replaced) and f"{path}." not in replaced
    }
    return {**kept, **over}


def filled(text: str) -> str:
    """The text with defaults filled in; as written when a variable has none."""
    if "$" not in text:
        return text
    resolved = Template.parse(text).resolved({})
    return text if resolved.text is None else resolved.text


def words(node: Node) -> Iterator[tuple[str, Node]]:
    """The words of a command in list or string form, each with the node it stands in."""
    if isinstance(node, Sequence):
        for item in node.values():
            yield item.as_str() or "", item
    elif isinstance(node, Scalar) and not node.is_null:
        import shlex

        try:
            parts = shlex.split(node.text)
        except ValueError:
            parts = node.text.split()
        for word in parts:
            yield word, node


def path_form(path: str) -> str:
    """A path without `./` before it and `/` behind it; `.` for the directory itself."""
    while path.startswith("./"):
        path = path[2:].lstrip("/")
    return path.rstrip("/") or ("/" if path.startswith("/") else ".")


def canonical(key: str, text: str) -> str:
    """A size in bytes, a duration in seconds, a number without needless zeros; any other text as it is."""
    if key in _SIZES and (match := _SIZE.fullmatch(text)):
        return _number(float(match[1]) * 1024.0 ** "bkmgt".index((match[2] or "b").lower()))
    if key in _TIMES and _TIME.fullmatch(text):
        return f"{_number(sum(float(number) * _SECONDS[unit] for number, unit in _TIME_PART.findall(text)))}s"
    if _NUMBER.fullmatch(text):
        return _number(float(text)) if "." in text else str(int(text))
    return "true" if text == "True" else "false" if text == "False" else text


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(round(value, 9))
