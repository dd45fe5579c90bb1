-- What people have decided about a page, or about one quotation or line of it.
SELECT status, correction, before, after, detail, author, decided_on, note
FROM corrections_applied
WHERE article_id = $article_id AND (
    $target IS NULL OR list_contains(string_split(coalesce(target, ''), ', '), $target)
)
AND ($kind IS NULL OR kind = $kind)
ORDER BY decided_on, correction_id
