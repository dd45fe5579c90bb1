-- One row per outlet and month: how much it published, how much it quoted, and whom it named.
-- outlet: site or paper; null when not stated
-- month: first day of the month of publication; null when the day is not proven
-- n_articles: number of articles; pages that are no article are left out
-- n_texts: number of articles, counting copies of one text once
-- n_stories: number of stories, counting reports of one event once
-- n_quotes: number of voiced quotations, taking each text once
-- n_speakers: number of named speakers of these quotations
-- named_share: share of these quotations with a named speaker, 0 to 1
-- anonymous_share: share of these quotations with an anonymous source, 0 to 1
WITH placed AS (
    SELECT
        a.article_id,
        coalesce(o.name, a.outlet) AS outlet,
        date_trunc('month', a.published_on)::DATE AS month,
        s.story_id,
        s.text_id,
        s.is_text_representative
    FROM articles AS a
    LEFT JOIN outlets AS o USING (outlet_id)
    JOIN stories AS s USING (article_id)
    WHERE a.kind = 'article'
),
counted AS (
    -- A text that an outlet published twice in a month counts once.
    SELECT
        *,
        row_number() OVER (
            PARTITION BY outlet, month, text_id
            ORDER BY is_text_representative DESC, article_id
        ) = 1 AS is_first
    FROM placed
),
quoted AS (
    SELECT
        article_id,
        count(*) AS n_quotes,
        count(speaker_entity_id) AS n_named,
        count(*) FILTER (speaker_reason = 'anonymous_source') AS n_anonymous,
        list(DISTINCT speaker_entity_id) FILTER (speaker_entity_id IS NOT NULL) AS speakers
    FROM said
    GROUP BY article_id
)
SELECT
    c.outlet,
    c.month,
    count(*) AS n_articles,
    count(*) FILTER (c.is_first) AS n_texts,
    count(DISTINCT c.story_id) AS n_stories,
    coalesce(sum(q.n_quotes) FILTER (c.is_first), 0)::BIGINT AS n_quotes,
    len(list_distinct(flatten(list(q.speakers) FILTER (c.is_first)))) AS n_speakers,
    round(sum(q.n_named) FILTER (c.is_first) / sum(q.n_quotes) FILTER (c.is_first), 3)
        AS named_share,
    round(sum(q.n_anonymous) FILTER (c.is_first) / sum(q.n_quotes) FILTER (c.is_first), 3)
        AS anonymous_share
FROM counted AS c
LEFT JOIN quoted AS q USING (article_id)
GROUP BY c.outlet, c.month
ORDER BY c.outlet NULLS LAST, c.month NULLS LAST
