"""Renderers. Every one of them works on the same `Document`: the audit as plain, redacted, printable values."""
