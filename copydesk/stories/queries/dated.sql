-- What articles of bundles in some states report, of those that give a day.
FROM {reports}
WHERE part IN ({among}) AND (coalesce(day, reference) IS NOT NULL OR weekday IS NOT NULL)
