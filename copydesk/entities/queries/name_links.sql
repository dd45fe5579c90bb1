CREATE TABLE referents AS
SELECT DISTINCT f.form_id AS head, f.family, f.key, entity_id(f.family, f.key) AS entity_id
FROM forms AS f WHERE f.form_id IN (SELECT head FROM assigned);

CREATE TABLE name_links AS
SELECT
    n.label, n.name, n.n, h.head, h.entity_id, h.family, h.key,
    CASE
        WHEN a.rule IS NOT NULL THEN a.rule
        WHEN n.is_best THEN 'own_name'
        WHEN f.family = 'country' THEN 'country_name'
        WHEN f.family = 'organisation' THEN 'known_name'
        WHEN n.label <> f.label THEN 'label_of_corpus'
        ELSE 'same_name'
    END AS rule
FROM names AS n
JOIN forms AS f USING (form_id)
JOIN assigned AS a USING (form_id)
JOIN referents AS h ON h.head = a.head;
