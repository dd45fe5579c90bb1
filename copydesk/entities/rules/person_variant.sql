-- Full names that can be one person's: the same surname, given names that agree, and no middle name
-- that contradicts.
WITH blocked AS (
    SELECT c, p FROM people AS c JOIN people AS p
    ON c.surname_key = p.surname_key AND c.given_key = p.given_key AND c.suffix = p.suffix
    UNION ALL
    SELECT c, p FROM people AS c JOIN people AS p
    ON c.surname_key = p.surname_key AND c.initial = p.initial AND c.suffix = p.suffix
    WHERE NOT c.is_full AND p.is_full
),
pairs AS (
    SELECT DISTINCT
        c.form_id AS child,
        p.form_id AS parent,
        CASE
            WHEN NOT c.is_full THEN 'initials'
            WHEN c.surname = p.surname AND c.given = p.given THEN 'middle_name'
            WHEN c.surname = p.surname AND c.given_sound <> p.given_sound THEN 'nickname'
            ELSE 'transliteration'
        END AS rule
    FROM blocked
    WHERE
        c.form_id <> p.form_id AND c.rank < p.rank
        AND (starts_with(c.middle_initials, p.middle_initials) OR starts_with(p.middle_initials, c.middle_initials))
        AND (
            len(c.middle) = 0 OR len(p.middle) = 0 OR c.middle[1] = p.middle[1]
            OR length(c.middle[1]) = 1 OR length(p.middle[1]) = 1
        )
    UNION ALL
    -- Erik Ole Holm goes by Ole Holm, where somebody writes E. Ole Holm.
    SELECT c.form_id, p.form_id, 'middle_name'
    FROM people AS p
    JOIN people AS b ON b.surname = p.surname AND b.suffix = p.suffix AND b.given = p.initial
    JOIN people AS c ON c.surname = p.surname AND c.suffix = p.suffix AND c.given = p.middle[1]
    WHERE p.is_full AND len(p.middle) = 1 AND b.middle = p.middle AND len(c.middle) = 0
        AND c.form_id NOT IN (p.form_id, b.form_id) AND c.rank < p.rank
)
-- One article writes an initial, or a name from another alphabet, in one way: two such names in one
-- article may be two people's.
SELECT child, parent, min(rule) AS rule, min(rule) IN ('middle_name', 'nickname') OR (child, parent) NOT IN (
    SELECT (p.child, p.parent) FROM pairs AS p
    JOIN seen AS one ON one.form_id = p.child
    JOIN seen AS other ON other.form_id = p.parent AND other.article_id = one.article_id
) AS is_evident
FROM pairs GROUP BY child, parent
