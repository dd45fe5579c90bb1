"""SQL that joins names over all articles: how they are compared, and one query for each rule."""
