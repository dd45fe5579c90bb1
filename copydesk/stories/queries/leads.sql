SELECT a.article_id, a.headline, a.deck, a.body, a.published_on, lower(a.dateline_place), f.value
FROM {articles} AS a
LEFT JOIN (
    SELECT article_id, max_by(value, (confidence, value)) AS value FROM {facts}
    WHERE field = 'published_on' AND (rule = 'date_in_dateline' OR value LIKE '--%')
    GROUP BY article_id
) AS f USING (article_id)
WHERE a.article_id IN (SELECT id FROM wanted)
