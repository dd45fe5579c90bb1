"""Queries of the package `stories`, one a file."""
