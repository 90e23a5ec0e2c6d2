"""URLs and git repositories as sources of ADD.

Source: moby/buildkit client/llb/source.go: HTTP, Git, frontend/dockerfile/dfgitutil/git_ref.go: ParseGitRef, and
util/gitutil/git_url.go. 0.13 takes a query for a part of the URL.
"""

import posixpath
import re
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from dockwright.dockerfile.dialect import Dialect
from dockwright.dockerfile.golang import parse_bool
from dockwright.dockerfile.operations.model import SourceBody, SourceKind

UNNAMED = "__unnamed__"
"""The file name of a URL that has none."""
CHECKSUM = "http.checksum"
_SCP = re.compile(r"([a-zA-Z0-9\-_]+)@([a-zA-Z0-9\-.]+):([^?#\n]*+)(?:\?([^#\n]*+))?(?:#(.*))?")
_SECRETS = (("git.authheadersecret", "GIT_AUTH_HEADER"), ("git.authtokensecret", "GIT_AUTH_TOKEN"))


def http_source(url: str, checksum: str) -> tuple[SourceBody, str]:
    """The source, and the name its file has there."""
    name = UNNAMED
    try:
        last = posixpath.basename(posixpath.normpath(unquote(urlsplit(url).path)))
    except ValueError:
        last = ""
    if last not in ("", "."):
        name = last
    attrs: list[tuple[str, str | tuple[str, ...]]] = [("http.filename", name)]
    if checksum:
        attrs.append((CHECKSUM, checksum))
    return SourceBody(SourceKind.HTTP, url, tuple(sorted(attrs))), name


class GitReference(msgspec.Struct, frozen=True):
    """A git source taken apart. `keep_git_dir` and `submodules` are None where the URL does not say."""

    remote: str
    host: str
    path: str
    ref: str = ""
    subdir: str = ""
    checksum: str = ""
    ssh: bool = False
    keep_git_dir: bool | None = None
    submodules: bool | None = None
    fetch_by_commit: bool = False


def parse_git(source: str, dialect: Dialect) -> GitReference | str:
    """A source that `remote.place_of` takes for git; the message of the error if its query is wrong."""
    scp = None if "://" in source else _SCP.fullmatch(source)
    if scp:
        user, host, path, query, fragment = scp.groups()
        remote, ssh = f"{user}@{host}:{path}", True
    else:
        base, _, fragment = source.partition("#")
        remote, _, query = base.partition("?")
        if dialect is Dialect.V0_13:
            remote, query = base, ""
        split = urlsplit(remote.partition("?")[0])
        host, path, ssh = split.netloc.rpartition("@")[2], unquote(split.path), split.scheme == "ssh"
    ref, _, subdir = (fragment or "").partition(":")
    found = GitReference(remote, host, path, ref, posixpath.normpath("/" + subdir).lstrip("/"), ssh=ssh)
    return _queried(found, query) if query else found


def _flag(name: str, value: str) -> bool:
    parsed = True if value == "" else parse_bool(value)
    if parsed is None:
        raise ValueError(f'invalid {name} value: "{value}"')
    return parsed


def _queried(found: GitReference, query: str) -> GitReference | str:
    """`loadQuery`."""
    try:
        values = dict(parse_qsl(query, keep_blank_values=True))
        for name, value in values.items():
            found = _with(found, name, value)
    except ValueError as error:
        return str(error)
    return found


def _with(found: GitReference, name: str, value: str) -> GitReference:
    if name in ("keep-git-dir", "submodules", "fetch-by-commit"):
        return msgspec.structs.replace(found, **{name.replace("-", "_"): _flag(name, value)})
    if not value:
        raise ValueError(f'query "{name}" has no value')
    if name in ("ref", "tag", "branch"):
        prefix = {"ref": "", "tag": "refs/tags/", "branch": "refs/heads/"}[name]
        ref = value if value.startswith(prefix) else prefix + value
        if found.ref and found.ref != ref:
            raise ValueError(f'ref conflicts: "{found.ref}" vs "{ref}"')
        return msgspec.structs.replace(found, ref=ref)
    if name == "subdir":
        if found.subdir and found.subdir != value:
            raise ValueError(f'subdir conflicts: "{found.subdir}" vs "{value}"')
        return msgspec.structs.replace(found, subdir=value)
    if name in ("checksum", "commit"):
        return msgspec.structs.replace(found, checksum=value)
    if name == "mtime" and value in ("checkout", "commit"):
        return found
    raise ValueError(f'unexpected query "{name}"')


def git_source(found: GitReference, checksum: str, *, keep_git_dir: bool) -> SourceBody:
    """The source operation of a git repository."""
    identifier = f"git://{found.host}{posixpath.normpath('/' + found.path.lstrip('/'))}"
    if found.ref or found.subdir:
        identifier += f"#{found.ref}" + (f":{found.subdir}" if found.subdir else "")
    attrs: list[tuple[str, str | tuple[str, ...]]] = [*_SECRETS, ("git.fullurl", found.remote)]
    if keep_git_dir:
        attrs.append(("git.keepgitdir", "true"))
    if found.ssh:
        attrs.append(("git.mountsshsock", "default"))
    if checksum or found.checksum:
        attrs.append(("git.checksum", checksum or found.checksum))
    if found.submodules is False:
        attrs.append(("git.skipsubmodules", "true"))
    if found.fetch_by_commit:
        attrs.append(("git.fetchbycommit", "true"))
    return SourceBody(SourceKind.GIT, identifier, tuple(sorted(attrs)))
