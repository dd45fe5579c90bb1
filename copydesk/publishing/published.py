"""Read published rows back: those of one article, and whatever an id belongs to."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

import duckdb

from copydesk.errors import UnknownIdError
from copydesk.lake.sql import load_sql, quote_sql
from copydesk.rows import Article, ArticleFact, Mention, Quote, RawArticle, Segment
from copydesk.tables import (
    ARTICLE_FACTS,
    ARTICLES,
    MENTIONS,
    QUOTES,
    RAW_ARTICLES,
    SEGMENTS,
    Table,
)

RowT = TypeVar("RowT")

QUERIES = "copydesk.publishing.queries"
MIN_PREFIX_CHARS = 4  # of an id; with fewer, hundreds may begin so
MAX_SHOWN = 5  # of the ids that a prefix may stand for
LINE_MARK = ":"  # between the id of a page and the position of a segment
HEX_DIGITS = frozenset("0123456789abcdef")
BATCH_ROWS = 2_000


class IdKind(StrEnum):
    """What an id belongs to."""

    QUOTATION = "quotation"
    LINE = "line"
    ARTICLE = "article"
    ENTITY = "entity"
    GROUP = "group"


class KnownId(NamedTuple):
    """An id in full, and what it belongs to; a line is known by its page and position."""

    kind: IdKind
    id: str
    seq: int | None = None


class PublishedPage(NamedTuple):
    """The rows of one article, in the order of the page."""

    raw: RawArticle
    article: Article
    segments: list[Segment]
    facts: list[ArticleFact]
    mentions: list[Mention]
    quotes: list[Quote]


def find_id(
    connection: duckdb.DuckDBPyConnection, prefix: str, *, kinds: Iterable[IdKind] = IdKind
) -> KnownId | None:
    """Return what an id, or the beginning of one, belongs to; None where there is no such id.

    `PAGE:POSITION` is the id of a line.

    Raises: UnknownIdError: if several ids begin so.
    """
    page, mark, position = prefix.strip().lower().partition(LINE_MARK)
    wanted = [IdKind.ARTICLE] if mark else [kind for kind in kinds if kind is not IdKind.LINE]
    if is_too_short(prefix) or not set(page) <= HEX_DIGITS:
        return None
    found = connection.execute(load_sql(QUERIES, "ids"), {"prefix": page}).fetchall()
    known = [KnownId(IdKind(kind), found_id) for kind, found_id in found if kind in wanted]
    if len(known) > 1:
        shown = ", ".join(f"{each.kind} {each.id}" for each in known[:MAX_SHOWN])
        more = f", and {len(known) - MAX_SHOWN:,} more" if len(known) > MAX_SHOWN else ""
        msg = f"{prefix}: {len(known):,} ids begin so: {shown}{more}"
        raise UnknownIdError(msg)
    if not known or not mark:
        return known[0] if known else None
    if not position.isdecimal():
        msg = f"{prefix}: a line is PAGE{LINE_MARK}POSITION, with the position from 0"
        raise UnknownIdError(msg)
    return KnownId(IdKind.LINE, known[0].id, int(position))


def is_too_short(prefix: str) -> bool:
    """Return whether this is too little of an id to look for."""
    return len(prefix.strip().partition(LINE_MARK)[0]) < MIN_PREFIX_CHARS


def read_page(connection: duckdb.DuckDBPyConnection, article_id: str) -> PublishedPage:
    """Return the rows of an article.

    Raises: UnknownIdError: if there is none with this id.
    """
    raws = read_rows(connection, RAW_ARTICLES, article_id=article_id)
    if not raws:
        msg = f"{article_id}: no article has this id"
        raise UnknownIdError(msg)
    return PublishedPage(
        raws[0],
        read_rows(connection, ARTICLES, article_id=article_id)[0],
        read_rows(connection, SEGMENTS, article_id=article_id, order="seq"),
        read_rows(connection, ARTICLE_FACTS, article_id=article_id, order="field, confidence DESC"),
        read_rows(connection, MENTIONS, article_id=article_id, order="start, mention_id"),
        read_rows(connection, QUOTES, article_id=article_id, order="content_spans[1].start"),
    )


def read_rows(
    connection: duckdb.DuckDBPyConnection, table: Table[RowT], *, order: str = "ALL", **keys: str
) -> list[RowT]:
    """Return the rows of a table whose columns have the values of `keys`."""
    where = " AND ".join(f"{name} = {quote_sql(value)}" for name, value in keys.items())
    query = f"SELECT {_columns(table)} FROM {table.name} WHERE {where} ORDER BY {order}"
    return list(table.to_rows(connection.sql(query).to_arrow_reader(BATCH_ROWS)))


def _columns(table: Table[Any]) -> str:
    return ", ".join(f'"{column.name}"' for column in table.columns)
