"""Packages of two images, by manager and name."""

from collections.abc import Iterable, Iterator

from dockwright.image.diff.model import PackageChange
from dockwright.image.packages.installed import Installed


def package_changes(before: Iterable[Installed], after: Iterable[Installed]) -> Iterator[PackageChange]:
    """The packages that one side lacks or has in other versions. A name may be there in several (npm)."""
    one, other = _versions(before), _versions(after)
    for key in sorted(one.keys() | other.keys()):
        versions = tuple(sorted(one.get(key, ()))), tuple(sorted(other.get(key, ())))
        if versions[0] != versions[1]:
            yield PackageChange(*key, *versions)


def _versions(installed: Iterable[Installed]) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for one in installed:
        package = one.package
        found.setdefault((package.manager, package.name), set()).add(package.version)
    return found
