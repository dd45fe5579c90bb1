-- numbers
SELECT
    count(DISTINCT name) AS outlets,
    count(*) FILTER (len(hosts) > 0) AS with_a_host,
    count(*) FILTER (country IS NOT NULL) AS with_a_country
FROM outlets
-- preview
SELECT name, country, kind, hosts, names, n_articles
FROM outlets
ORDER BY n_articles DESC, name
-- picture: articles by outlet
SELECT name, sum(n_articles) AS n
FROM outlets
GROUP BY name
