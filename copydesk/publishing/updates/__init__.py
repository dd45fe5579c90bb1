"""Queries that bring the stored views of a catalogue from one snapshot to another."""
