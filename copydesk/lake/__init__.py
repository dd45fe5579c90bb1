"""Delta tables, snapshots, history and upkeep."""
