"""Queries of the package `publishing`, one a file."""
