-- Who speaks about somebody, and who and what is spoken about.
WITH placed AS (
    SELECT speaker_entity_id AS entity_id, 1 AS spoke, 0 AS was_named FROM said_about
    WHERE speaker_entity_id IS NOT NULL
    UNION ALL
    SELECT about_entity_id, 0, 1 FROM said_about WHERE speaker_entity_id IS NOT NULL
)
SELECT
    e.entity_id AS id,
    e.name,
    e.label,
    e.country_code,
    w.wikidata_id,
    sum(p.spoke) AS n_speaks,
    sum(p.was_named) AS n_spoken_about
FROM placed AS p
JOIN entities AS e USING (entity_id)
LEFT JOIN wikidata_ids AS w USING (entity_id)
GROUP BY ALL
ORDER BY e.entity_id
