"""Queries of the commands `snapshots` and `diff`."""
