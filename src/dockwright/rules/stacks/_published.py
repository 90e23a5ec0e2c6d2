"""The fixed host ports of a compose file, and whether two services may run at the same time."""

from collections.abc import Iterator

import msgspec

from dockwright.compose.collisions.meet import addresses_meet
from dockwright.compose.model import Service
from dockwright.compose.ports import Binding, bindings
from dockwright.repository.model import ComposeItem
from dockwright.text import Span

MAX_RANGE = 200


class Published(msgspec.Struct, frozen=True, eq=False):
    """One fixed host port of a service."""

    item: ComposeItem
    service: Service
    binding: Binding
    port: int
    span: Span
    literal: bool
    """No variable takes part."""

    @property
    def key(self) -> tuple[int, str]:
        return self.port, self.binding.protocol

    def equal(self, other: "Published") -> bool:
        """The same address, host port, container port and protocol."""
        return self.key == other.key and (self.binding.host_ip, self.binding.target) == (
            other.binding.host_ip,
            other.binding.target,
        )


def published(item: ComposeItem) -> Iterator[Published]:
    """Every fixed host port, defaults of variables filled in; ports the engine chooses are left out."""
    for service in item.file.services.values():
        if service.network_mode is not None:
            continue
        for port in service.ports:
            text = port.short or port.published
            literal = text is None or text.literal is not None
            for binding in bindings(port):
                span = binding.published_range
                if span is not None and span[0] == span[1] and span[0] > 0:
                    yield Published(item, service, binding, span[0], port.node.span, literal)


def same_address(one: Binding, other: Binding) -> bool:
    return addresses_meet(one.host_ip, other.host_ip)


def may_run_together(one: Service, other: Service) -> bool:
    """False when both need a profile and have none in common: they are meant as alternatives."""
    mine = {profile.raw for profile in one.profiles}
    theirs = {profile.raw for profile in other.profiles}
    return not mine or not theirs or bool(mine & theirs)
