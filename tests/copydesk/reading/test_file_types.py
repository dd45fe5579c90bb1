"""Behaviour of `reading.file_types`: what a file is, by its name and its first bytes together."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from contextlib import suppress

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from copydesk.errors import UnreadableError
from copydesk.reading.encodings import HEAD_BYTES
from copydesk.reading.file_types import (
    COMPRESSIONS,
    PACKING_ENDINGS,
    Packing,
    find_ending,
    find_file_type,
    strip_ending,
)
from copydesk.reading.registry import Format, load_registry

ENDINGS = [*PACKING_ENDINGS, *load_registry().by_ending]
HTML = b"<!DOCTYPE html><html><body><p>Crews march.</p></body></html>"


def packed_zip():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "Crews march.")
    return file.getvalue()


def packed_tar():
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    return file.getvalue()


SIGNED = {
    Packing.ZIP: packed_zip(),
    Packing.TAR: packed_tar(),
    Packing.GZIP: gzip.compress(HTML),
    Packing.BZIP2: bz2.compress(HTML),
    Packing.XZ: lzma.compress(HTML),
    Packing.ZSTD: zstandard.compress(HTML),
    "application/vnd.apache.parquet": b"PAR1\x15\x04",
    "application/warc": b"WARC/1.1\r\n",
}


@pytest.mark.parametrize(
    ("name", "head", "file_type"),
    [
        ("a.txt", b"Crews march.", "text/plain"),
        ("a", b"Crews march.", "text/plain"),
        (".hidden", b"Crews march.", "text/plain"),
        ("post.example_ferries", b"Crews march.", "text/plain"),
        ("May 3. 2031", b"Crews march.", "text/plain"),
        ("v1.2/README", b"Crews march.", "text/plain"),
        ("a.TXT", b"Crews march.", "text/plain"),
        ("a.html", b"Crews march.", "text/html"),
        ("a.txt", HTML, "text/html"),
        ("a.json", HTML, "text/html"),
        ("a.html", b" " * 2 * HEAD_BYTES, "text/html"),
        ("page.php?id=3", HTML, "text/html"),
        ("page.html?url=a.zip", b"Crews march.", "text/html"),
        ("a.html.gz", HTML, "text/html"),
        *(
            (name, start + b"\n<p>Crews march.</p>", "text/html")
            for name in ("a", "a.txt", "page.php?id=3")
            for start in (
                b"<title>Ferries</title>",
                b"<META charset=utf-8>",
                b"<script>var x;</script>",
                b"<style type='text/css'>",
                b'<link rel="icon" href="a.ico">',
                b"<br />",
                b"<b>Warning</b>",
                b'<table border="0">',
                b"<!-- saved -->\n<span>",
                b"<!-- " + b"x" * HEAD_BYTES,
            )
        ),
        ("a", b"Warning: no such file on line 3\n" + HTML, "text/html"),
        ("page.php?id=3", b"<x-banner>" + HTML, "text/html"),
        ("a.txt", b"Crews say how pages begin:\n" + HTML, "text/plain"),
        ("a", b"Crews write <html> and <!doctype html> into a page.", "text/plain"),
        *((name, HTML.decode().encode("utf-16"), "text/html") for name in ("a", "a.txt", "a.php")),
        ("a", HTML.decode().encode("utf-16-le"), "text/html"),
        *(
            ("a", prose, "text/plain")
            for prose in (
                b"<b and c> are letters.",
                b"<b",
                b"<Table 1>",
                b"<Linked> is the name of a ferry.",
                b"<but no tag>",
                b"<ul",
            )
        ),
        ("a.jsonl.zst", b'{"text": "Crews"}', "application/jsonl"),
        ("a.tgz", b"Crews march.", Packing.TAR),
        ("a.txt", b'{"text": "Crews"}', "application/json"),
        ("a.txt", b'{\n  "text": "Crews"\n}', "application/json"),
        ("a.txt", b'{"We will not sail," she said.}', "text/plain"),
        ("a.jsonl", b'{"text": "Crews"}', "application/jsonl"),
        ("a.jsonl", b'\xef\xbb\xbf[{"text": "Crews"}]', "application/json"),
        ("a.jsonl", b'{\n  "text": "Crews"\n}', "application/json"),
        ("a.csv", b"title,text\n", "text/csv"),
        ("a.tsv", b"title\ttext\n", "text/tab-separated-values"),
        ("a.txt", b"PK is what the crews call the pier keeper.", "text/plain"),
        ("a.txt", b"BZh is the flag of the harbour.", "text/plain"),
        ("a.txt", b"Blink and you miss the ferry.", "text/plain"),
        ("a.txt", b"WARC is short for a quay in Port Elsa.", "text/plain"),
        *((f"a.{suffix}", SIGNED[Packing.ZIP], Packing.ZIP) for suffix in ("zip", "txt", "html")),
    ],
)
def test_a_file_is_known_by_its_name_and_its_beginning(name, head, file_type):
    assert str(find_file_type(head, name)) == file_type


@pytest.mark.parametrize("file_type", SIGNED)
@pytest.mark.parametrize("name", ["a", "a.txt", "a.json", "a.zip", "a.tar.gz"])
def test_magic_bytes_count_more_than_the_name(file_type, name):
    assert str(find_file_type(SIGNED[file_type], name)) == file_type


@pytest.mark.parametrize(
    ("name", "head", "error"),
    [
        ("a.txt", b"", "empty"),
        ("a.gz", b" \n\t", "empty"),
        ("a.docx", b"Crews march.", "wrong_type"),
        ("a.png", b"\x89PNG", "unknown_type"),
        ("page.php?id=3", b"Crews march.", "unknown_type"),
        ("a.zip", b"Crews march.", "wrong_type"),
        ("a.parquet", b"title,text", "wrong_type"),
        ("a.warc.gz", b"WARC is short for a quay.", "wrong_type"),
    ],
)
def test_a_file_that_no_reader_takes_is_refused(name, head, error):
    with pytest.raises(UnreadableError) as refused:
        find_file_type(head, name)
    assert refused.value.error == error


@pytest.mark.parametrize(
    ("name", "suffix", "stripped"),
    [
        ("a.html.gz", "gz", "a.html"),
        ("a.tgz", "tgz", "a.tar"),
        ("a.TXZ", "txz", "a.tar"),
        ("folder.gz/a.txt", "txt", "folder.gz/a.txt"),
        ("a.zip", "zip", "a.zip"),
        ("a", "", "a"),
        (".gz", "", ".gz"),
        ("", "", ""),
    ],
)
def test_the_name_of_what_is_packed_is_the_name_without_the_packing(name, suffix, stripped):
    assert (find_ending(name), strip_ending(name)) == (suffix, stripped)


@given(st.binary(max_size=600), st.text(max_size=20), st.sampled_from(ENDINGS))
def test_any_file_has_a_type_or_a_reason(head, stem, ending):
    with suppress(UnreadableError):
        assert isinstance(find_file_type(head, f"{stem}.{ending}"), Format | Packing)


@given(st.sampled_from(sorted(COMPRESSIONS)), st.sampled_from(sorted(SIGNED)))
def test_a_type_does_not_depend_on_the_rest_of_the_head(first, second):
    assert find_file_type(SIGNED[first] + SIGNED[second], "a") is first


def test_a_text_with_an_unknown_ending_is_refused_with_advice():
    for head, has_advice in ((b"Crews march.", True), (b"\x89PNG\r\n\x1a\n", False)):
        with pytest.raises(UnreadableError) as refused:
            find_file_type(head, "a.log")
        assert ("end in .txt" in refused.value.message) is has_advice
