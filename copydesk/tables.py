"""Derive Arrow schemas from the row types, and carry rows into Arrow and back.

Rows travel as streams: an asset turns an iterator of rows into a spooled Arrow stream and the
next one reads it batch by batch, so memory does not grow with the bundle.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from types import NoneType
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

import pyarrow as pa

from copydesk.rows import (
    Article,
    ArticleFact,
    ArticleLink,
    Bundle,
    CorpusCorrection,
    Entity,
    EntityLink,
    Mention,
    NameCounts,
    NameLink,
    Outlet,
    PageCorrection,
    PeopleCounts,
    Quote,
    QuoteFeatures,
    QuoteGroup,
    QuoteLink,
    RawArticle,
    RejectedFile,
    ReportFeatures,
    Segment,
    StockWords,
    Story,
    TextFeatures,
    Watched,
    WikidataId,
)
from copydesk.system.scratch import find_scratch

RowT = TypeVar("RowT")

BATCH_ROWS = 2_000  # rows held in memory at a time
PAGE_BATCH_ROWS = 128  # of tables with a whole page in a row, which may have several MB
ARROW_TYPES: dict[type, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    date: pa.date32(),
    datetime: pa.timestamp("us", tz="UTC"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column as declared: its name, Arrow type and meaning, and how a value is read back."""

    name: str
    arrow_type: pa.DataType
    meaning: str
    is_nullable: bool
    from_arrow: Callable[[Any], Any] | None  # None: the value is what pyarrow gives


@dataclass(frozen=True)
class Table(Generic[RowT]):
    """A table: its name, its row type, its key, and where its rows come from."""

    name: str
    row_type: type[RowT]
    key: tuple[str, ...]
    made_by: str
    """Module of the function that makes its rows."""
    revision: int = 1
    """Raised with every change of the code that changes its rows."""
    batch_rows: int = BATCH_ROWS
    """Rows held in memory at a time."""

    @property
    def meaning(self) -> str:
        """What one row is, in a sentence."""
        return (self.row_type.__doc__ or "").strip()

    @property
    def added(self) -> frozenset[str]:
        """Columns that older files may lack: those that the row type has a default for."""
        declared = fields(self.row_type)  # type: ignore[arg-type] # every row type is a dataclass
        return frozenset(field.name for field in declared if field.default is not MISSING)

    @property
    def is_per_bundle(self) -> bool:
        """Whether each row belongs to one bundle, so that a bundle's rows are replaced together."""
        return any(column.name == "bundle" for column in self.columns)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Columns in their declared order."""
        hints = get_type_hints(self.row_type, include_extras=True)
        return tuple(_column(name, hint) for name, hint in hints.items())

    @cached_property
    def schema(self) -> pa.Schema:
        """Arrow schema, without metadata."""
        return pa.schema(
            [pa.field(c.name, c.arrow_type, nullable=c.is_nullable) for c in self.columns]
        )

    def to_batch(self, rows: Sequence[RowT]) -> pa.RecordBatch:
        """Return `rows` as one Arrow batch."""
        arrays = [
            pa.array([getattr(row, c.name) for row in rows], type=c.arrow_type)
            for c in self.columns
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema)

    def to_rows(self, batches: Iterable[pa.RecordBatch]) -> Iterator[RowT]:
        """Yield the rows of an Arrow stream in order; its columns may come in any order."""
        for batch in batches:
            values = (_values(batch.column(c.name), c.from_arrow) for c in self.columns)
            for row in zip(*values, strict=True):
                yield self.row_type(*row)

    def spool(self, rows: Iterable[RowT]) -> pa.RecordBatchReader:
        """Return `rows` as an Arrow stream, computed now and kept on disk."""
        return spool(rows, (self,))[0]


Tables = tuple[Table[Any], ...]
"""What one step makes."""

RAW_ARTICLES = Table(
    "raw_articles",
    RawArticle,
    ("article_id",),
    made_by="copydesk.reading.bundles",
    revision=9,
    batch_rows=PAGE_BATCH_ROWS,
)
REJECTED_FILES = Table(
    "rejected_files",
    RejectedFile,
    ("bundle", "source_path", "stage"),
    made_by="copydesk.reading.bundles",
    revision=7,
)
BUNDLES = Table("bundles", Bundle, ("bundle",), made_by="copydesk.reading.bundles")
SEGMENTS = Table(
    "segments", Segment, ("article_id", "seq"), made_by="copydesk.cleaning.segments", revision=9
)
ARTICLES = Table(
    "articles",
    Article,
    ("article_id",),
    made_by="copydesk.cleaning.articles",
    revision=3,
    batch_rows=PAGE_BATCH_ROWS,
)
ARTICLE_FACTS = Table(
    "article_facts",
    ArticleFact,
    ("article_id", "field", "start", "value"),
    made_by="copydesk.cleaning.articles",
    revision=4,
)
MENTIONS = Table(
    "mentions", Mention, ("mention_id",), made_by="copydesk.extraction.extract", revision=15
)
QUOTES = Table("quotes", Quote, ("quote_id",), made_by="copydesk.extraction.extract", revision=17)
PAGE_CORRECTIONS = Table(
    "page_corrections",
    PageCorrection,
    ("correction_id", "article_id"),
    made_by="copydesk.corrections.pages",
)
CORPUS_CORRECTIONS = Table(
    "corpus_corrections",
    CorpusCorrection,
    ("correction_id",),
    made_by="copydesk.corrections.corpus",
    revision=3,
)
ENTITIES = Table("entities", Entity, ("entity_id",), made_by="copydesk.entities.update", revision=5)
NAME_LINKS = Table(
    "name_links", NameLink, ("label", "name"), made_by="copydesk.entities.update", revision=2
)
ENTITY_LINKS = Table(
    "entity_links", EntityLink, ("mention_id",), made_by="copydesk.lake.contents", revision=7
)
OUTLETS = Table("outlets", Outlet, ("outlet_id",), made_by="copydesk.outlets.resolve")
STORIES = Table("stories", Story, ("article_id",), made_by="copydesk.stories.update", revision=4)
QUOTE_GROUPS = Table(
    "quote_groups", QuoteGroup, ("quote_id",), made_by="copydesk.statements.update", revision=4
)
WIKIDATA_IDS = Table(
    "wikidata_ids", WikidataId, ("line",), made_by="copydesk.entities.wikidata", revision=2
)
WATCHED = Table("watched", Watched, ("watch", "news_id"), made_by="copydesk.watching.follow")
NAME_COUNTS = Table(
    "name_counts", NameCounts, ("part", "label", "name"), made_by="copydesk.entities.counts"
)
PEOPLE_COUNTS = Table(
    "people_counts", PeopleCounts, ("part", "label", "name"), made_by="copydesk.publishing.people"
)
QUOTE_FEATURES = Table(
    "quote_features", QuoteFeatures, ("quote_id",), made_by="copydesk.statements.read"
)
QUOTE_LINKS = Table(
    "quote_links",
    QuoteLink,
    ("kind", "key", "longer", "shorter"),
    made_by="copydesk.statements.update",
)
STOCK_WORDS = Table("stock_words", StockWords, ("gram",), made_by="copydesk.statements.update")
TEXT_FEATURES = Table(
    "text_features", TextFeatures, ("article_id",), made_by="copydesk.stories.features"
)
REPORT_FEATURES = Table(
    "report_features", ReportFeatures, ("article_id",), made_by="copydesk.stories.facts"
)
ARTICLE_LINKS = Table(
    "article_links", ArticleLink, ("one", "other"), made_by="copydesk.stories.update"
)
EVENT_LINKS = Table("event_links", ArticleLink, ("one", "other"), made_by="copydesk.stories.update")

BUNDLE_TABLES: tuple[Table[Any], ...] = (
    RAW_ARTICLES,
    REJECTED_FILES,
    BUNDLES,
    SEGMENTS,
    ARTICLES,
    ARTICLE_FACTS,
    MENTIONS,
    QUOTES,
    PAGE_CORRECTIONS,
)
"""Tables whose rows a bundle brings; in the order in which they are made."""

ADDED_TABLES: tuple[Table[Any], ...] = (PAGE_CORRECTIONS,)
"""Tables of a bundle that it may have been delivered without, by an older version."""

CORPUS_TABLES: tuple[Table[Any], ...] = (
    ENTITIES,
    NAME_LINKS,
    OUTLETS,
    STORIES,
    QUOTE_GROUPS,
    CORPUS_CORRECTIONS,
)
"""Tables that are computed over all bundles together."""

DERIVED_TABLES: tuple[Table[Any], ...] = (ENTITY_LINKS,)
"""Tables of which no rows are kept: they follow from others whenever they are read."""

KEPT_TABLES: tuple[Table[Any], ...] = (
    NAME_COUNTS,
    QUOTE_FEATURES,
    QUOTE_LINKS,
    STOCK_WORDS,
    TEXT_FEATURES,
    REPORT_FEATURES,
    ARTICLE_LINKS,
    EVENT_LINKS,
    PEOPLE_COUNTS,
)
"""Tables that nobody sees: what is kept so that the next publication costs what is new."""

PUBLISHED_TABLES = BUNDLE_TABLES + CORPUS_TABLES + DERIVED_TABLES
"""Tables that a reader sees as views."""


CATALOGUE_TABLES: tuple[Table[Any], ...] = (WIKIDATA_IDS,)
"""Tables whose rows are in the catalogue alone: they follow from a file of the user."""


def spool(rows: Iterable[object], tables: Sequence[Table[Any]]) -> tuple[pa.RecordBatchReader, ...]:
    """Return one Arrow stream for each table from one pass over rows of their types.

    The rows are computed now and kept in temporary files: memory stays bounded, and an error in the
    rows is raised here, before anything is written to the lake.
    """
    with tempfile.TemporaryDirectory(dir=find_scratch()) as folder:
        paths = [str(Path(folder) / table.name) for table in tables]
        sinks = {
            table.row_type: (table, pa.ipc.new_stream(path, table.schema), list[object]())
            for table, path in zip(tables, paths, strict=True)
        }
        for row in rows:
            table, writer, waiting = sinks[type(row)]
            waiting.append(row)
            if len(waiting) >= table.batch_rows:
                writer.write_batch(table.to_batch(waiting))
                waiting.clear()
        for table, writer, waiting in sinks.values():
            writer.write_batch(table.to_batch(waiting))
            writer.close()
        # An open file outlives its folder: the rows stay readable until the stream is dropped.
        return tuple(pa.ipc.open_stream(pa.OSFile(path, "r")) for path in paths)


def _values(array: "pa.Array[Any]", convert: Callable[[Any], Any] | None) -> list[Any]:
    values = array.to_pylist()
    if convert is None:
        return values
    return [None if value is None else convert(value) for value in values]


def _column(name: str, hint: object) -> Column:
    annotated, meaning = get_args(hint)
    members = [arg for arg in get_args(annotated) if arg is not NoneType]
    is_list = get_origin(annotated) is list
    is_nullable = not is_list and len(members) < len(get_args(annotated))
    scalar = members[0] if members else annotated
    arrow_type = _arrow_type(scalar)
    return Column(
        name=name,
        arrow_type=pa.list_(arrow_type) if is_list else arrow_type,
        meaning=meaning,
        is_nullable=is_nullable,
        from_arrow=_reader(scalar, is_list=is_list),
    )


def _arrow_type(scalar: type) -> pa.DataType:
    """Return the Arrow type of a scalar: text for an enum, a struct for a named tuple."""
    if issubclass(scalar, StrEnum):
        return pa.string()
    if issubclass(scalar, tuple):
        fields = get_type_hints(scalar)
        return pa.struct([(name, _arrow_type(hint)) for name, hint in fields.items()])
    return ARROW_TYPES[scalar]


def _reader(scalar: type, *, is_list: bool) -> Callable[[Any], Any] | None:
    if issubclass(scalar, StrEnum):
        return scalar
    if is_list and issubclass(scalar, tuple):
        return lambda values: [scalar(**value) for value in values]
    return None
