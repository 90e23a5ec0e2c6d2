"""The normal form of a build graph, and its digest.

Two Dockerfiles have the same one exactly when BuildKit would be given the same work, up to `equivalences`. Variables
of the environment keep their order, as processes are given them in order.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from dockwright.dockerfile.operations.digests import digest_of
from dockwright.dockerfile.operations.model import (
    Body,
    BuildGraph,
    FileBody,
    Operation,
    SourceBody,
    SourceKind,
)
from dockwright.dockerfile.settings import BaseImage

_IMAGE = "docker-image://"


class NormalForm:
    """The normal form of one graph.

    `digests` has, for each operation, a digest of it and all it is made from; `digest` is that of the whole: the last
    operation and the image's configuration.
    """

    def __init__(self, graph: BuildGraph, images: Mapping[str, BaseImage] | None = None) -> None:
        self.graph = graph
        self._images = images or {}
        self.bodies: list[str] = []
        self.digests: list[str] = []
        for operation in graph.operations:
            body = digest_of([type(operation.body).__name__, _plain(self.normal(operation.body))])
            self.bodies.append(body)
            self.digests.append(digest_of([body, [self.digests[one] for one in operation.inputs]]))

    @property
    def output(self) -> str:
        """The digest of the operation that makes the image, "" for an empty image."""
        return "" if self.graph.output is None else self.digests[self.graph.output]

    @property
    def digest(self) -> str:
        """`sha256:…` of the whole."""
        return "sha256:" + digest_of([self.output, self.graph.config])

    def body(self, operation: Operation) -> Body:
        """The body of an operation without what does not count."""
        return self.normal(operation.body)

    def normal(self, body: Body) -> Body:
        if not isinstance(body, SourceBody):
            return body
        if body.kind is SourceKind.LOCAL:
            return msgspec.structs.replace(body, attrs=())
        if body.kind is SourceKind.IMAGE:
            image = self._images.get(body.identifier.removeprefix(_IMAGE).partition("@")[0])
            if image is not None and image.layers is not None:
                return msgspec.structs.replace(body, identifier="layers " + " ".join(image.layers))
        return body


def _plain(body: Body) -> Any:
    if isinstance(body, FileBody):
        return [(type(one.what).__name__, one) for one in body.actions]
    return body
