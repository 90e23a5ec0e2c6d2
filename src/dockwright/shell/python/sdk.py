"""Calls of the docker SDK, testcontainers and python-on-whales, as the command lines that do the same.

Sources: docker-py.readthedocs.io/en/stable (images, containers, volumes), testcontainers-python.readthedocs.io,
gabrieldemarmiesse.github.io/python-on-whales.
"""

import ast
import re
from collections.abc import Iterator

from dockwright.shell.paths import HERE
from dockwright.shell.python.calls import Started
from dockwright.shell.python.evaluate import Evaluator
from dockwright.shell.python.values import Items, Table
from dockwright.shell.words import Hole, HoleKind, Word

_CLIENTS = frozenset(
    ("docker.from_env", "docker.DockerClient", "docker.APIClient", "docker.client.from_env", "docker.client.DockerClient",
     "docker.api.APIClient", "docker.Client", "aiodocker.Docker", "podman.PodmanClient", "podman.from_env"),
)  # fmt: skip
_METHOD = re.compile(
    r"(?:^|\.)(?:(?P<kind>containers|images|volumes|networks|services|swarm|api)\.)"
    r"(?P<verb>run|create|build|pull|push|prune|list|get|remove|deploy)$"
)
_VERBS = {
    ("containers", "run"): ("run",), ("containers", "create"): ("create",), ("containers", "list"): ("ps",),
    ("containers", "get"): ("inspect",), ("containers", "prune"): ("container", "prune"),
    ("images", "build"): ("build",), ("api", "build"): ("build",), ("images", "pull"): ("pull",),
    ("images", "push"): ("push",), ("images", "list"): ("images",), ("images", "get"): ("image", "inspect"),
    ("images", "remove"): ("rmi",), ("images", "prune"): ("image", "prune"), ("volumes", "create"): ("volume", "create"),
    ("volumes", "list"): ("volume", "ls"), ("volumes", "prune"): ("volume", "prune"), ("volumes", "get"): ("volume", "inspect"),
    ("networks", "create"): ("network", "create"), ("networks", "prune"): ("network", "prune"),
    ("networks", "list"): ("network", "ls"), ("networks", "get"): ("network", "inspect"),
}  # fmt: skip
_BUILD_FLAGS = {"dockerfile": "--file", "tag": "--tag", "target": "--target", "platform": "--platform"}
_BUILD_SWITCHES = {"nocache": "--no-cache", "pull": "--pull"}
_RUN_FLAGS = {"name": "--name", "network": "--network", "entrypoint": "--entrypoint", "user": "--user"}
_RUN_SWITCHES = {"detach": "--detach", "remove": "--rm", "auto_remove": "--rm", "privileged": "--privileged"}
_WHALES = re.compile(
    r"^python_on_whales\.docker\.(?P<verb>[\w.]+)$|^python_on_whales\.DockerClient\(\)\.(?P<own>[\w.]+)$"
)


def sdk_calls(evaluator: Evaluator, node: ast.Call, name: str, *, imported: bool) -> Iterator[Started]:
    """What one call of `name` asks of an engine. `imported`: the file imports docker, so that `x.containers.run` is
    its.
    """
    if name in _CLIENTS:
        yield Started((_word(evaluator, node, "docker"),), "docker-sdk", HERE, ())
        return
    method = _METHOD.search(name) if imported else None
    if method is not None and (method["kind"], method["verb"]) in _VERBS:
        yield _method(evaluator, node, method["kind"], method["verb"])
        return
    if name.startswith("testcontainers."):
        yield from _testcontainers(evaluator, node, name)
    elif name.startswith("python_on_whales."):
        yield from _whales(evaluator, node, name)
    elif name.startswith("sh.docker") or name in ("sh.podman", "sh.docker_compose"):
        yield _sh(evaluator, node, name)


def _word(evaluator: Evaluator, node: ast.expr, text: str) -> Word:
    """A word the source does not hold, placed at the call."""
    start = evaluator.start(node)
    return Word((text,), text, evaluator.source, start, evaluator.end(node))


def _keywords(node: ast.Call) -> dict[str, ast.expr]:
    return {item.arg: item.value for item in node.keywords if item.arg}


def _on(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _method(evaluator: Evaluator, node: ast.Call, kind: str, verb: str) -> Started:
    words = [_word(evaluator, node, "docker"), *(_word(evaluator, node, text) for text in _VERBS[kind, verb])]
    keywords = _keywords(node)
    if verb == "build":
        words += _build(evaluator, node, keywords)
    elif kind == "containers" and verb in ("run", "create"):
        words += _run(evaluator, node, keywords)
    else:
        words += [evaluator.word(item) for item in node.args[:1]]
        words += [
            evaluator.word(keywords[name])
            for name in ("name", "repository")
            if name in keywords and not node.args
        ]
        if verb == "prune":
            words.append(_word(evaluator, node, "--force"))
    return Started(tuple(words), "docker-sdk", HERE, ())


def _flags(
    evaluator: Evaluator, keywords: dict[str, ast.expr], valued: dict[str, str], plain: dict[str, str]
) -> list[Word]:
    out: list[Word] = []
    for name, value in keywords.items():
        if name in valued:
            out += [_word(evaluator, value, valued[name]), evaluator.word(value)]
        elif name in plain and _on(value):
            out.append(_word(evaluator, value, plain[name]))
    return out


def _pairs(evaluator: Evaluator, node: ast.expr, flag: str) -> list[Word]:
    value = evaluator.value(node)
    out: list[Word] = []
    if isinstance(value, Table):
        for key, item in value.entries.items():
            parts = item.parts if isinstance(item, Word) else (Hole(HoleKind.VARIABLE),)
            text = Word(
                (f"{key}=", *parts), None, evaluator.source, evaluator.start(node), evaluator.end(node)
            )
            if all(isinstance(part, str) for part in parts):
                text = _word(evaluator, node, f"{key}=" + "".join(str(part) for part in parts))
            out += [_word(evaluator, node, flag), text]
    return out


def _build(evaluator: Evaluator, node: ast.Call, keywords: dict[str, ast.expr]) -> list[Word]:
    out = _flags(evaluator, keywords, _BUILD_FLAGS, _BUILD_SWITCHES)
    if "buildargs" in keywords:
        out += _pairs(evaluator, keywords["buildargs"], "--build-arg")
    path = keywords.get("path") or (node.args[0] if node.args else None)
    if path is not None:
        out.append(evaluator.word(path))
    elif "fileobj" in keywords:
        out.append(_word(evaluator, keywords["fileobj"], "-"))
    return out


def _run(evaluator: Evaluator, node: ast.Call, keywords: dict[str, ast.expr]) -> list[Word]:
    out = _flags(evaluator, keywords, _RUN_FLAGS, _RUN_SWITCHES)
    if "environment" in keywords:
        out += _pairs(evaluator, keywords["environment"], "--env")
    image = keywords.get("image") or (node.args[0] if node.args else None)
    if image is not None:
        out.append(evaluator.word(image))
        out += [evaluator.word(item) for item in node.args[1:2]]
    return out


def _testcontainers(evaluator: Evaluator, node: ast.Call, name: str) -> Iterator[Started]:
    """`PostgresContainer("postgres:16")` is `docker run postgres:16`; `DockerCompose(path, "a.yml")` is `compose up`."""
    last = name.rpartition(".")[2]
    keywords = _keywords(node)
    if last == "DockerCompose":
        yield _compose(evaluator, node, keywords)
    elif last.endswith("Container"):
        image = keywords.get("image") or (node.args[0] if node.args else None)
        word = evaluator.word(image) if image is not None else evaluator.hole(node, last)
        words = (_word(evaluator, node, "docker"), _word(evaluator, node, "run"), word)
        yield Started(words, "testcontainers", HERE, ())


def _compose(evaluator: Evaluator, node: ast.Call, keywords: dict[str, ast.expr]) -> Started:
    folder = keywords.get("context") or keywords.get("filepath") or (node.args[0] if node.args else None)
    files = keywords.get("compose_file_name") or (node.args[1] if len(node.args) > 1 else None)
    words = [_word(evaluator, node, "docker"), _word(evaluator, node, "compose")]
    if files is not None:
        value = evaluator.value(files)
        names = value.options[0] if isinstance(value, Items) else (evaluator.word(files),)
        for file in names:
            words += [_word(evaluator, files, "--file"), file]
    words.append(_word(evaluator, node, "up"))
    paths = evaluator.word(folder).paths() if folder is not None else (HERE,)
    return Started(tuple(words), "testcontainers", paths[0] if len(paths) == 1 else None, ())


def _whales(evaluator: Evaluator, node: ast.Call, name: str) -> Iterator[Started]:
    match = _WHALES.match(name)
    if match is None:
        return
    verb = (match["verb"] or match["own"]).split(".")
    words = [_word(evaluator, node, text) for text in ("docker", *verb)]
    keywords = _keywords(node)
    if verb[-1] in ("build", "buildx"):
        flags = {"file": "--file", "target": "--target", "tags": "--tag"}
        words += _flags(evaluator, keywords, flags, {"cache": "", "pull": "--pull", "push": "--push"})
    words += [evaluator.word(item) for item in node.args[:2]]
    yield Started(tuple(words), "python-on-whales", HERE, ())


def _sh(evaluator: Evaluator, node: ast.Call, name: str) -> Started:
    """`sh.docker("compose", "up")`, `sh.docker.compose("up")`."""
    verbs = name.split(".")[1:]
    words = [_word(evaluator, node, text.replace("_", "-")) for text in verbs]
    words += [evaluator.word(item) for item in node.args]
    return Started(tuple(words), "sh", HERE, ())
