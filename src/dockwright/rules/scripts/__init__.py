"""Rules: scripts."""
