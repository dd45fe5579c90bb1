"""Behaviour of `formats.warc`: the records of a web archive become pages or reasons."""

import gzip
import io
import zlib
from datetime import UTC, datetime

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from copydesk.system.memory import MIB

HTML = "<html><body><p>Crews in Port Elsa march.</p></body></html>"
PAGE_BYTES = HTML.encode()
GZIPPED = gzip.compress(PAGE_BYTES)
SENTENCE = "Crews in Port Elsa march."


def pack_warc(*records, is_packed=False):
    """Write records of (kind, body, headers of HTTP, status) as a crawler does."""
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=is_packed)
    for kind, body, headers, status in records:
        http = StatusAndHeaders(status, [*headers.items()], "HTTP/1.1") if status else None
        record = writer.create_warc_record(
            "https://harbourpost.example/ferries",
            kind,
            payload=io.BytesIO(body),
            http_headers=http,
            warc_content_type="" if status else headers.get("Content-Type", ""),
            warc_headers_dict={"WARC-Date": "2031-05-03T10:15:00Z"},
        )
        writer.write_record(record)
        record.raw_stream.close()
    return file.getvalue()


def response(body=PAGE_BYTES, status="200 OK", kind="response", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return (kind, body, {"Content-Type": "text/html", **named}, status)


PAGE = response()
DEFLATED = zlib.compressobj(wbits=-zlib.MAX_WBITS)


@pytest.mark.parametrize(
    ("record", "found"),
    [
        (PAGE, SENTENCE),
        (response(GZIPPED, Content_Encoding="gzip"), SENTENCE),
        (response(GZIPPED, Content_Encoding="X-GZIP"), SENTENCE),
        (response(brotli.compress(PAGE_BYTES), Content_Encoding="br"), SENTENCE),
        (response(zlib.compress(PAGE_BYTES), Content_Encoding="deflate"), SENTENCE),
        (
            response(DEFLATED.compress(PAGE_BYTES) + DEFLATED.flush(), Content_Encoding="deflate"),
            SENTENCE,
        ),
        (
            response(
                b"5\r\n<html\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(HTML) - 5, HTML[5:].encode()),
                Transfer_Encoding="chunked",
            ),
            SENTENCE,
        ),
        # Unpacked by the crawler, which left the headers as they were.
        (response(Content_Encoding="gzip"), SENTENCE),
        (response(Content_Encoding="br"), SENTENCE),
        (response(Content_Encoding="deflate"), SENTENCE),
        (response(Transfer_Encoding="chunked"), SENTENCE),
        (response(Content_Encoding="identity"), SENTENCE),
        (response(GZIPPED[:-12], Content_Encoding="gzip"), "corrupt"),
        (response(GZIPPED[:30] + b"x" * 30, Content_Encoding="gzip"), "corrupt"),
        (response(brotli.compress(PAGE_BYTES)[:-6], Content_Encoding="br"), "corrupt"),
        (response(b"\xff" * 20, Content_Encoding="br"), "corrupt"),
        (response(GZIPPED), "not_a_page"),
        (response(gzip.compress(bytes(3 * MIB)), Content_Encoding="gzip"), "too_large"),
        (response(brotli.compress(bytes(3 * MIB)), Content_Encoding="br"), "too_large"),
        (response(bytes(3 * MIB)), "too_large"),
        (response(status="404 Not Found"), "http_status"),
        (response(status="301 Moved"), "http_status"),
        (response(Content_Type="image/png"), "not_a_page"),
        (response(b""), "empty"),
        (response(b"Crews march.", Content_Type="text/plain"), "Crews march."),
        (response(SENTENCE.encode(), None, "conversion", Content_Type="text/plain"), SENTENCE),
        (
            response(b"WARC is a quay. {", Content_Type="Text/Plain; charset=utf-8"),
            "WARC is a quay. {",
        ),
        (
            response(b"{} <p> march\n\n  today", Content_Type="text/plain"),
            "{} <p> march\n\n  today",
        ),
        (response(b"{} <p> march\n\n  today", Content_Type=""), "{} <p> march\n\n  today"),
        (response(Content_Type="text/plain"), SENTENCE),
        (response(b"Warning\n" + PAGE_BYTES, Content_Encoding="br"), f"Warning\n{SENTENCE}"),
        (response(Content_Type=""), SENTENCE),
        *(
            (response(start + PAGE_BYTES), SENTENCE)
            for start in (b"<br />\n", b"<x-banner></x-banner>", b"<!--x-->" * 1_000)
        ),
        (response(b"{}" + PAGE_BYTES), f"{{}}\n{SENTENCE}"),
        (response(b"<title>A march</title><p>Crews in Port Elsa march."), SENTENCE),
        (response(HTML.encode("utf-16")), SENTENCE),
        (response(HTML.encode("utf-16-le"), Content_Type="text/html; charset=utf-16le"), SENTENCE),
        (response(PAGE_BYTES, None, "resource"), SENTENCE),
        (response(PAGE_BYTES, None, "continuation"), "not_a_page"),
    ],
)
@pytest.mark.parametrize("is_packed", [False, True])
def test_a_record_of_a_web_archive_is_a_page_or_a_reason(read, record, found, is_packed):
    data = pack_warc(record, PAGE, is_packed=is_packed)
    data = gzip.decompress(data) if is_packed else data
    assert read(data, "warc", page_mib=1) == [("a#1", found), ("a#2", SENTENCE)]


@pytest.mark.parametrize("status", ["203 Non-Authoritative Information", "200 OK"])
@pytest.mark.parametrize("version", [b"WARC/1.0", b"WARC/1.1", b"WARC/0.18", b"WARC/0.17"])
def test_a_page_of_every_version_that_crawlers_wrote_is_read(read_rows, version, status):
    data = pack_warc(response(status=status)).replace(b"WARC/1.0", version)
    (row,) = read_rows(data, "a")
    assert (row.media_type, row.text) == ("text/html", SENTENCE)


@pytest.mark.parametrize(
    ("body", "found"), [(PAGE_BYTES, SENTENCE), (b"Crews march.", "not_a_page")]
)
def test_what_a_server_has_no_type_for_is_a_page_if_it_is_html(read, body, found):
    record = response(body, Content_Type="application/octet-stream")
    assert read(pack_warc(record), "warc") == [("a#1", found)]


@pytest.mark.parametrize("n_short", [1, 2, 7])
def test_a_record_that_states_too_few_bytes_costs_itself_alone(read, n_short):
    page = (HEAD % (b"http://a.example/", len(BODY % b"1.1")), BODY % b"1.1")
    note = b"WARC/1.0\nWARC-Type: metadata\nContent-Length: %d\n\n" % (20 - n_short)
    found = read(build_warc(page, (note, b"x" * 20), page), "warc")
    assert [text for _, text in found] == [SENTENCE, "corrupt", SENTENCE]


def test_the_address_in_an_archive_is_that_of_the_page(read_rows):
    url = b"https://web.archive.org/web/20310503101500id_/http://post.example/ferries"
    (row,) = read_rows(build_warc((HEAD % (url, len(BODY % b"1.1")), BODY % b"1.1")), "a.warc")
    assert row.url == "http://post.example/ferries"
    assert row.retrieved_at == datetime(2031, 5, 3, 10, 15, tzinfo=UTC)


def test_notes_about_the_crawl_are_not_pages(read):
    notes = [response(b"software: x", None, kind) for kind in ("warcinfo", "metadata")]
    assert read(pack_warc(*notes, PAGE), "warc") == [("a#3", SENTENCE)]
    assert read(pack_warc(*notes), "warc") == [("a", "empty")]


def test_a_packed_web_archive_of_many_members_is_read(read_rows):
    rows = read_rows(pack_warc(PAGE, PAGE, PAGE, is_packed=True), "a.warc.gz")
    assert [row.source_path for row in rows] == [f"a.warc.gz#{n}" for n in (1, 2, 3)]


def test_a_page_of_a_web_archive_comes_with_its_address_and_time(read_rows):
    (row,) = read_rows(pack_warc(PAGE), "a.warc")
    assert row.url == "https://harbourpost.example/ferries"
    assert row.retrieved_at == datetime(2031, 5, 3, 10, 15, tzinfo=UTC)


def test_the_charset_that_the_server_states_is_believed(read):
    text = "Паромы стоят у причала третий день подряд, заявили экипажи в понедельник утром."
    body = f"<html><body><p>{text}</p></body></html>".encode("koi8-r")
    data = pack_warc(response(body, Content_Type="text/html; charset=KOI8-R"))
    assert read(data, "warc") == [("a#1", text)]


def build_warc(*records):
    """Return records as bytes, for what no library writes."""
    return b"".join(head.replace(b"\n", b"\r\n") + body + b"\r\n\r\n" for head, body in records)


HEAD = b"WARC/1.0\nWARC-Type: response\nWARC-Target-URI: %s\nContent-Length: %d\n\n"
BODY = b"HTTP/%s 200 OK\r\nContent-Type: text/html\r\n\r\n" + HTML.encode()


@pytest.mark.parametrize(
    ("uri", "http", "found"),
    [
        (b"<http://a.example/>", b"1.0", SENTENCE),
        (b"http://a.example/", b"2", SENTENCE),
        (b"http://a.example/", b"2.0", SENTENCE),
        (b"http://a.example/", b"9.9", "corrupt"),
        (b"dns:a.example", b"1.1", "not_a_page"),
    ],
)
def test_one_odd_record_of_a_web_archive_does_not_stop_the_rest(read, uri, http, found):
    body = BODY % http
    page = (HEAD % (b"http://a.example/", len(BODY % b"1.1")), BODY % b"1.1")
    odd = (HEAD % (uri, len(body)), body)
    if found == "not_a_page":
        odd = ((HEAD % (uri, 3)).replace(b"\n\n", b"\nContent-Type: text/dns\n\n"), b"dns")
    assert read(build_warc(odd, page), "warc") == [("a#1", found), ("a#2", SENTENCE)]


def test_a_record_of_a_page_that_was_seen_before_is_refused(read):
    head = (HEAD % (b"http://a.example/", 0)).replace(b"response", b"revisit")
    assert read(build_warc((head, b"")), "warc") == [("a#1", "not_a_page")]


@pytest.mark.parametrize(
    "head",
    [
        b"WARC/1.0\nWARC-Type: response\n\n",
        b"WARC/1.0\nWARC-Type: response\nContent-Length: -5\n\n",
        b"WARC/1.0\nWARC-Type: response\nContent-Length: many\n\n",
        b"WARC/1.0\nWARC-Type: response\nContent-Length: " + b"9" * 5_000 + b"\n\n",
        b"WARC/9.0\nWARC-Type: response\nContent-Length: 1\n\n",
        b"WARC/1.0\n" + b"X: y\n" * MIB,
        b"WARC/1.0\nX: " + b"y" * 2 * MIB,
    ],
)
def test_a_web_archive_ends_with_a_row_where_it_is_broken(read, head):
    page = (HEAD % (b"http://a.example/", len(BODY % b"1.1")), BODY % b"1.1")
    found = read(build_warc(page, (head, b"x"), page), "warc")
    assert found == [("a#1", SENTENCE), ("a", "corrupt")]


@pytest.mark.parametrize("length", [10**4, 10**20])
def test_a_record_that_is_shorter_than_it_says_is_refused(read, length):
    data = build_warc((HEAD % (b"http://a.example/", length), BODY % b"1.1"))
    assert read(data, "warc") == [("a#1", "corrupt"), ("a", "corrupt")]


@pytest.mark.parametrize("n_bytes", range(-340, -10, 30))
def test_a_web_archive_that_is_cut_off_gives_what_is_whole_and_a_row(read, n_bytes):
    first, *rest = read(pack_warc(PAGE, PAGE)[:n_bytes], "warc")
    assert first == ("a#1", SENTENCE)
    assert {text for _, text in rest} <= {"corrupt", "not_a_page"}
    assert rest[-1] == ("a", "corrupt")


@settings(max_examples=30)
@given(st.binary(max_size=200))
def test_any_bytes_in_a_web_archive_give_rows(read, data):
    for before in (b"WARC/1.0\r\n", pack_warc(PAGE), b"WARC/1.0\r\nContent-Length: 50\r\n\r\n"):
        assert read(before + data, "warc")
