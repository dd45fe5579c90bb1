-- A single word that begins or ends one organisation's name, where an article has both and the longer
-- name is not rare: Saltport Gulls are the Gulls, but Holm is more than Holm Canteen.
WITH long AS (
    SELECT form_id, n, string_split(form, ' ') AS words FROM forms
    WHERE family = 'ORG' AND contains(form, ' ')
),
ends AS (
    SELECT form_id, n, words[1] AS word FROM long UNION SELECT form_id, n, words[-1] FROM long
    WHERE words[-2] NOT IN (FROM link_words)
),
pairs AS (
    SELECT DISTINCT s.form_id AS child, l.form_id AS parent, s.n > 1 AND l.n > 1 AND l.n * 3 >= s.n AS is_frequent
    FROM forms AS s JOIN ends AS l ON l.word = s.form
    WHERE s.family = 'ORG' AND length(s.form) >= 4
)
SELECT child, parent, 'short_form' AS rule, is_frequent AND (child, parent) IN (
    SELECT (p.child, p.parent) FROM pairs AS p
    JOIN seen AS one ON one.form_id = p.child
    JOIN seen AS other ON other.form_id = p.parent AND other.article_id = one.article_id
) AS is_evident
FROM pairs
