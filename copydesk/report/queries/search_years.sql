-- The years in which articles were published, and whether one has more than 20,000 articles and
-- quotations: then each of its months is a volume of the search index.
SELECT year(published_on) AS year, count(*) > 20000 AS is_cut
FROM (
    SELECT published_on FROM articles WHERE kind = 'article'
    UNION ALL
    SELECT published_on FROM said
)
WHERE year(published_on) BETWEEN 1000 AND 9999
GROUP BY year(published_on)
