"""Builds that others measured: metadata files, provenance, build histories, and exports of other ledgers."""
