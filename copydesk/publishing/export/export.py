"""Write the published tables as plain files, for people who want files.

Everything is read through one catalogue, which stands for one consistent snapshot. The files are
written aside and renamed in: whoever opens the folder finds a whole export or none. Rows stream
from the catalogue into the files, so memory does not grow with their number (docs/export.md).
"""

import json
import re
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import duckdb

from copydesk.lake.sql import connect, quote_sql
from copydesk.publishing.catalogue import STORED, VIEWS
from copydesk.publishing.export.xlsx import Value, Workbook
from copydesk.tables import PAGE_BATCH_ROWS, PUBLISHED_TABLES

MANIFEST = "manifest.json"  # what makes a folder an export, so that another may replace it
README = "README.md"
MADE_BY = "copydesk export"
DRAFT_ID = re.compile("[0-9a-f]{32}")
QUOTES = "quotes"
SAID = "said"
UNDATED = "undated"  # month of quotations whose day is not proven
BATCH_ROWS = 2_000
ROW_GROUP_ROWS = 30_720  # 15 vectors of DuckDB: enough to skip by speaker inside a month
PAGE_ROW_GROUP_ROWS = 4_096  # of tables with a whole page in a row
BOOK = "copydesk.xlsx"
DATABASE = "copydesk.sqlite"
INDEXED = ("article_id", "quote_id", "mention_id", "entity_id", "story_id", "speaker", "name")
SQLITE_TYPES = {"BIGINT": "INTEGER", "BOOLEAN": "INTEGER", "DOUBLE": "REAL"}  # all else: TEXT
# Everything that is known about a quotation, what people look for first; the table `quotes` and
# the view `said` are both in it.
QUOTES_SQL = """
SELECT
    a.published_on, a.outlet, a.headline, e.name AS speaker, s.role, q.type, q.is_speech,
    q.content, q.cue, q.source, q.speaker_reason, q.confidence, q.zone, a.url, a.agency, a.byline,
    a.dateline_place, a.language, q.article_id, q.quote_id, e.entity_id AS speaker_entity_id,
    g.quote_group_id, t.story_id, t.text_id, t.is_text_representative, q.bundle, p.source_path,
    q.content_spans,
    q.cue_start, q.cue_end, q.source_start, q.source_end, q.speaker_mention_id,
    q.parent_quote_id, q.rule
FROM quotes AS q
JOIN articles AS a ON a.article_id = q.article_id
JOIN raw_articles AS p ON p.article_id = q.article_id
LEFT JOIN said AS s USING (quote_id)
LEFT JOIN entity_links AS l ON l.mention_id = q.speaker_mention_id
LEFT JOIN entities AS e ON e.entity_id = l.entity_id
LEFT JOIN stories AS t ON t.article_id = q.article_id
LEFT JOIN quote_groups AS g USING (quote_id)
"""
QUOTES_SOURCES = ("said", "quotes", "articles", "stories", "quote_groups")  # of its columns
NEWEST_FIRST = "published_on DESC NULLS LAST, outlet, article_id, content_spans[1].start, quote_id"
CSV_OPTIONS = "FORMAT csv, HEADER, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR ''"
JSONL_OPTIONS = "FORMAT json"  # an object a line
ABOUT_COLUMNS = ("table", "column", "meaning")
OFFSETS = (
    "Offsets (`start`, `end`, `…_start`, `…_end`, `content_spans`) count code points of "
    "`raw_articles.text`, half-open."
)
COLUMNS_SQL = """
SELECT column_name, data_type, coalesce(comment, '') FROM duckdb_columns()
WHERE database_name = 'published' AND table_name = ? ORDER BY column_index
"""
MEANINGS_SQL = """
SELECT table_name, coalesce(comment, '') FROM duckdb_tables() WHERE database_name = 'published'
UNION ALL
SELECT view_name, coalesce(comment, '') FROM duckdb_views() WHERE database_name = 'published'
"""


class ExportFormat(StrEnum):
    """What kind of files are written."""

    PARQUET = "parquet"
    CSV = "csv"
    JSONL = "jsonl"
    XLSX = "xlsx"
    SQLITE = "sqlite"


HOW_TO_READ = {
    ExportFormat.PARQUET: (
        "`quotes` has a folder for each month of publication, `month=undated` where the day is not "
        "proven: `SELECT * FROM 'quotes/**/*.parquet'` in DuckDB. All else is one file a table."
    ),
    ExportFormat.CSV: (
        'UTF-8, comma, double quotes, a header. Nothing between two commas is null, `""` an empty '
        'text. Lists and spans are JSON: `[{"start": 3, "end": 9}]`. Days and times are ISO 8601.'
    ),
    ExportFormat.JSONL: "UTF-8, one object a line. Days and times are ISO 8601, times in UTC.",
    ExportFormat.XLSX: (
        "A sheet for each table, further ones (`quotes 2`) where a sheet is full. Lists and spans "
        "are JSON."
    ),
    ExportFormat.SQLITE: (
        "A table for each table or view. Lists and spans are JSON (`json_each`), days ISO 8601."
    ),
}


class ExportColumn(NamedTuple):
    """A column as the catalogue has it: its name, DuckDB type and meaning."""

    name: str
    type: str
    meaning: str

    @property
    def is_nested(self) -> bool:
        """Whether a value is a list or a record, which few files know."""
        return self.type.endswith("]") or self.type.startswith("STRUCT")


@dataclass(frozen=True, slots=True)
class Dataset:
    """What is written under one name: a query without order, and the order of its rows."""

    name: str
    meaning: str
    sql: str
    order: str
    columns: tuple[ExportColumn, ...]
    has_pages: bool = False  # whole pages in a row: fewer rows are held at a time

    @property
    def ordered_sql(self) -> str:
        """SQL that yields the rows in their order."""
        return f"{self.sql} ORDER BY {self.order}" if self.order else self.sql


@dataclass(frozen=True, slots=True)
class Written:
    """A dataset as it was written: its files relative to the export, and their rows."""

    name: str
    meaning: str
    files: list[str]
    n_rows: int
    columns: tuple[ExportColumn, ...]


@dataclass(frozen=True, slots=True)
class Export:
    """What an export holds, of which snapshot; `n_cut` cells could not hold their text."""

    made_by: str
    format: str
    snapshot: int
    n_cut: int
    tables: list[Written]


def export_tables(
    catalogue: Path,
    folder: Path,
    *,
    output: ExportFormat = ExportFormat.PARQUET,
    names: Sequence[str] = (),
    replace: bool = False,
) -> Export:
    """Write tables and views of `catalogue` into `folder`; all of them where no names are given.

    Raises: ValueError: if a name is unknown, or `folder` may not be written (`check_folder`).
    """
    folder = folder.absolute()
    check_folder(folder, replace=replace)
    draft = _name_draft(folder)
    with connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"ATTACH {quote_sql(str(catalogue))} AS published (READ_ONLY)")
        connection.execute("USE published")
        datasets = find_datasets(connection, names)
        number = connection.execute("SELECT number FROM origin").fetchall()[0][0]
        draft.mkdir(parents=True)
        try:
            written, n_cut = _write(connection, datasets, draft, output)
            export = Export(MADE_BY, output.value, number, n_cut, written)
            _describe(export, draft)
            _swap_in(draft, folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return export


def remove_stale(folder: Path, *, before: datetime) -> int:
    """Remove what exports into `folder` have left that died; return how many there were.

    One that was written to since then may be under way and stays.
    """
    folder = folder.absolute()
    if not folder.parent.is_dir():
        return 0
    stale = [
        draft
        for draft in folder.parent.iterdir()
        if draft.name.startswith(f".{folder.name}.")
        and DRAFT_ID.fullmatch(draft.name.rpartition(".")[2])
        and _last_written(draft) < before.timestamp()
    ]
    for draft in stale:
        shutil.rmtree(draft, ignore_errors=True)
    return len(stale)


def check_folder(folder: Path, *, replace: bool) -> None:
    """Refuse a folder that holds anything but an earlier export, and that one without `replace`.

    Raises: ValueError: saying what is there.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        msg = f"{folder}: there is a file of that name"
        raise ValueError(msg)
    if not any(folder.iterdir()):
        return
    if not _is_export(folder):
        msg = f"{folder}: holds files that are no export; take another folder"
        raise ValueError(msg)
    if not replace:
        msg = f"{folder}: holds an earlier export; --replace puts this one in its place"
        raise ValueError(msg)


def find_datasets(
    connection: duckdb.DuckDBPyConnection, names: Sequence[str] = ()
) -> list[Dataset]:
    """Return what is to be written, views for people first.

    By default everything but `said`, for `quotes` has all its columns.
    """
    meanings = dict(connection.execute(MEANINGS_SQL).fetchall())
    known = [name for name in (QUOTES, *VIEWS) if name in meanings]
    known += [t.name for t in PUBLISHED_TABLES if t.name in meanings and t.name not in known]
    unknown = [name for name in names if name not in known]
    if unknown:
        msg = f"no table {', '.join(unknown)}; there are {', '.join(known)}"
        raise ValueError(msg)
    chosen = [name for name in known if name in names or (not names and name != SAID)]
    return [_dataset(connection, name, meanings[name]) for name in chosen]


def write_months(connection: duckdb.DuckDBPyConnection, sql: str, folder: Path) -> dict[Path, int]:
    """Write quotations to `folder`/month=…/quotes.parquet, sorted by speaker; return rows by file.

    `sql` yields the columns of `QUOTES_SQL`. It is asked once.
    """
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE sorted AS
        SELECT *, coalesce(strftime(published_on, '%Y-%m'), '{UNDATED}') AS month FROM ({sql})
        ORDER BY month, speaker NULLS LAST, published_on, quote_id
        """
    )
    months = connection.execute("SELECT DISTINCT month FROM sorted ORDER BY month").fetchall()
    written = {}
    for (month,) in months or [(UNDATED,)]:  # of no quotations a file with the columns is left
        path = folder / f"month={month}" / "quotes.parquet"
        path.parent.mkdir(parents=True)
        rows = f"SELECT * EXCLUDE (month) FROM sorted WHERE month = {quote_sql(month)}"
        written[path] = _copy(connection, rows, path, parquet_options(ROW_GROUP_ROWS))
    connection.execute("DROP TABLE sorted")
    return written


def parquet_options(row_group_rows: int) -> str:
    """Return how Parquet is written; DuckDB adds statistics and bloom filters by itself."""
    return f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {row_group_rows}"


def _name_draft(folder: Path) -> Path:
    """Return a name beside `folder` that nobody has."""
    return folder.with_name(f".{folder.name}.{uuid.uuid4().hex}")


def _last_written(folder: Path) -> float:
    return max(path.stat().st_mtime for path in (folder, *folder.rglob("*")))


def _dataset(connection: duckdb.DuckDBPyConnection, name: str, meaning: str) -> Dataset:
    if name == QUOTES:
        columns = _columns_of_query(connection, QUOTES_SQL)
        return Dataset(name, meaning, f"FROM ({QUOTES_SQL})", NEWEST_FIRST, columns)
    found = connection.execute(COLUMNS_SQL, [name]).fetchall()
    columns = tuple(ExportColumn(*row) for row in found)
    table = next((table for table in PUBLISHED_TABLES if table.name == name), None)
    if table is None:
        order = "" if name in STORED else "ALL"  # stored rows have their order already
        return Dataset(name, meaning, f'FROM "{name}"', order, columns)
    # An article's rows stay together, in the order of its text.
    names = {column.name for column in columns}
    places = [place for place in ("article_id", "seq", "start") if place in names]
    keys = [*places, *(key for key in table.key if key not in places)]
    return Dataset(
        name,
        meaning,
        f'FROM "{name}"',
        ", ".join(f'"{key}"' for key in keys),
        columns,
        has_pages=table.batch_rows == PAGE_BATCH_ROWS,
    )


def _columns_of_query(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[ExportColumn, ...]:
    meanings: dict[str, str] = {}
    for source in QUOTES_SOURCES:
        for column, _, meaning in connection.execute(COLUMNS_SQL, [source]).fetchall():
            meanings.setdefault(column, meaning)
    described = connection.execute(f"DESCRIBE {sql}").fetchall()
    return tuple(ExportColumn(name, kind, meanings[name]) for name, kind, *_ in described)


def _write(
    connection: duckdb.DuckDBPyConnection,
    datasets: Sequence[Dataset],
    draft: Path,
    output: ExportFormat,
) -> tuple[list[Written], int]:
    if output is ExportFormat.XLSX:
        return _write_workbook(connection, datasets, draft / BOOK)
    if output is ExportFormat.SQLITE:
        return _write_database(connection, datasets, draft / DATABASE), 0
    return [_write_files(connection, dataset, draft, output) for dataset in datasets], 0


def _write_files(
    connection: duckdb.DuckDBPyConnection, dataset: Dataset, draft: Path, output: ExportFormat
) -> Written:
    path = draft / f"{dataset.name}.{output}"
    files = [path.name]
    if output is ExportFormat.CSV:
        n_rows = _copy(connection, _select(dataset, _flat), path, CSV_OPTIONS)
    elif output is ExportFormat.JSONL:
        n_rows = _copy(connection, _select(dataset, _timed), path, JSONL_OPTIONS)
    elif dataset.name == QUOTES:
        months = write_months(connection, dataset.sql, draft / QUOTES)
        files = [month.relative_to(draft).as_posix() for month in months]
        n_rows = sum(months.values())
    else:
        rows = PAGE_ROW_GROUP_ROWS if dataset.has_pages else ROW_GROUP_ROWS
        n_rows = _copy(connection, dataset.ordered_sql, path, parquet_options(rows))
    return Written(dataset.name, dataset.meaning, files, n_rows, dataset.columns)


def _copy(connection: duckdb.DuckDBPyConnection, sql: str, path: Path, options: str) -> int:
    copy = f"COPY ({sql}) TO {quote_sql(str(path))} ({options})"
    return int(connection.execute(copy).fetchall()[0][0])


def _write_workbook(
    connection: duckdb.DuckDBPyConnection, datasets: Sequence[Dataset], path: Path
) -> tuple[list[Written], int]:
    written = []
    with Workbook(path) as book:
        meanings = [(d.name, c.name, c.meaning or d.meaning) for d in datasets for c in d.columns]
        book.write("about", ABOUT_COLUMNS, meanings)
        for dataset in datasets:
            names = [column.name for column in dataset.columns]
            n_rows = book.write(dataset.name, names, _rows(connection, dataset, _flat))
            written.append(
                Written(dataset.name, dataset.meaning, [path.name], n_rows, dataset.columns)
            )
    return written, book.n_cut


def _write_database(
    connection: duckdb.DuckDBPyConnection, datasets: Sequence[Dataset], path: Path
) -> list[Written]:
    written = []
    with closing(sqlite3.connect(path)) as database:
        # Nobody reads the file before it is whole, and an interrupted one is removed.
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute("CREATE TABLE about (table_name TEXT, column_name TEXT, meaning TEXT)")
        for dataset in datasets:
            about = [(dataset.name, column.name, column.meaning) for column in dataset.columns]
            database.executemany("INSERT INTO about VALUES (?, ?, ?)", about)
            columns = ", ".join(
                f'"{column.name}" {SQLITE_TYPES.get(column.type, "TEXT")}'
                for column in dataset.columns
            )
            database.execute(f'CREATE TABLE "{dataset.name}" ({columns})')
            places = ", ".join("?" for _ in dataset.columns)
            rows = _rows(connection, dataset, _text)
            added = database.executemany(f'INSERT INTO "{dataset.name}" VALUES ({places})', rows)
            n_rows = max(added.rowcount, 0)  # -1 where there was no row
            for column in dataset.columns:
                if column.name in INDEXED:
                    database.execute(
                        f'CREATE INDEX "{dataset.name}_{column.name}" '
                        f'ON "{dataset.name}" ("{column.name}")'
                    )
            database.commit()
            written.append(
                Written(dataset.name, dataset.meaning, [path.name], n_rows, dataset.columns)
            )
    return written


def _rows(
    connection: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    express: Callable[[ExportColumn], str],
) -> Iterator[tuple[Value, ...]]:
    batch_rows = PAGE_BATCH_ROWS if dataset.has_pages else BATCH_ROWS
    for batch in connection.sql(_select(dataset, express)).to_arrow_reader(batch_rows):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _select(dataset: Dataset, express: Callable[[ExportColumn], str]) -> str:
    columns = ", ".join(f'{express(c)} AS "{c.name}"' for c in dataset.columns)
    return f"SELECT {columns} FROM ({dataset.ordered_sql})"


def _timed(column: ExportColumn) -> str:
    """Return SQL for a value that JSON knows: times in ISO 8601, UTC."""
    if column.type == "TIMESTAMP WITH TIME ZONE":
        return f"strftime(\"{column.name}\" AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')"
    return f'"{column.name}"'


def _flat(column: ExportColumn) -> str:
    """Return SQL for a value that a cell can hold: lists and records as JSON."""
    return f'to_json("{column.name}")::VARCHAR' if column.is_nested else _timed(column)


def _text(column: ExportColumn) -> str:
    """Return SQL for a value that SQLite knows: days in ISO 8601."""
    return f'"{column.name}"::VARCHAR' if column.type == "DATE" else _flat(column)


def _describe(export: Export, draft: Path) -> None:
    """Write what the export holds: for programs, and for people."""
    manifest = {
        **asdict(export),
        "tables": [
            {**asdict(table), "columns": [column._asdict() for column in table.columns]}
            for table in export.tables
        ],
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False)
    (draft / MANIFEST).write_text(f"{text}\n", "utf-8")
    (draft / README).write_text("\n".join(_describe_lines(export)) + "\n", "utf-8")


def _describe_lines(export: Export) -> Iterator[str]:
    yield "# Export of copydesk"
    yield ""
    yield (
        f"Format {export.format}, of snapshot {export.snapshot}. "
        "`manifest.json` says the same for programs."
    )
    yield from ("", HOW_TO_READ[ExportFormat(export.format)])
    if export.n_cut:
        yield from ("", f"{export.n_cut} texts did not fit into a cell: see the sheet `cut cells`.")
    yield from ("", "| table | rows | what one row is | files |", "|---|---|---|---|")
    for table in export.tables:
        files = table.files[0] if len(table.files) == 1 else f"{len(table.files)} files"
        yield f"| {table.name} | {table.n_rows:,} | {table.meaning} | {files} |"
    yield from ("", OFFSETS)
    for table in export.tables:
        yield from ("", f"## {table.name}", "", "| column | type | meaning |", "|---|---|---|")
        yield from (f"| `{c.name}` | {c.type} | {c.meaning} |" for c in table.columns)


def _swap_in(draft: Path, folder: Path) -> None:
    """Rename `draft` to `folder`; what was there goes once the new one stands."""
    if not folder.exists():
        draft.rename(folder)
        return
    before = _name_draft(folder)
    folder.rename(before)
    try:
        draft.rename(folder)
    except OSError:
        before.rename(folder)
        raise
    shutil.rmtree(before)


def _is_export(folder: Path) -> bool:
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("made_by") == MADE_BY
