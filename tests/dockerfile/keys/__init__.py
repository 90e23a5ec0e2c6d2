"""Tests of cache keys."""
