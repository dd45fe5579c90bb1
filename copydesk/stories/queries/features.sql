-- Articles with what is compared of them: the page, and the body.
SELECT a.article_id, a.headline, a.agency, a.dateline_place, a.url, a.published_on, r.raw_sha256,
       a.body, a.bundle
FROM {articles} AS a LEFT JOIN {raw_articles} AS r USING (article_id)
