"""Rules: contexts."""
