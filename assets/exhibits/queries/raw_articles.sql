-- numbers
SELECT
    count(*) AS pages,
    round(avg(length(text))) AS characters_per_page,
    round(coalesce(avg((media_type = 'text/html')::INT), 0), 4) AS share_html,
    round(coalesce(avg((repairs <> [])::INT), 0), 4) AS share_repaired
FROM raw_articles
-- preview
SELECT source_path, text[:300] AS text
FROM raw_articles
ORDER BY source_path
-- picture: pages by media type
SELECT media_type AS name, count(*) AS n
FROM raw_articles
GROUP BY ALL
