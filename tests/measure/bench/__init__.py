"""Benches: edits, copies, rounds, figures."""
