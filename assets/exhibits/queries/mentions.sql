-- numbers
SELECT
    count(*) AS mentions,
    round(count(*) / greatest((SELECT count(*) FROM articles), 1), 2) AS mentions_per_article,
    round(coalesce(avg((chain_id IS NOT NULL)::INT), 0), 4) AS share_resolved,
    round(coalesce(avg((kind = 'named')::INT), 0), 4) AS share_named
FROM mentions
-- preview
SELECT text, label, kind
FROM mentions
ORDER BY mention_id
-- picture: mentions by entity type
SELECT label AS name, count(*) AS n
FROM mentions
GROUP BY ALL
