-- Lines of the same page with another label; where a line is divided in another way, its parts.
CREATE TEMP TABLE old_lines AS
SELECT article_id, "start", "end", label, rule FROM old_part.segments
ANTI JOIN new_part.segments USING (article_id, "start", "end", label);

CREATE TEMP TABLE new_lines AS
SELECT article_id, "start", "end", label, rule FROM new_part.segments
ANTI JOIN old_part.segments USING (article_id, "start", "end", label);

INSERT INTO changes
SELECT
    'line', 'relabelled', p.bundle, p.source_path,
    substr(r.text, greatest(o."start", n."start") + 1,
           least(o."end", n."end") - greatest(o."start", n."start")),
    o.label || ' (' || o.rule || ')', n.label || ' (' || n.rule || ')',
    n.article_id || ':' || greatest(o."start", n."start")
FROM old_lines AS o
JOIN new_lines AS n
    ON n.article_id = o.article_id AND o."start" < n."end" AND n."start" < o."end"
JOIN pages AS p ON p.article_id = n.article_id
JOIN new_part.raw_articles AS r ON r.article_id = n.article_id
WHERE o.label <> n.label;
