"""Typed instructions: what each Dockerfile instruction says, with a span for every part."""
