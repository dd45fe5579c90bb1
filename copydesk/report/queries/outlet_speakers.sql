-- One row per outlet and speaker whom it quotes most, 30 of each.
SELECT
    md5(s.outlet) AS page_id,
    s.speaker,
    min(p.entity_id) AS person_id,
    mode(s.role ORDER BY s.role) AS role,
    count(*) AS n_quotes
FROM said AS s
LEFT JOIN paged_people AS p ON p.entity_id = s.speaker_entity_id
WHERE s.outlet IS NOT NULL AND s.speaker IS NOT NULL
GROUP BY s.outlet, s.speaker, s.speaker_entity_id
QUALIFY row_number() OVER (
    PARTITION BY s.outlet ORDER BY n_quotes DESC, s.speaker, s.speaker_entity_id
) <= 30
ORDER BY page_id, n_quotes DESC, s.speaker, s.speaker_entity_id
