"""The root that a tree is shown at to the compose loader, which knows absolute paths only, and how to tell paths without it.

The folders above the root are made up too, so that `../up` stays another path than `/up`. Six of them: what goes up more
than that is taken for a path from the machine's root.
"""

import re

_ABOVE = tuple(f"/.above-{number}" for number in range(6, 0, -1))


def made_up_root(name: str) -> str:
    """An absolute path that no machine has; `name` is its last part, which names the project."""
    return f"{''.join(_ABOVE)}/{name}"


_FOLDERS = re.compile(r"/\.above-6(?:/\.above-[1-5])*(?=/|\b)")


def as_seen(text: str, root: str) -> str:
    """A text with every path relative to the root: `conf/site.conf`, `.` for the root itself, `../up` for what is beside it."""
    if not root or root.partition("/.above-6")[1] == "" or "/.above-6" not in text:
        return text.replace(f"{root}/", "") if root else text
    own = re.escape(root)
    text = re.sub(rf"{own}/", "", text)
    text = re.sub(rf"{own}(?![\w.-])", ".", text)
    return _FOLDERS.sub(_up, text)


def _up(found: "re.Match[str]") -> str:
    return "/".join([".."] * (len(_ABOVE) + 1 - found.group().count("/.above-")))
