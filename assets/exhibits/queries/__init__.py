"""One file for each asset: its numbers, its preview, and the amounts of its chart."""
