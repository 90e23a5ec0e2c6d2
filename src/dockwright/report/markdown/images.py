"""One section per Dockerfile: what its images are made of and how they are run."""

from collections.abc import Iterator, Mapping, Sequence

from dockwright.report.document import Document
from dockwright.report.markdown.practices import image_name, practices
from dockwright.report.markdown.text import code, codes, escaped, prose, table
from dockwright.report.views import ImageEntry, InstalledEntry
from dockwright.report.words import counted, listed, shortened


def section(document: Document) -> Iterator[str]:
    """A table of all images, and a short section for each."""
    yield f"## Images ({len(document.images):,})"
    yield ""
    if not document.images:
        yield "No image is built here."
        yield ""
        return
    yield "An image is the last stage of a Dockerfile, or a stage that a build asks for by name."
    yield ""
    yield from table(
        (
            "image",
            "base",
            "stages",
            "user",
            "health check",
            "init",
            "cache mounts",
            "build tools left",
            "limits",
        ),
        map(_row, document.images),
        "llrlllrll",
    )
    yield from practices(document)
    found = _findings(document)
    told: set[str] = set()
    for image in document.images:
        again = image.dockerfile in told
        told.add(image.dockerfile)
        yield from _image(image, found.get(image.dockerfile, {}), again=again)


def _findings(document: Document) -> dict[str, dict[str, list[int]]]:
    """Rules and lines of the findings in each file, gravest first as findings are."""
    found: dict[str, dict[str, list[int]]] = {}
    for finding in document.findings:
        lines = found.setdefault(finding.location.path, {}).setdefault(finding.rule, [])
        if finding.location.line and finding.location.line not in lines:
            lines.append(finding.location.line)
    return found


def user_text(image: ImageEntry) -> str:
    """Who the container runs as, as far as it can be told."""
    if image.runs_as_root is None:
        return f"{image.user} (cannot be told)" if image.user else "cannot be told"
    if image.runs_as_root:
        return "root" if image.user in {"", "root", "0"} else f"{image.user} (root)"
    return image.user


def _row(image: ImageEntry) -> tuple[str, ...]:
    return (
        code(image_name(image)),
        code(image.base),
        f"{image.stages_used} of {image.stages}",
        f"**{escaped(user_text(image))}**" if image.runs_as_root else escaped(user_text(image)),
        escaped(image.health_check),
        escaped(image.init),
        str(image.cache_mounts),
        codes((tool.name for tool in image.build_tools), 5),
        f"{sum(1 for limit in image.limits if limit.memory or limit.cpus)} of {counted(len(image.limits), 'service')}"
        if image.limits
        else "",
    )


def _image(image: ImageEntry, findings: Mapping[str, Sequence[int]], *, again: bool) -> Iterator[str]:
    yield f"### {code(image_name(image))}"
    yield ""
    cannot = {True: "", False: " It **cannot be built** from a clean clone.", None: ""}[image.buildable]
    services = f" for {codes(image.services, 8)}" if image.services else ""
    yield f"Built on {code(image.base)} in {image.stages_used} of {counted(image.stages, 'stage')}{services}.{cannot}"
    yield ""
    yield f"- Runs as {escaped(user_text(image))}; health check: {escaped(image.health_check)}; init: {escaped(image.init)}."
    if image.entry:
        yield f"- Starts {code(shortened(image.entry, 240))}" + (
            f", ports {codes(image.ports)}." if image.ports else "."
        )
    if image.build_tools:
        tools = listed(f"{code(tool.name)} (line {tool.place.line})" for tool in image.build_tools)
        yield f"- Build tools in the final stage: {tools}."
    yield from map(_installed, image.installs)
    yield f"- Cache mounts: {image.cache_mounts}."
    for remark in image.layer_order:
        yield f"- Layer order: {prose(remark)}."
    for limit in image.limits:
        bounds = listed(
            part
            for part in (limit.memory and f"memory {limit.memory}", limit.cpus and f"cpus {limit.cpus}")
            if part
        )
        yield f"- {code(f'{limit.path}:{limit.line}')} {code(limit.service)}: {escaped(bounds) or 'no limits'}."
    if image.built_by:
        yield f"- Built by {codes(dict.fromkeys(map(str, image.built_by)), 12)}."
    elif "#L" in image.dockerfile:
        yield "- Stands as text in another file; no build of the repository names it."
    else:
        yield "- No build of the repository makes it."
    if findings and again:
        yield "- Findings in this file: as above."
    elif findings:
        yield f"- Findings in this file: {'; '.join(_finding(rule, lines) for rule, lines in findings.items())}."
    yield ""


def _installed(one: InstalledEntry) -> str:
    parts = [f"{counted(len(one.packages), 'package')} ({codes(one.packages, 12)})"] if one.packages else []
    parts += (
        [f"what {codes(one.manifests, 4)} {'lists' if len(one.manifests) == 1 else 'list'}"]
        if one.manifests
        else []
    )
    lines = ", ".join(map(str, one.lines))
    where = f" (line {lines})" if len(one.lines) == 1 else f" (lines {lines})" if lines else ""
    return f"- Installed in the final image with {escaped(one.manager)}: {listed(parts)}{where}."


def _finding(rule: str, lines: Sequence[int]) -> str:
    shown = ", ".join(map(str, lines[:8])) + (" …" if len(lines) > 8 else "")
    where = f" (line {shown})" if len(lines) == 1 else f" (lines {shown})" if lines else ""
    return f"{code(rule)}{where}"
