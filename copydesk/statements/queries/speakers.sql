-- The entity of each name, both as hashes.
SELECT md5_number_lower(concat_ws(chr(31), label, name)) AS name,
       md5_number_lower(entity_id) AS entity
FROM {name_links} ORDER BY name
