UPDATE assigned SET head = (
    SELECT f.form_id FROM assigned AS a JOIN forms AS f USING (form_id)
    WHERE a.head = $form AND f.form_id <> $form ORDER BY f.n DESC, f.form_id LIMIT 1
)
WHERE head = $form AND form_id <> $form
