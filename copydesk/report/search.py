"""Write the index that the page for searching reads: words, and what they occur in.

A page that is opened from disk may load scripts from beside it, and nothing else. So the index is a
number of scripts, and the page loads those that a question needs: words in alphabetical order, cut
into shards, each with the numbers of the entries it occurs in; and the entries themselves, so many
to a script. Entries are numbered people first, then articles, then quotations, each with the
newest or the most quoted first, so that a lower number is a better answer.
"""

import hashlib
import json
from collections.abc import Iterator
from itertools import chain
from operator import sub
from pathlib import Path

import duckdb

from copydesk.lake.sql import load_sql
from copydesk.report.gather import open_gathered
from copydesk.report.manifest import put
from copydesk.report.paths import PageKind, path_of, safe_name

QUERIES = "copydesk.report.queries"
FOLDER = "search"
MEMORY = "2GB"  # 512 MB is not enough for the words of 100,000 articles, 1.5 GB is
SHARD_CHARS = 120_000  # of one script with words
ENTRIES = 250  # in one script
MAX_ENTRIES = 4_000  # of one word: the newest; the page says that there are more
MAX_ENTRY_CHARS = 240  # of a quotation, as the list of answers shows it
"""The index of a word that everybody uses would be larger than all others together."""


def keep_entries(published: duckdb.DuckDBPyConnection) -> int:
    """Write the entries of the index to the file that is being written; return how many."""
    query = load_sql(QUERIES, "search_entries")
    published.execute(f"CREATE TABLE kept.main.entries AS {query}")
    ((n_entries,),) = published.execute("SELECT count(*) FROM kept.main.entries").fetchall()
    return int(n_entries)


def write_index(gathered: Path, folder: Path) -> None:
    """Write the index over the entries in a gathered file into `folder`."""
    with open_gathered(gathered, memory=MEMORY) as connection:
        _write_index(connection, folder / FOLDER)


def digest_index(folder: Path) -> str:
    """Return a hash of all scripts of the index in `folder`."""
    whole = hashlib.sha256()
    for path in sorted((folder / FOLDER).glob("*.js")):
        whole.update(f"{path.name} {path.stat().st_size}\n".encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()[:32]


def _write_index(connection: duckdb.DuckDBPyConnection, place: Path) -> None:
    place.mkdir(exist_ok=True)
    written = set(_write_entries(connection, place))
    firsts: list[str] = []
    for number, (first, words) in enumerate(_cut_shards(connection)):
        firsts.append(first)
        _put_script(place, f"w{number}.js", f"found({number},{words})")
        written.add(f"w{number}.js")
    ends = connection.execute(
        "SELECT count(*) FILTER (kind = 0), count(*) FILTER (kind < 2), count(*) FROM entries"
    ).fetchall()[0]
    about = {"firsts": firsts, "ends": ends, "entries": ENTRIES, "most": MAX_ENTRIES}
    _put_script(place, "index.js", f"begin({_dump(about)})")
    written.add("index.js")
    for path in place.glob("*.js"):
        if path.name not in written:
            path.unlink()


def _write_entries(connection: duckdb.DuckDBPyConnection, place: Path) -> Iterator[str]:
    """Write what answers show of each entry: title, note and path; yield the names of the files."""
    cursor = connection.execute(
        f"SELECT kind, id, quote_id, left(title, {MAX_ENTRY_CHARS}), left(note, {MAX_ENTRY_CHARS}) "
        "FROM entries ORDER BY number"
    )
    number = 0
    while rows := cursor.fetchmany(ENTRIES):
        name = f"e{number}.js"
        _put_script(place, name, f"entries({number},{_dump([_entry(*row) for row in rows])})")
        yield name
        number += 1


def _entry(kind: int, page_id: str, quote_id: str | None, title: str, note: str) -> list[str]:
    page = path_of(PageKind.PERSON if kind == 0 else PageKind.ARTICLE, page_id)
    return [title, note, page if quote_id is None else f"{page}#q-{safe_name(quote_id)}"]


def _cut_shards(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    """Yield the first word of each shard, and the shard as a list in a script.

    A word is a list: its letters, how many entries it occurs in, and the steps from each of their
    numbers to the next.
    """
    cursor = connection.execute(load_sql(QUERIES, "search_words"), {"most": MAX_ENTRIES})
    first, n_chars = "", 0
    written: list[str] = []
    while rows := cursor.fetchmany(1_000):
        for word, n_entries, numbers in rows:
            steps = ",".join(map(str, map(sub, numbers, chain([0], numbers))))
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


def _put_script(place: Path, name: str, script: str) -> None:
    path, text = place / name, f"{script};\n"
    if not path.is_file() or path.read_text("utf-8") != text:
        put(path, text)
