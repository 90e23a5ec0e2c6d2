"""Files that hold secrets: by their name, and where that is not enough, by what stands in them."""

import re
from posixpath import basename

from dockwright.knowledge.secrets import looks_secret, secret_name
from dockwright.trees.tree import Tree, Unreadable

SECRET = re.compile(
    r"(^|/)(\.env(\.(?!example|sample|template|dist|test|testing|ci)[\w.]+)?|id_(rsa|dsa|ecdsa|ed25519)|[\w.-]+\.(p12|pfx|kdbx)|\.netrc|\.npmrc|\.pypirc|"
    r"credentials\.json|service[-_]account[\w-]*\.json|\.aws/credentials|\.docker/config\.json)$"
)
SETTINGS = frozenset((".npmrc", ".pypirc", ".netrc", "config.json"))
"""Files that hold secrets only sometimes: their content decides."""
ENV_LINE = re.compile(r"(?m)^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*(\S.*)$")
TOKEN = re.compile(
    rb"(?i)_authToken\s*=\s*[^$\s{]|_auth\s*=\s*[^$\s{]|password\s{0,20}[=: ]\s{0,20}[^$\s{]|\"auth\"\s*:\s*\"\w"
)
KEY_FILE = re.compile(r"^[\w.-]*(private|secret|server|priv)[\w.-]*\.(pem|key)$")


def holds_secret(tree: Tree, path: str) -> bool:
    """True for a file that holds secrets by its name, and by its content where only that can tell."""
    name = basename(path)
    if name in SETTINGS:
        try:
            return bool(TOKEN.search(tree.read(path)))
        except (KeyError, OSError):
            return False
    if name.startswith(".env"):
        try:
            text = tree.read(path).decode("utf-8", "replace")
        except (KeyError, OSError, Unreadable):
            return True  # its content is not known here (a file that git does not track)
        if not any(
            secret_name(pair[1]) or looks_secret(pair[1], pair[2]) for pair in ENV_LINE.finditer(text)
        ):
            return False
    return (
        bool(SECRET.search(path) or KEY_FILE.search(path.rpartition("/")[2]))
        and "example" not in name
        and not re.search(
            r"test|fixture|mock|sample|(?:^|/)(?:vendor|node_modules|third_party)/", path.lower()
        )
    )
