-- The best name is the fullest of the frequent ones; a nickname between marks is an alias only.
-- Most entities have one name, which no other is compared with.
WITH counted AS MATERIALIZED (
    SELECT head, max(n) AS most, sum(n)::BIGINT AS n_mentions, count(*) AS n_names
    FROM name_links GROUP BY head
),
best AS (
    SELECT head, name FROM name_links JOIN counted USING (head) WHERE n_names = 1
    UNION ALL
    SELECT head, max_by(name, (len(string_split(name, ' ')), n, name)) AS name
    FROM name_links JOIN counted USING (head) WHERE n_names > 1 AND n * 4 >= most GROUP BY head
),
called AS (SELECT DISTINCT head, alias FROM aliases JOIN name_links USING (label, name)),
named AS (SELECT head, list_sort(list(alias)) AS aliases FROM called GROUP BY head),
placed AS (
    -- Only where several forms are one entity, an article may have it twice.
    SELECT head, min(n_articles) AS n_articles
    FROM assigned JOIN spread USING (form_id) GROUP BY head HAVING count(*) = 1
    UNION ALL
    SELECT head, count(DISTINCT article_id)
    FROM seen JOIN assigned USING (form_id)
    SEMI JOIN (SELECT head FROM assigned GROUP BY head HAVING count(*) > 1) USING (head)
    GROUP BY head
)
SELECT
    h.entity_id,
    coalesce(
        r.name,
        CASE
            WHEN f.label = 'PERSON'
            THEN regexp_replace(b.name, '(\S) ["“‘(][^"”’)]+["”’)] (\S)', '\1 \2')
            ELSE b.name
        END
    ) AS name,
    CASE WHEN h.family = 'country' THEN 'GPE' ELSE f.label END AS label,
    a.aliases, c.n_mentions, p.n_articles,
    CASE WHEN h.family = 'country' THEN h.key END AS country_code
FROM referents AS h
JOIN forms AS f ON f.form_id = h.head
JOIN counted AS c USING (head)
JOIN best AS b USING (head)
JOIN named AS a USING (head)
JOIN placed AS p USING (head)
LEFT JOIN (SELECT head, last(name ORDER BY rowid) AS name FROM renamed GROUP BY head) AS r USING (head)
ORDER BY h.entity_id
