-- numbers
SELECT
    count(*) AS quotations,
    round(count(*) / greatest((SELECT count(*) FROM articles), 1), 2) AS quotations_per_article,
    round(coalesce(avg((speaker_mention_id IS NOT NULL)::INT), 0), 4) AS share_with_speaker,
    round(coalesce(avg((coalesce(named.kind, m.kind) IS NOT DISTINCT FROM 'named')::INT), 0), 4)
        AS share_of_named_sources,
    round(coalesce(avg((type = 'direct')::INT), 0), 4) AS share_direct,
    round(coalesce(avg(confidence), 0), 4) AS mean_confidence
FROM quotes AS q
LEFT JOIN mentions AS m ON m.mention_id = q.speaker_mention_id
LEFT JOIN mentions AS named ON named.mention_id = m.chain_id
-- preview
SELECT coalesce(named.text, m.text) AS speaker, q.cue, q.content
FROM quotes AS q
LEFT JOIN mentions AS m ON m.mention_id = q.speaker_mention_id
LEFT JOIN mentions AS named ON named.mention_id = m.chain_id
ORDER BY m.mention_id IS NULL, q.cue IS NULL, q.quote_id
-- picture: quotations by speaker
SELECT coalesce(named.text, 'nobody is named') AS name, count(*) AS n
FROM quotes AS q
LEFT JOIN mentions AS m ON m.mention_id = q.speaker_mention_id
LEFT JOIN mentions AS named ON named.mention_id = m.chain_id
GROUP BY ALL
