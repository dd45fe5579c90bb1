SELECT DISTINCT a.form_id, a.head, f.n FROM assigned AS a
JOIN forms AS f USING (form_id) JOIN names AS n USING (form_id)
WHERE n.plain = every_form(low_form($name)) AND coalesce($label IN (f.label, n.label), true)
ORDER BY f.n DESC, a.form_id
