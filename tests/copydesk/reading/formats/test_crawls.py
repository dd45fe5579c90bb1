"""Behaviour of `formats.arc`, `formats.har` and of packed crawls (WACZ)."""

import base64
import gzip
import io
import json
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.reading.bundles import read_bytes

SENTENCE = "Crews in Port Elsa march."
HTML = f"<html><body><p>{SENTENCE}</p></body></html>"
URL = "https://post.example/ferries"
TIME = datetime(2031, 5, 3, 10, 15, tzinfo=UTC)


def answer(status="200 OK", kind="text/html", body=HTML):
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n{body}".encode()


def pack_arc(*answers, version=1):
    note = b"1 0 crawler\nURL IP-address Archive-date Content-type Archive-length\n"
    more = " 200 - - 0 a.arc" if version > 1 else ""
    head = f"filedesc://a.arc 0.0.0.0 20310503101500 text/plain{more} {len(note)}\n".encode()
    records = b"".join(
        f"{URL} 192.0.2.1 20310503101500 text/html{more} {len(each)}\n".encode() + each + b"\n"
        for each in answers
    )
    return head + note + b"\n" + records


def pack_har(*contents, **request):
    entries = [
        {
            "startedDateTime": "2031-05-03T10:15:00.000Z",
            "request": {"url": URL},
            "response": {"status": 200, "content": {"mimeType": "text/html", **content}},
            **request,
        }
        for content in contents
    ]
    return json.dumps({"log": {"version": "1.2", "entries": entries}}).encode()


def pack_wacz():
    body = answer()
    head = (
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Date: 2031-05-03T10:15:00Z\r\n"
        f"WARC-Target-URI: {URL}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("archive/data.warc.gz", gzip.compress(head.encode() + body + b"\r\n\r\n"))
        archive.writestr("datapackage.json", '{"text": "no page"}')
        archive.writestr("pages/pages.jsonl", '{"url": "x", "text": "the same page"}\n')
        archive.writestr("indexes/index.cdx.gz", gzip.compress(b"x"))
    return file.getvalue()


@pytest.mark.parametrize("name", ["a.arc", "a", "a.txt", "a.warc"])
@pytest.mark.parametrize("version", [1, 2])
def test_the_pages_of_an_old_web_archive_are_read(read_rows, name, version):
    first, second, third = read_rows(
        pack_arc(answer(), answer("404 Not Found"), answer(), version=version), name
    )
    assert (first.source_path, first.text) == (f"{name}#2", SENTENCE)
    assert (first.url, first.retrieved_at) == (URL, TIME)
    assert (second.error, third.text) == ("http_status", SENTENCE)


@pytest.mark.parametrize("n_cut", [1, 30])
def test_an_old_web_archive_that_is_cut_off_says_so(read, n_cut):
    texts = [text for _, text in read(pack_arc(answer(), answer())[:-n_cut], "arc")]
    assert texts[0] == SENTENCE
    assert texts[1:] in ([SENTENCE], ["corrupt"], ["corrupt", "corrupt"])


@pytest.mark.parametrize("name", ["a.har", "a.json", "a.txt", "a"])
def test_the_pages_that_a_browser_recorded_are_read(read_rows, name):
    data = pack_har(
        {"text": HTML},
        {"text": base64.b64encode(HTML.encode("utf-16")).decode(), "encoding": "base64"},
        {"text": "x", "mimeType": "image/png"},
        {},
    )
    first, second, *refused = read_rows(data, name)
    assert [(row.text, row.url, row.retrieved_at) for row in (first, second)] == [
        (SENTENCE, URL, TIME)
    ] * 2
    assert [row.error for row in refused] == ["not_a_page", "not_a_page"]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b'{"log": {"entries": 7}}', "not_json"),
        (b'{"log": {"entries": []}}', "empty"),
        (b'{"log": {"entries": [7]}}', "not_a_page"),
        (pack_har({"text": HTML}, response={"status": 503}), "http_status"),
        (pack_har({"text": "x" * 5, "encoding": "base64"}), "corrupt"),
        (b'{"log": {', "not_json"),
    ],
)
def test_what_is_no_recorded_page_is_a_row(read_rows, data, error):
    (row,) = read_rows(data, "a.har")
    assert row.error == error


@pytest.mark.parametrize("name", ["a.wacz", "a.zip", "a"])
def test_a_packed_crawl_has_the_pages_of_its_archives_alone(read_rows, name):
    (row,) = read_rows(pack_wacz(), name)
    assert row.source_path == f"{name}/archive/data.warc.gz#1"
    assert (row.text, row.url, row.retrieved_at) == (SENTENCE, URL, TIME)


WHOLE = [pack_arc(answer(), answer()), pack_har({"text": HTML}), pack_wacz()]


@given(st.sampled_from(WHOLE), st.integers(0, 900), st.binary(min_size=1, max_size=12))
def test_a_damaged_crawl_is_a_row(data, at, more):
    damaged = data[:at] + more + data[at + len(more) :]
    assert list(read_bytes(damaged, source_path="a"))
