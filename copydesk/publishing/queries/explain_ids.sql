-- The rows of the list of ids of Wikidata that may be about an entity, what counts first.
SELECT line, wikidata_id, description, status, detail FROM wikidata_ids
WHERE list_contains(candidate_ids, $entity_id) AND status <> 'repeated'
ORDER BY status <> 'linked', line LIMIT 10
