SELECT DISTINCT article_id, text FROM {mentions} JOIN leads USING (article_id) WHERE label = 'DATE'
