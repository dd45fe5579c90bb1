-- One row per entry of the search index, in the order of its number.
WITH entries AS (
    SELECT 0 AS kind, e.entity_id AS id, NULL AS quote_id, e.name AS title,
        concat_ws(' · ', e.roles[1], e.n_quotes || if(e.n_quotes = 1, ' quotation', ' quotations'))
            AS note,
        concat_ws(
            ' ', e.name, array_to_string(e.roles, ' '), array_to_string(e.aliases, ' ')
        ) AS words,
        row_number() OVER (ORDER BY e.n_quotes DESC, e.n_articles DESC, e.name, e.entity_id) AS place
    FROM people AS e
    JOIN paged_people USING (entity_id)
    UNION ALL
    SELECT 1, a.article_id, NULL, coalesce(a.headline, r.source_path),
        concat_ws(' · ', p.outlet, a.published_on),
        concat_ws(' ', a.headline, a.deck, p.outlet, a.byline),
        row_number() OVER (ORDER BY a.published_on DESC NULLS LAST, p.outlet, a.article_id)
    FROM articles AS a
    JOIN placed_articles AS p USING (article_id)
    JOIN raw_articles AS r USING (article_id)
    WHERE a.kind = 'article'
    UNION ALL
    SELECT 2, s.article_id, s.quote_id, s.content,
        concat_ws(' · ', s.speaker, s.outlet, s.published_on),
        concat_ws(' ', s.content, s.speaker),
        row_number() OVER (
            ORDER BY s.published_on DESC NULLS LAST, s.outlet, s.article_id,
                s.content_spans[1].start, s.quote_id
        )
    FROM said AS s
)
SELECT row_number() OVER (ORDER BY kind, place) - 1 AS number, kind, id, quote_id, title, note, words
FROM entries
ORDER BY number
