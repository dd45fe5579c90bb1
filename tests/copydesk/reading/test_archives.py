"""Behaviour of `reading.archives`: what is packed comes out as files or as rows with a reason."""

import bz2
import gzip
import io
import lzma
import stat
import struct
import tarfile
import tracemalloc
import warnings
import zipfile
from itertools import islice

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.errors import UnreadableError
from copydesk.reading.archives import MAX_TAR_HEADER_BYTES, is_system_file, open_entries
from copydesk.reading.bundles import read_bytes
from copydesk.reading.formats.parquet import PARQUET
from copydesk.reading.limits import DEFAULT_LIMITS, FREE_BYTES, Limits
from copydesk.reading.records import Refused
from copydesk.reading.streams import open_bytes
from copydesk.rows import RawArticle
from copydesk.system.memory import MIB

TEXT = "Crews in Port Elsa said on Monday that no ferry would sail.\n"
MANY_LINES = "".join(f'{{"text": "Ferry {n} lies at quay {n * n % 97}."}}\n' for n in range(400))
NAMES = st.text(alphabet="ab/.~#\\:é", min_size=1, max_size=6)


def pack_zip(*entries, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", method) as archive:
        warnings.simplefilter("ignore")  # names that come twice
        for name, data in entries:
            archive.writestr(name, data)
    return file.getvalue()


def pack_tar(*entries, tar_format=tarfile.PAX_FORMAT):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tar_format) as archive:
        for name, content in entries:
            data = content if isinstance(content, bytes) else content.encode()
            header = tarfile.TarInfo(name)
            header.size = len(data)
            archive.addfile(header, io.BytesIO(data))
    return file.getvalue()


def pack_member(name, kind, **fields):
    """Return a tar file of one member that is not a file."""
    header = tarfile.TarInfo(name)
    header.type = kind
    for field, value in fields.items():
        setattr(header, field, value)
    return header.tobuf() + bytes(2 * tarfile.BLOCKSIZE)


COMPRESS = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstandard.compress,
}
CONTAIN = {
    **{suffix: (lambda data, _, pack=pack: pack(data)) for suffix, pack in COMPRESS.items()},
    "zip": lambda data, name: pack_zip((name, data)),
    "tar": lambda data, name: pack_tar((name, data)),
}


def pack(data, name, suffixes):
    """Pack a file into containers, the innermost first; return its bytes and its name."""
    for suffix in suffixes:
        data, name = CONTAIN[suffix](data, name), f"{name}.{suffix}"
    return data, name


def open_all(data, name="a.zip", *, limits=DEFAULT_LIMITS):
    """Return what is packed as {path: text or reason code}; no path comes twice."""
    found = {}
    stream = open_bytes(data)
    for item in open_entries(stream, name, name=name, file_bytes=len(data), limits=limits):
        assert item.source_path not in found
        found[item.source_path] = read_item(item)
    return found


def read_item(item):
    if isinstance(item, Refused):
        return item.reason.error
    try:
        return item.stream.read().decode()
    except UnreadableError as reason:
        return reason.error


def read_rows(data, name):
    return list(read_bytes(data, source_path=name, bundle="may"))


def texts_of(rows):
    return [row.text for row in rows if isinstance(row, RawArticle)]


def errors_of(rows):
    return [row.error for row in rows if not isinstance(row, RawArticle)]


def open_each(data, name):
    """Return what is packed as {path: text or reason code}, as the reader of pages has it."""
    rows = read_rows(data, name)
    return {row.source_path: getattr(row, "text", None) or row.error for row in rows}


@pytest.mark.parametrize("suffix", ["", *CONTAIN])
@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.json", "a.jsonl", "a.csv"])
def test_every_type_is_read_in_every_container(name, suffix):
    content = {
        "a.txt": "Crews march.",
        "a.html": "<html><body><p>Crews march.</p></body></html>",
        "a.json": '{"text": "Crews march."}',
        "a.jsonl": '{"text": "Crews march."}\n',
        "a.csv": "title,text\nA march,Crews march.\n",
    }[name]
    packed = pack(content.encode(), name, [suffix] if suffix else [])
    assert texts_of(read_rows(*packed)) == ["Crews march."]


@pytest.mark.parametrize("suffix", CONTAIN)
def test_a_parquet_file_is_read_in_every_container(suffix):
    file = io.BytesIO()
    pq.write_table(pa.table({"text": ["one", "two"]}), file)
    assert texts_of(read_rows(*pack(file.getvalue(), "a.parquet", [suffix]))) == ["one", "two"]


@pytest.mark.parametrize("suffix", CONTAIN)
def test_a_web_archive_is_read_in_every_container(suffix):
    head = b"WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: %d\r\n\r\n"
    records = [head % len(text) + text + b"\r\n\r\n" for text in (b"Crews march.", b"Boats lie.")]
    if suffix == "gz":  # each record is packed by itself, as crawlers do
        packed, name = b"".join(map(gzip.compress, records)), "a.warc.gz"
    else:
        packed, name = pack(b"".join(records), "a.warc", [suffix])
    assert texts_of(read_rows(packed, name)) == ["Crews march.", "Boats lie."]


@pytest.mark.parametrize("name", ["a.txt.gz", "a.gz", "a.txt", "a", "page.txt?id=3.gz"])
def test_what_is_compressed_is_known_whatever_it_is_called(name):
    assert open_all(gzip.compress(TEXT.encode()), name) == {name: TEXT}


@pytest.mark.parametrize("suffix", ["tgz", "tbz2", "txz", "tzst", "TGZ"])
def test_a_packed_tar_is_known_by_its_short_name(suffix):
    compress = {"tgz": "gz", "tbz2": "bz2", "txz": "xz", "tzst": "zst"}[suffix.lower()]
    packed = COMPRESS[compress](pack_tar(("b.txt", TEXT)))
    assert open_all(packed, f"a.{suffix}") == {f"a.{suffix}/b.txt": TEXT}


def test_archives_are_read_inside_each_other_and_the_path_shows_it():
    inner = pack_zip(("page.txt", TEXT))
    middle = gzip.compress(pack_tar(("folder/b.zip", inner), ("c.txt", "Ferries stop.")))
    assert open_all(pack_zip(("x.tar.gz", middle)), "a.zip") == {
        "a.zip/x.tar.gz/folder/b.zip/page.txt": TEXT,
        "a.zip/x.tar.gz/c.txt": "Ferries stop.",
    }


@settings(max_examples=30)
@given(st.lists(st.sampled_from(sorted(CONTAIN)), max_size=DEFAULT_LIMITS.depth))
def test_packing_a_page_does_not_change_its_text(suffixes):
    assert texts_of(read_rows(*pack(TEXT.encode(), "a.txt", suffixes))) == [TEXT]


@pytest.mark.parametrize("suffix", CONTAIN)
def test_what_is_packed_too_deep_is_refused_with_a_row(suffix):
    data, name = pack(TEXT.encode(), "a.txt", [suffix] * 3)
    (error,) = open_all(data, name, limits=Limits(depth=2)).values()
    assert error == "too_deep"
    assert TEXT in open_all(data, name, limits=Limits(depth=3)).values()


@pytest.mark.parametrize(
    "name",
    [
        "../a.txt",
        "b/../../a.txt",
        "/etc/a.txt",
        "C:\\a.txt",
        "C:/a.txt",
        "..\\a.txt",
        "\\\\quay\\a.txt",
    ],
)
@pytest.mark.parametrize("pack_it", [pack_zip, pack_tar])
def test_an_entry_whose_name_leads_out_is_refused_and_the_rest_is_read(pack_it, name):
    found = open_all(pack_it((name, TEXT), ("b.txt", TEXT)), "a")
    assert sorted(found.values()) == sorted(["unsafe_path", TEXT])


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (tarfile.SYMTYPE, {"linkname": "/etc/hostname"}),
        (tarfile.LNKTYPE, {"linkname": "b.txt"}),
        (tarfile.CHRTYPE, {"devmajor": 1, "devminor": 3}),
        (tarfile.BLKTYPE, {"devmajor": 8}),
        (tarfile.FIFOTYPE, {}),
    ],
)
def test_a_link_or_a_device_in_a_tar_is_refused(kind, fields):
    found = open_all(pack_member("a.txt", kind, **fields), "a.tar")
    assert found == {"a.tar/a.txt": "not_a_file"}


def test_a_link_in_a_zip_is_refused():
    link = zipfile.ZipInfo("a.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    found = open_all(pack_zip((link, "../../etc/hostname"), ("b.txt", TEXT)))
    assert found == {"a.zip/a.txt": "not_a_file", "a.zip/b.txt": TEXT}


@pytest.mark.parametrize("pack_it", [pack_zip, pack_tar])
def test_an_entry_that_comes_again_is_an_entry_of_its_own(pack_it):
    found = open_all(pack_it(("x", "1"), ("x", "2"), ("x~2", "3"), ("x", "4")), "a")
    assert sorted(found.values()) == ["1", "2", "3", "4"]


def test_an_entry_called_like_one_of_an_archive_beside_it_has_a_path_of_its_own():
    found = open_all(pack_zip(("b.zip", pack_zip(("x", "1"))), ("b.zip/x", "2")))
    assert sorted(found.values()) == ["1", "2"]


def test_a_hash_in_a_name_is_not_the_number_of_a_record():
    rows = read_rows(pack_zip(("a.jsonl", '{"text": "one"}'), ("a.jsonl#1", '{"text": "2"}')), "z")
    assert rows[0].source_path == "z/a.jsonl#1"
    assert rows[1].source_path == "z/a.jsonl%231"


@pytest.mark.parametrize("pack_it", [pack_zip, pack_tar])
def test_what_a_system_puts_beside_the_pages_has_a_reason_of_its_own(pack_it):
    names = ["__MACOSX/._a.html", "x/.DS_Store", "Thumbs.db", "x/desktop.ini", "._b.txt"]
    found = open_all(pack_it(*((name, b"\0\5\x16\7") for name in names), ("a.txt", TEXT)))
    assert found == {"a.zip/a.txt": TEXT, **{f"a.zip/{name}": "system_file" for name in names}}


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("__MACOSX/a.html", True),
        ("x\\THUMBS.DB", True),
        ("a.html", False),
        (".hidden.html", False),
        ("__MACOSX", False),
        ("desktop.ini.html", False),
        ("", False),
    ],
)
def test_a_file_of_the_system_is_known_by_its_name(name, is_one):
    assert is_system_file(name) is is_one


def test_a_folder_is_not_an_entry():
    assert open_all(pack_zip(("b/", b""), ("b/a.txt", TEXT))) == {"a.zip/b/a.txt": TEXT}
    folder = pack_member("b", tarfile.DIRTYPE)[: tarfile.BLOCKSIZE]
    assert open_all(folder + pack_tar(("b/a.txt", TEXT)), "a.tar") == {"a.tar/b/a.txt": TEXT}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.zip", pack_zip()),
        ("a.zip", pack_zip(("b/", b""))),
        ("a.tar", pack_tar()),
        ("a.txt.gz", gzip.compress(b"")),
        ("a.txt.bz2", bz2.compress(b"")),
        ("a.txt.xz", lzma.compress(b"")),
        ("a.txt.zst", zstandard.compress(b"")),
        ("a.zip", pack_zip(("b.zip", pack_zip()))),
    ],
)
def test_an_archive_without_a_page_says_so(name, data):
    assert [*open_all(data, name).values()] == ["empty"]


def test_an_encrypted_entry_is_refused_and_the_rest_is_read():
    data = bytearray(pack_zip(("a.txt", TEXT), ("b.txt", TEXT)))
    for header in (data.index(b"PK\x03\x04") + 6, data.index(b"PK\x01\x02") + 8):
        data[header] |= 1
    assert open_all(bytes(data)) == {"a.zip/a.txt": "encrypted", "a.zip/b.txt": TEXT}


def test_an_entry_in_a_compression_that_is_unknown_is_refused_and_the_rest_is_read():
    data = bytearray(pack_zip(("a.txt", TEXT), ("b.txt", TEXT)))
    for header in (data.index(b"PK\x03\x04") + 8, data.index(b"PK\x01\x02") + 10):
        data[header : header + 2] = struct.pack("<H", 99)
    assert open_all(bytes(data)) == {"a.zip/a.txt": "corrupt", "a.zip/b.txt": TEXT}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_is_read_in_each_of_its_compressions(method):
    assert open_all(pack_zip(("a.txt", TEXT), method=method)) == {"a.zip/a.txt": TEXT}


@pytest.mark.parametrize("tar_format", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT])
def test_a_tar_is_read_in_each_of_its_formats(tar_format):
    data = pack_tar(("quay/" * 15 + "a.txt", TEXT), tar_format=tar_format)
    assert [*open_all(data, "a.tar").values()] == [TEXT]


def test_a_name_that_is_not_utf8_can_be_printed():
    data = pack_tar(("caf\udce9.\udce9", TEXT), tar_format=tarfile.GNU_FORMAT)
    (row,) = read_rows(data, "a.tar")
    assert (row.source_path, row.text) == (r"a.tar/caf\xe9.\xe9", TEXT)


def test_a_name_of_any_length_is_cut_in_the_path():
    (path,) = open_all(pack_tar(("a" * 100_000, TEXT)), "a.tar")
    assert len(path) < 5_000


@pytest.mark.parametrize("suffix", CONTAIN)
def test_a_bomb_is_refused_before_it_is_unpacked(suffix):
    data, name = pack(bytes(3 * MIB), "a.txt", [suffix])
    limits = Limits(file_mib=1)
    assert [*open_all(data, name, limits=limits).values()] == ["too_large"]


def test_the_bytes_of_all_layers_and_entries_are_counted_together():
    entries = [(f"{n}.txt", bytes(MIB)) for n in range(4)]
    found = open_all(pack_zip(*entries), limits=Limits(file_mib=3))
    assert list(found.values())[2:] == ["\0" * MIB, "too_large"]


def test_a_small_file_may_not_become_a_large_one():
    data = gzip.compress(bytes(FREE_BYTES + MIB))
    stream = open_bytes(data)
    (entry,) = open_entries(stream, "a", name="a", file_bytes=len(data), limits=DEFAULT_LIMITS)
    parts = iter(lambda: len(entry.stream.read(MIB)), 0)
    assert sum(islice(parts, FREE_BYTES // MIB)) == FREE_BYTES
    with pytest.raises(UnreadableError, match="COPYDESK_MAX_RATIO"):
        next(parts)


def test_an_archive_of_too_many_files_is_refused():
    entries = [(f"{n}.txt", "x") for n in range(4)]
    limits = Limits(entries=3)
    assert open_all(pack_zip(*entries), limits=limits) == {"a.zip": "too_many"}
    assert open_all(pack_tar(*entries), "a.tar", limits=limits)["a.tar"] == "too_many"


@pytest.mark.parametrize("stated", [0, 3, 65_535])
def test_an_archive_of_too_many_files_is_refused_before_they_are_listed(stated):
    entry = b"PK\x01\x02" + bytes(24) + b"\1" + bytes(17) + b"a"
    directory = entry * 100_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, stated, stated, len(directory), 30, 0)
    tracemalloc.start()
    found = open_all(b"PK\x03\x04" + bytes(26) + directory + end, limits=Limits(entries=1_000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == {"a.zip": "too_many"}
    assert peak < 10 * MIB


@pytest.mark.parametrize("comment", [b"", b"x" * 65_000])
def test_a_zip_may_have_a_comment_and_bytes_before_it(comment):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("b.txt", TEXT)
        archive.comment = comment
    for before in (b"", pack_zip(("a.txt", "1"))):
        assert open_all(before + file.getvalue()) == {"a.zip/b.txt": TEXT}


def test_a_tar_header_without_bounds_is_refused():
    header = tarfile.TarInfo("a.txt")
    header.type, header.size = tarfile.XHDTYPE, MAX_TAR_HEADER_BYTES + 1
    data = pack_tar(("b.txt", TEXT))[: 2 * tarfile.BLOCKSIZE] + header.tobuf() + bytes(MIB)
    assert open_all(data, "a.tar") == {"a.tar/b.txt": TEXT, "a.tar": "corrupt"}


@pytest.mark.parametrize("n_headers", [10, 5_000])
def test_tar_headers_that_follow_each_other_come_to_an_end(n_headers):
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, 12
    fields = b"12 path=abc\n".ljust(tarfile.BLOCKSIZE, b"\0")
    found = open_all((header.tobuf() + fields) * n_headers + pack_tar(("b.txt", TEXT)), "a.tar")
    assert found in ({"a.tar/abc": TEXT}, {"a.tar": "corrupt"})


def test_a_file_with_holes_in_a_tar_costs_what_it_unpacks_to():
    fields = {"major": "1", "minor": "0", "realsize": str(2**40), "name": "s.txt"}
    sparse = tarfile.TarInfo("s.txt")
    sparse.pax_headers = {f"GNU.sparse.{name}": value for name, value in fields.items()}
    sparse.size = tarfile.BLOCKSIZE
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(sparse, io.BytesIO(b"1\n0\n0\n".ljust(tarfile.BLOCKSIZE, b"\0")))
    found = open_each(file.getvalue() + pack_tar(("1.txt", TEXT)), "a.tar")
    assert found == {"a.tar/s.txt": "too_large", "a.tar/1.txt": TEXT}


@pytest.mark.parametrize("suffix", COMPRESS)
def test_pages_before_the_end_of_a_file_that_is_cut_off_are_read(suffix):
    packed = COMPRESS[suffix](MANY_LINES.encode())
    rows = read_rows(packed[: len(packed) - 40], f"a.jsonl.{suffix}")
    texts = texts_of(rows)
    assert texts == texts_of(read_rows(MANY_LINES.encode(), "a.jsonl"))[: len(texts)]
    assert errors_of(rows) == ["corrupt"]
    assert len(texts) > 100 or suffix in {"bz2", "zst"}  # the whole file is one block


@pytest.mark.parametrize("suffix", COMPRESS)
@pytest.mark.parametrize("n_bytes", range(12, 61, 8))
def test_half_a_page_is_never_a_page(suffix, n_bytes):
    packed = COMPRESS[suffix](TEXT.encode())
    (row,) = read_rows(packed[:n_bytes], f"a.txt.{suffix}")
    assert row.error == "corrupt"


@pytest.mark.parametrize("suffix", COMPRESS)
def test_a_file_packed_in_several_streams_is_read_to_its_end(suffix):
    packed = b"".join(COMPRESS[suffix](part) for part in (b"Crews ", b"", b"march."))
    assert open_all(packed, f"a.txt.{suffix}") == {f"a.txt.{suffix}": "Crews march."}


def test_streams_of_xz_may_have_padding_between_them():
    packed = lzma.compress(b"Crews ") + bytes(2_048) + lzma.compress(b"march.") + bytes(4)
    assert open_all(packed, "a.xz") == {"a.xz": "Crews march."}


@pytest.mark.parametrize("suffix", COMPRESS)
@pytest.mark.parametrize("after", [b"garbage after the page", b"\x1f\x8b\x08", b"BZh9"])
def test_what_follows_a_packed_file_is_reported_and_the_pages_are_read(suffix, after):
    rows = read_rows(COMPRESS[suffix](MANY_LINES.encode()) + after, f"a.jsonl.{suffix}")
    assert len(texts_of(rows)) == 400
    assert errors_of(rows) == ["corrupt"]


@pytest.mark.parametrize("suffix", COMPRESS)
def test_a_second_stream_that_is_broken_is_reported(suffix):
    packed = COMPRESS[suffix](MANY_LINES.encode())
    broken = packed[:20] + bytes(byte ^ 0xFF for byte in packed[20:])
    rows = read_rows(packed + broken, f"a.jsonl.{suffix}")
    assert len(texts_of(rows)) >= 400
    assert "corrupt" in errors_of(rows)


@pytest.mark.parametrize("place", [30, 200, -30])
def test_a_broken_zip_gives_a_row(place):
    data = bytearray(pack_zip(("a.jsonl", MANY_LINES), method=zipfile.ZIP_STORED))
    data[place] ^= 0xFF
    assert errors_of(read_rows(bytes(data), "a.zip"))


@pytest.mark.parametrize("n_bytes", [50, 100, -100, -10])
def test_a_zip_that_is_cut_off_gives_a_row(n_bytes):
    data = pack_zip(("a.jsonl", MANY_LINES))
    assert errors_of(read_rows(data[:n_bytes], "a.zip")) == ["corrupt"]


@pytest.mark.parametrize(
    ("n_blocks", "n_bytes", "found"),
    [
        (3, 0, {"a/1.txt": TEXT, "a/2.txt": "corrupt", "a": "corrupt"}),
        (3, 20, {"a/1.txt": TEXT, "a/2.txt": "corrupt", "a": "corrupt"}),
        (2, 100, {"a/1.txt": TEXT, "a": "corrupt"}),
        (1, 20, {"a/1.txt": "corrupt", "a": "corrupt"}),
    ],
)
def test_a_tar_that_is_cut_off_gives_what_is_whole_and_a_row(n_blocks, n_bytes, found):
    data = pack_tar(("1.txt", TEXT), ("2.txt", TEXT))
    assert open_each(data[: n_blocks * tarfile.BLOCKSIZE + n_bytes], "a") == found


def test_a_broken_header_in_a_tar_is_not_its_end():
    data = bytearray(pack_tar(("1.txt", TEXT), ("2.txt", TEXT)))
    data[2 * tarfile.BLOCKSIZE + 5] ^= 0x55
    assert open_each(bytes(data), "a.tar") == {"a.tar/1.txt": TEXT, "a.tar": "corrupt"}


def test_a_negative_size_in_a_tar_is_refused():
    header = bytearray(tarfile.TarInfo("2.txt").tobuf())
    header[124:136] = b"\xff" * 11 + b"\0"
    header[148:156] = b"%06o\0 " % (sum(header[:148]) + 8 * 0x20 + sum(header[156:]))
    data = pack_tar(("1.txt", TEXT))[: 2 * tarfile.BLOCKSIZE] + bytes(header)
    assert open_each(data + pack_tar(("3.txt", TEXT)), "a.tar")["a.tar"] == "corrupt"


def test_tars_that_were_written_one_after_the_other_are_read_to_the_end():
    found = open_all(pack_tar(("1.txt", TEXT)) + pack_tar(("2.txt", TEXT)), "a.tar")
    assert found == {"a.tar/1.txt": TEXT, "a.tar/2.txt": TEXT}


@settings(max_examples=30)
@given(st.sampled_from(sorted(CONTAIN)), st.data())
def test_a_container_with_broken_bytes_gives_rows(suffix, data):
    packed = bytearray(CONTAIN[suffix](MANY_LINES.encode(), "a.jsonl"))
    places = st.integers(0, len(packed) - 1)
    for place in data.draw(st.lists(places, min_size=1, max_size=4)):
        packed[place] = data.draw(st.integers(0, 255))
    rows = read_rows(bytes(packed), f"a.jsonl.{suffix}")
    assert rows
    assert len(texts_of(rows)) == 400 or errors_of(rows)


@pytest.mark.parametrize("pack_it", [pack_zip, pack_tar])
@given(
    entries=st.lists(
        st.tuples(NAMES, st.sampled_from([b"", b"Crews", b"PK", b"{}", pack_zip(("a", "b"))])),
        max_size=6,
    )
)
def test_each_entry_gives_a_row_and_no_key_comes_twice(pack_it, entries):
    rows = read_rows(pack_it(*entries), "a")
    n_folders = sum(name.endswith("/") for name, _ in entries)
    assert len(rows) >= max(1, len(entries) - n_folders)
    rejected = [row.source_path for row in rows if not isinstance(row, RawArticle)]
    pages = [row.article_id for row in rows if isinstance(row, RawArticle)]
    assert len(set(rejected)) == len(rejected)
    assert len(set(pages)) == len(pages)
    assert rows == read_rows(pack_it(*entries), "a")


def test_an_entry_that_is_not_read_does_not_stop_the_next():
    data = pack_tar(("1.txt", "x" * MIB), ("2.txt", TEXT))
    found = open_entries(
        open_bytes(data), "a", name="a", file_bytes=len(data), limits=DEFAULT_LIMITS
    )
    assert [item.source_path for item in found if not isinstance(item, Refused)] == [
        "a/1.txt",
        "a/2.txt",
    ]


def test_a_parquet_file_in_a_zip_can_be_sought_in():
    (item,) = open_entries(
        open_bytes(pack_zip(("a.parquet", b"PAR1" + bytes(100)))),
        "a.zip",
        name="a.zip",
        file_bytes=500,
        limits=DEFAULT_LIMITS,
    )
    assert item.format is PARQUET
    assert not item.stream.seekable()


@pytest.mark.parametrize("size", ["1" + 20 * "0", "99999999999", "-7"])
def test_a_size_that_no_file_has_costs_its_archive_alone(size):
    header = tarfile.TarInfo("a.txt")
    header.pax_headers = {"size": size, "comment": "x"}
    data = header.tobuf(tarfile.PAX_FORMAT) + b"one".ljust(tarfile.BLOCKSIZE, b"\0")
    rows = list(read_bytes(data + bytes(8_192), source_path="a.tar"))
    assert len(rows) == 1
