"""Proofs as text, Markdown and JSON."""
