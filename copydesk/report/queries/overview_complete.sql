-- One row per column of articles that may be missing: how many articles have it.
SELECT 'overview' AS page_id, field, n
FROM (
    UNPIVOT (
        SELECT
            count(headline) AS headline,
            count(published_on) AS published_on,
            count(coalesce(outlet_id, outlet)) AS outlet,
            count(byline) AS byline,
            count(url) AS url,
            count(agency) AS agency
        FROM articles
        WHERE kind = 'article'
    ) ON COLUMNS(*) INTO NAME field VALUE n
)
ORDER BY n DESC, field
