-- The entities of some names: what each is called, and how many forms it has.
SELECT
    coalesce(
        (SELECT last(name ORDER BY r.rowid) FROM renamed AS r WHERE r.head = h.head),
        (SELECT max_by(name, (n, name)) FROM names AS n WHERE n.form_id = h.head)
    ) AS name,
    (SELECT count(*) FROM assigned AS a WHERE a.head = h.head) AS n_forms
FROM (SELECT unnest($heads) AS head) AS h
ORDER BY h.head
