"""One Dagster asset per table, and the checks on them."""
