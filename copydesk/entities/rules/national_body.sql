-- A body without its country (Air Force), where one country's is known and an article has both.
WITH pairs AS (
    SELECT s.form_id AS child, l.form_id AS parent
    FROM forms AS l
    JOIN nations AS c
    ON split_part(l.form, ' ', 1) = split_part(c.form, ' ', 1) AND starts_with(l.form, c.form || ' ')
    JOIN forms AS s ON s.form = substr(l.form, length(c.form) + 2)
    WHERE l.family IN ('ORG', 'organisation') AND s.family = 'ORG' AND contains(s.form, ' ')
)
SELECT DISTINCT child, parent, 'national_body' AS rule, (child, parent) IN (
    SELECT (p.child, p.parent) FROM pairs AS p
    JOIN seen AS one ON one.form_id = p.child
    JOIN seen AS other ON other.form_id = p.parent AND other.article_id = one.article_id
) AS is_evident
FROM pairs
