-- numbers
SELECT
    count(*) AS entities,
    count(*) FILTER (label = 'PERSON') AS people,
    round(coalesce(avg(len(aliases)), 0), 2) AS names_per_entity,
    count(*) FILTER (n_articles > 1) AS in_many_articles
FROM entities
-- preview
SELECT name, label, n_articles, aliases
FROM entities
ORDER BY n_mentions DESC, name
-- picture: mentions by entity
SELECT name, n_mentions AS n
FROM entities
WHERE label IN ('PERSON', 'ORG', 'GPE')
