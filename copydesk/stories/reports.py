"""Read what articles report of their events: day, people, places, dates and quoted words."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

import duckdb
import pyarrow as pa

from copydesk.lake.lake import Snapshot
from copydesk.lake.sql import connect_shared, load_sql, stream_tuples
from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import load_event_words
from copydesk.stories.days import Day, find_day, without_year
from copydesk.tables import ARTICLE_FACTS, ARTICLES, MENTIONS, QUOTES
from copydesk.text.dates import find_date
from copydesk.text.lines import WORD
from copydesk.text.quote_marks import find_quoted
from copydesk.values import QuoteType

QUERIES = "copydesk.stories.queries"

LEAD_PARAGRAPHS = 3
LEAD_WORDS = 150
MIN_PEOPLE = 2  # an article that names fewer has no event that could be recognised
QUOTED_WORDS = 8  # in a row: fewer are a phrase that many people use
BATCH_ROWS = 1_000  # bodies that are in memory at a time

ReadQuoted = Callable[[Iterable[str]], Mapping[str, frozenset[str]]]


class Report(NamedTuple):
    """What an article reports of its event; people and places by any keys that articles share."""

    day: Day
    people: frozenset[str]
    lead_people: frozenset[str]
    places: frozenset[str]
    lead_places: frozenset[str]
    dates: frozenset[date]
    """Dates in the copy, in no year."""


class Lead(NamedTuple):
    """How an article opens: its first words, the day of its news, and the place of its dateline."""

    text: str
    day: Day
    place: str | None


class Names(NamedTuple):
    """The people and places that an article names, altogether and in its lead."""

    people: frozenset[str]
    lead_people: frozenset[str]
    places: frozenset[str]
    lead_places: frozenset[str]


def read_reports(
    snapshot: Snapshot,
    ids: Iterable[str],
    *,
    entities_sql: str,
    links_sql: str,
    language: Language = ENGLISH,
) -> dict[str, Report]:
    """Return what those articles report that give a day and name two people, by their ids.

    Given SQL for the rows of `entities` and `entity_links`.
    """
    return compose_reports(
        snapshot,
        read_leads(connect_shared(), snapshot, ids, language),
        entities_sql=entities_sql,
        links_sql=links_sql,
        language=language,
    )


def compose_reports(
    snapshot: Snapshot,
    leads: Mapping[str, Lead],
    *,
    entities_sql: str,
    links_sql: str,
    language: Language = ENGLISH,
) -> dict[str, Report]:
    """Return what articles report of which the leads are given, where they name two people."""
    connection = connect_shared()
    seats = load_event_words(language).seats
    register(
        connection, "leads", {"article_id": leads, "lead": (lead.text for lead in leads.values())}
    )
    register(connection, "seats", {"place": seats})
    dates = read_dates(connection, snapshot, language)
    names = _read_names(connection, snapshot, entities_sql=entities_sql, links_sql=links_sql)
    return {
        article_id: compose_report(leads[article_id], named, dates.get(article_id, set()), seats)
        for article_id, named in names
    }


def read_lead(  # noqa: PLR0913 - what an article opens with
    headline: str | None,
    deck: str | None,
    body: str,
    *,
    published_on: date | None,
    place: str | None,
    dateline: str | None,
    language: Language,
) -> Lead | None:
    """Return how an article opens, or None where it gives no day."""
    text = compose_lead(headline, deck, body)
    reference = without_year(dateline) if dateline else None
    day = find_day(text, published_on=published_on, dateline=reference, language=language)
    return None if day is None else Lead(text, day, place.lower() if place else None)


def read_leads(
    connection: duckdb.DuckDBPyConnection,
    snapshot: Snapshot,
    ids: Iterable[str],
    language: Language,
) -> dict[str, Lead]:
    """Return the leads of those articles that give a day."""
    register(connection, "wanted", {"id": ids})
    query = load_sql(QUERIES, "leads").format(
        articles=snapshot.relation_sql(ARTICLES), facts=snapshot.relation_sql(ARTICLE_FACTS)
    )
    leads = {}
    for article_id, *opening, published_on, place, dateline in stream_tuples(
        connection, query, batch_rows=BATCH_ROWS
    ):
        lead = read_lead(
            *opening, published_on=published_on, place=place, dateline=dateline, language=language
        )
        if lead is not None:
            leads[article_id] = lead
    return leads


def read_dates(
    connection: duckdb.DuckDBPyConnection, snapshot: Snapshot, language: Language
) -> dict[str, set[date]]:
    """Return the dates in the copy of the articles in `leads`, in no year."""
    query = load_sql(QUERIES, "dates").format(mentions=snapshot.relation_sql(MENTIONS))
    dates: dict[str, set[date]] = defaultdict(set)
    for article_id, text in stream_tuples(connection, query, batch_rows=BATCH_ROWS):
        found = find_date(text, language=language)
        if found is not None:
            dates[article_id].add(without_year(found.value))
    return dates


def _read_names(
    connection: duckdb.DuckDBPyConnection,
    snapshot: Snapshot,
    *,
    entities_sql: str,
    links_sql: str,
) -> Iterator[tuple[str, Names]]:
    """Yield the people and places of the articles in `leads` that name enough people."""
    query = load_sql(QUERIES, "names").format(
        mentions=snapshot.relation_sql(MENTIONS),
        entities=entities_sql,
        links=links_sql,
        min_people=MIN_PEOPLE,
    )
    for article_id, *names in stream_tuples(connection, query, batch_rows=BATCH_ROWS):
        yield article_id, Names(*(frozenset(each or ()) for each in names))


def compose_report(
    lead: Lead, names: Names, dates: Iterable[date], seats: Collection[str]
) -> Report:
    """Return what an article reports; the place of its dateline counts where it is no seat."""
    is_seat = lead.place in seats
    opening_place = {lead.place} if lead.place and not is_seat else set()
    return Report(
        day=lead.day,
        people=names.people,
        lead_people=names.lead_people,
        places=names.places | opening_place,
        lead_places=names.lead_places | opening_place,
        dates=frozenset(dates),
    )


def register(
    connection: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, Iterable[str]]
) -> None:
    """Let queries read a table of strings under a name."""
    table = {column: pa.array(list(values), pa.string()) for column, values in columns.items()}
    connection.register(name, pa.table(table))


def read_quoted(snapshot: Snapshot, ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return the runs of `QUOTED_WORDS` words between quotation marks of those articles."""
    connection = connect_shared()
    register(connection, "wanted", {"id": ids})
    quoted: dict[str, set[str]] = defaultdict(set)
    for article_id, kind, content in stream_tuples(
        connection,
        load_sql(QUERIES, "quoted").format(quotes=snapshot.relation_sql(QUOTES)),
        batch_rows=BATCH_ROWS,
    ):
        quoted[article_id].update(_quoted_runs(content, QuoteType(kind)))
    return {article_id: frozenset(runs) for article_id, runs in quoted.items()}


def compose_lead(headline: str | None, deck: str | None, body: str) -> str:
    """Return what states the news: headline, deck and the first paragraphs."""
    words = " ".join(body.split("\n\n")[:LEAD_PARAGRAPHS]).split()[:LEAD_WORDS]
    return "\n".join([*filter(None, (headline, deck)), " ".join(words)])


def _quoted_runs(content: str, kind: QuoteType) -> Iterator[str]:
    """Yield the runs of words of a quotation that are given as the speaker's own."""
    passages = [content]
    if kind is QuoteType.MIXED:
        passages = [content[passage.start : passage.end] for passage in find_quoted(content)]
    for passage in passages:
        words = WORD.findall(passage.casefold())
        for i in range(len(words) - QUOTED_WORDS + 1):
            yield " ".join(words[i : i + QUOTED_WORDS])
