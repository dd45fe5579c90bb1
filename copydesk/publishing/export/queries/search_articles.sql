-- Full-text search for SQLite over headlines and copy; the text itself stays in `articles`.
CREATE VIRTUAL TABLE articles_search USING fts5 (
    article_id UNINDEXED,
    headline,
    deck,
    body,
    content = 'articles',
    tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO articles_search (articles_search) VALUES ('rebuild');
