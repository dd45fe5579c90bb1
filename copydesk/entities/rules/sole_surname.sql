-- A bare surname, and the people of that surname. An article that has it alone must speak for the
-- person: it has other names that an article about the person has, too. Names that many articles
-- have say nothing. Somebody who outnumbers all others of the surname by far needs no such article,
-- for everybody knows who is meant.
WITH lone AS (
    SELECT form_id, form, n FROM forms WHERE family = 'PERSON' AND NOT contains(form, ' ')
),
pairs AS (
    SELECT DISTINCT f.form_id AS child, p.form_id AS parent
    FROM lone AS f JOIN people AS p ON p.surname = f.form
),
telling AS (
    SELECT form_id FROM seen JOIN forms USING (form_id)
    WHERE family <> 'country'
    GROUP BY form_id
    HAVING count(DISTINCT article_id) <= greatest(20, (SELECT count(DISTINCT article_id) FROM seen) // 50)
),
told AS (SELECT DISTINCT form_id, article_id FROM seen WHERE form_id IN (FROM telling)),
of_pair AS (
    SELECT DISTINCT p.child, p.parent, c.article_id
    FROM pairs AS p JOIN seen AS c ON c.form_id = p.child
),
known AS (
    SELECT DISTINCT p.parent, t.form_id
    FROM pairs AS p JOIN seen AS s ON s.form_id = p.parent JOIN told AS t USING (article_id)
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
n_articles AS (
    SELECT child, count(DISTINCT article_id) AS n_articles FROM of_pair GROUP BY child
),
sizes AS (
    SELECT surname, form_id, n, sum(n) OVER (PARTITION BY surname) AS n_of_surname
    FROM (SELECT DISTINCT surname, form_id, n FROM people)
),
famous AS (
    SELECT s.form_id, s.surname FROM sizes AS s
    JOIN (SELECT form_id, count(DISTINCT article_id) AS n_articles FROM seen GROUP BY form_id) AS a USING (form_id)
    WHERE s.n * 10 >= s.n_of_surname * 9 AND s.n >= 20 AND a.n_articles >= 5
)
SELECT p.child, p.parent, 'sole_surname' AS rule,
    p.parent IN (SELECT form_id FROM famous)
    OR coalesce(s.n_supported, 0) * 2 >= a.n_articles AS is_evident
FROM pairs AS p
JOIN n_articles AS a USING (child)
LEFT JOIN supported AS s USING (child, parent)
JOIN lone AS l ON l.form_id = p.child
WHERE l.form NOT IN (SELECT surname FROM famous) OR p.parent IN (SELECT form_id FROM famous)
