-- Names, as hashes, that stand for a person, known by an id, or a place, known by its name; names
-- of countries and of seats of power say nothing of where something happened.
SELECT (md5_number_lower(concat_ws(chr(31), l.label, l.name)) >> 1)::BIGINT AS name,
       e.label = 'PERSON' AS is_person,
       CASE WHEN e.label = 'PERSON' THEN e.entity_id ELSE lower(e.name) END AS called
FROM {name_links} AS l JOIN {entities} AS e USING (entity_id)
WHERE e.label = 'PERSON' OR e.label IN ('GPE', 'LOC', 'FAC') AND e.country_code IS NULL
                            AND lower(e.name) NOT IN (SELECT place FROM seats)
