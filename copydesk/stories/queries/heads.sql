-- The names that head the chains of articles, as hashes, and whether a lead has some form of them.
SELECT m.article_id, (md5_number_lower(concat_ws(chr(31), h.label, h.text)) >> 1)::BIGINT AS name,
       bool_or(m.kind = 'named' AND contains(r.lead, m.text)) AS in_lead
FROM {mentions} AS m JOIN leads AS r USING (article_id)
JOIN (
    SELECT mention_id AS chain_id, label, text FROM {mentions} WHERE mention_id = chain_id
) AS h USING (chain_id)
GROUP BY ALL ORDER BY ALL
