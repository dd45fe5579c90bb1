"""Extract a batch of articles on a worker: keys come in, files of rows stay in the lake's storage.

Each thread of a worker has a process of its own for this. An article that takes too much or that
ends its process does what it does on one machine, and no worker is lost. The thread itself only
reads pages and writes rows.
"""

import threading
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeVar
from uuid import uuid4

import pyarrow as pa

from copydesk.cleaning.articles import pair_pages
from copydesk.cleaning.copytext import Copy, compose_copy
from copydesk.errors import LakeError
from copydesk.extraction.extract import BATCH_ARTICLES, Extract, extract_batch, reject_article
from copydesk.extraction.workers import Workers, list_preloads, map_batches
from copydesk.lake.damage import explain_damage
from copydesk.lake.lake import Lake
from copydesk.lake.sql import quote_sql, read_sql
from copydesk.quotations.methods import QuoteMethod
from copydesk.rows import RejectedFile
from copydesk.storage.files import Files, open_files, open_stores_of
from copydesk.system.allowance import Allowance
from copydesk.tables import MENTIONS, QUOTES, RAW_ARTICLES, SEGMENTS, Table

RowT = TypeVar("RowT")


class ArticleKey(NamedTuple):
    """Which article, and what says so where it is put aside."""

    article_id: str
    source_path: str
    raw_sha256: str | None


class Source(NamedTuple):
    """Where the pages of a bundle are: SQL for a FROM clause, over files of the lake."""

    lake: Lake
    bundle: str
    raw_articles: str
    segments: str


class Part(NamedTuple):
    """What a batch came to: the name of its files, if it has any, and what was put aside."""

    name: str | None
    n_articles: int
    rejected: Sequence[RejectedFile] = ()


def find_source(lake: Lake, bundle: str) -> Source:
    """Return where the newest pages of a bundle are."""
    raw_articles = lake.relation_sql(RAW_ARTICLES, bundle=bundle)
    segments = lake.relation_sql(SEGMENTS, bundle=bundle)
    return Source(lake, bundle, raw_articles, segments)


def key_of(copy: Copy) -> ArticleKey:
    """Return what a worker needs to find a page in the lake, or to reject it."""
    return ArticleKey(copy.article_id, copy.source_path, copy.raw_sha256)


def extract_part(
    keys: Sequence[ArticleKey],
    *,
    source: Source,
    folder: str,
    method: QuoteMethod,
    allowance: Allowance,
) -> Part:
    """Write what is found in some articles into files at `folder`, and return their name.

    Raises: LakeError: if the articles are not there, or cannot be read.
    """
    batches = map_batches(
        partial(extract_batch, method=method),
        read_copies(keys, source),
        batch_size=BATCH_ARTICLES,
        n_workers=1,
        give_up=partial(reject_article, allowance=allowance),
        workers=_processes.start(method, allowance),
    )
    return write_part(list(batches), folder)


def read_copies(keys: Sequence[ArticleKey], source: Source) -> list[Copy]:
    """Return the copies of some articles, which are in the order of their ids.

    Raises: LakeError: if one of them is not in the lake, or cannot be read.
    """
    open_stores_of([source.lake.uri])  # so that DuckDB reads there, in this process too
    wanted = [key.article_id for key in keys]
    with explain_damage(source.lake, RAW_ARTICLES):
        raws = RAW_ARTICLES.to_rows(_read_some(source.raw_articles, wanted, RAW_ARTICLES))
        segments = SEGMENTS.to_rows(_read_some(source.segments, wanted, SEGMENTS))
        pages = list(pair_pages(raws, segments))
    if [page.raw.article_id for page in pages] != wanted:
        message = f"{source.lake}: another run has replaced the pages of {source.bundle}; run again"
        raise LakeError(message)
    return [compose_copy(page.raw, page.segments) for page in pages]


def _read_some(relation: str, ids: Iterable[str], table: Table[Any]) -> pa.RecordBatchReader:
    listed = ", ".join(map(quote_sql, ids))
    return read_sql(f"(FROM {relation} WHERE article_id IN ({listed}))", table)


def put_aside(key: ArticleKey, error: BaseException, *, bundle: str, allowance: Allowance) -> Part:
    """Return the part of an article that ends every worker that reads it: only the reason."""
    copy = Copy(key.article_id, bundle, "", (), key.source_path, key.raw_sha256)
    rejected = reject_article(copy, error, allowance=allowance).rejected
    return Part(None, 1, rejected)


def write_part(extracts: Sequence[Extract], folder: str) -> Part:
    """Write the rows of a batch into files with a name of their own.

    A batch that is done twice, because its worker was thought lost, is written under two names.
    """
    name = uuid4().hex
    mentions = [mention for extract in extracts for mention in extract.mentions]
    quotes = [quote for extract in extracts for quote in extract.quotes]
    files = open_files(folder)
    files.write(_file_of(name, MENTIONS), _pack_rows(mentions, MENTIONS))
    files.write(_file_of(name, QUOTES), _pack_rows(quotes, QUOTES))
    rejected = [row for extract in extracts for row in extract.rejected]
    return Part(name, sum(extract.n_articles for extract in extracts), rejected)


def _pack_rows(rows: Sequence[RowT], table: Table[RowT]) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_batch(table.to_batch(rows))
    return sink.getvalue().to_pybytes()


def take_part(part: Part, folder: str) -> Extract:
    """Return the rows of a batch, and remove its files."""
    if part.name is None:
        return Extract([], [], part.n_articles, part.rejected)
    files = open_files(folder)
    mentions = list(MENTIONS.to_rows(_take_batches(files, _file_of(part.name, MENTIONS))))
    quotes = list(QUOTES.to_rows(_take_batches(files, _file_of(part.name, QUOTES))))
    return Extract(mentions, quotes, part.n_articles, part.rejected)


def _take_batches(files: Files, file: str) -> list[pa.RecordBatch]:
    with files.open(file) as stream:
        content = stream.read()
    with pa.ipc.open_file(pa.BufferReader(content)) as reader:
        batches = [reader.get_batch(i) for i in range(reader.num_record_batches)]
    files.remove([file])
    return batches


def _file_of(name: str, table: Table[Any]) -> str:
    return f"{name}.{table.name}.arrow"


class _Processes(threading.local):
    """The process of this thread: with one for all, nobody could say whose batch has ended it."""

    def __init__(self) -> None:
        self._workers: Workers | None = None
        self._made_for: tuple[QuoteMethod, Allowance] | None = None

    def start(self, method: QuoteMethod, allowance: Allowance) -> Workers:
        """Return the process of this thread, which stays warm until a run wants another one."""
        if self._workers is None or self._made_for != (method, allowance):
            if self._workers is not None:
                self._workers.stop()
            self._workers = Workers(1, list_preloads(method), allowance=allowance)
            self._made_for = (method, allowance)
        return self._workers


_processes = _Processes()
