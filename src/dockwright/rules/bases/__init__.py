"""Rules: bases."""
