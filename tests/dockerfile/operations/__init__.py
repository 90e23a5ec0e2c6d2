"""Tests of the build graph."""
