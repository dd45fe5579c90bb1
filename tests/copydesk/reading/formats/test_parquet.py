"""Behaviour of `formats.parquet`: the rows of a Parquet file become pages."""

import io
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.system.memory import MIB

HTML = "<html><body><p>Crews in Port Elsa march.</p></body></html>"
SENTENCE = "Crews in Port Elsa march."


def pack_parquet(row_group_size=None, **columns):
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file, row_group_size=row_group_size)
    return file.getvalue()


def test_a_column_of_texts_that_is_not_known_is_counted(read_rows):
    other = "Bakers on the islands closed their shops, because no flour has come for a week."
    (plain,) = read_rows(pack_parquet(text=[SENTENCE], n=[7]), "a.parquet")
    (row,) = read_rows(pack_parquet(text=[SENTENCE], sidebar=[other], n=[7]), "a.parquet")
    assert [tuple(each) for each in row.left_out] == [("other_field", 1, len(other))]
    assert (row.article_id, row.text) == (plain.article_id, plain.text)


def test_the_rows_of_a_parquet_file_are_pages_with_their_fields(read_rows):
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
def test_a_parquet_file_is_read_whatever_its_columns_are(read, columns, texts):
    assert [text for _, text in read(pack_parquet(**columns), "parquet")] == texts


def test_a_row_that_is_not_utf8_is_refused_and_the_rest_is_read(read):
    _, offsets, _ = pa.array(["ab", "cd", "ef"]).buffers()
    texts = pa.Array.from_buffers(pa.string(), 3, [None, offsets, pa.py_buffer(b"ab\xff\xfeef")])
    found = read(pack_parquet(text=texts), "parquet")
    assert found == [("a#1", "ab"), ("a#2", "not_parquet"), ("a#3", "ef")]


def test_a_row_over_the_limit_in_a_parquet_file_is_refused_and_the_rest_is_read(read):
    found = read(pack_parquet(text=["one", "x" * 2 * MIB, "two"]), "parquet", page_mib=1)
    assert found == [("a#1", "one"), ("a#2", "too_large"), ("a#3", "two")]


def test_rows_are_numbered_through_all_row_groups(read):
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
def test_a_parquet_file_that_unpacks_to_too_much_is_refused(read, texts):
    assert read(pack_parquet(text=texts), "parquet", file_mib=1) == [("a", "too_large")]


@pytest.mark.parametrize("n_bytes", [4, 100, -1, -8, -200])
def test_a_parquet_file_that_is_cut_off_is_refused(read, n_bytes):
    data = pack_parquet(text=[SENTENCE] * 50)
    assert read(data[:n_bytes], "parquet") == [("a", "not_parquet")]


@given(st.data())
def test_a_parquet_file_with_broken_bytes_gives_rows(read, data):
    packed = bytearray(pack_parquet(text=[SENTENCE] * 5, authors=[["Ida"]] * 5))
    for place in data.draw(st.lists(st.integers(4, len(packed) - 1), min_size=1, max_size=3)):
        packed[place] ^= data.draw(st.integers(1, 255))
    assert read(bytes(packed), "parquet")
