"""Queries of exports; `datasets` and `formats` load them."""
