-- Each quotation, and the id of its news: a hash of where it was said, the words, and who says so.
-- A page that is delivered again has another article_id and other quotation ids, but its address
-- stays. Without an address, the page is known by its file and headline: the numbers of records
-- move. The source is as written, because names of entities become fuller as bundles come.
SELECT
    quote_id,
    md5(concat_ws(chr(31), place, trim({content}), trim({source})))::UUID::VARCHAR AS news_id
FROM (
    SELECT
        q.quote_id,
        q.content,
        coalesce(q.source, '') AS source,
        coalesce(
            a.url,
            p.url,
            concat_ws(
                chr(31),
                a.bundle,
                regexp_replace(p.source_path, '#[0-9]+$', ''),
                coalesce(a.headline, '')
            )
        ) AS place
    FROM {quotes} AS q
    JOIN {articles} AS a USING (article_id)
    JOIN {raw_articles} AS p USING (article_id)
)
