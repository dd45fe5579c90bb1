"""SQL that tells two snapshots apart, a file for each kind of thing; run by `copydesk.changes`."""
