"""Queries that find the same statement in two snapshots."""
