"""Bake files, HCL and JSON: groups, targets, variables, each value with its place.

    file = bake.read(data, "docker-bake.hcl")
    baked = file.resolve({"TAG": "1.2"})
    baked.targets["app"].dockerfile.text

`resolve` takes several files in the order of bake's `-f`. A compose file as input is `compose.baking`.
"""

from dockwright.bake.file import BakeFile, read, resolve

__all__ = ["BakeFile", "read", "resolve"]
