"""Processes that benchmarks start: apart from their own, and gone with it."""
