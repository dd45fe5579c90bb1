"""Word lists and patterns, kept as data with the examples that made us write them."""
