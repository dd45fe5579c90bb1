SELECT
    article_id,
    CASE WHEN language IN ($read) THEN $too_long ELSE language END AS reason,
    headline,
    n_words
FROM articles
WHERE body <> '' AND (language NOT IN ($read) OR length(body) > $max_chars)
