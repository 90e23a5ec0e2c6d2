"""The families of rules: the packages below `dockwright.rules`."""

FAMILIES: tuple[str, ...] = (
    "references",
    "contexts",
    "arguments",
    "dead",
    "stacks",
    "wiring",
    "health",
    "bases",
    "caching",
    "contents",
    "secrets",
    "scripts",
    "budgets",
)
"""Reports and the index list them in this order."""
