"""Formats: how a `Picture` is written."""
