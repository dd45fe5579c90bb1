"""From pages to articles: lines, labels, and the copy that is left."""
