"""Text as characters: quotation marks, lines and dates."""
