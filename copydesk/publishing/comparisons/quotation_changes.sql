-- What became of each quotation; `pairs` says which ones are the same.
CREATE TEMP TABLE both_said AS
SELECT
    n.quote_id, n.article_id, n.content,
    o.content AS old_content, o.type AS old_type, n.type AS new_type,
    o.is_speech AS old_is_speech, n.is_speech AS new_is_speech,
    o.assertion AS old_assertion, n.assertion AS new_assertion,
    o.quote_id <> n.quote_id AND o.article_id = n.article_id AS is_moved,
    o.speaker AS old_speaker, n.speaker AS new_speaker,
    o.speaker_id AS old_speaker_id, n.speaker_id AS new_speaker_id
FROM (SELECT quote_id AS old_id, quote_id AS new_id FROM old_said UNION FROM pairs) AS b
JOIN old_said AS o ON o.quote_id = b.old_id
JOIN new_said AS n ON n.quote_id = b.new_id;

INSERT INTO changes
SELECT 'quotation', 'added', p.bundle, p.source_path, n.content, NULL, n.speaker, n.quote_id
FROM new_alone AS n
JOIN pages AS p USING (article_id)
WHERE n.quote_id NOT IN (SELECT new_id FROM pairs);

INSERT INTO changes
SELECT 'quotation', 'dropped', p.bundle, p.source_path, o.content, o.speaker, NULL, o.quote_id
FROM old_alone AS o
JOIN pages AS p USING (article_id)
WHERE o.quote_id NOT IN (SELECT old_id FROM pairs);

INSERT INTO changes
SELECT
    'quotation',
    CASE
        WHEN b.old_speaker_id IS NULL THEN 'attributed'
        WHEN b.new_speaker_id IS NULL THEN 'unattributed'
        ELSE 'reattributed'
    END,
    p.bundle, p.source_path, b.content, b.old_speaker, b.new_speaker, b.quote_id
FROM both_said AS b
JOIN pages AS p USING (article_id)
WHERE b.old_speaker_id IS DISTINCT FROM b.new_speaker_id;

INSERT INTO changes
SELECT
    'quotation', 'changed content', p.bundle, p.source_path, b.content,
    b.old_content, b.content, b.quote_id
FROM both_said AS b
JOIN pages AS p USING (article_id)
WHERE b.old_content <> b.content OR b.is_moved;
