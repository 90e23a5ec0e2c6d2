"""The ports of EXPOSE. Source: moby/buildkit frontend/dockerfile/dockerfile2llb/convert_expose.go."""

from functools import lru_cache

import msgspec

from dockwright.dockerfile.golang import parse_int, quote


class PortRange(msgspec.Struct, frozen=True, order=True):
    """Container ports `first` to `last` (inclusive) of one protocol: `tcp`, `udp` or `sctp`."""

    first: int
    last: int
    protocol: str

    def names(self) -> list[str]:
        """`80/tcp` and so on, one for each port."""
        return [f"{port}/{self.protocol}" for port in range(self.first, self.last + 1)]


@lru_cache(1024)
def parse_port(text: str) -> PortRange | str:
    """`[ip:][host:]port[-last][/protocol]`; the message of BuildKit's error if it is none. Host parts are dropped."""
    *address, host, container = ("", "", *text.split(":"))
    port, _, protocol = container.partition("/")
    if not port:
        return f"invalid port: {quote(text)}: no port specified"
    if protocol.lower() not in ("", "tcp", "udp", "sctp"):
        return f"invalid port: {quote(text)}: invalid proto: {protocol}"
    ip = ":".join(address[2:] if text.count(":") >= 2 else [])
    if ip and not _is_address(ip):
        return f"invalid IP address: {ip}"
    found = _range(port)
    if found is None:
        return f"invalid containerPort: {port}"
    if host:
        host_range = _range(host)
        if host_range is None:
            return f"invalid hostPort: {host}"
        if found[0] != found[1] and found[1] - found[0] != host_range[1] - host_range[0]:
            return f"invalid ranges specified for container and host Ports: {port} and {host}"
    return PortRange(found[0], found[1], protocol.lower() or "tcp")


def _is_address(text: str) -> bool:
    import ipaddress

    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1]
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text


def _range(text: str) -> tuple[int, int] | None:
    first, dash, last = text.partition("-")
    start = _number(first)
    if start is None:
        return None
    if not dash or first == last:
        return start, start
    end = _number(last)
    return None if end is None or end < start else (start, end)


def _number(text: str) -> int | None:
    value = parse_int(text, 64)
    return value if isinstance(value, int) and 0 <= value <= 65535 else None
