"""Train the quotation tagger."""
