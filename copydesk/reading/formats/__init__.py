"""One module for each format of input."""
