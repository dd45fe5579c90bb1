"""Train what `copydesk.models` holds; needs the extra `train`, and gold files."""
