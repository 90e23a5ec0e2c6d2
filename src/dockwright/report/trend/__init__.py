"""Trends on a terminal, as JSON and as SVG."""
