WITH named AS (
    SELECT m.article_id, e.label = 'PERSON' AS is_person,
           CASE WHEN e.label = 'PERSON' THEN e.entity_id ELSE lower(e.name) END AS name,
           bool_or(m.kind = 'named' AND contains(r.lead, m.text)) AS in_lead
    FROM {mentions} AS m JOIN leads AS r USING (article_id)
    JOIN {links} USING (mention_id) JOIN {entities} AS e USING (entity_id)
    WHERE e.label = 'PERSON' OR e.label IN ('GPE', 'LOC', 'FAC') AND e.country_code IS NULL
                                AND lower(e.name) NOT IN (SELECT place FROM seats)
    GROUP BY ALL
)
SELECT article_id,
       list(name) FILTER (is_person),
       list(name) FILTER (is_person AND in_lead),
       list(name) FILTER (NOT is_person),
       list(name) FILTER (NOT is_person AND in_lead)
FROM named GROUP BY article_id HAVING count(*) FILTER (is_person) >= {min_people}
ORDER BY article_id
