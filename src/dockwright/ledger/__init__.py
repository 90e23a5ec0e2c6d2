"""Measured builds, sizes and benches over time, in SQLite."""
