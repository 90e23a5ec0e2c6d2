"""Sends the bills."""
