-- Quotations with the name of the speaker as it heads a chain in the article: who that is depends on
-- all bundles.
SELECT q.quote_id, q.article_id, q.type, q.content,
       CASE WHEN len(q.content_spans) > 1
            THEN list_transform(q.content_spans, lambda s: s."end" - s.start) END AS fragments,
       q.zone, q.parent_quote_id, md5_number_lower(concat_ws(chr(31), h.label, h.text)) AS speaker,
       q.bundle
FROM {quotes} AS q
LEFT JOIN {mentions} AS m ON m.mention_id = q.speaker_mention_id
LEFT JOIN (
    SELECT mention_id AS chain_id, label, text FROM {mentions} WHERE mention_id = chain_id
) AS h USING (chain_id)
