"""Keep of each article what it reports of its event: the day, the dates, and its names as hashes.

Who a name is depends on all bundles; it is looked up when reports are compared.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from copydesk.lake.kept import Parts, keep_parts
from copydesk.lake.lake import Lake, Snapshot
from copydesk.lake.sql import connect_shared, load_sql, stream_tuples
from copydesk.lexicons.language import Language
from copydesk.lexicons.load import load_event_words
from copydesk.rows import ReportFeatures
from copydesk.stories.days import DAYS_OF_WEEK, DAYS_OF_YEAR, LEAP_YEAR, RECENT_DAYS, Day
from copydesk.stories.reports import (
    MIN_PEOPLE,
    Lead,
    Names,
    Report,
    compose_report,
    read_dates,
    read_leads,
    register,
)
from copydesk.tables import ARTICLE_FACTS, ARTICLES, MENTIONS, REPORT_FEATURES
from copydesk.text.arrays import Hashes, Numbers, find_among, spread

QUERIES = "copydesk.stories.queries"
READ = (ARTICLES, ARTICLE_FACTS, MENTIONS)
"""The tables of a bundle that facts are read from."""
NEW_YEAR = date(LEAP_YEAR, 1, 1)
MONTH_STARTS = np.array([0, *((date(LEAP_YEAR, i, 1) - NEW_YEAR).days for i in range(1, 13))])
N_DAY_KEYS = (DAYS_OF_WEEK + 2) * DAYS_OF_YEAR
COLUMNS = ("article_id", "place", "day", "reference", "weekday", "dates", "names", "lead_names")
BATCH_ROWS = 10_000  # rows of names that are in memory at a time


def keep_facts(snapshot: Snapshot, parts: Parts, *, is_whole: bool, language: Language) -> None:
    """Read what the articles of bundles whose state is new report, or of all, and keep it."""

    def read(some: Snapshot) -> pa.Table:
        query = f"SELECT article_id, bundle FROM {some.relation_sql(ARTICLES)}"
        bundles = dict(connect_shared().execute(query).fetchall())
        found = [*_read_facts(some, bundles, language)]
        table = pa.Table.from_batches([REPORT_FEATURES.to_batch(found)]).drop_columns(["part"])
        return table.append_column("bundle", pa.array(list(bundles.values()), pa.string()))

    keep_parts(REPORT_FEATURES, snapshot, parts, read=read, is_whole=is_whole)


def _read_facts(
    snapshot: Snapshot, articles: Collection[str], language: Language
) -> Iterator[ReportFeatures]:
    """Yield what articles report, in their order."""
    connection = connect_shared()
    leads = read_leads(connection, snapshot, articles, language)
    register(connection, "leads", {"article_id": leads, "lead": (x.text for x in leads.values())})
    dates = read_dates(connection, snapshot, language)
    names = defaultdict(list)
    query = load_sql(QUERIES, "heads").format(mentions=snapshot.relation_sql(MENTIONS))
    for article_id, name, in_lead in stream_tuples(connection, query, batch_rows=BATCH_ROWS):
        names[article_id].append((name, in_lead))
    nothing = Lead("", Day(None, None, None), None)
    for article_id in articles:
        lead = leads.get(article_id, nothing)
        mine = names.get(article_id, [])
        yield ReportFeatures(
            part=0,
            article_id=article_id,
            place=lead.place,
            day=lead.day.day,
            reference=lead.day.reference,
            weekday=lead.day.weekday,
            dates=sorted((each - NEW_YEAR).days for each in dates.get(article_id, ())),
            names=[name for name, _ in mine],
            lead_names=[name for name, in_lead in mine if in_lead],
        )


class Meant(NamedTuple):
    """Whom or what a name means: the entity of a person, or the name of a place."""

    is_person: bool
    called: str


class Called(NamedTuple):
    """The names of some people as hashes, sorted, and a number for the person of each."""

    names: Hashes
    people: Numbers


class Meanings:
    """What names mean now, and which of them meant something else before."""

    def __init__(self, names_sql: str, entities_sql: str, language: Language) -> None:
        """Open them, given SQL for the rows of `name_links` and `entities`."""
        self.seats = load_event_words(language).seats
        self._connection = connect_shared()
        register(self._connection, "seats", {"place": self.seats})
        self._connection.execute(f"CREATE TEMP TABLE meant AS {_meant(names_sql, entities_sql)}")

    def of(self, names: Hashes | None = None) -> dict[int, Meant]:
        """Return what some names mean, or all."""
        query = "FROM meant"
        if names is not None:
            self._connection.register("wanted", pa.table([pa.array(names)], names=["name"]))
            query += " SEMI JOIN wanted USING (name)"
        found = stream_tuples(self._connection, query, batch_rows=BATCH_ROWS)
        return {name: Meant(is_person, called) for name, is_person, called in found}

    def names_of(self, people: Iterable[str]) -> Called:
        """Return the names of some people."""
        register(self._connection, "people", {"called": people})
        query = (
            "SELECT name, dense_rank() OVER (ORDER BY called) AS person "
            "FROM meant SEMI JOIN people USING (called)"  # no place has such an id
        )
        found = self._connection.sql(query).to_arrow_table()
        names = found["name"].to_numpy().view(np.uint64)
        order = np.argsort(names)
        return Called(names[order], found["person"].to_numpy()[order])

    def find_changed(self, names_sql: str, entities_sql: str) -> Hashes:
        """Return the names that mean something else than they did by other tables."""
        query = load_sql(QUERIES, "changed").format(before=_meant(names_sql, entities_sql))
        return _numbers(self._connection.sql(query).to_arrow_table()["name"])


def _meant(names_sql: str, entities_sql: str) -> str:
    return load_sql(QUERIES, "meant").format(name_links=names_sql, entities=entities_sql)


def _numbers(column: "pa.ChunkedArray[Any]") -> Hashes:
    return np.sort(column.to_numpy().view(np.uint64))


@dataclass(frozen=True)
class Facts:
    """What articles of some states of bundles report, of those that give a day."""

    lake: Lake
    parts: Parts

    @cached_property
    def _table(self) -> pa.Table:
        among = ", ".join(map(str, self.parts.bundles)) or "NULL"
        reports = self.lake.relation_sql(REPORT_FEATURES)
        query = load_sql(QUERIES, "dated").format(reports=reports, among=among)
        table: pa.Table = connect_shared().sql(query).to_arrow_table().combine_chunks()
        return table

    @cached_property
    def ids(self) -> list[str]:
        """The articles that give a day."""
        return cast("list[str]", self._table["article_id"].to_pylist())

    def find_in(self, parts: Collection[int]) -> set[str]:
        """Return the articles of bundles in some states."""
        wanted = pa.array(list(parts), pa.int64())
        mine = self._table.filter(pc.is_in(self._table["part"], value_set=wanted))
        return set(map(str, mine["article_id"].to_pylist()))

    def find_naming(self, names: Hashes) -> set[str]:
        """Return the articles that have one of some names."""
        lists = _lists(self._table["names"])
        ends = lists.offsets.to_numpy()
        places = find_among(lists.flatten().to_numpy().view(np.uint64), names)
        rows = np.unique(np.searchsorted(ends - ends[0], places, side="right") - 1)
        return set(map(str, self._table["article_id"].take(rows).to_pylist()))

    def list_names(self, articles: Collection[str]) -> Hashes:
        """Return the names in some articles."""
        return np.unique(_lists(self._of(articles)["names"]).flatten().to_numpy())

    def find_same_news(self, articles: Collection[str], called: Called) -> set[str]:
        """Return the articles that may report of one day and person with one of some articles.

        The person is in the lead of both, by one of the names that are given.
        """
        lists = _lists(self._table["lead_names"])
        ends, names = lists.offsets.to_numpy(), lists.flatten().to_numpy().view(np.uint64)
        places = find_among(names, called.names)
        naming = np.searchsorted(ends - ends[0], places, side="right") - 1
        people = called.people[np.searchsorted(called.names, names[places])]
        is_naming = np.zeros(len(self._table), np.bool_)
        is_naming[naming] = True
        rows, days = self._day_keys
        mine = np.flatnonzero(is_naming[rows])
        mine = mine[np.argsort(rows[mine], kind="stable")]
        rows, days = rows[mine], days[mine]
        begins = np.searchsorted(rows, naming)
        sizes = np.searchsorted(rows, naming, side="right") - begins
        news = np.repeat(people, sizes) * N_DAY_KEYS + days[spread(begins, sizes)]
        row_of = np.repeat(naming, sizes)
        wanted = pa.array(list(articles), pa.string())
        asked = pc.is_in(self._table["article_id"], value_set=wanted)
        is_asked = asked.to_numpy(zero_copy_only=False)[row_of]
        found = np.unique(row_of[np.isin(news, news[is_asked])])
        return set(map(str, self._table["article_id"].take(found).to_pylist()))

    @cached_property
    def _day_keys(self) -> tuple[Numbers, Numbers]:
        """The keys of `list_day_keys` of all articles as numbers, and the row of each."""
        table = self._table
        day, reference = (_days_of_year(table[name]) for name in ("day", "reference"))
        weekday = _fill(table["weekday"], -1)
        lists = _lists(table["dates"])
        stated = lists.flatten().to_numpy()
        of_stated = np.repeat(np.arange(len(table)), np.diff(lists.offsets.to_numpy()))
        meant = np.where(day >= 0, day, reference)[of_stated]
        ago = (meant - stated) % DAYS_OF_YEAR
        is_recent = (meant < 0) | ((ago > 0) & (ago <= RECENT_DAYS))
        of_stated, stated = of_stated[is_recent], stated[is_recent]
        dated, referring = np.flatnonzero(day >= 0), np.flatnonzero(reference >= 0)
        week = np.arange(-1, DAYS_OF_WEEK)
        back = (reference[referring, None] - week) % DAYS_OF_YEAR
        spoken = (weekday[of_stated] + 2) * DAYS_OF_YEAR + stated
        rows = [dated, np.repeat(referring, len(week)), of_stated]
        return np.concatenate(rows), np.concatenate([day[dated], back.ravel(), spoken])

    def compose(self, articles: Collection[str], meanings: Meanings) -> dict[str, Report]:
        """Return what those articles report that name two people."""
        wanted = None if len(articles) > len(self.ids) // 2 else self.list_names(articles)
        reports = self._read(articles, meanings.of(wanted), meanings.seats)
        return {each: report for each, report in reports if len(report.people) >= MIN_PEOPLE}

    def _read(
        self, articles: Collection[str], meant: dict[int, Meant], seats: Collection[str]
    ) -> Iterator[tuple[str, Report]]:
        rows = self._of(articles)
        lists = (rows[name].to_pylist() for name in COLUMNS)
        for article_id, place, day, reference, weekday, dates, names, lead in zip(
            *lists, strict=True
        ):
            people, places = _split(names, meant)
            lead_people, lead_places = _split(lead, meant)
            stated = (NEW_YEAR + timedelta(days=each) for each in dates)
            yield (
                article_id,
                compose_report(
                    Lead("", Day(day, reference, weekday), place),
                    Names(people, lead_people, places, lead_places),
                    stated,
                    seats,
                ),
            )

    def _of(self, articles: Collection[str]) -> pa.Table:
        wanted = pa.array(list(articles), pa.string())
        return self._table.filter(pc.is_in(self._table["article_id"], value_set=wanted))


def _fill(column: "pa.ChunkedArray[Any] | pa.Array[Any]", number: int) -> Numbers:
    """Return the numbers of a column, with one in place of null."""
    found = column.to_numpy(zero_copy_only=False)  # with nulls, they are no numbers and no integers
    return np.nan_to_num(found.astype(np.float64), nan=number).astype(np.int64)


def _days_of_year(column: "pa.ChunkedArray[Any]") -> Numbers:
    """Return dates as days since 1 January in a leap year; -1 for none."""
    months, days = _fill(pc.month(column), 0), _fill(pc.day(column), 0)
    found: Numbers = np.where(months > 0, MONTH_STARTS[months] + days - 1, -1)
    return found


def _split(names: Iterable[int], meant: dict[int, Meant]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the people and the places that names mean."""
    found = [meant[name] for name in names if name in meant]
    people = frozenset(each.called for each in found if each.is_person)
    return people, frozenset(each.called for each in found if not each.is_person)


def _lists(column: "pa.ChunkedArray[Any]") -> "pa.ListArray[Any]":
    chunks = cast("list[pa.ListArray[Any]]", column.chunks or [pa.array([], column.type)])
    return pa.concat_arrays(chunks)
