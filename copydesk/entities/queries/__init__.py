"""Queries of the package `entities`, one a file."""
