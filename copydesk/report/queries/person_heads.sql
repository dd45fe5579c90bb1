-- One row per person with a page.
SELECT
    entity_id AS page_id,
    people.name,
    roles,
    n_quotes,
    n_articles,
    n_outlets,
    n_mentions,
    first_seen,
    last_seen,
    w.wikidata_id,
    w.description AS wikidata_description
FROM people
JOIN paged_people USING (entity_id)
LEFT JOIN wikidata_ids AS w USING (entity_id)
ORDER BY page_id
