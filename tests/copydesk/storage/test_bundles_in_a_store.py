"""A bundle in an object store is read, measured and hashed as the same files in a folder are."""

import io
import zipfile
from pathlib import Path

import pytest

from copydesk.errors import BundleError
from copydesk.reading import places
from copydesk.reading.bundles import (
    hash_bundle,
    list_files,
    locate_bundle,
    measure_bundle,
    name_bundle,
    read_bundle,
)
from copydesk.reading.pages import RawArticle
from copydesk.rows import Bundle, RejectedFile
from copydesk.storage.files import open_files
from copydesk.storage.paths import StorePath, list_folder, parse_path
from copydesk.storage.remote import BLOCK_BYTES, RemoteFile

PAGE = "Ferries stand still\n\n“We will not sail,” union leader Anna Miller said.\n"


def make_zip():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("three.txt", PAGE.replace("Anna", "Ana"))
    return packed.getvalue()


FILES = {
    "one.txt": PAGE.encode(),
    "post/two words.txt": PAGE.replace("sail", "swim").encode(),
    "packed.zip": make_zip(),
    "broken.xyz": b"\x00\x01",
    "nothing.txt": b"",
}


@pytest.fixture
def bundle(address):
    """Return a bundle of several files in the store."""
    files = open_files(address)
    for file, content in FILES.items():
        files.write(f"may/{file}", content)
    return StorePath(address) / "may"


@pytest.fixture
def twin(tmp_path):
    """Return a folder with the same files."""
    for file, content in FILES.items():
        path = tmp_path / "may" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "may"


def test_the_rows_are_those_of_the_same_files_in_a_folder(bundle, twin):
    def rows_of(path):
        return [row for row in read_bundle(path, bundle="may") if not isinstance(row, Bundle)]

    assert rows_of(bundle) == rows_of(twin)
    kinds = [type(row) for row in rows_of(bundle)]
    assert (kinds.count(RawArticle), kinds.count(RejectedFile)) == (3, 2)
    assert hash_bundle(bundle) == hash_bundle(twin)
    assert name_bundle(bundle) == name_bundle(twin) == "may"


def test_the_bundle_says_where_it_was_read(bundle):
    *_, row = read_bundle(bundle, bundle="may")
    assert row.source_uri == bundle.uri
    found = locate_bundle("may", asked=None, recorded=row.source_uri, inbox=Path("inbox"))
    assert found == bundle


def test_a_single_file_is_a_bundle(bundle):
    one = bundle / "packed.zip"
    assert name_bundle(one) == "packed"
    assert [file.source_path for file in list_files(one)] == ["packed.zip"]
    assert sum(isinstance(row, RawArticle) for row in read_bundle(one, bundle="packed")) == 1


def test_the_measure_changes_with_any_file(bundle):
    before = measure_bundle(bundle)
    assert before == measure_bundle(bundle)
    open_files(bundle.uri).write("one.txt", FILES["one.txt"].swapcase())
    assert measure_bundle(bundle) != before


def test_nothing_is_no_bundle(address):
    place = StorePath(address) / "none"
    assert measure_bundle(place) == ""
    with pytest.raises(BundleError, match="no such file or folder"):
        list_files(place)
    assert list_folder(place) == []


def test_a_file_that_is_replaced_while_it_is_read_is_refused(bundle, monkeypatch):
    plain = places.shutil.copyfileobj

    def replace_then_copy(source, target, length):
        plain(source, target, length)
        open_files(bundle.uri).write("one.txt", b"another page")

    monkeypatch.setattr(places.shutil, "copyfileobj", replace_then_copy)
    with pytest.raises(BundleError, match="changed while it was read"):
        list(read_bundle(bundle / "one.txt", bundle="may"))


@pytest.mark.parametrize("read", [hash_bundle, lambda place: list(read_bundle(place, bundle="b"))])
def test_a_large_file_that_is_replaced_while_it_is_copied_is_refused(bundle, monkeypatch, read):
    files, content = open_files(bundle.uri), PAGE.encode() * (BLOCK_BYTES // 32)
    files.write("one.txt", content)
    plain = RemoteFile.readinto

    def read_then_replace(self, buffer):
        n_bytes = plain(self, buffer)
        files.write("one.txt", content.swapcase())
        return n_bytes

    monkeypatch.setattr(RemoteFile, "readinto", read_then_replace)
    with pytest.raises(BundleError, match="changed while it was read"):
        read(bundle / "one.txt")


def test_what_is_in_an_inbox_is_listed_by_name(bundle):
    assert [path.name for path in list_folder(bundle.parent)] == ["may"]
    assert parse_path(f"{bundle}/") == bundle
    assert bundle.exists()
    assert not (bundle / "never").exists()
