"""Make a minimal, anonymised case of a page that came out wrong."""
