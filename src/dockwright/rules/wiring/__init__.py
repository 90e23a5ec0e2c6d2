"""Rules: wiring."""
