-- One row per story with two or more articles, the largest first, 100 to a page of the list.
WITH counted AS (
    SELECT
        s.story_id,
        min(a.headline) FILTER (s.is_representative) AS headline,
        min(a.published_on) AS first_day,
        max(a.published_on) AS last_day,
        count(*) AS n_articles,
        count(DISTINCT p.outlet) AS n_outlets
    FROM stories AS s
    JOIN articles AS a USING (article_id)
    JOIN placed_articles AS p USING (article_id)
    GROUP BY s.story_id
    HAVING count(*) > 1
),
listed AS (
    SELECT
        *,
        row_number() OVER (ORDER BY n_articles DESC, last_day DESC NULLS LAST, story_id) - 1 AS place
    FROM counted
)
SELECT
    (place // 100 + 1)::VARCHAR AS page_id,
    (count(*) OVER () + 99) // 100 AS n_pages,
    * EXCLUDE (place)
FROM listed
ORDER BY place
