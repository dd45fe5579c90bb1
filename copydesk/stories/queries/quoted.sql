SELECT article_id, type, content FROM {quotes}
WHERE type <> 'indirect' AND article_id IN (SELECT id FROM wanted)
