"""Image references: registry, repository, tag, digest.

Source: github.com/distribution/reference: ParseNormalizedNamed, with its messages.
"""

from functools import lru_cache

import msgspec

from dockwright.lazy import lazy_regex

DEFAULT_REGISTRY = "docker.io"
_OFFICIAL = "library/"
_MAX_LENGTH = 4096  # far over any valid reference; keeps the expressions below from working on noise
_COMPONENT = r"[a-z0-9]+(?:(?:[._]|__|[-]+)[a-z0-9]+)*"
_DOMAIN_PART = r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)"
_DOMAIN = rf"(?:{_DOMAIN_PART}(?:\.{_DOMAIN_PART})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
_REFERENCE = lazy_regex(
    rf"(?P<name>(?:{_DOMAIN}/)?{_COMPONENT}(?:/{_COMPONENT})*)(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{{0,127}}))?"
    r"(?:@(?P<digest>[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?"
)
_IDENTIFIER = lazy_regex(r"[a-f0-9]{64}")
_DIGEST_LENGTHS = {"sha256": 64, "sha384": 96, "sha512": 128}


class ImageReference(msgspec.Struct, frozen=True):
    """A reference taken apart.

    `text` is as written. `registry` and `repository` are normalised (`docker.io`, `library/debian`). `tag` and
    `digest` are None if not written. `tag_at` and `digest_at` are their character ranges in `text`.
    """

    text: str
    registry: str
    repository: str
    tag: str | None
    digest: str | None
    tag_at: tuple[int, int] | None = None
    digest_at: tuple[int, int] | None = None

    @property
    def name(self) -> str:
        """Registry and repository: `docker.io/library/debian`."""
        return f"{self.registry}/{self.repository}"

    @property
    def familiar_name(self) -> str:
        """The short name people write: `debian`, `owner/image`, `example.com/image`."""
        if self.registry != DEFAULT_REGISTRY:
            return self.name
        rest = self.repository.removeprefix(_OFFICIAL)
        return self.repository if "/" in rest else rest

    @property
    def canonical(self) -> str:
        """The full reference; `:latest` where neither tag nor digest is written."""
        tag = f":{self.tag}" if self.tag else ("" if self.digest else ":latest")
        return f"{self.name}{tag}{f'@{self.digest}' if self.digest else ''}"

    @property
    def context_name(self) -> str:
        """The name under which BuildKit looks for a named context in place of this image."""
        tag = f":{self.tag}" if self.tag and (self.tag != "latest" or self.digest) else ""
        return f"{self.familiar_name}{tag}{f'@{self.digest}' if self.digest else ''}"


def _split_domain(text: str) -> tuple[str, str]:
    first, slash, rest = text.partition("/")
    if not slash:
        return DEFAULT_REGISTRY, _OFFICIAL + text
    if first == "index.docker.io":
        domain, remote = DEFAULT_REGISTRY, rest
    elif first == "localhost" or "." in first or ":" in first or first.lower() != first:
        domain, remote = first, rest
    else:
        domain, remote = DEFAULT_REGISTRY, text
    if domain == DEFAULT_REGISTRY and "/" not in remote:
        remote = _OFFICIAL + remote
    return domain, remote


@lru_cache(maxsize=4096)
def parse_reference(text: str) -> ImageReference | str:
    """Take a reference apart; the error message if it is none."""
    if _IDENTIFIER.fullmatch(text):
        return f"invalid repository name ({text}), cannot specify 64-byte hexadecimal strings"
    domain, remainder = _split_domain(text)
    remote = remainder.partition(":")[0]
    if remote.lower() != remote:
        return f"invalid reference format: repository name ({remote}) must be lowercase"
    if len(text) > _MAX_LENGTH:
        return "invalid reference format"
    match = _REFERENCE.fullmatch(f"{domain}/{remainder}")
    if not match:
        return "invalid reference format"
    repository = match.group("name").removeprefix(f"{domain}/")
    if len(repository) > 255:
        return "repository name must not be more than 255 characters"
    tag, digest = match.group("tag", "digest")
    if digest and (error := _digest_error(digest)):
        return error
    return _placed(text, domain, repository, tag, digest)


def _digest_error(digest: str) -> str:
    algorithm, _, encoded = digest.partition(":")
    length = _DIGEST_LENGTHS.get(algorithm)
    if length is None:
        return "unsupported digest algorithm"
    if len(encoded) != length:
        return "invalid checksum digest length"
    return "" if encoded.lower() == encoded else "invalid checksum digest format"


def _placed(text: str, domain: str, repository: str, tag: str | None, digest: str | None) -> ImageReference:
    end = len(text)
    digest_at = (end - len(digest), end) if digest else None
    tag_end = end - len(digest) - 1 if digest else end
    tag_at = (tag_end - len(tag), tag_end) if tag else None
    return ImageReference(text, domain, repository, tag, digest, tag_at, digest_at)
