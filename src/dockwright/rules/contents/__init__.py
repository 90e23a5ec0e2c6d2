"""Rules: contents."""
