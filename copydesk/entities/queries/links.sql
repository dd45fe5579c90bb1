SELECT label, name, entity_id, rule, r.score
FROM name_links JOIN rule_scores AS r USING (rule)
ORDER BY label, name
