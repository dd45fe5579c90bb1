"""SQL that compares two snapshots, a file for each kind of thing; `publishing.diff` runs it."""
