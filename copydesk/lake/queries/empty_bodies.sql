SELECT article_id, headline, outlet, language FROM articles WHERE body = ''
