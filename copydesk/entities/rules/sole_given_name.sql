-- A bare given name that only one person has, where an article uses it for that person or next to
-- another member of the family: Ida, in an article about Paul Brandt.
WITH pairs AS (
    SELECT f.form_id AS child, f.name, min(p.form_id) AS parent, min(p.surname) AS surname,
        count(DISTINCT p.form_id) = 1 AS is_sole
    FROM forms AS f JOIN people AS p ON p.given = f.form
    LEFT JOIN links AS l ON l.child = p.form_id
    WHERE
        f.family = 'PERSON' AND NOT contains(f.form, ' ') AND length(f.form) >= 4
        AND l.child IS NULL
    GROUP BY f.form_id, f.name
),
called AS (
    SELECT p.child FROM pairs AS p
    JOIN names AS n ON n.form_id = p.parent
    JOIN aliases AS a ON a.label = n.label AND a.name = n.name AND a.alias = p.name
),
kin AS (
    SELECT p.child FROM pairs AS p
    JOIN seen AS one ON one.form_id = p.child
    JOIN seen AS other USING (article_id)
    JOIN people AS q ON q.form_id = other.form_id AND q.surname = p.surname
    WHERE p.is_sole
)
SELECT child, parent, 'sole_given_name' AS rule,
    child IN (FROM called) OR child IN (FROM kin) AS is_evident
FROM pairs WHERE is_sole
