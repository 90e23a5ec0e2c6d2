"""Rules: caching."""
