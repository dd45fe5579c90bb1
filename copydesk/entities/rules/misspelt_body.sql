-- A rare name of several words, one letter off a frequent one of its kind (Gulf of Osslo) or off any
-- name of a country that is (United State). A single letter leaves one half of the frequent name
-- unchanged, so candidates are names that share a half.
WITH written AS (
    SELECT form_id, family, n, replace(form, ' ', '') AS letters, length(letters) AS n_letters
    FROM forms
    WHERE family IN ('ORG', 'GPE', 'LOC', 'FAC') AND contains(form, ' ') AND NOT regexp_matches(form, '[0-9]')
),
frequent AS (
    SELECT *, n_letters AS size FROM written WHERE n >= 5 AND n_letters >= 10
    UNION ALL
    SELECT f.form_id, 'GPE', f.n, replace(c.form, ' ', '') AS letters, length(letters) AS n_letters, n_letters
    FROM country_names AS c JOIN forms AS f ON f.family = 'country' AND f.key = c.code
    WHERE contains(c.form, ' ') AND n_letters >= 10 AND f.n >= 5
),
rare AS (
    SELECT *, unnest([n_letters - 1, n_letters, n_letters + 1]) AS size
    FROM written WHERE n * 5 <= (SELECT max(n) FROM frequent)
),
halves AS (
    SELECT form_id, family, n, letters, size, unnest([left(letters, size // 2), right(letters, size - size // 2)]) AS half, unnest([0, 1]) AS side
    FROM rare
),
frequent_halves AS (
    SELECT form_id, family, n, letters, size, unnest([left(letters, size // 2), right(letters, size - size // 2)]) AS half, unnest([0, 1]) AS side
    FROM frequent
)
SELECT DISTINCT c.form_id AS child, p.form_id AS parent, 'misspelt_name' AS rule, true AS is_evident
FROM halves AS c JOIN frequent_halves AS p
ON c.family = p.family AND c.size = p.size AND c.side = p.side AND c.half = p.half
    AND left(c.letters, 1) = left(p.letters, 1)
WHERE c.n * 5 <= p.n AND damerau_levenshtein(c.letters, p.letters) = 1
