-- What the tables hold, in numbers.
SELECT 'overview' AS page_id, *
FROM (
    SELECT
        (SELECT count(*) FROM bundles) AS n_bundles,
        (SELECT count(*) FROM articles WHERE kind = 'article') AS n_articles,
        (SELECT count(*) FROM articles WHERE kind <> 'article') AS n_no_articles,
        (SELECT count(DISTINCT outlet) FROM placed_articles) AS n_outlets,
        (SELECT count(*) FROM people) AS n_people,
        (SELECT count(DISTINCT story_id) FROM stories) AS n_stories,
        (SELECT count(*) FROM said) AS n_quotes,
        (SELECT count(speaker) FROM said) AS n_attributed,
        (SELECT count(*) FROM doubts) AS n_uncertain,
        (SELECT count(*) FROM segments WHERE label IN ('headline', 'deck', 'body', 'subhead'))
            AS n_copy_lines,
        (
            SELECT count(*) FROM segments
            WHERE label NOT IN ('headline', 'deck', 'body', 'subhead', 'blank')
        ) AS n_removed_lines,
        (SELECT count(*) FROM rejected_files) AS n_rejected,
        (SELECT number FROM origin) AS snapshot,
        (SELECT published_at FROM origin) AS published_at
)
