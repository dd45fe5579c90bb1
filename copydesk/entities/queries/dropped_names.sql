-- The rows whose name articles have, in chains that are linked to no entity: it was dropped.
WITH gone AS (
    SELECT DISTINCT unnest(list_append(c.aliases, c.name)) AS alias
    FROM {counts} AS c ANTI JOIN {links} AS l USING (label, name)
),
lowered AS (SELECT low_form(alias) AS low FROM gone),
formed AS (SELECT DISTINCT every_form(low) AS form FROM lowered),
asked AS (SELECT line, low_form(name) AS low FROM listed)
SELECT a.line FROM (SELECT line, every_form(low) AS form FROM asked) AS a
SEMI JOIN formed USING (form)
WHERE a.form <> ''
ORDER BY a.line
