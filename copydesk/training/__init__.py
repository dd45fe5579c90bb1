"""Train the weights that the library ships; needs the extra `train`, and gold files."""
