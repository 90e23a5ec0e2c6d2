"""Two YAML readers as streams of events that can be compared: libyaml through PyYAML, and ours."""

import yaml as pyyaml

from dockwright.compose.yaml import Alias, Mapping, Sequence, YamlFile, parse

STYLES = {"plain": None, "empty": None, "single": "'", "double": '"', "literal": "|", "folded": ">"}


def libyaml(text: str) -> list[object]:
    """Events of libyaml with byte offsets; raises what PyYAML raises."""
    offsets = [0]
    for char in text:
        offsets.append(offsets[-1] + len(char.encode("utf-8", "surrogatepass")))
    found: list[object] = []
    for event in pyyaml.parse(text, Loader=pyyaml.CBaseLoader):
        kind = type(event).__name__
        if kind == "ScalarEvent":
            start, end = offsets[event.start_mark.index], offsets[event.end_mark.index]
            found.append(("scalar", event.anchor, event.tag, event.value, event.style or None, start, end))
        elif kind == "AliasEvent":
            found.append(("alias", event.anchor))
        elif kind.endswith(("gStartEvent", "eStartEvent")):
            found.append((kind[:3], event.anchor, event.tag, bool(event.flow_style)))
        elif kind in ("SequenceEndEvent", "MappingEndEvent"):
            found.append("end")
        elif kind == "DocumentStartEvent":
            found.append("document")
    return found


def ours(file: YamlFile) -> list[object]:
    """Our tree in the same form."""
    found: list[object] = []
    for document in file.documents:
        found.append("document")
        if document.root is None:
            found.append(("scalar", None, None, "", None, -1, -1))
            continue
        stack = [document.root]
        while stack:
            node = stack.pop()
            if node is None:
                found.append("end")
            elif isinstance(node, Mapping):
                found.append(("Map", node.anchor, long_tag(node.tag), node.flow))
                stack.append(None)
                for entry in reversed(node.entries):
                    stack += [entry.value, entry.key]
            elif isinstance(node, Sequence):
                found.append(("Seq", node.anchor, long_tag(node.tag), node.flow))
                stack.append(None)
                stack.extend(reversed(node.written))
            elif isinstance(node, Alias):
                found.append(("alias", node.name))
            else:
                style = STYLES[node.style]
                found.append(
                    ("scalar", node.anchor, long_tag(node.tag), node.text, style, node.props_start, node.end)
                )
    return found


def long_tag(tag: str | None) -> str | None:
    if tag is None:
        return None
    if tag.startswith("!!"):
        return "tag:yaml.org,2002:" + tag[2:]
    return tag[2:-1] if tag.startswith("!<") else tag


def comparable(events: list[object], data: bytes) -> list[object]:
    """Events without what is a matter of taste: the last line break of a block scalar, the place of nothing."""
    found: list[object] = []
    for event in events:
        if isinstance(event, tuple) and event[0] == "scalar":
            kind, anchor, tag, value, style, start, end = event
            if style in ("|", ">"):
                end = start + len(data[start:end].rstrip())
            if not value and style is None:
                start = end = 0
            event = (kind, anchor, tag, value, style, start, end)
        found.append(event)
    return found


def disagreement(text: str) -> str | None:
    """How the two readers differ over a text; None when they agree."""
    data = text.encode("utf-8", "surrogatepass")
    file = parse(data)
    refused = [problem for problem in file.problems if problem.kind in ("syntax", "encoding", "unreadable")]
    try:
        theirs = comparable(libyaml(text), data)
    except (pyyaml.YAMLError, ValueError) as error:
        return None if refused else "they refuse: " + " ".join(str(error).split())
    if refused:
        return f"we refuse: {refused[0]}"
    mine = comparable(ours(file), data)
    if theirs == mine:
        return None
    return next((f"{a} is {b}" for a, b in zip(theirs, mine, strict=False) if a != b), "lengths differ")
