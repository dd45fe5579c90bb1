-- One row per quotation: the words of the page around it.
-- quote_id: id of the quotation
-- before: up to 300 characters of the page before it, from the beginning of a word
-- passage: the page from the beginning of the quotation to its end, what is between its parts included
-- after: up to 300 characters of the page after it, to the end of a word
-- article_id: article it is in
WITH placed AS (
    SELECT
        quote_id,
        article_id,
        list_min(list_transform(content_spans, lambda span: span.start)) AS start,
        list_max(list_transform(content_spans, lambda span: span."end")) AS "end"
    FROM quotes
),
cut AS (
    SELECT
        p.quote_id,
        p.article_id,
        substring(r.text, greatest(p.start - 300, 0) + 1, least(p.start, 300)) AS before,
        substring(r.text, p.start + 1, p."end" - p.start) AS passage,
        substring(r.text, p."end" + 1, 300) AS after,
        p.start > 300 AS is_cut_before,
        length(r.text) > p."end" + 300 AS is_cut_after
    FROM placed AS p
    JOIN raw_articles AS r USING (article_id)
)
SELECT
    quote_id,
    CASE WHEN is_cut_before THEN regexp_replace(before, '^\S*\s+', '') ELSE before END AS before,
    passage,
    CASE WHEN is_cut_after THEN regexp_replace(after, '\s+\S*$', '') ELSE after END AS after,
    article_id
FROM cut
