"""Bake files, HCL and JSON: groups, targets, variables, each value with its place."""
