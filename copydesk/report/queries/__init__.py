"""Queries of the report; the first column is the page that a row is for."""
