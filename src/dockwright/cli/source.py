"""From the arguments of a command to the tree, history and configuration they mean. The only place that opens them."""

from pathlib import Path

from dockwright.config import FILE_NAMES, Config, load
from dockwright.errors import ConfigError, UsageError
from dockwright.trees.tree import Tree


def directory(path: str, command: str) -> Path:
    """The directory a command is to work on. Raises UsageError when it is none."""
    found = Path(path)
    if found.is_dir():
        return found
    if found.exists():
        hint = f"`dockwright check {path}` checks one file"
        raise UsageError(f"{path} is a file; `dockwright {command}` takes a directory", hint)
    raise UsageError(f"{path} does not exist", "give the directory of a repository, or nothing for this one")


def name_of(path: Path) -> str:
    """What the repository is called: the last part of its absolute path."""
    return path.resolve().name or "/"


def configuration(tree: Tree) -> Config:
    """`dockwright.toml` at the root of the tree, or `[tool.dockwright]` of `pyproject.toml`; else the default one.

    Raises ConfigError when there are two, or the one there is cannot be acted on.
    """
    found = [name for name in FILE_NAMES if tree.exists(name)]
    if len(found) > 1:
        raise ConfigError(f"both {found[0]} and {found[1]} are here", "keep one of them")
    if found:
        return load(_text(tree, found[0]), found[0])
    if tree.exists("pyproject.toml"):
        text = _text(tree, "pyproject.toml")
        if "dockwright" in text:
            return load(text, "pyproject.toml")
    return Config()


def _text(tree: Tree, name: str) -> str:
    try:
        return tree.read(name).decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{name} is not UTF-8: {error}") from error
    except OSError as error:
        raise ConfigError(f"{name} cannot be read: {error}") from error
