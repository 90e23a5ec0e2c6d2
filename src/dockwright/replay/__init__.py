"""Replay: what a layer cache would have kept over a git history, told from object ids without building anything."""
