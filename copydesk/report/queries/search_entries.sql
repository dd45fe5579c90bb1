-- One row per entry of the search index, by its volume and in the order of its number.
WITH found AS (
    SELECT 1 AS kind, a.article_id AS id, NULL AS quote_id,
        coalesce(a.headline, r.source_path) AS title,
        concat_ws(' · ', p.outlet, strftime(a.published_on, '%-d %B %Y')) AS note,
        concat_ws(' ', a.headline, a.deck, p.outlet, a.byline) AS words,
        a.published_on, p.outlet, a.article_id, 0 AS start
    FROM articles AS a
    JOIN placed_articles AS p USING (article_id)
    JOIN raw_articles AS r USING (article_id)
    WHERE a.kind = 'article'
    UNION ALL
    SELECT 2, s.article_id, s.quote_id, s.content,
        concat_ws(' · ', s.speaker, s.outlet, strftime(s.published_on, '%-d %B %Y')),
        concat_ws(' ', s.content, s.speaker),
        s.published_on, s.outlet, s.article_id, s.content_spans[1].start
    FROM said AS s
),
placed AS (
    SELECT
        CASE
            WHEN y.is_cut THEN strftime(f.published_on, '%Y-%m')
            ELSE coalesce(y.year::VARCHAR, 'undated')
        END AS page_id,
        f.*
    FROM found AS f
    LEFT JOIN search_years AS y ON y.year = year(f.published_on)
),
entries AS (
    SELECT
        page_id, kind, id, quote_id, title, note, words,
        row_number() OVER (
            PARTITION BY page_id
            ORDER BY kind, published_on DESC NULLS LAST, outlet, article_id, start, quote_id
        ) AS place
    FROM placed
    UNION ALL
    SELECT
        'people', 0, e.entity_id, NULL, e.name,
        concat_ws(' · ', e.roles[1], e.n_quotes || if(e.n_quotes = 1, ' quotation', ' quotations')),
        concat_ws(
            ' ', e.name, array_to_string(e.roles, ' '), array_to_string(e.aliases, ' ')
        ),
        row_number() OVER (ORDER BY e.n_quotes DESC, e.n_articles DESC, e.name, e.entity_id)
    FROM people AS e
    JOIN paged_people USING (entity_id)
)
SELECT
    page_id,
    place - 1 AS number,
    kind,
    id,
    quote_id,
    left(title, 240) AS title,
    left(note, 240) AS note,
    words
FROM entries
ORDER BY page_id, number
