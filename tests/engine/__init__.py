"""Differential tests with a real engine: what we say of files and Dockerfiles, and what BuildKit does with them.

Everything is generated from seeds, so that a run can be repeated; `DOCKWRIGHT_ENGINE_SEED` tries others.
"""
