"""Dockerfiles: lossless syntax, and what they mean to BuildKit.

`parse(data, path)` gives a `tree.Dockerfile`; everything else is worked out from it when asked for.
"""

from dockwright.dockerfile.tree import Dockerfile, parse

__all__ = ["Dockerfile", "parse"]
