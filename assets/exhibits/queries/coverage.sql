-- numbers
SELECT
    count(DISTINCT outlet) AS outlets,
    coalesce(sum(n_articles), 0) AS articles,
    coalesce(sum(n_stories), 0) AS stories,
    round(coalesce(sum(n_quotes * named_share) / nullif(sum(n_quotes), 0), 0), 4)
        AS share_of_named_sources
FROM coverage
-- preview
SELECT outlet, month, n_quotes, named_share
FROM coverage
ORDER BY n_articles DESC, outlet, month
-- picture: quotations by outlet
SELECT coalesce(outlet, 'not stated') AS name, sum(n_quotes) AS n
FROM coverage
GROUP BY ALL
