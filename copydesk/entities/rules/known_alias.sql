-- A name that articles use for another one which they explain: NH for Northern Haulage.
WITH aliases AS (
    SELECT n.form_id AS parent, a.alias, f.label
    FROM (FROM aliases WHERE alias <> name) AS a
    JOIN names AS n USING (label, name)
    JOIN forms AS f ON f.form_id = n.form_id
    WHERE f.family NOT IN ('PERSON', 'country')
)
SELECT DISTINCT n.form_id AS child, a.parent, 'known_alias' AS rule, true AS is_evident
FROM aliases AS a JOIN names AS n ON n.name = a.alias
JOIN forms AS f ON f.form_id = n.form_id
WHERE n.form_id <> a.parent AND f.family NOT IN ('PERSON', 'country')
