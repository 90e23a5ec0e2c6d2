"""dpkg and apk: stanzas of a text file.

deb-src-control(5), dpkg status; apk-tools doc/apk-v2.5 (installed database): one-letter fields, `F:` folder, `R:` file in it.
"""

import re
from collections.abc import Iterator

from dockwright.image.packages.files import Contents
from dockwright.image.packages.model import Package

_NAME = re.compile(r"^[^\s(:\[<>=~!]+")


def dpkg(contents: Contents) -> Iterator[Package]:
    """What is installed by dpkg, and its files. Distroless images have a file per package in `status.d`."""
    brought = _brought(contents)
    lists = {path.rpartition("/")[2].removesuffix(".list"): text for path, text in contents.of("files")}
    for path, text in contents.of("dpkg"):
        single = "/status.d/" in path
        for fields in stanzas(text):
            name, state = fields.get("package"), fields.get("status", "")
            if not name or not (single or state.endswith(" installed")):
                continue
            both = f"{name}:{fields.get('architecture', '')}"
            listed = lists.get(both, lists.get(name, ""))
            files = tuple(line.lstrip("/") for line in listed.splitlines() if len(line) > 2)
            yield Package(
                "dpkg",
                name,
                fields.get("version", ""),
                files,
                requires=(
                    *alternatives(fields.get("depends", "")),
                    *alternatives(fields.get("pre-depends", "")),
                ),
                recommends=alternatives(fields.get("recommends", "")),
                provides=tuple(one[0] for one in alternatives(fields.get("provides", ""))),
                asked_for=None if brought is None else name not in brought,
            )


def _brought(contents: Contents) -> frozenset[str] | None:
    """The packages apt installed because others need them; None without apt's list."""
    found = None
    for _, text in contents.of("states"):
        found = frozenset(
            one["package"] for one in stanzas(text) if one.get("auto-installed") == "1" and "package" in one
        )
    return found


def stanzas(text: str) -> Iterator[dict[str, str]]:
    """Paragraphs of `Key: value`, keys in lower case; lines that go on are joined."""
    fields: dict[str, str] = {}
    key = ""
    for line in text.splitlines():
        if not line.strip():
            if fields:
                yield fields
            fields, key = {}, ""
        elif line[0] in " \t":
            if key and len(fields[key]) < 65_536:
                fields[key] += f" {line.strip()}"
        else:
            name, colon, value = line.partition(":")
            if colon:
                key = name.lower()
                fields[key] = value.strip()
    if fields:
        yield fields


def alternatives(text: str) -> tuple[tuple[str, ...], ...]:
    """`a (>= 1), b | c:any` as names: `(a), (b, c)`."""
    found = []
    for requirement in text.split(","):
        names = [match[0] for one in requirement.split("|") if (match := _NAME.match(one.strip()))]
        if names:
            found.append(tuple(names))
    return tuple(found)


def apk(contents: Contents) -> Iterator[Package]:
    """What is installed by apk, and its files."""
    world = {
        match[0] for _, text in contents.of("world") for word in text.split() if (match := _NAME.match(word))
    }
    for _, text in contents.of("apk"):
        for block in text.split("\n\n"):
            package = _apk_package(block, world)
            if package is not None:
                yield package


def _apk_package(block: str, world: set[str]) -> Package | None:
    fields: dict[str, str] = {}
    files, folder = [], ""
    for line in block.splitlines():
        key, _, value = line.partition(":")
        if key == "F":
            folder = value
        elif key == "R":
            files.append(f"{folder}/{value}" if folder else value)
        else:
            fields[key] = value
    if "P" not in fields:
        return None
    needs = tuple(
        (match[0],)
        for word in fields.get("D", "").split()
        if not word.startswith("!") and (match := _APK.match(word))
    )
    gives = tuple(match[0] for word in fields.get("p", "").split() if (match := _APK.match(word)))
    return Package(
        "apk", fields["P"], fields.get("V", ""), tuple(files), requires=needs, provides=gives,
        asked_for=fields["P"] in world if world else None,
    )  # fmt: skip


_APK = re.compile(r"^[^\s=<>~]+")
"""Names hold colons here: `so:libc.musl-x86_64.so.1`, `cmd:sh`."""
