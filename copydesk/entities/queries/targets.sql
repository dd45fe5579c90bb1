-- The entities that a name may mean, as people tell them apart, the most frequent first.
SELECT
    (SELECT max_by(name, (n, name)) FROM names AS n WHERE n.form_id = f.form_id) AS name,
    CASE WHEN f.family = 'country' THEN 'GPE' ELSE f.label END AS label,
    entity_id(f.family, f.key) AS id,
    (SELECT sum(n.n)::BIGINT FROM names AS n JOIN assigned AS a USING (form_id) WHERE a.head = f.form_id) AS n_mentions
FROM forms AS f
WHERE f.form_id IN (SELECT unnest($heads))
ORDER BY n_mentions DESC, id
