"""Find the articles that report one event in words of their own.

An event is known by who, where and when, and all three must agree: a person who stands in both
leads, most of the people, the day, and a place or the words that were quoted. What the articles are
about does not count, for a long affair has the same people, places and words throughout. A pair is
judged by its two articles alone. `docs/stories.md` tells the rules in prose.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import Enum, auto
from itertools import combinations
from typing import Any, NamedTuple

import pyarrow as pa

from copydesk.dates import find_date
from copydesk.lake import Snapshot, connect
from copydesk.lines import WORD
from copydesk.marks import find_quoted
from copydesk.model import QuoteType, StoryRule
from copydesk.tables import ARTICLE_FACTS, ARTICLES, MENTIONS, QUOTES

LEAD_PARAGRAPHS = 3
LEAD_WORDS = 150
MIN_SHARED_PEOPLE = 2
MIN_PEOPLE_SHARE = 0.5  # of the people of the article that names fewer
MIN_PEOPLE_OF_WEEKDAY = 3  # where only the weekday is told, more must agree …
MIN_PLACES_OF_WEEKDAY = 2  # … and a date that both tell their news by, …
RECENT_DAYS = 35  # … so long ago at most; what lies further back is history, which all reports tell
QUOTED_WORDS = 8  # in a row: fewer are a phrase that many people use
DAYS_OF_WEEK = 7
WEEKDAYS = ("Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun")
DAY_WORD = re.compile(
    rf"(?P<before>\w+\s+)?\b(?:(?P<weekday>{'|'.join(WEEKDAYS)})day|(?P<yesterday>[Yy]esterday)"
    r"|[Tt]oday|[Tt]onight)\b"
)
# Before a weekday: it is not that of the news, or it is a part of a name.
NO_DAY_OF_NEWS = frozenset(
    {
        *("next", "every", "each", "until", "till", "before", "by", "since"),
        *("ash", "bloody", "black", "cyber", "easter", "good", "palm", "sheffield", "super"),
    }
)
# Places that news call a government or a trade by; they tell nothing of where something happened.
SEATS = [
    *("beijing", "brussels", "capitol hill", "downing street", "moscow", "the kremlin"),
    *("the pentagon", "the white house", "wall street", "washington", "westminster"),
]
LEADS_SQL = """
SELECT a.article_id, a.headline, a.deck, a.body, a.published_on, lower(a.dateline_place), f.value
FROM {articles} AS a
LEFT JOIN (
    SELECT article_id, max_by(value, (confidence, value)) AS value FROM {facts}
    WHERE field = 'published_on' AND (rule = 'date_in_dateline' OR value LIKE '--%')
    GROUP BY article_id
) AS f USING (article_id)
WHERE a.article_id IN (SELECT id FROM wanted)
ORDER BY a.article_id
"""
NAMES_SQL = """
SELECT m.article_id, e.label = 'PERSON' AS is_person,
       CASE WHEN e.label = 'PERSON' THEN e.entity_id ELSE lower(e.name) END AS name,
       list(DISTINCT m.text) FILTER (m.kind = 'named') AS written
FROM {mentions} AS m JOIN {links} USING (mention_id) JOIN {entities} AS e USING (entity_id)
WHERE m.article_id IN (SELECT id FROM wanted)
  AND (e.label = 'PERSON' OR e.label IN ('GPE', 'LOC', 'FAC') AND e.country_code IS NULL
                             AND lower(e.name) NOT IN (SELECT place FROM seats))
GROUP BY ALL
"""
DATES_SQL = """
SELECT DISTINCT article_id, text FROM {mentions}
WHERE label = 'DATE' AND article_id IN (SELECT id FROM wanted)
"""
QUOTED_SQL = """
SELECT article_id, type, content FROM {quotes}
WHERE type <> 'indirect' AND article_id IN (SELECT id FROM wanted)
"""
BATCH_ROWS = 1_000  # bodies that are in memory at a time
LEAP_YEAR = 2000  # any: days of no year are counted in it
DAYS_OF_YEAR = 366


class Agreement(Enum):
    """How precisely two articles tell the same day."""

    DAY = auto()
    WEEKDAY = auto()


class Day(NamedTuple):
    """What an article tells of the day of its news."""

    day: date | None
    """The day, where the year is proven."""
    reference: date | None
    """The day of the dateline, in no year; the news is of that day or of the week before it."""
    weekday: int | None
    """0 is Monday."""


class Report(NamedTuple):
    """What an article tells of its event; people and places by any names that articles share."""

    day: Day
    people: frozenset[str]
    lead_people: frozenset[str]
    places: frozenset[str]
    lead_places: frozenset[str]
    dates: frozenset[date]
    """Dates in the copy, in no year."""
    quoted: frozenset[str]
    """Runs of `QUOTED_WORDS` words between quotation marks."""


class SpokenDay(NamedTuple):
    """A day as speech has it: a weekday, or so many days ago."""

    weekday: int | None
    back: int | None
    start: int


def read_reports(
    snapshot: Snapshot, ids: Iterable[str], *, entities_sql: str, links_sql: str
) -> dict[str, Report]:
    """Return what those articles tell of their events that tell a day and name two people.

    Given SQL for the rows of `entities` and `entity_links`.
    """
    connection = connect()
    connection.register("wanted", pa.table({"id": pa.array(ids, type=pa.string())}))
    connection.register("seats", pa.table({"place": SEATS}))
    relations = {
        "articles": snapshot.relation_sql(ARTICLES),
        "facts": snapshot.relation_sql(ARTICLE_FACTS),
        "mentions": snapshot.relation_sql(MENTIONS),
        "quotes": snapshot.relation_sql(QUOTES),
        "entities": entities_sql,
        "links": links_sql,
    }

    def read(query: str) -> Iterator[tuple[Any, ...]]:
        found = connection.sql(query.format(**relations))
        for batch in found.to_arrow_reader(BATCH_ROWS):
            yield from zip(*(column.to_pylist() for column in batch), strict=True)

    people: dict[str, dict[str, list[str]]] = defaultdict(dict)
    places: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for article_id, is_person, name, written in read(NAMES_SQL):
        (people if is_person else places)[article_id][name] = written or []
    named = {
        article_id: names for article_id, names in people.items() if len(names) >= MIN_SHARED_PEOPLE
    }
    connection.register("wanted", pa.table({"id": pa.array(sorted(named), type=pa.string())}))
    dates: dict[str, set[date]] = defaultdict(set)
    for article_id, text in read(DATES_SQL):
        found = find_date(text)
        if found is not None:
            dates[article_id].add(without_year(found.value))
    quoted: dict[str, set[str]] = defaultdict(set)
    for article_id, kind, content in read(QUOTED_SQL):
        quoted[article_id].update(_quoted_runs(content, QuoteType(kind)))
    reports = {}
    for article_id, headline, deck, body, published_on, place, dateline in read(LEADS_SQL):
        lead = compose_lead(headline, deck, body)
        day = find_day(
            lead, published_on=published_on, dateline=without_year(dateline) if dateline else None
        )
        placed = places[article_id]
        opening = {place} if place and place not in SEATS else set()
        if day is None:
            continue
        reports[article_id] = Report(
            day=day,
            people=frozenset(named[article_id]),
            lead_people=frozenset(_names_in(lead, named[article_id])),
            places=frozenset(opening | placed.keys()),
            lead_places=frozenset(opening.union(_names_in(lead, placed))),
            dates=frozenset(dates[article_id]),
            quoted=frozenset(quoted[article_id]),
        )
    return reports


def compose_lead(headline: str | None, deck: str | None, body: str) -> str:
    """Return what tells the news: headline, deck and the first paragraphs."""
    words = " ".join(body.split("\n\n")[:LEAD_PARAGRAPHS]).split()[:LEAD_WORDS]
    return "\n".join([*filter(None, (headline, deck)), " ".join(words)])


def find_day(lead: str, *, published_on: date | None, dateline: date | None) -> Day | None:
    """Return the day of the news: the first one that the lead tells, else that of the dateline.

    `dateline` is a day of no year. The day of publication is what "on Friday" is counted from, and
    no evidence by itself: an interview or a review has one too. A date without a publication near
    it is none either, for it may be history: "since the floods of 7 October".
    """
    spoken = _find_spoken_day(lead)
    if published_on is None:
        weekday = spoken.weekday if spoken else None
        is_told = dateline is not None or weekday is not None
        return Day(None, dateline, weekday) if is_told else None
    written = find_date(lead)
    if written is not None and (spoken is None or written.start < spoken.start):
        day = _last_before(published_on, without_year(written.value))
        if (published_on - day).days < DAYS_OF_WEEK:
            return Day(day, None, day.weekday())
    if spoken is not None:
        day = _count_back(published_on, spoken)
        return Day(day, None, day.weekday())
    if dateline is not None:
        day = _last_before(published_on, dateline)
        return Day(day, None, day.weekday())
    return None


def without_year(value: str) -> date:
    """Return the day that an ISO date, yearless or not, stands for in no year."""
    month, day = value.split("-")[-2:]
    return date(LEAP_YEAR, int(month), int(day))


def compare_days(one: Day, other: Day) -> Agreement | None:
    """Return how precisely two articles tell the same day; None where they do not."""
    if one.day is None and other.day is not None:
        one, other = other, one
    if one.day is not None:
        return _compare_with_day(one.day, other)
    is_one_weekday = one.weekday == other.weekday
    if one.reference is not None and other.reference is not None:
        apart = _days_between(one.reference, other.reference)
        if one.weekday is None or other.weekday is None:
            return Agreement.DAY if apart == 0 else None
        return Agreement.DAY if is_one_weekday and apart <= 1 else None
    return Agreement.WEEKDAY if is_one_weekday and one.weekday is not None else None


def judge_reports(one: Report, other: Report) -> StoryRule | None:
    """Return why two articles report one event, or None where that is not sure."""
    shared = one.people & other.people
    n_fewer = min(len(one.people), len(other.people))
    if (
        len(shared) < MIN_SHARED_PEOPLE
        or len(shared) < MIN_PEOPLE_SHARE * n_fewer
        or not one.lead_people & other.lead_people
    ):
        return None
    agreement = compare_days(one.day, other.day)
    if agreement is Agreement.DAY:
        if one.quoted & other.quoted:
            return StoryRule.SAME_PEOPLE_WORDS_DAY
        return StoryRule.SAME_PEOPLE_PLACES_DAY if one.lead_places & other.lead_places else None
    if (
        agreement is Agreement.WEEKDAY
        and len(shared) >= MIN_PEOPLE_OF_WEEKDAY
        and len(one.places & other.places) >= MIN_PLACES_OF_WEEKDAY
        and _shared_recent_dates(one, other)
    ):
        return StoryRule.SAME_PEOPLE_PLACES_WEEKDAY
    return None


def find_same_events(reports: Mapping[str, Report]) -> Iterator[tuple[str, str, StoryRule]]:
    """Yield the pairs of articles that report one event, and why; sorted by their ids."""
    blocks: dict[tuple[str, str], list[str]] = defaultdict(list)
    for article_id, report in sorted(reports.items()):
        for key in _day_keys(report):
            for person in report.lead_people:
                blocks[key, person].append(article_id)
    found: dict[tuple[str, str], StoryRule] = {}
    for members in blocks.values():
        for one, other in combinations(members, 2):
            rule = judge_reports(reports[one], reports[other])
            if rule is not None:
                found[one, other] = rule
    for (one, other), rule in sorted(found.items()):
        yield one, other, rule


def _names_in(lead: str, written: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield those of whom or which a name, as it is written in the article, stands in the lead."""
    for bearer, names in written.items():
        if any(name in lead for name in names):
            yield bearer


def _quoted_runs(content: str, kind: QuoteType) -> Iterator[str]:
    """Yield the runs of words of a quotation that are claimed to be the speaker's own."""
    passages = [content]
    if kind is QuoteType.MIXED:
        passages = [content[passage.start : passage.end] for passage in find_quoted(content)]
    for passage in passages:
        words = WORD.findall(passage.casefold())
        for i in range(len(words) - QUOTED_WORDS + 1):
            yield " ".join(words[i : i + QUOTED_WORDS])


def _day_keys(report: Report) -> Iterator[str]:
    """Yield what an article has in common with every article that may tell the same day."""
    day = report.day
    if day.day is not None:
        yield f"{day.day:%m-%d}"
    if day.reference is not None:
        for back in range(-1, DAYS_OF_WEEK):
            yield f"{day.reference - timedelta(days=back):%m-%d}"
    told = _reference_of(day)
    for stated in report.dates:
        if told is None or _is_recent(stated, told):
            yield f"{day.weekday} {stated:%m-%d}"


def _compare_with_day(day: date, other: Day) -> Agreement | None:
    if other.day is not None:
        return Agreement.DAY if day == other.day else None
    if other.weekday is not None and other.weekday != day.weekday():
        return None
    if other.reference is None:
        return Agreement.WEEKDAY
    late = _first_after(day, other.reference)
    told = late if other.weekday is None else _count_back(late, SpokenDay(other.weekday, None, 0))
    return Agreement.DAY if day == told else None


def _find_spoken_day(lead: str) -> SpokenDay | None:
    for found in DAY_WORD.finditer(lead):
        before = (found["before"] or "").strip().casefold()
        if before in NO_DAY_OF_NEWS:
            continue
        if found["weekday"]:
            return SpokenDay(WEEKDAYS.index(found["weekday"]), None, found.start())
        return SpokenDay(None, 1 if found["yesterday"] else 0, found.start())
    return None


def _count_back(reference: date, spoken: SpokenDay) -> date:
    """Return the day that was meant on `reference`: the last of that weekday, or the day itself."""
    back = spoken.back
    if spoken.weekday is not None:
        back = (reference.weekday() - spoken.weekday) % DAYS_OF_WEEK
    return reference - timedelta(days=back or 0)


def _last_before(reference: date, day: date) -> date:
    """Return the last day on or before `reference` with the month and day of `day`."""
    return next(found for found in _in_years(day, reference.year, -1) if found <= reference)


def _first_after(reference: date, day: date) -> date:
    """Return the first day on or after `reference` with the month and day of `day`."""
    return next(found for found in _in_years(day, reference.year, 1) if found >= reference)


def _in_years(day: date, year: int, step: int) -> Iterator[date]:
    """Yield `day` in `year` and the years after or before it; 29 February only where it is one."""
    for each in range(year, year + 9 * step, step):
        is_leap = each % 4 == 0 and (each % 100 != 0 or each % 400 == 0)
        if is_leap or (day.month, day.day) != (2, 29):
            yield day.replace(year=each)


def _days_between(one: date, other: date) -> int:
    apart = abs((one - other).days)
    return min(apart, DAYS_OF_YEAR - apart)


def _shared_recent_dates(one: Report, other: Report) -> set[date]:
    """Return the dates that both tell and that lie shortly before the day of one of them."""
    references = [told for report in (one, other) if (told := _reference_of(report.day))]
    shared = one.dates & other.dates
    return {stated for stated in shared if any(_is_recent(stated, told) for told in references)}


def _reference_of(day: Day) -> date | None:
    """Return the day that an article is of, in no year."""
    return without_year(day.day.isoformat()) if day.day else day.reference


def _is_recent(stated: date, reference: date) -> bool:
    return 0 < (reference - stated).days % DAYS_OF_YEAR <= RECENT_DAYS
