UPDATE assigned SET head = $target, rule = 'override'
WHERE head IN (SELECT unnest($heads)) AND head <> $target
