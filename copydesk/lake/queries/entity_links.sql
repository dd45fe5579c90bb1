-- The entity of each mention: that of the name at the head of its chain. What joined the name counts,
-- or where that is certain, what joined the mention to its chain, with how far that is trusted.
SELECT
    m.mention_id,
    n.entity_id,
    CASE WHEN n.rule IN ('own_name', 'same_name') THEN m.chain_rule ELSE n.rule END AS rule,
    round(n.score * coalesce(c.score, 1.0), 3)::DOUBLE AS score
FROM {mentions} AS m
JOIN (
    SELECT mention_id AS chain_id, label, text FROM {mentions} WHERE mention_id = chain_id
) AS h USING (chain_id)
JOIN {name_links} AS n ON n.label = h.label AND n.name = h.text
LEFT JOIN (
    VALUES
        ('misspelt_surname', 0.8),
        ('surname_and_title', 0.9),
        ('surname_so_far', 0.85),
        ('surname_of_lead', 0.85),
        ('given_name', 0.85),
        ('pronoun', 0.75),
        ('relative_pronoun', 0.9),
        ('age', 0.9),
        ('relation', 0.85),
        ('in_own_words', 0.85),
        ('title', 0.8),
        ('organisation_kind', 0.8),
        ('place_kind', 0.8),
        ('apposition', 0.95),
        ('predicate', 0.9),
        ('named_next', 0.75),
        ('nearest_organisation', 0.7)
) AS c (rule, score) ON c.rule = m.chain_rule
