SELECT entity_id, name, label, country_code, n_mentions, n_articles FROM entities
WHERE lower(name) = lower($name)
   OR list_contains(list_transform(aliases, lambda a: lower(a)), lower($name))
ORDER BY n_mentions DESC, entity_id
