-- Entities with the name among their words, or whose name is one of its words.
SELECT name, label, n_mentions FROM entities
WHERE entity_id <> $entity_id AND (
    list_contains(string_split(lower(name), ' '), lower($name))
    OR list_contains(string_split(lower($name), ' '), lower(name))
    OR string_split(lower(name), ' ')[-1] = string_split(lower($name), ' ')[-1]
)
ORDER BY n_mentions DESC, name LIMIT 10
