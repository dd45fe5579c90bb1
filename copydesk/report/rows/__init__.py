"""The rows that pages are made from: for each kind of page its queries, and what they return."""
