"""Read of each article what is compared, from its bundle alone, and keep it as numbers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from copydesk.lake.kept import Parts, keep_parts
from copydesk.lake.lake import Lake, Snapshot
from copydesk.lake.sql import connect_shared, load_sql, stream_tuples
from copydesk.rows import TextFeatures
from copydesk.stories.copies import N_BANDS, Signatures, WordHashes
from copydesk.stories.sheets import Page, Sheet, read_sheets
from copydesk.tables import ARTICLES, RAW_ARTICLES, TEXT_FEATURES
from copydesk.text.arrays import Hashes, Numbers, find_among

QUERIES = "copydesk.stories.queries"
PAGE_COLUMNS = (
    "article_id", "agency", "dateline_place", "address", "published_on", "raw_sha256",
    "n_words", "key",
)  # fmt: skip
READ = (ARTICLES, RAW_ARTICLES)
"""The tables of a bundle that features are read from."""
BATCH_ROWS = 10_000  # articles whose signatures are in memory at a time


def keep_features(snapshot: Snapshot, parts: Parts, *, is_whole: bool) -> None:
    """Read the features of the articles of bundles whose state is new, or of all, and keep them."""

    def read(some: Snapshot) -> pa.Table:
        query = load_sql(QUERIES, "features").format(
            articles=some.relation_sql(ARTICLES),
            raw_articles=some.relation_sql(RAW_ARTICLES),
        )
        rows = list(stream_tuples(connect_shared(), query, batch_rows=BATCH_ROWS))
        found = [*_read_articles(rows)]
        table = pa.Table.from_batches([TEXT_FEATURES.to_batch(found)])
        bundles = pa.array([row[-1] for row in rows], pa.string())
        return table.drop_columns(["part"]).append_column("bundle", bundles)

    keep_parts(TEXT_FEATURES, snapshot, parts, read=read, is_whole=is_whole)


def _read_articles(rows: list[tuple[Any, ...]]) -> Iterator[TextFeatures]:
    """Yield the features of articles, given as rows of the query, in their order."""
    pages = ((Page(*row[:7]), row[7]) for row in rows)
    sheets, signatures = read_sheets(pages, WordHashes())
    place_of = {key: i for i, key in enumerate(signatures.ids)}
    bands, traces = signatures.bands.view(np.int64), signatures.traces.view(np.int64)
    for article_id, *_ in rows:
        sheet = sheets[article_id]
        at = place_of.get(sheet.key)
        page = sheet.page
        yield TextFeatures(
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
        )


class Agreeing(NamedTuple):
    """An article, its text, and a band that it has."""

    article_id: str
    key: str
    band: int


class State(NamedTuple):
    """The sheet of an article, and the state of the bundle that it was read in."""

    part: int
    sheet: Sheet


@dataclass(frozen=True)
class Store:
    """The kept features of articles of some states of bundles, and the pages of them all."""

    connection: duckdb.DuckDBPyConnection
    features_sql: str
    parts: Parts
    pages: pa.Table

    def find_bundles(self, articles: Iterable[str]) -> frozenset[str]:
        """Return the bundles of some articles."""
        return frozenset(self.parts.bundles[part] for part in self._find_parts(articles))

    def _find_parts(self, articles: Iterable[str]) -> list[int]:
        return cast("list[int]", self._among("article_id", articles)["part"].unique().to_pylist())

    def read_states(self, keys: Iterable[str] | None = None) -> dict[str, State]:
        """Return all articles, or those of some texts, by their ids."""
        rows = self.pages if keys is None else self._among("key", keys)
        columns = [rows[name].to_pylist() for name in ("part", *PAGE_COLUMNS)]
        return {
            article_id: State(
                part,
                Sheet(Page(article_id, None, agency, place, address, day, sha256), n_words, key),
            )
            for part, article_id, agency, place, address, day, sha256, n_words, key in zip(
                *columns, strict=True
            )
        }

    def find_keys(self, column: str, values: Iterable[Any]) -> frozenset[str]:
        """Return the texts of the articles that have one of some values in a column."""
        return frozenset(map(str, self._among(column, values)["key"].to_pylist()))

    def _among(self, column: str, values: Iterable[Any]) -> pa.Table:
        wanted = pa.array(list(values), self.pages.schema.field(column).type)
        return self.pages.filter(pc.is_in(self.pages[column], value_set=wanted))

    def read_signatures(self, articles: Iterable[str]) -> Signatures:
        """Return the signatures of the texts of some articles, each of another text."""
        listed = list(articles)
        # Of the files without these bundles nothing but their summaries is read.
        rows = self._rows_of(self._find_parts(listed))
        wanted = pa.table({"article_id": pa.array(listed, pa.string())})
        self.connection.register("wanted", wanted)
        query = (
            f"SELECT key, bands, traces, n_words FROM {rows} SEMI JOIN wanted "
            "USING (article_id) WHERE len(bands) > 0"
        )
        return _open(self.connection.sql(query).to_arrow_table())

    def find_agreeing(self, bands: Hashes) -> list[Agreeing]:
        """Return the articles that have one of some bands, once for each."""
        found: list[Agreeing] = []
        rows = self._rows_of(self.parts.bundles)
        query = f"SELECT article_id, key, bands FROM {rows} WHERE len(bands) > 0"
        for batch in self.connection.sql(query).to_arrow_reader(BATCH_ROWS):
            keys = batch["bands"].flatten().to_numpy().view(np.uint64)
            places = find_among(keys, bands)
            mine = (batch[name].take(pa.array(places // N_BANDS)) for name in ("article_id", "key"))
            ids, texts = (column.to_pylist() for column in mine)
            found += map(Agreeing, ids, texts, keys[places].tolist())
        return found

    def _rows_of(self, parts: Iterable[int]) -> str:
        return _among_parts(self.features_sql, parts)


def open_stores(lake: Lake, *states: Parts) -> list[Store]:
    """Return the kept features in each of some states of all bundles; they are read once."""
    connection = connect_shared()
    features = lake.relation_sql(TEXT_FEATURES)
    rows = _among_parts(features, {part for parts in states for part in parts.bundles})
    columns = ", ".join(["part", *PAGE_COLUMNS])
    pages = connection.sql(f"SELECT {columns} FROM {rows}").to_arrow_table()
    return [Store(connection, features, parts, _keep_parts(pages, parts)) for parts in states]


def _among_parts(features: str, parts: Iterable[int]) -> str:
    listed = ", ".join(map(str, parts)) or "NULL"
    return f"(FROM {features} WHERE part IN ({listed}))"


def _keep_parts(pages: pa.Table, parts: Parts) -> pa.Table:
    wanted = pa.array(list(parts.bundles), pa.int64())
    return pages.filter(pc.is_in(pages["part"], value_set=wanted))


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
