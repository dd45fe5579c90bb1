"""Behaviour of `reading.registry`: a format is one module, and nothing else has to know of it."""

import gzip
import io
import re
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from copydesk.reading import formats
from copydesk.reading.bundles import name_bundle, read_bundle
from copydesk.reading.file_types import PACKING_ENDINGS, PACKING_MAGIC
from copydesk.reading.registry import load_registry
from copydesk.rows import RawArticle

GUIDE = Path(__file__).parents[3] / "docs" / "reading.md"
EXAMPLE = re.search(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)[1]
TEXTS = ["Ferries stand still.", "Crews march."]
BROKEN = """
from pathlib import Path

from copydesk.reading.registry import Format

def read_broken(entry, limits):
    yield Path("nowhere").read_text()

def is_broken(head, ending):
    return head.startswith(b"Crews") and bool(int(head))

BROKEN = Format(
    media_type="application/x-broken", endings=("broken",), read=read_broken, sniff=is_broken
)
FORMATS = (BROKEN,)
"""


def dump(*texts):
    """Write a file of the format in the guide."""
    data = [text.encode() for text in texts]
    return b"PAGES\0" + b"".join(len(text).to_bytes(4) + text for text in data)


@pytest.fixture
def add_format(tmp_path, monkeypatch):
    """Return a function that adds a module to the folder of formats, for one test."""
    folder = tmp_path / "formats"
    folder.mkdir()
    monkeypatch.setattr(formats, "__path__", [*formats.__path__, str(folder)])

    def add(name, source):
        (folder / f"{name}.py").write_text(source, "utf-8")
        load_registry.cache_clear()

    yield add
    for file in folder.glob("*.py"):
        sys.modules.pop(f"{formats.__name__}.{file.stem}", None)
        vars(formats).pop(file.stem, None)
    load_registry.cache_clear()


def read(folder, files):
    """Lay out a bundle and return its rows without the last, which is the bundle itself."""
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return list(read_bundle(folder, bundle="may"))[:-1]


def pack_zip(name, data):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, data)
    return file.getvalue()


def pack_tar(name, data):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        header = tarfile.TarInfo(name)
        header.size = len(data)
        archive.addfile(header, io.BytesIO(data))
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pages", dump(*TEXTS)),
        ("a.PAGES", dump(*TEXTS)),
        ("a", dump(*TEXTS)),
        ("a.txt", dump(*TEXTS)),
        ("a.csv", dump(*TEXTS)),
        ("a.pages.gz", gzip.compress(dump(*TEXTS))),
        ("a.zip", pack_zip("b.pages", dump(*TEXTS))),
        ("a.zip", pack_zip("b", dump(*TEXTS))),
        ("a.tar", pack_tar("b.pages", dump(*TEXTS))),
        ("a.tgz", gzip.compress(pack_tar("b.txt", dump(*TEXTS)))),
    ],
)
def test_the_format_in_the_guide_is_read_from_its_module_alone(add_format, tmp_path, name, data):
    add_format("page_dumps", EXAMPLE)
    pages = read(tmp_path / "may", {name: data})
    assert [page.text for page in pages] == TEXTS
    assert [page.source_path[-2:] for page in pages] == ["#1", "#2"]


def test_what_cannot_be_read_of_a_new_format_is_a_row(add_format, tmp_path):
    add_format("page_dumps", EXAMPLE)
    files = {"a.pages": dump(*TEXTS)[:-1], "b.pages": b"Ferries", "c.pages": dump(), "d.pages": b""}
    rows = read(tmp_path / "may", files)
    assert [row.text if isinstance(row, RawArticle) else row.error for row in rows] == [
        TEXTS[0],
        "corrupt",
        "wrong_type",
        "empty",
        "empty",
    ]


def test_a_bundle_is_named_without_the_ending_of_a_new_format(add_format):
    assert name_bundle(Path("inbox/may.pages.gz")) == "may.pages"
    add_format("page_dumps", EXAMPLE)
    assert name_bundle(Path("inbox/may.pages.gz")) == "may"


def test_a_file_of_a_format_that_is_not_there_is_refused(tmp_path):
    (row,) = read(tmp_path / "may", {"a.pages": dump(*TEXTS)})
    assert row.error == "unknown_type"
    assert row.message.startswith("no reader for .pages files")


@pytest.mark.parametrize("pack", [lambda _, data: data, pack_zip, pack_tar])
def test_a_fault_in_a_format_costs_one_file(add_format, tmp_path, pack):
    add_format("broken", BROKEN)
    (row,) = read(tmp_path / "may", {"a.txt": pack("b.txt", b"Crews")})
    assert row.message.startswith("ValueError in broken.py:10: invalid literal for int")
    (row,) = read(tmp_path / "june", {"a.broken": pack("b.broken", b"Ferries")})
    assert (row.stage, row.message) == ("open", "No such file or directory")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "declare FORMATS"),
        (EXAMPLE.replace('"pages"', '"csv"'), "'csv' belongs to two formats"),
        (EXAMPLE.replace("PAGES\\0", "PAR1"), "b'PAR1' belongs to two formats"),
    ],
)
def test_a_module_that_is_not_a_format_of_its_own_is_an_error(add_format, source, message):
    add_format("page_dumps", source)
    with pytest.raises(ValueError, match=message):
        load_registry()


def test_each_ending_and_magic_belongs_to_one_type():
    registry = load_registry()
    assert not PACKING_ENDINGS.keys() & registry.by_ending.keys()
    assert not PACKING_MAGIC.keys() & registry.by_magic.keys()


def test_each_ending_is_on_the_page_about_reading():
    page = GUIDE.read_text("utf-8")
    endings = [*PACKING_ENDINGS, *filter(None, load_registry().by_ending)]
    assert [ending for ending in endings if f"`.{ending}`" not in page] == []


FAULTY = """
import re

from copydesk.reading.records import Document
from copydesk.reading.registry import Format

def read_faulty(entry, limits):
    yield Document(entry.path_of(1), "text/plain", b"Ferries stand still.")
    raise {error}

FORMATS = (Format(media_type="application/x-faulty", endings=("faulty",), read=read_faulty),)
"""


@pytest.mark.parametrize(
    ("error", "stage", "message"),
    [
        ("KeyError('date')", "parse", "KeyError in faulty.py:9: 'date'"),
        ("RecursionError", "parse", "RecursionError in faulty.py:9: "),
        ("MemoryError", "parse", "it takes more memory"),
        ("OSError(5, 'Input/output error')", "open", "Input/output error"),
    ],
)
def test_a_fault_in_a_reader_costs_one_file(tmp_path, add_format, error, stage, message):
    add_format("faulty", FAULTY.format(error=error))
    files = {"1.faulty": b"F", "2.txt": b"Crews march."}
    first, refused, last = read(tmp_path / "bundle", files)
    assert (first.text, last.text) == tuple(TEXTS)
    assert (refused.source_path, refused.stage, refused.message) == ("1.faulty", stage, message)


def test_a_full_disk_is_no_fault_of_a_file(tmp_path, add_format):
    add_format("faulty", FAULTY.format(error="OSError(28, 'No space left on device')"))
    with pytest.raises(OSError, match="No space left"):
        read(tmp_path / "bundle", {"1.faulty": b"F"})
