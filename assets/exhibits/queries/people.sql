-- numbers
SELECT
    count(*) AS people,
    count(*) FILTER (n_quotes > 0) AS quoted,
    round(coalesce(avg((roles <> [])::INT), 0), 4) AS share_with_role
FROM people
-- preview
SELECT name, roles, n_quotes
FROM people
ORDER BY n_quotes DESC, n_articles DESC, name
-- picture: articles by person
SELECT name, n_articles AS n
FROM people
