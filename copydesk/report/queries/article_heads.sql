-- One row per page that was read: what its article is, and the text of the page.
SELECT
    a.article_id AS page_id,
    a.headline,
    a.deck,
    a.byline,
    a.dateline_place,
    a.agency,
    coalesce(o.name, a.outlet) AS outlet,
    a.url,
    a.published_on,
    a.language,
    a.n_words,
    a.kind,
    a.kind_reason,
    a.bundle,
    p.source_path,
    if(s.n_articles > 1, s.story_id, NULL) AS story_id,
    s.n_articles AS n_in_story,
    p.text
FROM articles AS a
JOIN raw_articles AS p USING (article_id)
LEFT JOIN outlets AS o USING (outlet_id)
LEFT JOIN (
    SELECT article_id, story_id, count(*) OVER (PARTITION BY story_id) AS n_articles FROM stories
) AS s USING (article_id)
ORDER BY page_id
