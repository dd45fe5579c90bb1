"""Read of each article what is compared, from its bundle alone, and keep it as numbers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import numpy as np
import pyarrow as pa

from copydesk.lake.kept import Parts, keep_parts
from copydesk.lake.lake import Lake, Snapshot
from copydesk.lake.sql import connect, load_sql, stream_tuples
from copydesk.lexicons.language import Language
from copydesk.rows import ArticleFeatures
from copydesk.stories.copies import N_BANDS, Signatures, WordHashes
from copydesk.stories.days import Day
from copydesk.stories.reports import Lead, read_lead
from copydesk.stories.sheets import Page, Sheet, read_sheets
from copydesk.tables import ARTICLE_FACTS, ARTICLE_FEATURES, ARTICLES, RAW_ARTICLES
from copydesk.text.arrays import Hashes, Numbers, find_among

QUERIES = "copydesk.stories.queries"
PAGE_COLUMNS = (
    "article_id", "agency", "dateline_place", "address", "published_on", "raw_sha256",
    "n_words", "key",
)  # fmt: skip
DAY_COLUMNS = ("article_id", "lead", "place", "day", "reference", "weekday")
BATCH_ROWS = 10_000  # articles whose signatures are in memory at a time


def keep_features(snapshot: Snapshot, parts: Parts, *, is_whole: bool, language: Language) -> None:
    """Read the features of the articles of bundles whose state is new, or of all, and keep them."""

    def read(some: Snapshot) -> pa.Table:
        query = load_sql(QUERIES, "features").format(
            articles=some.relation_sql(ARTICLES),
            raw_articles=some.relation_sql(RAW_ARTICLES),
            facts=some.relation_sql(ARTICLE_FACTS),
        )
        rows = list(stream_tuples(connect(), query, batch_rows=BATCH_ROWS))
        found = [*_read_articles(rows, language)]
        table = pa.Table.from_batches([ARTICLE_FEATURES.to_batch(found)])
        bundles = pa.array([row[-1] for row in rows], pa.string())
        return table.drop_columns(["part"]).append_column("bundle", bundles)

    keep_parts(ARTICLE_FEATURES, snapshot, parts, read=read, is_whole=is_whole)


def _read_articles(rows: list[tuple[Any, ...]], language: Language) -> Iterator[ArticleFeatures]:
    """Yield the features of articles, given as rows of the query, in their order."""
    pages = ((Page(*row[:7]), row[7]) for row in rows)
    sheets, signatures = read_sheets(pages, WordHashes())
    place_of = {key: i for i, key in enumerate(signatures.ids)}
    bands, traces = signatures.bands.view(np.int64), signatures.traces.view(np.int64)
    for article_id, headline, _, place, _, published_on, _, body, deck, dateline, _ in rows:
        sheet = sheets[article_id]
        at = place_of.get(sheet.key)
        lead = read_lead(
            headline, deck, body, published_on=published_on, place=place, dateline=dateline,
            language=language,
        )  # fmt: skip
        page = sheet.page
        yield ArticleFeatures(
            part=0,
            article_id=page.article_id,
            agency=page.agency,
            dateline_place=page.dateline_place,
            address=page.address,
            published_on=page.published_on,
            raw_sha256=page.raw_sha256,
            n_words=sheet.n_words,
            key=sheet.key,
            bands=[] if at is None else bands[at].tolist(),
            traces=[] if at is None else traces[at].tolist(),
            lead=lead.text if lead else None,
            place=lead.place if lead else None,
            day=lead.day.day if lead else None,
            reference=lead.day.reference if lead else None,
            weekday=lead.day.weekday if lead else None,
        )


@dataclass(frozen=True)
class Store:
    """The kept features of articles of some states of bundles."""

    lake: Lake
    parts: Parts

    @cached_property
    def _rows(self) -> str:
        among = ", ".join(map(str, self.parts.bundles)) or "NULL"
        return f"(FROM {self.lake.relation_sql(ARTICLE_FEATURES)} WHERE part IN ({among}))"

    @cached_property
    def sheets(self) -> dict[str, Sheet]:
        """The sheets of all articles."""
        return {article_id: sheet for article_id, (_, sheet) in self.states.items()}

    @cached_property
    def states(self) -> dict[str, tuple[int, Sheet]]:
        """The sheet of each article, and the state of the bundle that it was read in."""
        query = f"SELECT part, {', '.join(PAGE_COLUMNS)} FROM {self._rows}"
        rows = stream_tuples(connect(), query, batch_rows=BATCH_ROWS)
        return {
            article_id: (
                part,
                Sheet(Page(article_id, None, agency, place, address, day, sha256), n_words, key),
            )
            for part, article_id, agency, place, address, day, sha256, n_words, key in rows
        }

    def read_leads(self, ids: Iterable[str]) -> dict[str, Lead]:
        """Return the leads of those articles that give a day."""
        connection = connect()
        connection.register("wanted", pa.table({"article_id": pa.array(list(ids), pa.string())}))
        query = (
            f"SELECT {', '.join(DAY_COLUMNS)} FROM {self._rows} SEMI JOIN wanted "
            "USING (article_id) WHERE lead IS NOT NULL"
        )
        return {
            article_id: Lead(text, Day(day, reference, weekday), place)
            for article_id, text, place, day, reference, weekday in stream_tuples(
                connection, query, batch_rows=BATCH_ROWS
            )
        }

    def read_signatures(self, articles: Iterable[str]) -> Signatures:
        """Return the signatures of the texts of some articles, each of another text."""
        connection = connect()
        wanted = pa.table({"article_id": pa.array(list(articles), pa.string())})
        connection.register("wanted", wanted)
        query = (
            f"SELECT key, bands, traces, n_words FROM {self._rows} SEMI JOIN wanted "
            "USING (article_id) WHERE len(bands) > 0"
        )
        return _open(connection.sql(query).to_arrow_table())

    def find_agreeing(self, bands: Hashes) -> tuple[list[str], Hashes]:
        """Return the articles that have one of some bands, once for each, and the bands."""
        ids: list[str] = []
        found = [np.zeros(0, np.uint64)]
        query = f"SELECT article_id, bands FROM {self._rows} WHERE len(bands) > 0"
        for batch in connect().sql(query).to_arrow_reader(BATCH_ROWS):
            keys = batch["bands"].flatten().to_numpy().view(np.uint64)
            places = find_among(keys, bands)
            found.append(keys[places])
            ids.extend(batch["article_id"].take(pa.array(places // N_BANDS)).to_pylist())
        return ids, np.concatenate(found)


def _open(table: pa.Table) -> Signatures:
    def matrix(name: str) -> Numbers:
        chunks = cast("list[pa.ListArray[Any]]", table[name].chunks)
        values = [np.zeros(0, np.int64), *(chunk.flatten().to_numpy() for chunk in chunks)]
        return np.concatenate(values).reshape(len(table), -1)

    n = len(table)
    return Signatures(
        list(map(str, table["key"].to_pylist())),
        matrix("bands").view(np.uint64) if n else np.zeros((0, N_BANDS), np.uint64),
        matrix("traces").view(np.uint8) if n else np.zeros((0, 2 * N_BANDS), np.uint8),
        np.maximum(1, table["n_words"].to_numpy()),
    )
