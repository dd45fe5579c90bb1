-- One row per entry of the search index, in the order of its number.
WITH entries AS (
    SELECT 0 AS kind, h.page_id AS id, NULL AS quote_id, h.name AS title,
        concat_ws(' · ', h.roles[1], h.n_quotes || if(h.n_quotes = 1, ' quotation', ' quotations'))
            AS note,
        concat_ws(' ', h.name, array_to_string(h.roles, ' '), n.names) AS words,
        row_number() OVER (ORDER BY h.n_quotes DESC, h.n_articles DESC, h.name, h.page_id) AS place
    FROM person_heads AS h
    LEFT JOIN (
        SELECT page_id, string_agg(name, ' ' ORDER BY name) AS names
        FROM person_names GROUP BY page_id
    ) AS n USING (page_id)
    UNION ALL
    SELECT 1, page_id, NULL, coalesce(headline, source_path),
        concat_ws(' · ', outlet, published_on),
        concat_ws(' ', headline, deck, outlet, byline),
        row_number() OVER (ORDER BY published_on DESC NULLS LAST, outlet, page_id)
    FROM article_heads
    WHERE kind = 'article'
    UNION ALL
    SELECT 2, q.page_id, q.quote_id, q.content,
        concat_ws(' · ', s.names, h.outlet, h.published_on),
        concat_ws(' ', q.content, s.names),
        row_number() OVER (
            ORDER BY h.published_on DESC NULLS LAST, h.outlet, q.page_id, q.starts[1], q.quote_id
        )
    FROM article_quotes AS q
    JOIN article_heads AS h USING (page_id)
    LEFT JOIN (
        SELECT page_id, quote_id, string_agg(name, '; ' ORDER BY rowid) AS names
        FROM article_speakers GROUP BY page_id, quote_id
    ) AS s USING (page_id, quote_id)
    WHERE q.is_speech AND q.assertion = 'said'
)
SELECT row_number() OVER (ORDER BY kind, place) - 1 AS number, kind, id, quote_id, title, note, words
FROM entries
ORDER BY number
