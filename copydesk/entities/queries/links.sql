SELECT
    m.mention_id, h.entity_id,
    CASE WHEN h.rule IN ('own_name', 'same_name') THEN m.chain_rule ELSE h.rule END AS rule,
    round(h.score * coalesce(c.score, 1.0), 3)::DOUBLE AS score
FROM {mentions} AS m
JOIN (
    SELECT chain_id, entity_id, n.rule, r.score
    FROM heads JOIN name_links AS n USING (label, name) JOIN rule_scores AS r USING (rule)
) AS h USING (chain_id)
LEFT JOIN chain_scores AS c ON c.rule = m.chain_rule
ORDER BY m.mention_id
