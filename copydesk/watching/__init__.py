"""Show what was newly said of what people watch: a table, and a feed."""
