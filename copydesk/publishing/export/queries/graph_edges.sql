-- How often one speaks about another, in how many outlets, and when.
SELECT
    speaker_entity_id AS source,
    about_entity_id AS target,
    count(*) AS n_quotes,
    nullif(count(DISTINCT outlet), 0) AS n_outlets,
    min(published_on) AS first_on,
    max(published_on) AS last_on
FROM said_about
WHERE speaker_entity_id IS NOT NULL
GROUP BY ALL
ORDER BY source, target
