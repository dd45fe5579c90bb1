"""Show the Dagster UI of a small project: the pictures of the tour, and the browser test."""
