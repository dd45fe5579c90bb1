"""Queries of the package `lake`, one a file."""
