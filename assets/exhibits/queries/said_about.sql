-- numbers
SELECT
    count(*) AS mentions_in_quotations,
    count(DISTINCT quote_id) AS quotations,
    count(DISTINCT about_entity_id) AS spoken_about
FROM said_about
-- preview
SELECT speaker, about, content
FROM said_about
ORDER BY speaker IS NULL, quote_id, about
-- picture: who is spoken about
SELECT about AS name, count(*) AS n
FROM said_about
GROUP BY ALL
