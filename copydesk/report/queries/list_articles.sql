-- One row per page that was read, the newest first, 100 to a page of the list.
WITH listed AS (
    SELECT
        a.article_id,
        a.headline,
        p.outlet,
        a.published_on,
        a.kind,
        coalesce(q.n_quotes, 0) AS n_quotes,
        row_number() OVER (
            ORDER BY a.published_on DESC NULLS LAST, p.outlet NULLS LAST, a.article_id
        ) - 1 AS place
    FROM articles AS a
    JOIN placed_articles AS p USING (article_id)
    LEFT JOIN (SELECT article_id, count(*) AS n_quotes FROM said GROUP BY article_id) AS q
        USING (article_id)
)
SELECT
    (place // 100 + 1)::VARCHAR AS page_id,
    (count(*) OVER () + 99) // 100 AS n_pages,
    * EXCLUDE (place)
FROM listed
ORDER BY place
