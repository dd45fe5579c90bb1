SELECT n.label, n.name, best.label, best.name, n.rule
FROM name_links AS n JOIN names AS best ON best.form_id = n.head AND best.is_best
