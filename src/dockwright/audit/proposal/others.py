"""Decisions about ignore files, bake files, files of services outside, and scripts."""

from collections.abc import Iterator, Sequence

from dockwright.audit.model import Action, Decision, Risk, Twins
from dockwright.audit.proposal.evidence import Evidence, left_alone, places
from dockwright.audit.proposal.unused import unused
from dockwright.audit.twins import NOTHING_LEFT, left_behind
from dockwright.repository.model import IgnoreItem, OtherItem, ScriptItem, Status, Strength


def ignore_files(evidence: Evidence) -> Iterator[Decision]:
    """An ignore file that no build reads does nothing: it moves to where a build looks, or goes."""
    repository = evidence.repository
    read = {"" if root == "." else root for item in repository.ignores for root in item.read_by}
    built = {
        build.context
        for build in repository.builds
        if build.context is not None and not build.missing and build.strength > Strength.DOCS
    }
    bare = sorted(built - read)
    for item in repository.ignores:
        yield left_alone(item, "ignore") or _ignore(item, bare)


def _ignore(item: IgnoreItem, bare: Sequence[str]) -> Decision:
    folder = item.path.rpartition("/")[0]
    above = [root for root in bare if not root or folder == root or folder.startswith(f"{root}/")]
    if item.read_by:
        roots = ", ".join(f"`{root or '.'}`" for root in item.read_by[:3])
        return Decision(
            path=item.path,
            kind="ignore",
            action=Action.KEEP,
            risk=Risk.MEDIUM,
            reasons=(f"builds of {roots} read it",),
        )
    if bare and not above:
        roots = ", ".join(f"`{root or '.'}`" for root in bare[:3])
        more = f" and {len(bare) - 3} more" if len(bare) > 3 else ""
        return Decision(
            path=item.path,
            kind="ignore",
            action=Action.DECIDE,
            by="person",
            risk=Risk.LOW,
            reasons=(
                "no build reads it where it stands",
                f"builds of {roots}{more} have no ignore file; whether it is meant for one of them the files do not tell",
            ),
        )
    if above:
        nearest = max(above, key=len)
        into = f"{nearest}/.dockerignore".lstrip("/")
        return Decision(
            path=item.path,
            kind="ignore",
            action=Action.MERGE,
            into=into,
            risk=Risk.MEDIUM,
            reasons=(
                "no build reads it where it stands",
                f"builds of the context `{nearest or '.'}` have no ignore file; patterns are anchored to where the file stands",
            ),
        )
    if not folder:
        return Decision(
            path=item.path,
            kind="ignore",
            action=Action.DECIDE,
            by="person",
            risk=Risk.LOW,
            reasons=("no build of the repository reads it; one that is started by hand in its root does",),
        )
    return Decision(
        path=item.path,
        kind="ignore",
        action=Action.REMOVE,
        reasons=("no build reads it, and every context that is built has an ignore file",),
    )


def bake_files(evidence: Evidence) -> Iterator[Decision]:
    """Bake files are kept as long as something uses them."""
    for item in evidence.repository.bakes:
        decided = left_alone(item, "bake") or unused(item, "bake", evidence)
        yield decided or Decision(
            path=item.path,
            kind="bake",
            action=Action.KEEP,
            risk=evidence.risk(item),
            reasons=(evidence.use(item),),
        )


def other_files(evidence: Evidence) -> Iterator[Decision]:
    """Files that services outside of the repository read: that nothing here names them is no proof."""
    first: dict[str, str] = {}
    for item in evidence.repository.others:
        same = first.setdefault(item.content, item.path) if item.content else item.path
        yield left_alone(item, "other") or _other(evidence, item, same)


def _other(evidence: Evidence, item: OtherItem, same: str) -> Decision:
    copy = [f"equal to `{same}`"] if same != item.path else []
    if item.status is not Status.DEAD:
        reasons = [evidence.use(item), *copy]
        return Decision(
            path=item.path, kind="other", action=Action.KEEP, risk=evidence.risk(item), reasons=reasons
        )
    return Decision(
        path=item.path,
        kind="other",
        action=Action.DECIDE,
        by="person",
        risk=Risk.MEDIUM,
        reasons=[
            "nothing in the repository names it; whether a service outside reads it, its settings there tell",
            *copy,
        ],
        callers=places(evidence.callers(item.path)),
    )


def scripts(evidence: Evidence, twins: Sequence[Twins]) -> Iterator[Decision]:
    """Scripts, tests left out. That nobody calls a script is no proof: people call scripts by hand."""
    repository = evidence.repository
    twin_of = _twins(evidence, twins)
    for item in repository.scripts:
        if not item.test:
            yield left_alone(item, "script") or _script(evidence, item, *twin_of.get(item.path, ("", "")))


def _twins(evidence: Evidence, twins: Sequence[Twins]) -> dict[str, tuple[str, str]]:
    """For every script but one of a group that does the same, the one that stays, the most used; and in what they agree."""
    found: dict[str, tuple[str, str]] = {}
    for group in twins:
        if group.same != "name":
            ranked = sorted(
                group.files,
                key=lambda path: (-len(evidence.callers(path)), path),
            )
            words = "byte for byte" if group.same == "bytes" else "starts exactly what is started by"
            found.update((path, (ranked[0], words)) for path in ranked[1:] if path not in found)
    return found


def _script(evidence: Evidence, item: ScriptItem, twin: str, same: str) -> Decision:
    legacy = left_behind(evidence.repository, item)
    references = evidence.callers(item.path)
    action, by = Action.KEEP, "evidence"
    reasons = [
        evidence.use(item) if references else "nothing in the repository calls it; people may, by hand"
    ]
    if twin and any(one.verb == "copies" for one in references):
        reasons.append(f"{same} `{twin}`, but an image takes it from its own context")
        twin = ""
    elif twin:
        action, by = Action.MERGE, "person"
        reasons.insert(0, f"{same} `{twin}`")
    elif legacy:
        # What names only files that are gone cannot work; whether anybody misses it, the files do not tell.
        hopeless = not references and NOTHING_LEFT in legacy
        action, by = (Action.DECIDE, "person") if hopeless else (Action.REPAIR, "evidence")
    return Decision(
        path=item.path,
        kind="script",
        action=action,
        into=twin,
        by=by,
        risk=evidence.risk(item),
        reasons=(*reasons, *legacy),
        callers=places(references) if twin else (),
    )
