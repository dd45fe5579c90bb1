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
    SUFFIXES,
    FileType,
    find_file_type,
    find_suffix,
    strip_suffix,
)

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
    FileType.ZIP: packed_zip(),
    FileType.TAR: packed_tar(),
    FileType.GZIP: gzip.compress(HTML),
    FileType.BZIP2: bz2.compress(HTML),
    FileType.XZ: lzma.compress(HTML),
    FileType.ZSTD: zstandard.compress(HTML),
    FileType.PARQUET: b"PAR1\x15\x04",
    FileType.WARC: b"WARC/1.1\r\n",
}


@pytest.mark.parametrize(
    ("name", "head", "file_type"),
    [
        ("a.txt", b"Crews march.", FileType.TEXT),
        ("a", b"Crews march.", FileType.TEXT),
        (".hidden", b"Crews march.", FileType.TEXT),
        ("post.example_ferries", b"Crews march.", FileType.TEXT),
        ("May 3. 2031", b"Crews march.", FileType.TEXT),
        ("v1.2/README", b"Crews march.", FileType.TEXT),
        ("a.TXT", b"Crews march.", FileType.TEXT),
        ("a.html", b"Crews march.", FileType.HTML),
        ("a.txt", HTML, FileType.HTML),
        ("a.json", HTML, FileType.HTML),
        ("a.html", b" " * 2 * HEAD_BYTES, FileType.HTML),
        ("page.php?id=3", HTML, FileType.HTML),
        ("page.html?url=a.zip", b"Crews march.", FileType.HTML),
        ("a.html.gz", HTML, FileType.HTML),
        *(
            (name, start + b"\n<p>Crews march.</p>", FileType.HTML)
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
        ("a", b"Warning: no such file on line 3\n" + HTML, FileType.HTML),
        ("page.php?id=3", b"<x-banner>" + HTML, FileType.HTML),
        ("a.txt", b"Crews say how pages begin:\n" + HTML, FileType.TEXT),
        ("a", b"Crews write <html> and <!doctype html> into a page.", FileType.TEXT),
        *(
            (name, HTML.decode().encode("utf-16"), FileType.HTML)
            for name in ("a", "a.txt", "a.php")
        ),
        ("a", HTML.decode().encode("utf-16-le"), FileType.HTML),
        *(
            ("a", prose, FileType.TEXT)
            for prose in (
                b"<b and c> are letters.",
                b"<b",
                b"<Table 1>",
                b"<Linked> is the name of a ferry.",
                b"<but no tag>",
                b"<ul",
            )
        ),
        ("a.jsonl.zst", b'{"text": "Crews"}', FileType.JSON_LINES),
        ("a.tgz", b"Crews march.", FileType.TAR),
        ("a.txt", b'{"text": "Crews"}', FileType.JSON),
        ("a.txt", b'{\n  "text": "Crews"\n}', FileType.JSON),
        ("a.txt", b'{"We will not sail," she said.}', FileType.TEXT),
        ("a.jsonl", b'{"text": "Crews"}', FileType.JSON_LINES),
        ("a.jsonl", b'\xef\xbb\xbf[{"text": "Crews"}]', FileType.JSON),
        ("a.jsonl", b'{\n  "text": "Crews"\n}', FileType.JSON),
        ("a.csv", b"title,text\n", FileType.CSV),
        ("a.tsv", b"title\ttext\n", FileType.TSV),
        ("a.txt", b"PK is what the crews call the pier keeper.", FileType.TEXT),
        ("a.txt", b"BZh is the sign of the harbour.", FileType.TEXT),
        ("a.txt", b"Blink and you miss the ferry.", FileType.TEXT),
        ("a.txt", b"WARC is short for a quay in Port Elsa.", FileType.TEXT),
        *((f"a.{suffix}", SIGNED[FileType.ZIP], FileType.ZIP) for suffix in ("zip", "txt", "html")),
    ],
)
def test_a_file_is_known_by_its_name_and_its_beginning(name, head, file_type):
    assert find_file_type(head, name) is file_type


@pytest.mark.parametrize("file_type", SIGNED)
@pytest.mark.parametrize("name", ["a", "a.txt", "a.json", "a.zip", "a.tar.gz"])
def test_a_signature_counts_more_than_the_name(file_type, name):
    assert find_file_type(SIGNED[file_type], name) is file_type


@pytest.mark.parametrize(
    ("name", "head", "error"),
    [
        ("a.txt", b"", "empty"),
        ("a.gz", b" \n\t", "empty"),
        ("a.docx", SIGNED[FileType.ZIP], "unknown_type"),
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
    assert (find_suffix(name), strip_suffix(name)) == (suffix, stripped)


@given(st.binary(max_size=600), st.text(max_size=20), st.sampled_from(["", *SUFFIXES]))
def test_any_file_has_a_type_or_a_reason(head, stem, suffix):
    with suppress(UnreadableError):
        assert find_file_type(head, f"{stem}.{suffix}") in FileType


@given(st.sampled_from(sorted(COMPRESSIONS)), st.sampled_from(sorted(SIGNED)))
def test_a_type_does_not_depend_on_what_else_stands_in_the_head(first, second):
    assert find_file_type(SIGNED[first] + SIGNED[second], "a") is first
