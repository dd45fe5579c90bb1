"""Queries of the package `statements`, one a file."""
