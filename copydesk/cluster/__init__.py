"""The heavy step on several machines: batches go out as keys, and files of rows come back."""
