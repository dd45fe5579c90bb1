SELECT count(*) FILTER (body = '') / greatest(count(*), 1) FROM {articles}
