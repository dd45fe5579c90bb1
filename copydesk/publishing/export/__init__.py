"""One module for each format of export."""
