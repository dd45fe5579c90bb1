"""Queries of the package `pipelines`, one a file."""
