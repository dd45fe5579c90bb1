SELECT article_id, body FROM {articles} WHERE article_id IN (SELECT id FROM wanted)
