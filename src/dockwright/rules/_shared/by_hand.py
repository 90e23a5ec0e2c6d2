"""Why a file that nothing in the repository loads may still be in use: by hand, or by what stands outside.

Nobody can see from the files alone what people type. Overrides are there to be copied into place, fragments to be
loaded beside their base, a project at a default name to be started from its folder, a page of documentation to be
followed. Such a file is a question to a person, never a removal.
"""

import re
from posixpath import basename, dirname

from dockwright.repository.model import ComposeItem, DockerfileItem, Item, Standing, Status, Strength
from dockwright.repository.names import Kind, kind_of
from dockwright.repository.repository import Repository
from dockwright.rules._shared.loading import below_tests

_SHOWN = re.compile(
    r"(?:^|[/._-])(?:examples?|samples?|demos?|contrib|snippets?|recipes|quickstart|helper[-_]scripts)(?=$|[/._-])",
    re.IGNORECASE,
)
_DEFAULTS = re.compile(r"(?:docker-|podman-)?compose\.ya?ml|dockerfile|containerfile", re.IGNORECASE)


def documented(item: Item) -> str:
    """Where documentation names the file, as `path:line`; empty where none does."""
    for one in item.used_by:
        if one.strength is Strength.DOCS and kind_of(one.place.path) is Kind.DOC:
            return f"{one.place.path}:{one.place.line}"
    return ""


def by_hand(repository: Repository, item: Item) -> str:
    """Why people may use a file that nothing loads; empty where nothing speaks for it."""
    name = basename(item.path)
    place = documented(item)
    if place and not (isinstance(item, DockerfileItem) and item.buildable is False):
        return f"`{place}` names it: people may use it"
    if "override" in name.lower():
        return "overrides are copied or loaded by hand"
    if isinstance(item, ComposeItem) and item.fragment:
        return "it is made to be loaded beside another file, which people do by hand"
    if _DEFAULTS.fullmatch(name):
        return "tools find it by its name when they are started in its folder"
    if _SHOWN.search(item.path):
        return "it is an example, there to be copied"
    if below_tests(item.path):
        return "tests often put the name of such a file together"
    if _none_lives(repository, item):
        return "nothing in the repository uses any file of this kind: what uses them stands outside"
    readme = next((path for path in repository.tree.children(dirname(item.path)) if _readme(path)), "")
    if dirname(item.path) and readme:
        return f"`{readme}` beside it may tell people to use it"
    return ""


def _readme(path: str) -> bool:
    return basename(path).lower().startswith("readme")


def _none_lives(repository: Repository, item: Item) -> bool:
    """True when no file of the kind is used by anything."""
    items = repository.own_dockerfiles if isinstance(item, DockerfileItem) else repository.own_composes
    return not any(one.status is Status.LIVE and one.standing is Standing.OWN for one in items)
