"""What the machine does to a run: folders for temporary files, and why a step failed."""
