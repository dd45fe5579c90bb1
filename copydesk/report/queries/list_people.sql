-- One row per person, whoever is quoted most first, 100 to a page of the list.
WITH listed AS (
    SELECT
        e.name,
        q.entity_id AS person_id,
        e.roles[1] AS role,
        e.n_quotes,
        e.n_articles,
        e.n_outlets,
        row_number() OVER (
            ORDER BY e.n_quotes DESC, e.n_articles DESC, e.name, e.entity_id
        ) - 1 AS place
    FROM people AS e
    LEFT JOIN paged_people AS q USING (entity_id)
)
SELECT
    (place // 100 + 1)::VARCHAR AS page_id,
    (count(*) OVER () + 99) // 100 AS n_pages,
    * EXCLUDE (place)
FROM listed
ORDER BY place
