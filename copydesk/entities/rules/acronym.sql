-- An acronym, and the names that it abbreviates, with small words or without. Of three letters or
-- less it means many things: a third of the articles that have it must have the longer name, too, or
-- the longer name is the more frequent one of three letters.
WITH long AS (
    SELECT form_id, n, unnest(list_distinct([
        upper(array_to_string(list_transform(words, lambda w: left(w, 1)), '')),
        array_to_string([left(w, 1) FOR w IN words IF left(w, 1) <> lower(left(w, 1))], '')
    ])) AS initials
    FROM (
        SELECT form_id, n, regexp_extract_all(name, '\pL[\pL''’]*') AS words FROM forms
        WHERE family NOT IN ('PERSON', 'country') AND contains(form, ' ')
    )
),
short AS (
    SELECT form_id, n, upper(replace(name, '.', '')) AS initials FROM forms
    WHERE
        family NOT IN ('PERSON', 'country', 'NORP')
        AND regexp_matches(replace(name, '.', ''), '^[A-Z][A-Za-z]?[A-Z&]{1,5}$|^[A-Z]{2}$')
),
pairs AS (
    SELECT DISTINCT s.form_id AS child, l.form_id AS parent, length(s.initials) > 3 OR (length(s.initials) = 3 AND l.n >= greatest(s.n, 2)) AS is_sure
    FROM short AS s JOIN long AS l USING (initials) WHERE s.form_id <> l.form_id
),
together AS (
    SELECT p.child, p.parent, count(*) AS n
    FROM pairs AS p
    JOIN seen AS one ON one.form_id = p.child
    JOIN seen AS other ON other.form_id = p.parent AND other.article_id = one.article_id
    GROUP BY ALL
)
SELECT p.child, p.parent, 'acronym' AS rule, is_sure OR coalesce(t.n, 0) * 3 >= a.n_articles AS is_evident
FROM pairs AS p
JOIN spread AS a ON a.form_id = p.child
LEFT JOIN together AS t USING (child, parent)
