r"""The short form of a service's `volumes:`: `[source:]target[:options]`.

Source of the rules: compose-spec/compose-go format/volume.go (ParseVolume). A source that starts with `.`, `/`, `~`,
`\\` or a drive letter is a bind; a name of one letter is taken for a drive, so `v:/v` is an anonymous volume.
"""

from __future__ import annotations

from collections.abc import Mapping

from dockwright.compose.split import colons
from dockwright.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dockwright.compose.model import Volume
    from dockwright.compose.value import Text

_PROPAGATION = frozenset({"rprivate", "private", "rshared", "shared", "rslave", "slave"})
_SELINUX = frozenset({"z", "Z"})


class Mount(Record):
    """A volume of a service, taken apart. `error` says why compose refuses it; the rest is as far as it got."""

    type: str = "volume"
    source: str = ""
    target: str = ""
    read_only: bool = False
    nocopy: bool = False
    propagation: str = ""
    selinux: str = ""
    error: str = ""


def parse_volume(spec: str) -> Mount:
    """Take a short form apart."""
    if not spec:
        return Mount(type="", error="invalid empty volume spec")
    if len(spec.encode()) <= 2:
        return Mount(target=spec)
    sections = [spec[start:end] for start, end in colons(spec, drives=True)]
    source = target = error = ""
    options: list[str] = []
    for index, section in enumerate(sections):
        last = index == len(sections) - 1
        if not section:
            error = "empty section between colons"
            break
        if not source and last:
            target = section
        elif not source:
            source = section
        elif not target:
            target = section
        elif not last:
            error = "too many colons"
            break
        else:
            options = section.split(",")
    return _mount(source, target, options, f"invalid spec: {spec}: {error}" if error else "")


def _mount(source: str, target: str, options: list[str], error: str) -> Mount:
    read_only = nocopy = False
    propagation = selinux = ""
    for option in options:
        if option in ("ro", "rw"):
            read_only = option == "ro"
        elif option == "nocopy":
            nocopy = True
        elif option in _PROPAGATION:
            propagation = option
        elif option in _SELINUX:
            selinux = option
    kind = "bind" if is_path(source) else "volume"
    return Mount(kind, source, target, read_only, nocopy, propagation, selinux, error)


def is_path(source: str) -> bool:
    """True when a short form's source is a path, not the name of a volume."""
    if source.startswith((".", "/", "~", "\\\\")):
        return True
    return len(source) > 1 and source[1] == ":" and source[0].isalpha()


def source_type(source: Text) -> str | None:
    """Type (bind or volume) of a source as written; None when that depends on a variable without default.

    What holds a slash cannot be the name of a volume.
    """
    if "$" not in source.raw or not source.raw.startswith("$"):
        return "bind" if is_path(source.raw) else "volume"
    default = source.default
    if default:
        return "bind" if is_path(default) else "volume"
    rest = "".join(part for part in source.template.parts if isinstance(part, str))
    return "bind" if "/" in rest else None


def mount(volume: Volume, env: Mapping[str, str] | None = None) -> Mount | None:
    """The volume under given variables and defaults; None where it cannot be told."""
    if volume.short is not None:
        text = volume.short.resolved(env).text
        return parse_volume(text) if text is not None else None
    source = volume.source.resolved(env).text if volume.source is not None else ""
    target = volume.target.resolved(env).text if volume.target is not None else ""
    if source is None or target is None or volume.type is None:
        return None
    return Mount(volume.type, source, target, bool(volume.read_only))


def split_volume(short: Text) -> tuple[Text | None, Text | None, tuple[str, ...]]:
    """Source, target and options of a short form as written; see `Volume`."""
    raw = short.raw
    if len(raw) <= 2:
        return None, short, ()
    pieces = colons(raw, drives=True)
    if len(pieces) == 1:
        return None, short, ()
    source, target = short.part(*pieces[0]), short.part(*pieces[1])
    options = tuple(raw[pieces[2][0] : pieces[2][1]].split(",")) if len(pieces) > 2 else ()
    return source, target, options
