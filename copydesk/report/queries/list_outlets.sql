-- One row per outlet, by name, 100 to a page of the list.
WITH voiced AS (
    SELECT outlet, count(*) AS n_quotes, count(speaker) / count(*) AS named_share
    FROM said
    GROUP BY outlet
),
counted AS (
    SELECT outlet, count(*) AS n_articles
    FROM placed_articles
    WHERE outlet IS NOT NULL
    GROUP BY outlet
),
listed AS (
    SELECT
        a.outlet,
        a.n_articles,
        coalesce(v.n_quotes, 0) AS n_quotes,
        v.named_share,
        row_number() OVER (ORDER BY lower(a.outlet), a.outlet) - 1 AS place
    FROM counted AS a
    LEFT JOIN voiced AS v USING (outlet)
)
SELECT
    (place // 100 + 1)::VARCHAR AS page_id,
    (count(*) OVER () + 99) // 100 AS n_pages,
    * EXCLUDE (place)
FROM listed
ORDER BY place
