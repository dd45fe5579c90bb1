"""Parse each article once, in worker processes: mentions and quotations."""
