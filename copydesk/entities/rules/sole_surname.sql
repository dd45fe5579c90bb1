-- A bare surname, and the people of that surname. An article that has it alone must speak for the
-- person: it has other names that an article about the person has, too. Names that many articles
-- have say nothing. Somebody who outnumbers all others of the surname by far needs no such article,
-- for everybody knows who is meant. Parts that are used twice are made once: DuckDB would inline them.
WITH lone AS (
    SELECT form_id, form, n FROM forms WHERE family = 'PERSON' AND NOT contains(form, ' ')
),
pairs AS MATERIALIZED (
    SELECT DISTINCT f.form_id AS child, p.form_id AS parent
    FROM lone AS f JOIN people AS p ON p.surname = f.form
),
-- What articles say of a surname counts only where all people who may be meant are one already.
sole AS (
    SELECT p.child FROM pairs AS p LEFT JOIN links AS l ON l.child = p.parent
    WHERE coalesce(l.parent, p.parent) <> p.child
    GROUP BY p.child HAVING count(DISTINCT coalesce(l.parent, p.parent)) = 1
),
asked AS MATERIALIZED (FROM pairs SEMI JOIN sole USING (child)),
telling AS MATERIALIZED (
    SELECT form_id FROM spread JOIN forms USING (form_id)
    WHERE family <> 'country'
    AND n_articles <= greatest(20, (SELECT count(DISTINCT article_id) FROM seen) // 50)
),
told AS MATERIALIZED (FROM seen SEMI JOIN telling USING (form_id)),
of_pair AS MATERIALIZED (
    SELECT p.child, p.parent, c.article_id FROM asked AS p JOIN seen AS c ON c.form_id = p.child
),
known AS MATERIALIZED (
    SELECT DISTINCT p.parent, t.form_id
    FROM asked AS p JOIN seen AS s ON s.form_id = p.parent JOIN told AS t USING (article_id)
    WHERE t.form_id NOT IN (p.parent, p.child)
),
support AS (
    SELECT o.child, o.parent, o.article_id
    FROM of_pair AS o JOIN told AS t USING (article_id)
    JOIN known AS k ON k.parent = o.parent AND k.form_id = t.form_id
    GROUP BY ALL
),
supported AS (
    SELECT child, parent, count(*) AS n_supported FROM support GROUP BY ALL
),
sizes AS MATERIALIZED (
    SELECT surname, form_id, n, sum(n) OVER (PARTITION BY surname) AS n_of_surname
    FROM (SELECT DISTINCT surname, form_id, n FROM people)
),
famous AS MATERIALIZED (
    SELECT s.form_id, s.surname FROM sizes AS s
    JOIN spread AS a USING (form_id)
    WHERE s.n * 10 >= s.n_of_surname * 9 AND s.n >= 20 AND a.n_articles >= 5
)
SELECT p.child, p.parent, 'sole_surname' AS rule,
    p.parent IN (SELECT form_id FROM famous)
    OR coalesce(s.n_supported, 0) * 2 >= a.n_articles AS is_evident
FROM pairs AS p
JOIN spread AS a ON a.form_id = p.child
LEFT JOIN supported AS s USING (child, parent)
JOIN lone AS l ON l.form_id = p.child
WHERE l.form NOT IN (SELECT surname FROM famous) OR p.parent IN (SELECT form_id FROM famous)
