"""Names joined over all articles."""
