"""Proofs: what can be shown of two states of a repository, and the first difference where it cannot."""
