"""Read the tree of an HTML page: its boxes and lines, and what each of them is."""
