-- numbers
SELECT
    count(*) AS quotations,
    count(runner_up) AS with_runner_up,
    round(coalesce(avg(confidence), 0), 4) AS mean_confidence
FROM uncertain
-- preview
SELECT speaker, runner_up, content, confidence
FROM uncertain
ORDER BY confidence, quote_id
-- picture: doubtful quotations by reason
SELECT speaker_reason AS name, count(*) AS n
FROM uncertain
GROUP BY ALL
