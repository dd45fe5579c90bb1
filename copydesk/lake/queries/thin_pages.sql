SELECT article_id, headline, outlet, text_share FROM articles WHERE text_share < 0.1
