"""The build graph: the operations BuildKit is given for a target, each with the place it comes from."""
