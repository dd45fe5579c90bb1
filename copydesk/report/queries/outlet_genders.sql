-- One row per outlet and gender of the people it quotes, with unknown as one of them.
SELECT
    md5(s.outlet) AS page_id,
    coalesce(g.gender, 'unknown') AS gender,
    count(*) AS n_quotes,
    count(DISTINCT s.speaker_entity_id) AS n_people
FROM said AS s
LEFT JOIN genders AS g ON g.entity_id = s.speaker_entity_id
WHERE s.outlet IS NOT NULL AND s.source_kind IN ('person', 'unnamed_person')
GROUP BY s.outlet, coalesce(g.gender, 'unknown')
ORDER BY page_id, gender
