"""Measured builds on real engines: predictions held against what happened, and the classic reorder."""
