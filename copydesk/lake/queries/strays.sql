-- Rows of the tables over all bundles that belong to no row of a bundle.
SELECT table_name, n_rows
FROM (
    SELECT 'name_links' AS table_name, count(*) AS n_rows
    FROM {name_links} AS made ANTI JOIN {mentions} AS given
        ON given.label = made.label AND given.text = made.name
    UNION ALL
    SELECT 'name_links', count(*)
    FROM {name_links} AS made ANTI JOIN {entities} AS given USING (entity_id)
    UNION ALL
    SELECT 'stories', count(*)
    FROM {stories} AS made ANTI JOIN {articles} AS given USING (article_id)
    UNION ALL
    SELECT 'quote_groups', count(*)
    FROM {quote_groups} AS made ANTI JOIN {quotes} AS given USING (quote_id)
)
WHERE n_rows > 0
