-- One row per outlet: what is known of it, and how much it published.
WITH known AS (
    SELECT
        name,
        min(country) AS country,
        min(kind) AS kind,
        list_sort(list_distinct(flatten(list(hosts)))) AS hosts,
        list_sort(list_distinct(flatten(list(names)))) AS names
    FROM outlets
    GROUP BY name
),
counted AS (
    SELECT a.outlet, count(*) AS n_articles, count(DISTINCT s.story_id) AS n_stories
    FROM placed_articles AS a
    LEFT JOIN stories AS s USING (article_id)
    WHERE a.outlet IS NOT NULL
    GROUP BY a.outlet
)
SELECT
    md5(c.outlet) AS page_id,
    c.outlet,
    k.country,
    k.kind,
    k.hosts,
    k.names,
    c.n_articles,
    c.n_stories
FROM counted AS c
LEFT JOIN known AS k ON k.name = c.outlet
ORDER BY page_id
