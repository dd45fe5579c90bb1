"""Write the index that the page for searching reads: words, and what they occur in.

A page that is opened from disk may load scripts from beside it, and nothing else. So the index is a
number of scripts, and the page loads those that a question needs. It is cut into volumes: people,
and each month or year of articles and quotations. What is newly published changes the volumes of
its days, and no others.

The first script of a volume says where to look in it. Then come its entries, so many to a script,
and its words in alphabetical order, cut into shards, each with the numbers of the entries it occurs
in. Entries are numbered articles first, then quotations, the newest first, and people by how often
they are quoted, so that a lower number is a better answer.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb

from copydesk.lake.sql import load_sql
from copydesk.report.gather import open_gathered
from copydesk.report.manifest import Entry, Key, digest_files, put
from copydesk.report.paths import SEARCHED, PageKind, path_of, safe_name
from copydesk.report.rows.search import PEOPLE, UNDATED

QUERIES = "copydesk.report.queries"
MEMORY = "2GB"  # 512 MB is not enough for the words of a million quotations of one month
SHARD_CHARS = 120_000  # of one script with words
ENTRIES = 250  # in one script
MAX_ENTRIES = 4_000  # of one word and volume: the newest; the page says that there are more
"""The index of a word that everybody uses would be larger than all others together."""
INDEX = f"{SEARCHED}/index.js"  # the volumes, in the order of their answers


def open_entries(gathered: Path) -> duckdb.DuckDBPyConnection:
    """Return a read-only connection to gathered entries, with the memory that their words need."""
    return open_gathered(gathered, memory=MEMORY)


def write_volume(connection: duckdb.DuckDBPyConnection, folder: Path, key: Key) -> Entry:
    """Write a volume over its gathered entries into `folder`; return what it consists of."""
    entries = list(_read_entries(connection, key.page_id))
    shards = list(_cut_shards(connection, key.page_id))
    about = {
        "entries": ENTRIES,
        "ends": _count_kinds(connection, key.page_id),
        "words": len(entries) + 2,  # the script of the first shard
        "firsts": [first for first, _ in shards],
    }
    scripts = [
        ("begin", _dump(about)),
        *(("entries", each) for each in entries),
        *(("found", words) for _, words in shards),
    ]
    (folder / SEARCHED).mkdir(exist_ok=True)
    for part, (call, content) in enumerate(scripts, start=1):
        _put_script(folder / path_of(key.kind, key.page_id, part=part), call, content)
    made = Entry("", len(scripts))
    return made._replace(parts=(digest_files(folder, key, made),))


def write_index(folder: Path, volumes: Iterable[str]) -> None:
    """Write which volumes there are: people, then from the newest month on, then undated."""
    order = sorted(volumes, reverse=True)
    order.sort(key=lambda volume: (volume != PEOPLE, volume == UNDATED))
    (folder / SEARCHED).mkdir(exist_ok=True)
    _put_script(folder / INDEX, "begin", _dump(order))


def sweep_scripts(folder: Path, kept: Iterable[str]) -> None:
    """Remove all scripts of the index but those at these paths from the top of the report."""
    keep = {INDEX, *kept}
    for path in (folder / SEARCHED).glob("*.js"):
        if path.relative_to(folder).as_posix() not in keep:
            path.unlink()


def _count_kinds(connection: duckdb.DuckDBPyConnection, volume: str) -> list[int]:
    """Return the number after the last person, after the last article and after the last entry."""
    (ends,) = connection.execute(
        "SELECT count(*) FILTER (kind = 0), count(*) FILTER (kind < 2), count(*) "
        "FROM search_entries WHERE page_id = $volume",
        {"volume": volume},
    ).fetchall()
    return list(ends)


def _read_entries(connection: duckdb.DuckDBPyConnection, volume: str) -> Iterator[str]:
    """Yield what answers show of each entry, as the lists of scripts: title, note and path."""
    cursor = connection.execute(
        "SELECT kind, id, quote_id, title, note FROM search_entries WHERE page_id = $volume "
        "ORDER BY number",
        {"volume": volume},
    )
    rows = cursor.fetchall()
    for start in range(0, len(rows), ENTRIES):
        yield _dump([_entry(*row) for row in rows[start : start + ENTRIES]])


def _entry(kind: int, page_id: str, quote_id: str | None, title: str, note: str) -> list[str]:
    page = path_of(PageKind.PERSON if kind == 0 else PageKind.ARTICLE, page_id)
    return [title, note, page if quote_id is None else f"{page}#q-{safe_name(quote_id)}"]


def _cut_shards(connection: duckdb.DuckDBPyConnection, volume: str) -> Iterator[tuple[str, str]]:
    """Yield the first word of each shard, and the shard as a list in a script.

    A word is a list: its letters, how many entries it occurs in, and the steps from each of their
    numbers to the next.
    """
    given = {"volume": volume, "most": MAX_ENTRIES}
    cursor = connection.execute(load_sql(QUERIES, "search_words"), given)
    first, n_chars = "", 0
    written: list[str] = []
    while rows := cursor.fetchmany(1_000):
        for word, n_entries, steps in rows:
            item = f"[{_dump(word)},{n_entries},{steps}]"
            if written and n_chars + len(item) > SHARD_CHARS:
                yield first, f"[{','.join(written)}]"
                written, n_chars = [], 0
            first = first if written else word
            written.append(item)
            n_chars += len(item)
    if written:
        yield first, f"[{','.join(written)}]"


def _dump(value: object) -> str:
    """Return a value as a script may have it, in ASCII."""
    return json.dumps(value, separators=(",", ":"))


def _put_script(path: Path, call: str, content: str) -> None:
    script = f"{call}({_dump(path.stem)},{content});\n"
    if not path.is_file() or path.read_bytes() != script.encode("ascii"):
        put(path, script)
