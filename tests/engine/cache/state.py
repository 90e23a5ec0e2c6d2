"""One state of a scenario: files (the Dockerfile is one of them), build arguments, target."""

from collections.abc import Mapping
from typing import NamedTuple

from dockwright.trees.memory import Content


class State(NamedTuple):
    """What one build is made from. `again` names a file that is written anew though its bytes are the same."""

    path: str
    files: Mapping[str, Content]
    args: Mapping[str, str] = {}
    target: str = ""
    again: str = ""

    @property
    def dockerfile(self) -> str:
        text = self.files[self.path]
        assert isinstance(text, str)
        return text

    def with_file(self, path: str, content: Content | None, again: str = "") -> "State":
        """Another file, or without it. An empty folder that gets something in it is one no more, and comes back after."""
        files = {name: one for name, one in self.files.items() if name != path}
        if content is not None:
            files[path] = content
        return self._replace(files=files, again=again)

    def with_dockerfile(self, text: str) -> "State":
        return self.with_file(self.path, text)

    def with_argument(self, name: str, value: str | None) -> "State":
        args = {key: one for key, one in self.args.items() if key != name}
        return self._replace(args=args if value is None else {**args, name: value}, again="")

    def with_target(self, target: str) -> "State":
        return self._replace(target=target, again="")
