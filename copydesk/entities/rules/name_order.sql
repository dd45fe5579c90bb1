-- A rare full name whose two words are those of a frequent one, the other way round.
SELECT c.form_id AS child, p.form_id AS parent, 'name_order' AS rule, true AS is_evident
FROM people AS c JOIN people AS p ON c.given = p.surname AND c.surname = p.given
WHERE
    c.form_id <> p.form_id AND c.is_full AND len(c.middle) = 0 AND len(p.middle) = 0
    AND c.suffix = p.suffix AND c.n * 4 <= p.n AND p.n >= 4
