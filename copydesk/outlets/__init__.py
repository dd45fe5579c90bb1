"""Outlets over all articles."""
