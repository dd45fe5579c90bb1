-- numbers
SELECT
    count(*) AS segments,
    round(
        coalesce(
            sum("end" - start) FILTER (
                label NOT IN ('headline', 'deck', 'subhead', 'body', 'blank')
            ) / nullif(sum("end" - start) FILTER (label <> 'blank'), 0),
            0
        ),
        4
    ) AS share_removed,
    round(coalesce(avg(score) FILTER (label <> 'blank'), 0), 4) AS mean_score
FROM segments
-- preview
WITH doubtful AS (
    FROM segments
    WHERE label <> 'blank'
    ORDER BY score, article_id, seq
    LIMIT 8
)

SELECT s.label, s.score, r.text[s.start + 1:s."end"] AS line
FROM doubtful AS s
JOIN raw_articles AS r USING (article_id)
ORDER BY s.score, s.article_id, s.seq
-- picture: characters by label
SELECT label AS name, sum("end" - start) AS n
FROM segments
WHERE label <> 'blank'
GROUP BY ALL
