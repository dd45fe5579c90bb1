"""Queries of the commands, one a file."""
