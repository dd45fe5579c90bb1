-- A rare full name one letter off a frequent one; no other name has the differing word.
WITH words AS (
    SELECT word FROM (
        SELECT given AS word, surname AS other FROM people UNION ALL SELECT surname, given FROM people
    ) GROUP BY word HAVING count(DISTINCT other) <= 2
),
full_names AS (
    SELECT form_id, n, given, surname, initial, suffix, middle_initials FROM people WHERE is_full
),
frequent AS (FROM full_names WHERE n >= 3),
rare AS (FROM full_names WHERE n * 3 <= (SELECT max(n) FROM people)),
odd_surnames AS (FROM rare WHERE surname IN (FROM words)),
odd_given_names AS (FROM rare WHERE given IN (FROM words)),
pairs AS (
    SELECT c.form_id AS child, p.form_id AS parent FROM odd_surnames AS c JOIN frequent AS p
    ON c.given = p.given AND left(c.surname, 3) = left(p.surname, 3)
    WHERE
        c.suffix = p.suffix AND c.middle_initials = p.middle_initials
        AND c.n * 3 <= p.n AND length(p.surname) >= 5 AND abs(length(c.surname) - length(p.surname)) <= 1
        AND damerau_levenshtein(c.surname, p.surname) = 1
    UNION ALL
    SELECT c.form_id, p.form_id FROM odd_surnames AS c JOIN frequent AS p
    ON c.given = p.given AND right(c.surname, 3) = right(p.surname, 3)
    WHERE
        c.suffix = p.suffix AND c.middle_initials = p.middle_initials
        AND c.n * 3 <= p.n AND length(p.surname) >= 5 AND abs(length(c.surname) - length(p.surname)) <= 1
        AND damerau_levenshtein(c.surname, p.surname) = 1
    UNION ALL
    SELECT c.form_id, p.form_id FROM odd_given_names AS c JOIN frequent AS p
    ON c.surname = p.surname AND c.initial = p.initial
    WHERE
        c.suffix = p.suffix AND c.middle_initials = p.middle_initials
        AND c.n * 3 <= p.n AND length(p.given) >= 4 AND damerau_levenshtein(c.given, p.given) = 1
        AND jaro_winkler_similarity(c.given, p.given) >= 0.9
        -- Paul and Paula, Mario and Maria
        AND NOT starts_with(c.given, left(p.given, greatest(length(c.given), length(p.given)) - 1))
)
SELECT DISTINCT child, parent, 'misspelt_name' AS rule, true AS is_evident
FROM pairs WHERE child <> parent
