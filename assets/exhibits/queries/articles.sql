-- numbers
SELECT
    count(*) AS articles,
    round(coalesce(avg(n_words), 0), 1) AS words_per_article,
    round(coalesce(avg((body = '')::INT), 0), 4) AS share_empty,
    round(coalesce(avg((kind = 'no_article')::INT), 0), 4) AS share_no_article,
    round(coalesce(avg((published_on IS NOT NULL)::INT), 0), 4) AS share_dated,
    round(coalesce(avg((outlet IS NOT NULL)::INT), 0), 4) AS share_with_outlet
FROM articles
-- preview
SELECT headline, outlet, body
FROM articles
ORDER BY article_id
-- picture: articles by outlet
SELECT coalesce(outlet, 'not stated') AS name, count(*) AS n
FROM articles
GROUP BY ALL
