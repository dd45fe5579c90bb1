-- The entities that go by the name of a row, canonical or alias, written the same.
WITH called AS (
    SELECT entity_id, name, label, n_mentions, unnest(list_append(aliases, name)) AS alias
    FROM {entities}
),
lowered AS (SELECT *, low_form(alias) AS low FROM called),
formed AS (
    SELECT DISTINCT entity_id, name, label, n_mentions, every_form(low) AS form FROM lowered
),
asked AS (SELECT line, low_form(name) AS low FROM listed)
SELECT a.line, f.entity_id, f.name, f.label
FROM (SELECT line, every_form(low) AS form FROM asked) AS a
JOIN formed AS f USING (form)
WHERE a.form <> ''
ORDER BY a.line, f.n_mentions DESC, f.entity_id
