"""Train the line model."""
