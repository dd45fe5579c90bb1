-- Articles with what is compared of them: the page, the body, and the day that its dateline states.
SELECT a.article_id, a.headline, a.agency, a.dateline_place, a.url, a.published_on, r.raw_sha256,
       a.body, a.deck, f.value AS dateline, a.bundle
FROM {articles} AS a LEFT JOIN {raw_articles} AS r USING (article_id)
LEFT JOIN (
    SELECT article_id, max_by(value, (confidence, value)) AS value FROM {facts}
    WHERE field = 'published_on' AND (rule = 'date_in_dateline' OR value LIKE '--%')
    GROUP BY article_id
) AS f USING (article_id)
