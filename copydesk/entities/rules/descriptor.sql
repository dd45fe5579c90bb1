-- An organisation without the words that say what it does: Holm Air for Holm Air Group.
WITH shortened AS (
    SELECT form_id, short_form(form) AS short, descriptor_form(substr(form, length(short) + 2)) AS rest
    FROM forms WHERE family = 'ORG'
),
sole AS (
    SELECT short, count(DISTINCT rest) = 1 AS is_sole FROM shortened WHERE rest <> '' GROUP BY short
)
SELECT l.form_id AS child, s.form_id AS parent, 'descriptor' AS rule, is_sole AS is_evident
FROM shortened AS l
JOIN sole USING (short)
JOIN forms AS s ON s.form = l.short AND s.family = 'ORG'
WHERE l.rest <> '' AND length(l.short) >= 3
