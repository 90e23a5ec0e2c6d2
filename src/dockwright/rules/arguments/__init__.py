"""Rules: arguments."""
