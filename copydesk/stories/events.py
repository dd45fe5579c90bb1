"""Find the articles that report one event in words of their own.

An event is known by who, where and when, and all three must agree: a person who stands in both
leads, most of the people, the day, and a place or the words that were quoted. What the articles are
about does not count, for a long affair has the same people, places and words throughout. A pair is
judged by its two articles alone. `docs/stories.md` tells the rules in prose.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from enum import Enum, auto
from itertools import combinations
from typing import NamedTuple

import pyarrow as pa

from copydesk.lake.lake import Snapshot
from copydesk.lake.sql import connect, load_sql, stream_tuples
from copydesk.rows import QuoteType, StoryRule
from copydesk.tables import ARTICLE_FACTS, ARTICLES, MENTIONS, QUOTES
from copydesk.text.dates import find_date
from copydesk.text.lines import WORD
from copydesk.text.quote_marks import find_quoted

QUERIES = "copydesk.stories.queries"

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
DAYS_BACK = {"yesterday": 1, "today": 0, "tonight": 0}
DAY_WORD = re.compile(r"[MTWFSYyt][a-z]{1,5}(?:day|night)\b")  # most of them
WORD_BEFORE = re.compile(r"(\w+)\s+\Z")
CHARS_BEFORE = 40  # in which the word before a day stands
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
BATCH_ROWS = 1_000  # bodies that are in memory at a time
LEAP_YEAR = 2000  # any: days of no year are counted in it
DAYS_OF_YEAR = 366


ReadQuoted = Callable[[Iterable[str]], Mapping[str, frozenset[str]]]


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
        "entities": entities_sql,
        "links": links_sql,
        "min_people": MIN_SHARED_PEOPLE,
    }
    told: dict[str, tuple[Day, str | None]] = {}
    leads: dict[str, str] = {}
    for article_id, *opening, published_on, place, dateline in stream_tuples(
        connection, load_sql(QUERIES, "leads").format(**relations), batch_rows=BATCH_ROWS
    ):
        lead = compose_lead(*opening)
        reference = without_year(dateline) if dateline else None
        day = find_day(lead, published_on=published_on, dateline=reference)
        if day is not None:
            told[article_id] = day, place
            leads[article_id] = lead
    columns = {"article_id": list(leads), "lead": list(leads.values())}
    connection.register(
        "leads", pa.table({n: pa.array(v, pa.string()) for n, v in columns.items()})
    )
    dates: dict[str, set[date]] = defaultdict(set)
    for article_id, text in stream_tuples(
        connection, load_sql(QUERIES, "dates").format(**relations), batch_rows=BATCH_ROWS
    ):
        found = find_date(text)
        if found is not None:
            dates[article_id].add(without_year(found.value))
    reports = {}
    for article_id, *names in stream_tuples(
        connection, load_sql(QUERIES, "names").format(**relations), batch_rows=BATCH_ROWS
    ):
        people, lead_people, places, lead_places = (frozenset(each or ()) for each in names)
        day, place = told[article_id]
        opening_place = {place} if place and place not in SEATS else set()
        reports[article_id] = Report(
            day=day,
            people=people,
            lead_people=lead_people,
            places=places | opening_place,
            lead_places=lead_places | opening_place,
            dates=frozenset(dates[article_id]),
        )
    return reports


def read_quoted(snapshot: Snapshot, ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return the runs of `QUOTED_WORDS` words between quotation marks of those articles."""
    connection = connect()
    connection.register("wanted", pa.table({"id": pa.array(ids, type=pa.string())}))
    quoted: dict[str, set[str]] = defaultdict(set)
    for article_id, kind, content in stream_tuples(
        connection,
        load_sql(QUERIES, "quoted").format(quotes=snapshot.relation_sql(QUOTES)),
        batch_rows=BATCH_ROWS,
    ):
        quoted[article_id].update(_quoted_runs(content, QuoteType(kind)))
    return {article_id: frozenset(runs) for article_id, runs in quoted.items()}


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


def compare_reports(one: Report, other: Report) -> Agreement | None:
    """Return how precisely two articles tell the same day; None where their people differ, too."""
    shared = one.people & other.people
    n_fewer = min(len(one.people), len(other.people))
    if (
        len(shared) < MIN_SHARED_PEOPLE
        or len(shared) < MIN_PEOPLE_SHARE * n_fewer
        or not one.lead_people & other.lead_people
    ):
        return None
    return compare_days(one.day, other.day)


def judge_reports(one: Report, other: Report, *, share_words: bool) -> StoryRule | None:
    """Return why two articles report one event, or None where that is not sure.

    `share_words` says whether both quote the same `QUOTED_WORDS` words in a row.
    """
    agreement = compare_reports(one, other)
    if agreement is Agreement.DAY:
        if share_words:
            return StoryRule.SAME_PEOPLE_WORDS_DAY
        return StoryRule.SAME_PEOPLE_PLACES_DAY if one.lead_places & other.lead_places else None
    if (
        agreement is Agreement.WEEKDAY
        and len(one.people & other.people) >= MIN_PEOPLE_OF_WEEKDAY
        and len(one.places & other.places) >= MIN_PLACES_OF_WEEKDAY
        and _shared_recent_dates(one, other)
    ):
        return StoryRule.SAME_PEOPLE_PLACES_WEEKDAY
    return None


def find_same_events(
    reports: Mapping[str, Report], read_quoted: ReadQuoted
) -> Iterator[tuple[str, str, StoryRule]]:
    """Yield the pairs of articles that report one event, and why; sorted by their ids."""
    blocks: dict[tuple[str, str], list[str]] = defaultdict(list)
    for article_id, report in sorted(reports.items()):
        for key in _day_keys(report):
            for person in report.lead_people:
                blocks[key, person].append(article_id)
    agreeing = sorted(
        {
            (one, other)
            for members in blocks.values()
            for one, other in combinations(members, 2)
            if compare_reports(reports[one], reports[other]) is not None
        }
    )
    # Most articles agree with no other: only of the few that do, all quotations are read.
    quoted = read_quoted(sorted({article_id for pair in agreeing for article_id in pair}))
    for one, other in agreeing:
        runs = quoted.get(one, frozenset()) & quoted.get(other, frozenset())
        rule = judge_reports(reports[one], reports[other], share_words=bool(runs))
        if rule is not None:
            yield one, other, rule


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
        weekday, back = found[0].removesuffix("day"), DAYS_BACK.get(found[0].lower())
        before = lead[max(0, found.start() - CHARS_BEFORE) : found.start()]
        word = WORD_BEFORE.search(before)
        if WORD.match(before[-1:]) or (word and word[1].casefold() in NO_DAY_OF_NEWS):
            continue
        if weekday in WEEKDAYS:
            return SpokenDay(WEEKDAYS.index(weekday), None, found.start())
        if back is not None:
            return SpokenDay(None, back, found.start())
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
