"""Dockerfiles: lossless syntax, and what they mean to BuildKit.

`parse(data, path)` gives a `tree.Dockerfile`; all else is worked out from it when asked for:

    tree.nodes, tree.instructions   syntax: comments, directives, instructions with words, flags, heredocs
    tree.commands                   the instructions typed (`instructions.types`), `Invalid` where BuildKit refuses
    tree.problems                   errors of the file itself; `tree.template` says why they may be no faults
    tree.stages                     `stages.Stage`: base, sources, variables and settings with their origin
    tree.target(name, args)         `graph.Target`: stages reached or not, and what would stop this build
    tree.build(settings)            the same under build arguments, named contexts, platforms, known base images
"""

from dockwright.dockerfile.tree import Dockerfile, parse

__all__ = ["Dockerfile", "parse"]
