-- Full-text search for SQLite over what is said; the text itself stays in `quotes`.
CREATE VIRTUAL TABLE quotes_search USING fts5 (
    quote_id UNINDEXED,
    content,
    content = 'quotes',
    tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO quotes_search (quotes_search) VALUES ('rebuild');
