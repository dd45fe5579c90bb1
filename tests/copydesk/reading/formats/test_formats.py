"""Behaviour of `reading.formats`: a file of many pages becomes its pages, and nothing is lost."""

import csv
import gzip
import io
import json
import zlib
from datetime import UTC, date, datetime

import brotli
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from copydesk.reading.bundles import read_bytes
from copydesk.reading.files import read_entry
from copydesk.reading.limits import DEFAULT_LIMITS, MIB, Limits
from copydesk.reading.pages import make_row
from copydesk.reading.records import Refused
from copydesk.reading.registry import Entry, load_registry
from copydesk.reading.streams import open_bytes
from copydesk.rows import RawArticle

HTML = "<html><body><p>Crews in Port Elsa march.</p></body></html>"
PAGE_BYTES = HTML.encode()
GZIPPED = gzip.compress(PAGE_BYTES)
SENTENCE = "Crews in Port Elsa march."
ODD = "not_an_article"


FORMATS = load_registry().by_ending
KINDS = ["txt", "json", "jsonl", "csv", "tsv", "parquet", "warc"]


def read(data, name, **limits):
    """Return the pages of a file as (record, text or reason code)."""
    data = data if isinstance(data, bytes) else data.encode()
    entry = Entry("a", FORMATS[name], open_bytes(data))
    rows = [
        make_row(item, bundle="may")
        for item in read_entry(entry, Limits(**limits) if limits else DEFAULT_LIMITS)
    ]
    return [
        (row.source_path, row.text if isinstance(row, RawArticle) else row.error) for row in rows
    ]


def read_rows(data, name):
    return list(read_bytes(data, source_path=name, bundle="may"))


# JSON


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"text": "one"}', [("a", "one")]),
        ('{\n  "text": "one"\n}\n', [("a", "one")]),
        ('[{"text": "one"}, {"text": "two"}]', [("a#1", "one"), ("a#2", "two")]),
        (
            '[{"text": "one"}, 7, [], null]',
            [("a#1", "one"), ("a#2", ODD), ("a#3", ODD), ("a#4", ODD)],
        ),
        ('{"status": "ok", "articles": [{"text": "one"}]}', [("a#1", "one")]),
        ('{"totalResults": 1, "Results": [{"text": "one"}]}', [("a#1", "one")]),
        ('{"text": "one", "items": [{"text": "two"}]}', [("a", "one")]),
        ('{"articles": []}', [("a", "empty")]),
        ('{"response": {"status": "ok", "results": [{"text": "one"}]}}', [("a#1", "one")]),
        ('{"articles": {"page": 1, "results": [{"text": "one"}]}}', [("a#1", "one")]),
        ('{"hits": {"total": 1, "hits": [{"_source": {"text": "one"}}]}}', [("a#1", "one")]),
        ('{"@context": "x", "@graph": [{"articleBody": "one"}]}', [("a#1", "one")]),
        ('{"article": [{"text": "one"}], "data": [{"text": "two"}]}', [("a#1", "two")]),
        ('{"data": {"data": {"data": [{"text": "one"}]}}}', [("a", "no_text_field")]),
        ("[]", [("a", "empty")]),
        ('"one"', [("a", ODD)]),
        ('{"text": "one"}\n{"text": "two"}\n', [("a#1", "one"), ("a#2", "two")]),
        (
            '{"text": "one"}\nno json\n{"text": "two"}',
            [("a#1", "one"), ("a#2", "not_json"), ("a#3", "two")],
        ),
        ('{"text": "one"}{"text": "two"}', [("a#1", "one"), ("a#2", "two")]),
        ('{\n"text": "one"\n},\n{\n"text": "two"\n}', [("a#1", "one"), ("a#2", "two")]),
        ('{\n"text": "one"\n}\n{"text": ', [("a#1", "one"), ("a#2", "not_json")]),
        ("{not json", [("a", "not_json")]),
        ('{"Text": "", "text": "one", "TEXT": null}', [("a", "one")]),
        ('{"text": "one", "Text": ""}', [("a", "one")]),
    ],
)
def test_the_articles_of_a_json_file_are_read_however_they_are_put_together(text, found):
    assert read(text, "json") == found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("name", ["json", "jsonl"])
def test_json_is_read_in_every_encoding_of_unicode(name, encoding):
    data = json.dumps({"text": "Søgne"}, ensure_ascii=False).encode(encoding)
    assert [text for _, text in read(data, name)] == ["Søgne"]


def test_json_nested_to_any_depth_is_read_or_refused():
    for depth in (*range(900, 1_000, 3), 100_000):
        for record in ('{"text": %s}', '{"articles": [{"text": %s}]}', '{"authors": %s}', "%s %s"):
            nested = "[" * depth + "]" * depth
            assert read(record.replace("%s", nested), "json")


def test_a_json_file_over_the_limit_is_refused():
    entry = Entry("a", FORMATS["json"], open_bytes(b'{"text": "' + b"x" * MIB + b'"}'))
    (refused,) = read_entry(entry, Limits(json_mib=1))
    assert refused.reason.error == "too_large"
    assert "COPYDESK_MAX_JSON_MIB" in refused.reason.message


@pytest.mark.parametrize("n_over", [MIB - 20, MIB, MIB + 1, 3 * MIB])
def test_a_line_over_the_limit_is_refused_and_the_lines_after_it_are_read(n_over):
    long_line = '{"text": "' + "x" * n_over + '"}'
    text = f'{{"text": "one"}}\n{long_line}\n{{"text": "two"}}\n'
    (first, (path, found), last) = read(text, "jsonl", page_mib=1)
    assert (first, path, last) == (("a#1", "one"), "a#2", ("a#3", "two"))
    assert found == ("too_large" if len(long_line) >= MIB else "x" * n_over)


def test_json_lines_are_read_as_they_come():
    lines = (json.dumps({"text": f"Ferry {n} lies at the quay."}).encode() for n in range(5_000))
    source = Generated(line + b"\n" for line in lines)
    entry = Entry("a.jsonl", FORMATS["jsonl"], io.BufferedReader(source))
    records = read_entry(entry, DEFAULT_LIMITS)
    first = next(records)
    assert first.fields == {"text": "Ferry 0 lies at the quay."}
    assert source.n_read < 20_000
    assert sum(1 for _ in records) == 4_999
    assert source.n_read > 200_000


class Generated(io.RawIOBase):
    """A stream that is made while it is read, and counts what was asked of it."""

    def __init__(self, parts):
        self.parts = parts
        self.n_read = 0

    def readable(self):
        return True

    def readinto(self, buffer):
        part = next(self.parts, b"")
        buffer[: len(part)] = part
        self.n_read += len(part)
        return len(part)


# CSV


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("title,text\nA,one\n", [("a#1", "one")]),
        ("title;text\nA;one, two\n", [("a#1", "one, two")]),
        ("title\ttext\nA\tone; two\n", [("a#1", "one; two")]),
        ("title|text\nA|one\n", [("a#1", "one")]),
        ('title,text\nA,"one\n\ntwo, ""three"""\n', [("a#1", 'one\n\ntwo, "three"')]),
        ("title,text\r\nA,one\r\nB,two", [("a#1", "one"), ("a#2", "two")]),
        ("title,text\rA,one\rB,two\r", [("a#1", "one"), ("a#2", "two")]),
        ("\n\ntitle,text\n\nA,one\n\n\nB,two\n", [("a#1", "one"), ("a#2", "two")]),
        ("\ufefftext,title\none,A\n", [("a#1", "one")]),
        ('"Article Text",TITLE\none,A\n', [("a#1", "one")]),
        ("text\none\n", [("a#1", "one")]),
        ("sep=;\ntitle;text\nA;one, two\n", [("a#1", "one, two")]),
        ("SEP=|\r\ntext|a;b\r\none|A;B\r\n", [("a#1", "one")]),
        ("sep=;\n", [("a", "no_text_field")]),
        ("text;a,b,c\none;A,B,C\n", [("a#1", "one")]),
        ('"a,b,c,d";text\nA;one\n', [("a#1", "one")]),
        ("text,text,TEXT\n,one,two\n", [("a#1", "one")]),
        *(
            (f"body,text\none,{empty}\n", [("a#1", "one")])
            for empty in ("nan", "None", "NULL", "N/A")
        ),
        ("title,text\nA,None of the crews march.\n", [("a#1", "None of the crews march.")]),
        ("title,text\nA,\"['one', 'two']\"\n", [("a#1", "one\ntwo")]),
        ("title,text\nA,[sic] one\n", [("a#1", "[sic] one")]),
        ("title,text,\nA,one,\nB,two,,,\n", [("a#1", "one"), ("a#2", "two")]),
        ("title,text\nA\nB,two\n", [("a#1", "no_text_field"), ("a#2", "two")]),
        ("title,text\nA,one, two, three\nB,two\n", [("a#1", "not_csv"), ("a#2", "two")]),
        ('title,text\nA,one\nB,"two\nC,three\n', [("a#1", "one"), ("a#2", "not_csv")]),
        ('title,text\nA,one\nB,"two', [("a#1", "one"), ("a#2", "not_csv")]),
        ('title,text\nA,"one"', [("a#1", "one")]),
        ("title,text\n", [("a", "empty")]),
        ("title,url\nA,http://a.example\n", [("a", "no_text_field")]),
        ("title,text\nA,o\0ne two three four five\n", [("a#1", "o\ufffdne two three four five")]),
    ],
)
def test_the_rows_of_a_table_are_pages(text, found):
    assert read(text, "csv") == found


@pytest.mark.parametrize(
    ("cell", "byline"),
    [
        ("['Jo Doe', 'Ann Lee']", ["Jo Doe; Ann Lee"]),
        ("""['Jo "JD" O\\'Hara', "Ann d'Or"]""", ["""Jo "JD" O'Hara; Ann d'Or"""]),
        ("['Jo\\xa0Doe']", ["Jo\xa0Doe"]),
        ("['Jo', 7]", ["['Jo', 7]"]),
        ("['Jo' 'Ann']", ["['Jo' 'Ann']"]),
        ("['J\\q']", ["['J\\q']"]),
        ("[]", []),
        ("nan", []),
        ("[" * 100_000, ["[" * 100_000]),
    ],
)
def test_a_list_in_a_cell_is_read_as_python_writes_it(cell, byline):
    file = io.StringIO(newline="")
    csv.writer(file).writerows([["authors", "text"], [cell, SENTENCE]])
    (row,) = read_rows(file.getvalue().encode(), "a.csv")
    assert [field.value for field in row.given] == byline


@pytest.mark.parametrize(
    ("data", "name"),
    [("title,text\nA,one\n", "a.csv"), ('{"text": "one"}\n', "a.jsonl"), ('{"text": 1}', "a.json")],
)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_a_row_says_in_which_encoding_its_file_was(data, name, encoding):
    (row,) = read_rows(data.replace("1}", '"one"}').encode(encoding), name)
    assert (row.text, row.encoding) == ("one", encoding)


def test_a_table_in_a_folder_does_not_close_its_file():
    stream = open_bytes(b"title,text\nA,one\n")
    assert [*read_entry(Entry("a", FORMATS["csv"], stream), DEFAULT_LIMITS)]
    assert not stream.closed


def test_a_table_of_tabs_keeps_its_commas():
    assert read("title,x\ttext\nA,b\tone, two\n", "tsv") == [("a#1", "one, two")]


def test_a_table_without_texts_says_which_columns_it_has():
    (row,) = read_rows("date,Schlagzeile é,\n1,Ferries\n".encode() + b"\xe9", "a.csv")
    assert "date, Schlagzeile é" in row.message


def test_a_message_with_columns_that_are_not_utf8_can_be_printed():
    (row,) = read_rows("øøøø,".encode() + b"\xe9\n1,Ferries\n", "a.csv")
    assert row.error == "no_text_field"
    assert row.message.encode()


def test_single_bytes_of_windows_in_a_table_are_read():
    rows = read("title,text\nÅ,Ørsted “stays”\n".encode() + b"B,It\x92s over.\n", "csv")
    assert rows == [("a#1", "Ørsted “stays”"), ("a#2", "It’s over.")]


def test_html_in_a_table_is_read_to_its_end_though_a_byte_is_broken():
    data = "title,html\nÅØÅ,".encode() + b"<p>It\x92s over said crews in Port Elsa.</p>\n"
    assert read(data, "csv") == [("a#1", "It’s over said crews in Port Elsa.")]


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "gb18030", "cp1251"])
@pytest.mark.parametrize("n_before", range(4))
def test_a_table_is_read_in_the_encoding_of_its_first_rows(encoding, n_before):
    sentence = {
        "cp1252": "“We will not sail,” the café’s owner said.",
        "gb18030": "港口的渡轮今天停航了，船员们说。",
        "cp1251": "Паромы стоят у причала третий день подряд, заявили экипажи.",
    }.get(encoding, "“Søgne” stays shut.")
    rows = [("x" * n_before, sentence)] * 200
    text = "".join(f"{title};{text}\n" for title, text in [("title", "text"), *rows])
    assert {text for _, text in read(text.encode(encoding), "csv")} == {sentence}


@pytest.mark.parametrize(
    "row",
    [
        'B,"' + "x" * 2 * MIB + '"\n',
        "B," + "x" * 2 * MIB + "\n",
        'B,"' + "Crews march\n" * 200_000 + '"\n',
        'B,"' + "Crews march\n" * 40_000 + '","' + "Crews march\n" * 60_000 + '"\n',
    ],
)
def test_a_row_over_the_limit_is_refused(row):
    found = read(f"title,text\nA,one\n{row}C,two\n", "csv", page_mib=1)
    assert found == [("a#1", "one"), ("a", "too_large")]


def test_many_rows_may_be_more_than_the_limit_together():
    text = "title,text\n" + f"A,{'x' * 400_000}\n" * 5
    assert len(read(text, "csv", page_mib=1)) == 5


@given(st.lists(st.lists(st.text(min_size=1, max_size=8), min_size=2, max_size=2), max_size=5))
def test_what_was_written_as_csv_is_read(rows):
    file = io.StringIO(newline="")
    csv.writer(file).writerows([["title", "text"], *rows])
    found = [text for _, text in read(file.getvalue().encode("utf-8", "replace"), "csv")]
    assert len(found) >= len(rows)
    for (_, text), read_text in zip(rows, found, strict=False):
        if text.strip() and text.isascii() and text.isprintable():
            assert read_text == text


@pytest.mark.parametrize("name", ["csv", "tsv", "json", "jsonl"])
@given(data=st.binary(max_size=200))
def test_any_bytes_in_a_table_give_rows(name, data):
    assert read(data, name)
    assert read(b"title,text\nA,one\n" + data, name)


# Parquet


def pack_parquet(row_group_size=None, **columns):
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file, row_group_size=row_group_size)
    return file.getvalue()


def test_the_rows_of_a_parquet_file_are_pages_with_their_fields():
    data = pack_parquet(
        text=[SENTENCE, "Ferries stop."],
        title=["A march", None],
        authors=[["Ida Brandt", "Paul Lund"], []],
        date=pa.array([date(2031, 5, 3), None]),
        date_download=pa.array([datetime(2031, 5, 4, 6, tzinfo=UTC), None]),
        n_words=[5, 2],
    )
    first, second = read_rows(data, "a.parquet")
    assert (first.source_path, first.text) == ("a.parquet#1", SENTENCE)
    assert {field.name: field.value for field in first.given} == {
        "headline": "A march",
        "byline": "Ida Brandt; Paul Lund",
        "published_on": "2031-05-03",
    }
    assert first.retrieved_at == datetime(2031, 5, 4, 6, tzinfo=UTC)
    assert (second.text, second.given, second.retrieved_at) == ("Ferries stop.", [], None)


@pytest.mark.parametrize(
    ("columns", "texts"),
    [
        ({"html": [HTML]}, [SENTENCE]),
        ({"html": pa.array([HTML.encode()])}, [SENTENCE]),
        ({"text": pa.array([SENTENCE.encode(), None])}, [SENTENCE, "no_text_field"]),
        ({"text": pa.array([b"one", b"\0\x01\x02", b"two"])}, ["one", "binary", "two"]),
        ({"text": pa.array([b"It\x92s over, said the crews."])}, ["It’s over, said the crews."]),
        ({"text": pa.array(["one", "two"]).dictionary_encode()}, ["one", "two"]),
        ({"text": pa.array(["one"], pa.large_string())}, ["one"]),
        ({"text": [["one", "two"]]}, ["one\ntwo"]),
        ({"text": pa.array([[b"one", b"two"]])}, ["one\ntwo"]),
        ({"text": pa.array([7])}, ["no_text_field"]),
        ({"text": pa.array([], pa.string())}, ["empty"]),
        ({"title": ["A march"]}, ["no_text_field"]),
        ({"Article Text": ["one"]}, ["one"]),
        ({"article.text": ["one"]}, ["one"]),
        (
            {"text": ["one", "two"], "date": pa.array([10**18, 0], pa.timestamp("us"))},
            ["not_parquet", "two"],
        ),
    ],
)
def test_a_parquet_file_is_read_whatever_its_columns_are(columns, texts):
    assert [text for _, text in read(pack_parquet(**columns), "parquet")] == texts


def test_a_row_that_is_not_utf8_is_refused_and_the_rest_is_read():
    _, offsets, _ = pa.array(["ab", "cd", "ef"]).buffers()
    texts = pa.Array.from_buffers(pa.string(), 3, [None, offsets, pa.py_buffer(b"ab\xff\xfeef")])
    found = read(pack_parquet(text=texts), "parquet")
    assert found == [("a#1", "ab"), ("a#2", "not_parquet"), ("a#3", "ef")]


def test_a_row_over_the_limit_in_a_parquet_file_is_refused_and_the_rest_is_read():
    found = read(pack_parquet(text=["one", "x" * 2 * MIB, "two"]), "parquet", page_mib=1)
    assert found == [("a#1", "one"), ("a#2", "too_large"), ("a#3", "two")]


def test_rows_are_numbered_through_all_row_groups():
    texts = [f"Ferry {n} stops." for n in range(25)]
    found = read(pack_parquet(row_group_size=10, text=texts), "parquet")
    assert found == [(f"a#{n}", text) for n, text in enumerate(texts, start=1)]


@pytest.mark.parametrize(
    "texts",
    [
        pa.array([f"{n:0>40}" for n in range(50_000)]),
        pa.nulls(200_000, pa.string()),
    ],
)
def test_a_parquet_file_that_unpacks_to_too_much_is_refused(texts):
    assert read(pack_parquet(text=texts), "parquet", file_mib=1) == [("a", "too_large")]


@pytest.mark.parametrize("n_bytes", [4, 100, -1, -8, -200])
def test_a_parquet_file_that_is_cut_off_is_refused(n_bytes):
    data = pack_parquet(text=[SENTENCE] * 50)
    assert read(data[:n_bytes], "parquet") == [("a", "not_parquet")]


@given(st.data())
def test_a_parquet_file_with_broken_bytes_gives_rows(data):
    packed = bytearray(pack_parquet(text=[SENTENCE] * 5, authors=[["Ida"]] * 5))
    for place in data.draw(st.lists(st.integers(4, len(packed) - 1), min_size=1, max_size=3)):
        packed[place] ^= data.draw(st.integers(1, 255))
    assert read(bytes(packed), "parquet")


# WARC


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
        (response(b"Warning\n" + PAGE_BYTES, Content_Encoding="br"), SENTENCE),
        (response(Content_Type=""), SENTENCE),
        *(
            (response(start + PAGE_BYTES), SENTENCE)
            for start in (b"<br />\n", b"<x-banner></x-banner>", b"{}", b"<!--x-->" * 1_000)
        ),
        (response(b"<title>A march</title><p>Crews in Port Elsa march."), SENTENCE),
        (response(HTML.encode("utf-16")), SENTENCE),
        (response(HTML.encode("utf-16-le"), Content_Type="text/html; charset=utf-16le"), SENTENCE),
        (response(PAGE_BYTES, None, "resource"), SENTENCE),
        (response(PAGE_BYTES, None, "continuation"), "not_a_page"),
    ],
)
@pytest.mark.parametrize("is_packed", [False, True])
def test_a_record_of_a_web_archive_is_a_page_or_a_reason(record, found, is_packed):
    data = pack_warc(record, PAGE, is_packed=is_packed)
    data = gzip.decompress(data) if is_packed else data
    assert read(data, "warc", page_mib=1) == [("a#1", found), ("a#2", SENTENCE)]


def test_notes_about_the_crawl_are_no_pages():
    notes = [response(b"software: x", None, kind) for kind in ("warcinfo", "metadata")]
    assert read(pack_warc(*notes, PAGE), "warc") == [("a#3", SENTENCE)]
    assert read(pack_warc(*notes), "warc") == [("a", "empty")]


def test_a_packed_web_archive_of_many_members_is_read():
    rows = read_rows(pack_warc(PAGE, PAGE, PAGE, is_packed=True), "a.warc.gz")
    assert [row.source_path for row in rows] == [f"a.warc.gz#{n}" for n in (1, 2, 3)]


def test_a_page_of_a_web_archive_comes_with_its_address_and_time():
    (row,) = read_rows(pack_warc(PAGE), "a.warc")
    assert row.url == "https://harbourpost.example/ferries"
    assert row.retrieved_at == datetime(2031, 5, 3, 10, 15, tzinfo=UTC)


def test_the_charset_that_the_server_states_is_believed():
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
def test_one_odd_record_of_a_web_archive_does_not_stop_the_rest(uri, http, found):
    body = BODY % http
    page = (HEAD % (b"http://a.example/", len(BODY % b"1.1")), BODY % b"1.1")
    odd = (HEAD % (uri, len(body)), body)
    if found == "not_a_page":
        odd = ((HEAD % (uri, 3)).replace(b"\n\n", b"\nContent-Type: text/dns\n\n"), b"dns")
    assert read(build_warc(odd, page), "warc") == [("a#1", found), ("a#2", SENTENCE)]


def test_a_record_of_a_page_that_was_seen_before_is_refused():
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
        b"no header at all\n\n",
    ],
)
def test_a_web_archive_ends_with_a_row_where_it_is_broken(head):
    page = (HEAD % (b"http://a.example/", len(BODY % b"1.1")), BODY % b"1.1")
    found = read(build_warc(page, (head, b"x"), page), "warc")
    assert found == [("a#1", SENTENCE), ("a", "corrupt")]


@pytest.mark.parametrize("length", [10**4, 10**20])
def test_a_record_that_is_shorter_than_it_says_is_no_page(length):
    data = build_warc((HEAD % (b"http://a.example/", length), BODY % b"1.1"))
    assert read(data, "warc") == [("a#1", "corrupt"), ("a", "corrupt")]


@pytest.mark.parametrize("n_bytes", range(-340, -10, 30))
def test_a_web_archive_that_is_cut_off_gives_what_is_whole_and_a_row(n_bytes):
    first, *rest = read(pack_warc(PAGE, PAGE)[:n_bytes], "warc")
    assert first == ("a#1", SENTENCE)
    assert {text for _, text in rest} <= {"corrupt", "not_a_page"}
    assert rest[-1] == ("a", "corrupt")


@settings(max_examples=30)
@given(st.binary(max_size=200))
def test_any_bytes_in_a_web_archive_give_rows(data):
    for before in (b"WARC/1.0\r\n", pack_warc(PAGE), b"WARC/1.0\r\nContent-Length: 50\r\n\r\n"):
        assert read(before + data, "warc")


# All of them


@pytest.mark.parametrize("name", KINDS)
def test_a_file_of_many_pages_is_read_twice_alike(name):
    data = {
        "txt": SENTENCE.encode(),
        "json": b'[{"text": "one"}, 7]',
        "jsonl": b'{"text": "one"}\n7\n',
        "csv": b"title,text\nA,one\nB\n",
        "tsv": b"title\ttext\nA\tone\n",
        "parquet": pack_parquet(text=["one", None]),
        "warc": pack_warc(PAGE, response(status="404 Not Found")),
    }[name]
    rows = [read_rows(data, f"a.{name}") for _ in range(2)]
    assert rows[0] == rows[1]
    assert len({row.source_path for row in rows[0]}) == len(rows[0])


@pytest.mark.parametrize("name", KINDS)
def test_an_empty_stream_gives_a_row(name):
    entry = Entry("a", FORMATS[name], open_bytes(b""))
    items = list(read_entry(entry, DEFAULT_LIMITS))
    assert items
    assert all(isinstance(make_row(item, bundle="may").source_path, str) for item in items)
    assert not [item for item in items if isinstance(item, Refused) and not item.reason.message]
