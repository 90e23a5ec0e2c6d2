"""The short form of `ports:`: `[ip:][published:]target[/protocol]`.

Source of the rules: docker/go-connections nat/nat.go (ParsePortSpec) and compose-go types/types.go (ParsePortConfig,
which puts the expanded ports in the order of their texts).
"""

from __future__ import annotations

from dockwright.compose.split import colons
from dockwright.lazy import lazy_regex
from dockwright.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dockwright.compose.model import Port
    from dockwright.compose.value import Text

_NUMBER = lazy_regex(r"[0-9]{1,6}")
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4 = lazy_regex(rf"{_OCTET}(?:\.{_OCTET}){{3}}")
_PROTOCOLS = ("tcp", "udp", "sctp")


class Binding(Record):
    """One published or exposed port. `published` is "" when the engine chooses, or a range `8000-8010` to choose from."""

    target: int
    published: str = ""
    host_ip: str = ""
    protocol: str = "tcp"

    @property
    def published_range(self) -> tuple[int, int] | None:
        """First and last host port, None when none is given or it is no number."""
        found = _range(self.published)
        return None if isinstance(found, str) else found


class BadPort(Record):
    """A port text compose refuses."""

    message: str


def parse_port(spec: str) -> tuple[Binding, ...] | BadPort:
    """All ports of a short form whose variables are already replaced."""
    parts = spec.split(":")
    ip, published = ":".join(parts[:-2]), parts[-2] if len(parts) > 1 else ""
    container, protocol = _protocol(parts[-1])
    bracketed = ip.startswith("[") and ip.endswith("]")
    ip = ip[1:-1] if bracketed else ip
    if ip and (not is_ip(ip) or (":" in ip and not bracketed)):
        return BadPort(f"invalid IP address: {ip}")
    if not container:
        return BadPort(f"no port specified: {spec}")
    target = _range(container)
    if isinstance(target, str):
        return BadPort(f"invalid container port: {container}")
    host = _range(published) if published else (0, 0)
    if isinstance(host, str):
        return BadPort(f"invalid host port: {published}")
    if protocol.lower() not in _PROTOCOLS:
        return BadPort(f"invalid protocol: {protocol}")
    width = target[1] - target[0]
    if published and width and width != host[1] - host[0]:
        return BadPort(f"port ranges differ in length: {published} and {container}")
    found = [
        Binding(target[0] + step, _published(published, host, step, width), ip, protocol.lower())
        for step in range(width + 1)
    ]
    return tuple(sorted(found, key=lambda binding: f"{binding.target}/{binding.protocol}"))


def _published(text: str, host: tuple[int, int], step: int, width: int) -> str:
    if not text:
        return ""
    if not width and host[0] != host[1]:
        return f"{host[0]}-{host[1]}"
    return str(host[0] + step)


def _protocol(text: str) -> tuple[str, str]:
    """nat.SplitProtoPort: an empty protocol is tcp, further slashes are ignored."""
    parts = text.split("/")
    if not parts[0]:
        return "", "tcp"
    return parts[0], parts[1] if len(parts) > 1 and parts[1] else "tcp"


def _range(text: str) -> tuple[int, int] | str:
    """First and last port of `80` or `80-90`; the text itself when it is none."""
    first, dash, last = text.partition("-")
    if dash and "-" in last:
        last = last.split("-")[0]  # Go takes the first two parts
    last = last if dash else first
    if not _NUMBER.fullmatch(first) or not _NUMBER.fullmatch(last):
        return text
    start, end = int(first), int(last)
    return (start, end) if start <= end <= 65535 else text


def is_ip(text: str) -> bool:
    """net.ParseIP: an IPv4 or IPv6 address, without a zone."""
    parts = text.split(".")
    if len(parts) == 4 and all(part.isdecimal() and part.isascii() for part in parts):
        return all(len(part) < 4 and int(part) < 256 and (part == "0" or part[0] != "0") for part in parts)
    if _IPV4.fullmatch(text):
        return True
    if ":" not in text or "%" in text:
        return False
    import ipaddress

    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True


def bindings(port: Port, env: dict[str, str] | None = None) -> tuple[Binding, ...]:
    """The ports of one item under given variables and defaults; none where it cannot be told or is wrong."""
    if port.short is not None:
        text = port.short.resolved(env).text
        found = parse_port(text) if text is not None else BadPort("unset variable")
        return found if isinstance(found, tuple) else ()
    target = port.target.resolved(env).text if port.target is not None else None
    published = port.published.resolved(env).text if port.published is not None else ""
    host_ip = port.host_ip.resolved(env).text if port.host_ip is not None else ""
    protocol = port.protocol.resolved(env).text if port.protocol is not None else "tcp"
    if (
        target is None
        or published is None
        or host_ip is None
        or protocol is None
        or not _NUMBER.fullmatch(target)
    ):
        return ()
    return (Binding(int(target), published, host_ip, protocol),)


def split_port(short: Text) -> dict[str, Text]:
    """The parts of a short form as written, split at colons outside of `${…}`; see `Port`."""
    pieces = colons(short.raw)
    last_start, last_end = pieces[-1]
    slash = short.raw.find("/", last_start)
    inside = short.raw.rfind("}", last_start)
    if slash != -1 and slash < inside:
        slash = short.raw.find("/", inside)
    found = {"target": short.part(last_start, slash if slash != -1 else last_end)}
    if slash != -1:
        found["protocol"] = short.part(slash + 1, last_end)
    if len(pieces) > 1:
        found["published"] = short.part(*pieces[-2])
    if len(pieces) > 2:
        found["host_ip"] = short.part(0, pieces[-3][1])
    return {name: text for name, text in found.items() if text.raw}
