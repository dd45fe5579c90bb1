-- A rare full name one letter off a frequent one; the odd word is nobody else's name.
WITH words AS (
    SELECT word, count(DISTINCT other) AS n_others FROM (
        SELECT given AS word, surname AS other FROM people UNION ALL SELECT surname, given FROM people
    ) GROUP BY word
),
frequent AS (SELECT * FROM people WHERE n >= 3 AND is_full),
rare AS (
    SELECT p.* FROM people AS p WHERE n <= (SELECT max(n) FROM people) / 3 AND is_full
),
pairs AS (
    SELECT c, p FROM rare AS c JOIN frequent AS p
    ON c.given = p.given AND left(c.surname, 3) = left(p.surname, 3)
    WHERE c.n * 3 <= p.n AND damerau_levenshtein(c.surname, p.surname) = 1
    UNION ALL
    SELECT c, p FROM rare AS c JOIN frequent AS p
    ON c.given = p.given AND right(c.surname, 3) = right(p.surname, 3)
    WHERE c.n * 3 <= p.n AND damerau_levenshtein(c.surname, p.surname) = 1
    UNION ALL
    SELECT c, p FROM rare AS c JOIN frequent AS p
    ON c.surname = p.surname AND c.initial = p.initial
    WHERE c.n * 3 <= p.n AND damerau_levenshtein(c.given, p.given) = 1
)
SELECT DISTINCT c.form_id AS child, p.form_id AS parent, 'misspelt_name' AS rule, true AS is_evident
FROM pairs
JOIN words AS w ON w.word = CASE WHEN c.given = p.given THEN c.surname ELSE c.given END
WHERE
    c.form_id <> p.form_id AND c.suffix = p.suffix
    AND c.middle_initials = p.middle_initials AND w.n_others <= 2
    AND CASE
        WHEN c.given = p.given THEN
            length(p.surname) >= 5
        ELSE
            length(p.given) >= 4
            AND jaro_winkler_similarity(c.given, p.given) >= 0.9
            -- Paul and Paula, Mario and Maria
            AND NOT starts_with(c.given, left(p.given, greatest(length(c.given), length(p.given)) - 1))
    END
