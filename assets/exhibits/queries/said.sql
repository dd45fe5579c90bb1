-- numbers
SELECT
    count(*) AS quotations,
    count(DISTINCT speaker_entity_id) AS speakers,
    round(coalesce(avg((speaker IS NOT NULL)::INT), 0), 4) AS share_with_speaker,
    count(DISTINCT outlet) AS outlets
FROM said
-- preview
SELECT speaker, role, content
FROM said
ORDER BY speaker IS NULL, role IS NULL, quote_id
-- picture: quotations by speaker
SELECT coalesce(speaker, 'nobody is named') AS name, count(*) AS n
FROM said
GROUP BY ALL
