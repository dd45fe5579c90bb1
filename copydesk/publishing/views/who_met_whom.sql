-- One row per sentence that reports that two people have met.
-- person: canonical name of the one who met the other
-- other_person: canonical name of the other
-- cue: words that report the meeting: met, held talks with, …
-- sentence: the sentence, as written
-- outlet: site or paper that published the article
-- published_on: day of publication; null when not proven; the meeting was earlier
-- headline: headline of the article
-- article_id: article it is in
-- start: offset of the first character of the sentence
-- end: offset just past its last character
-- person_entity_id: entity of `person`
-- other_entity_id: entity of `other_person`
-- bundle: bundle it came with
WITH pieces AS (
    SELECT
        article_id,
        unnest(string_split(text, chr(10))) AS line,
        unnest(range(len(string_split(text, chr(10))))) AS n
    FROM raw_articles
    WHERE regexp_matches(
        text, '\b(?:met|meets|meetings?|talks|hands|sat|dined|received|lunch|dinner)\b'
    )
),
placed AS (
    SELECT
        article_id,
        line,
        sum(length(line) + 1) OVER (PARTITION BY article_id ORDER BY n) - length(line) - 1 AS start
    FROM pieces
),
lines AS (
    SELECT article_id, line, start::BIGINT AS start, start::BIGINT + length(line) AS "end"
    FROM placed
    WHERE regexp_matches(
        line, '\b(?:met|meets|meetings?|talks|hands|sat|dined|received|lunch|dinner)\b'
    )
),
people_there AS (
    -- Whoever a line names, describes, or calls he or she; offsets are into the line.
    SELECT
        m.article_id,
        m.mention_id,
        m.bundle,
        e.entity_id,
        e.name,
        i.line,
        i.start AS line_start,
        m.start - i.start AS start,
        m."end" - i.start AS "end",
        lower(m.text) IN ('his', 'her') AS is_possessive
    FROM mentions AS m
    JOIN lines AS i
        ON i.article_id = m.article_id AND m.start >= i.start AND m."end" <= i."end"
    JOIN entity_links AS l USING (mention_id)
    JOIN entities AS e USING (entity_id)
    WHERE e.label = 'PERSON'
),
pairs AS (
    SELECT
        a.mention_id,
        b.mention_id AS other_mention_id,
        a.entity_id,
        b.entity_id AS other_entity_id,
        a.name,
        b.name AS other_name,
        a.article_id,
        a.bundle,
        a.line,
        a.line_start,
        a.start,
        b."end",
        a.is_possessive,
        b.is_possessive AS is_other_possessive,
        substr(a.line, a."end" + 1, b.start - a."end") AS gap
    FROM people_there AS a
    JOIN people_there AS b
        ON b.article_id = a.article_id
        AND b.line_start = a.line_start
        AND b.start BETWEEN a."end" AND a."end" + 200
        AND b.entity_id <> a.entity_id
),
candidates AS (
    SELECT * FROM pairs
    WHERE regexp_matches(
        gap, '^,? and |\b(?:met|meets|meetings?|talks|hands|sat|dined|received|lunch|dinner)\b'
    )
),
contexts AS (
    -- The stop of `Mr.` and `J.` does not end a sentence: it is followed by a no-break space.
    SELECT
        *,
        -- Without the words that lead up to the second one's name: `Israeli Prime Minister`.
        regexp_replace(
            gap,
            ' (?:(?:\p{Lu}[\p{L}’''-]*|(?:\p{Lu}\.)+|(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|St)\.'
            '|of|for|the|his|her|their|then|former|new|visiting|outgoing|acting|fellow|vice'
            '|deputy|national|foreign|prime|minister|president|president-elect|premier'
            '|chancellor|secretary|general|state|defen[cs]e|finance|interior|security|chief'
            '|leader|chairman|chairwoman|king|queen|prince|princess|pope|senator|governor|mayor'
            '|ambassador|envoy|counterpart|commander|head|director|executive|adviser|speaker'
            '|opposition|rival|nominee|candidate|presidential),? )*$',
            ' '
        ) AS link,
        string_split_regex(
            regexp_replace(
                substr(line, 1, start),
                '\b(\p{Lu}|Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|St|Jr|Sr|Jan|Feb|Aug|Sept|Oct'
                '|Nov|Dec)\. ',
                '\1.' || chr(160),
                'g'
            ),
            '[.!?]["”’)]*\s+'
        )[-1] AS lead,
        regexp_extract(
            regexp_replace(
                substr(line, "end" + 1),
                '\b(\p{Lu}|Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|St|Jr|Sr|Jan|Feb|Aug|Sept|Oct'
                '|Nov|Dec)\. ',
                '\1.' || chr(160),
                'g'
            ),
            '^(?:[^.!?]|[.!?][^\s"”’)])*(?:[.!?]["”’)]*)?'
        ) AS rest
    FROM candidates
),
sentences AS MATERIALIZED (
    -- Computed once, here and below: three copies would compile their patterns three times.
    SELECT
        *,
        -- A verb, a relation or another noun after the name would make it part of something else.
        NOT is_other_possessive AND regexp_matches(
            rest,
            '^(?:$|[.!?;:)"”–—-]|,(?:$|["” ])| [(–—-]| (?:in|on|at|for|to|during|after|before|as|and'
            '|over|amid|with|when|while|where|who|earlier|late|later|last|this|that|today'
            '|yesterday|tomorrow|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|here'
            '|there|again|twice|once|several|two|three|privately|separately|briefly|face|near'
            '|inside|outside|about|since|despite|because)\b)'
        ) AND NOT regexp_matches(gap, '\b(?:of|for) (?:(?:the|his|her|their) )?$') AS is_other_whole,
        -- Not `a spokesman for President A met B`.
        NOT regexp_matches(
            lead,
            '\b(?:for|to|by|with|than|about|against|between|like|from|\p{Ll}+ of)[ \x{a0}]'
            '(?:(?:the|his|her|their|then|former) )?(?:\p{Lu}[^ \x{a0}]*[ \x{a0}])*$'
        ) AS is_subject,
        NOT regexp_matches(
            lead || gap,
            '(?i)\b(?:if|unless|until|whether|not|never|no|nor|den(?:y|ied|ies|ying)|false|falsely'
            '|rumou?rs?|alleged|allegedly|instead of)\b|n[’'']t\b'
        ) AS is_certain,
        NOT regexp_matches(
            lead || gap || rest,
            '(?i)\b(?:will|would|could|may|might|should|shall|plan\w*|hop(?:e|es|ed|ing)|want\w*'
            '|expected|scheduled|possible|potential|proposed|upcoming|cancel\w*|postpone\w*'
            '|ahead of|tomorrow|next|invit\w+)\b'
        ) AS is_past,
        NOT regexp_matches(
            lead || gap || rest,
            '(?i)\b(?:(?:tele)?phone|phoned|calls?|video|virtual(?:ly)?|online|zoom|(?:semi-?'
            '|quarter-?)?finals?|tournament|championship|playoffs?|rematch|bout|matchup|novel'
            '|film|movie|episode|season|match(?:es)?|tennis|boxing|innings|league|cup|wimbledon'
            '|grand slam|seeded)\b'
        ) AS is_in_person
    FROM contexts
),
met AS MATERIALIZED (
    SELECT
        *,
        CASE
            -- `A met B`
            WHEN is_subject AND NOT is_possessive AND regexp_matches(
                link,
                '^(?:,(?: [^,;:“”".]+,)?|,? [^,;:“”".]*\bwho)?(?: (?:has|have|had))?'
                '(?: (?:also|recently|earlier|later|then|already|briefly|separately|privately'
                '|personally|secretly|twice|first|last|previously|again|just|since|reportedly'
                '|once|(?:on )?\w+day))*'
                ' (?:met|meets)(?: up)?(?: (?:also|recently|earlier|briefly|separately|privately'
                '|personally|secretly|twice|again|(?:(?:on|in|at) )?\p{Lu}[\p{L}-]+'
                '|(?:earlier|late|last|this) \p{Ll}+))*(?: with)? $'
            ) AND NOT (
                contains(link, ' meets ')
                AND regexp_matches(
                    lead, '(?i)\b(?:when|before|once|after|as soon as|by the time)\b'
                )
            ) THEN regexp_extract(link, '\b(?:met|meets)\b')
            -- `A held talks with B`, `A was received by B`
            WHEN is_subject AND NOT is_possessive AND regexp_matches(
                link,
                '^(?:,(?: [^,;:“”".]+,)?|,? [^,;:“”".]*\bwho)?(?: (?:has|have))?'
                '(?: (?:also|recently|earlier|later|then|already|briefly|separately|privately))*'
                ' (?:(?:held|holds|had) (?:an? )?(?:[\p{Ll}-]+ ){0,3}(?:meetings?|talks'
                '|discussions|lunch|dinner|breakfast|audience)|sat down|(?:shook|shakes) hands'
                '|dined)(?: (?:(?:on|in|at) \p{Lu}[\p{L}-]+|(?:earlier|late|last|this) \p{Ll}+))*'
                ' with $|^,? was (?:received|met) by $'
            ) THEN regexp_extract(
                link, '\b(?:held|holds|had|sat|shook|shakes|dined|was) .*\b(?:with|by)\b'
            )
            -- `A said after meeting with B`
            WHEN is_past AND is_subject AND NOT is_possessive AND regexp_matches(
                link,
                '^(?:,| [–—-])?(?: [\p{Ll}-]+){0,6} (?:during|after|following)'
                ' (?:(?:an?|the|his|her) )?(?:[\p{Ll}-]+ )?(?:meeting|talks|dinner|lunch)'
                ' with $'
            ) AND NOT regexp_matches(
                link, '\b(?:aides?|spokes\w+|lawyers?|officials?|whose|who|that)\b'
            ) THEN regexp_extract(link, '\b(?:meeting|talks|dinner|lunch) with\b')
            -- `during A’s talks with B`
            WHEN is_past
            AND regexp_matches(
                lead, '\b(?i:during|after|following) (?:\p{Lu}[^ \x{a0}]*[ \x{a0}])*$'
            )
            AND regexp_matches(
                link, '^(?:[’'']s)? (?:[\p{Ll}-]+ ){0,2}(?:meeting|talks|dinner|lunch) with $'
            )
            AND is_possessive <> regexp_matches(gap, '^[’'']s')
            THEN regexp_extract(link, '\b(?:meeting|talks|dinner|lunch) with\b')
            -- `A and B met`
            WHEN is_subject AND NOT is_possessive AND regexp_matches(link, '^,? and $')
            AND regexp_matches(
                rest,
                '^ (?:(?:have|had) )?(?:(?:also|already|recently|earlier|briefly|privately|first'
                '|last|(?:on )?\w+day) )*(?:met(?: (?:again|privately|briefly|recently))?(?:[.,;]'
                '|$| (?:each other|one another|in|on|at|for|over|during|last|this|earlier|late'
                '|face|\w+day)\b)|(?:held|had) (?:an? )?(?:[\p{Ll}-]+ ){0,3}(?:meetings?|talks'
                '|discussions|lunch|dinner|breakfast)\b|shook hands)'
            ) THEN regexp_extract(
                rest,
                '\b(?:met|(?:held|had) .*?(?:meetings?|talks|discussions|lunch|dinner|breakfast)'
                '|shook hands)\b'
            )
            -- `after the meeting between A and B`
            WHEN is_past AND NOT is_possessive AND regexp_matches(link, '^,? and $')
            AND regexp_matches(
                lead,
                '\b(?i:during|after|following|recall\w*|at) (?:an?|the) (?:[\p{Ll}-]+ ){0,2}'
                '(?:meeting|talks|summit|dinner|lunch|handshake) between '
                '(?:(?:the )?\p{Lu}[^ \x{a0}]*[ \x{a0}])*$'
            ) THEN regexp_extract(lead, '\b(?:meeting|talks|summit|dinner|lunch|handshake) between')
        END AS cue
    FROM sentences
),
named AS MATERIALIZED (
    SELECT * FROM met
    WHERE cue IS NOT NULL AND is_certain AND is_in_person
    AND (is_other_whole OR regexp_matches(link, '^,? and $'))
),
all_named AS (
    FROM named
    UNION ALL
    -- `A met B and C`
    SELECT m.* REPLACE (
        s.other_entity_id AS other_entity_id,
        s.other_name AS other_name,
        s."end" AS "end",
        s.rest AS rest
    )
    FROM named AS m
    JOIN sentences AS s ON s.mention_id = m.other_mention_id
    WHERE s.other_entity_id <> m.entity_id
    AND NOT regexp_matches(m.link, '^,? and $')
    AND regexp_matches(s.link, '^,? and $')
    AND NOT s.is_other_possessive
    AND regexp_matches(
        s.rest, '^(?:$|[.;!?]|,(?:$|["” ])| (?:in|at|on|to|for|during|last|this|earlier)\b)'
    )
    UNION ALL
    -- `C and A met B`
    SELECT m.* REPLACE (
        s.entity_id AS entity_id,
        s.name AS name,
        s.start AS start,
        s.lead AS lead
    )
    FROM named AS m
    JOIN sentences AS s ON s.other_mention_id = m.mention_id
    WHERE s.entity_id <> m.other_entity_id
    AND NOT regexp_matches(m.link, '^,? and $')
    AND m.cue IN ('met', 'meets')
    AND regexp_matches(s.link, '^,? and $')
    AND s.is_subject
    AND NOT s.is_possessive
),
sentences_of_both AS (
    SELECT
        *,
        line_start + start - length(ltrim(lead)) AS sentence_start,
        line_start + "end" + length(rest) AS sentence_end
    FROM all_named
)
SELECT
    n.name AS person,
    n.other_name AS other_person,
    n.cue,
    substr(
        n.line,
        n.sentence_start - n.line_start + 1,
        n.sentence_end - n.sentence_start
    ) AS sentence,
    coalesce(o.name, a.outlet) AS outlet,
    a.published_on,
    a.headline,
    n.article_id,
    n.sentence_start AS start,
    n.sentence_end AS "end",
    n.entity_id AS person_entity_id,
    n.other_entity_id,
    n.bundle
FROM sentences_of_both AS n
JOIN articles AS a USING (article_id)
LEFT JOIN outlets AS o USING (outlet_id)
QUALIFY row_number() OVER (
    PARTITION BY
        n.article_id,
        n.sentence_start,
        least(n.entity_id, n.other_entity_id),
        greatest(n.entity_id, n.other_entity_id)
    ORDER BY n.start, n."end"
) = 1
