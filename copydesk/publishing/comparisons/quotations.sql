-- Quotations of both snapshots, with who speaks. A page that was replaced counts as its old one,
-- and an entity that was renamed as itself.
CREATE TEMP TABLE old_said AS
SELECT
    q.quote_id, q.type, q.is_speech, q.assertion, q.content, q.content_spans, q.article_id,
    coalesce(p.new_id, q.article_id) AS place,
    e.name AS speaker,
    coalesce(r.new_id, e.entity_id) AS speaker_id
FROM old.quotes AS q
LEFT JOIN replaced AS p ON p.old_id = q.article_id
LEFT JOIN old.entity_links AS l ON l.mention_id = q.speaker_mention_id
LEFT JOIN old.entities AS e ON e.entity_id = l.entity_id
LEFT JOIN renamed AS r ON r.old_id = e.entity_id;

CREATE TEMP TABLE new_said AS
SELECT
    q.quote_id, q.type, q.is_speech, q.assertion, q.content, q.content_spans, q.article_id,
    q.article_id AS place,
    e.name AS speaker,
    e.entity_id AS speaker_id
FROM new.quotes AS q
LEFT JOIN new.entity_links AS l ON l.mention_id = q.speaker_mention_id
LEFT JOIN new.entities AS e ON e.entity_id = l.entity_id;

CREATE TEMP TABLE old_alone AS FROM old_said ANTI JOIN new_said USING (quote_id);
CREATE TEMP TABLE new_alone AS FROM new_said ANTI JOIN old_said USING (quote_id);

-- What may be one quotation: the same words in the same article, contents that overlap there, or,
-- where the page was replaced and offsets mean nothing, contents with most words in common.
CREATE TEMP TABLE candidates AS
WITH old_spans AS (
    SELECT quote_id, article_id, unnest(content_spans, recursive := true) FROM old_alone
),
new_spans AS (
    SELECT quote_id, article_id, unnest(content_spans, recursive := true) FROM new_alone
),
shared AS (
    SELECT
        o.quote_id AS old_id,
        n.quote_id AS new_id,
        sum(least(o."end", n."end") - greatest(o."start", n."start")) AS n_chars
    FROM old_spans AS o
    JOIN new_spans AS n
        ON n.article_id = o.article_id AND o."start" < n."end" AND n."start" < o."end"
    GROUP BY ALL
),
lengths AS (
    SELECT quote_id, sum("end" - "start") AS n_chars
    FROM (FROM old_spans UNION ALL FROM new_spans)
    GROUP BY quote_id
)
SELECT
    s.old_id,
    s.new_id,
    s.n_chars / (o.n_chars + n.n_chars - s.n_chars) AS similarity,
    true AS is_same_speaker,
    0 AS distance
FROM shared AS s
JOIN lengths AS o ON o.quote_id = s.old_id
JOIN lengths AS n ON n.quote_id = s.new_id
UNION ALL
-- The same words may occur twice on a page: then speaker and place decide which is which.
SELECT
    o.quote_id,
    n.quote_id,
    1.0,
    o.speaker_id IS NOT DISTINCT FROM n.speaker_id,
    abs(o.content_spans[1]."start" - n.content_spans[1]."start")
FROM old_alone AS o JOIN new_alone AS n USING (place, content)
UNION ALL
SELECT old_id, new_id, similarity, is_same_speaker, distance
FROM (
    SELECT
        o.quote_id AS old_id,
        n.quote_id AS new_id,
        list_distinct(string_split(lower(o.content), ' ')) AS old_words,
        list_distinct(string_split(lower(n.content), ' ')) AS new_words,
        len(list_intersect(old_words, new_words)) AS n_shared,
        n_shared / (len(old_words) + len(new_words) - n_shared) AS similarity,
        o.speaker_id IS NOT DISTINCT FROM n.speaker_id AS is_same_speaker,
        abs(o.content_spans[1]."start" - n.content_spans[1]."start") AS distance
    FROM old_alone AS o JOIN new_alone AS n USING (place)
    WHERE o.article_id <> n.article_id AND o.content <> n.content
)
WHERE similarity >= 0.5;
