SELECT a.form_id, a.head FROM renamed AS r JOIN assigned AS a ON a.form_id = r.head
WHERE r.name = $name ORDER BY ALL
