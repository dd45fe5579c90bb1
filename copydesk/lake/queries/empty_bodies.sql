SELECT article_id, headline, outlet, language FROM articles WHERE body = '' AND kind = 'article'
