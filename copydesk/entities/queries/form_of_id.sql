SELECT a.form_id, a.head FROM assigned AS a JOIN forms AS f USING (form_id)
WHERE entity_id(f.family, f.key) = $id
