-- One row per outlet and month, as the view `coverage` has it.
SELECT
    md5(outlet) AS page_id, month, n_articles, n_texts, n_quotes, n_speakers, named_share,
    anonymous_share
FROM coverage
WHERE outlet IS NOT NULL
ORDER BY page_id, month NULLS LAST
