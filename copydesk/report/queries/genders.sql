-- One row per person whom articles call he or she: nine in ten of the pronouns must agree.
WITH called AS (
    SELECT l.entity_id, p.gender, count(*) AS n
    FROM mentions AS m
    JOIN entity_links AS l USING (mention_id)
    JOIN pronouns AS p ON p.word = lower(m.text)
    WHERE m.kind = 'pronominal'
    GROUP BY l.entity_id, p.gender
)
SELECT entity_id, max_by(gender, (n, gender)) AS gender
FROM called
GROUP BY entity_id
HAVING max(n) >= 0.9 * sum(n)
