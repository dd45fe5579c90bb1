"""Gold files and invented articles."""
