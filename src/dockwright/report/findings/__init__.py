"""Findings alone, as `dockwright check` prints them: one per line, for people, for GitHub, for programs."""
