-- One row per person with a page.
SELECT
    entity_id AS page_id,
    name,
    roles,
    n_quotes,
    n_articles,
    n_outlets,
    n_mentions,
    first_seen,
    last_seen
FROM people
JOIN paged_people USING (entity_id)
ORDER BY page_id
