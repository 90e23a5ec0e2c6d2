"""Rules: stacks."""
