"""Rules: dead."""
