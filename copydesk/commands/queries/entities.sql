-- The entities that a name or a whole id may mean, the most frequent first.
SELECT name, label, entity_id, n_mentions FROM entities
WHERE coalesce(label = $label, true) AND (
    entity_id = $name
    OR lower(name) = lower($name)
    OR list_contains(list_transform(aliases, lambda a: lower(a)), lower($name))
)
ORDER BY n_mentions DESC, entity_id
