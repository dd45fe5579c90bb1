"""Behaviour of all of `reading.formats` alike."""

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from copydesk.reading.files import read_entry
from copydesk.reading.limits import DEFAULT_LIMITS
from copydesk.reading.pages import make_rows
from copydesk.reading.records import Refused
from copydesk.reading.registry import Entry, load_registry
from copydesk.reading.streams import open_bytes

FORMATS = load_registry().by_ending
KINDS = ["txt", "json", "jsonl", "csv", "tsv", "parquet", "warc"]
SENTENCE = "Crews in Port Elsa march."
WARC = b"".join(
    b"WARC/1.0\r\nWARC-Type: %s\r\nContent-Length: 6\r\n\r\nCrews.\r\n\r\n" % kind
    for kind in (b"conversion", b"continuation")
)


def pack_parquet(texts):
    file = io.BytesIO()
    pq.write_table(pa.table({"text": texts}), file)
    return file.getvalue()


@pytest.mark.parametrize("name", KINDS)
def test_a_file_of_many_pages_is_read_twice_alike(read_rows, name):
    data = {
        "txt": SENTENCE.encode(),
        "json": b'[{"text": "one"}, 7]',
        "jsonl": b'{"text": "one"}\n7\n',
        "csv": b"title,text\nA,one\nB\n",
        "tsv": b"title\ttext\nA\tone\n",
        "parquet": pack_parquet(["one", None]),
        "warc": WARC,
    }[name]
    rows = [read_rows(data, f"a.{name}") for _ in range(2)]
    assert rows[0] == rows[1]
    assert len({row.source_path for row in rows[0]}) == len(rows[0])


@pytest.mark.parametrize("name", KINDS)
def test_an_empty_stream_gives_a_row(name):
    entry = Entry("a", FORMATS[name], open_bytes(b""))
    items = list(read_entry(entry, DEFAULT_LIMITS))
    assert items
    rows = [row for item in items for row in make_rows(item, bundle="may")]
    assert all(isinstance(row.source_path, str) for row in rows)
    assert not [item for item in items if isinstance(item, Refused) and not item.reason.message]
