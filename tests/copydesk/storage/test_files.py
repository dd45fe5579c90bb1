"""Files below a folder and below an address in a store behave alike."""

import io

import pytest

from copydesk.errors import StaleError, StoreError
from copydesk.storage.address import split_address
from copydesk.storage.files import exists_at, open_files
from copydesk.storage.remote import BLOCK_BYTES

CONTENT = bytes(range(256)) * 40


@pytest.fixture
def files(root):
    """Return files below a root, with two in a folder."""
    found = open_files(root)
    for file in ("a/one.bin", "a/b=c/two.bin"):
        with found.writing(file) as path:
            path.write_bytes(CONTENT)
    return found


def test_what_is_below_a_folder_is_listed_by_path(files):
    assert [each.file for each in files.walk()] == ["a/b=c/two.bin", "a/one.bin"]
    assert [each.file for each in files.walk("a/b=c")] == ["a/b=c/two.bin"]
    assert {each.n_bytes for each in files.walk("a")} == {len(CONTENT)}
    assert files.walk("nowhere") == []


def test_a_folder_is_no_prefix_of_a_name(files):
    with files.writing("ab/three.bin") as path:
        path.write_bytes(b"3")
    assert [each.file for each in files.walk("a")] == ["a/b=c/two.bin", "a/one.bin"]


@pytest.mark.parametrize(
    ("file", "is_there"),
    [("a/one.bin", True), ("a", True), ("a/b=c", True), ("a/one", False), ("b", False)],
)
def test_files_and_folders_exist(files, file, is_there):
    assert files.exists(file) is is_there
    assert exists_at(f"{files.uri}/{file}") is is_there


@pytest.mark.parametrize("n_others", [0, 20])
def test_missing_files_are_named(files, n_others):
    others = [f"z/{n:02}" for n in range(n_others)]
    assert files.find_missing(["a/one.bin", "a/no.bin", *others]) == ["a/no.bin", *others]


@pytest.mark.parametrize("size", [-1, 0, 1, 100, 100_000])
def test_an_open_file_is_read_from_any_place(files, size):
    with files.open("a/one.bin") as opened:
        same = io.BytesIO(CONTENT)
        for offset, whence in ((0, 0), (300, 0), (5, 1), (-8, 2), (0, 2)):
            assert opened.seek(offset, whence) == same.seek(offset, whence)
            assert opened.read(size) == same.read(size)
            assert opened.tell() == same.tell()


def test_an_empty_file_is_read(files):
    files.write("empty", b"")
    with files.open("empty") as opened:
        assert opened.read() == b""


def test_a_file_that_is_not_there_is_said_to_be_missing(files):
    for ask in (files.open, files.state, files.watch()):
        with pytest.raises(FileNotFoundError, match=r"no\.bin"):
            ask("no.bin")


def test_the_state_changes_with_the_content(files):
    files.write("note", b"one")
    before = files.state("note")
    assert files.watch()("note") == before
    files.write("note", b"two")
    assert files.state("note") != before


def test_removed_files_are_gone_and_removed_once_more(files):
    files.remove(["a/one.bin", "never"])
    files.remove(["a/one.bin"])
    assert [each.file for each in files.walk()] == ["a/b=c/two.bin"]


def test_files_and_folders_are_moved(files):
    files.move("a/one.bin", "aside/one.bin")
    files.move("a/b=c", "aside/x")
    files.move("never", "aside/never")
    assert [each.file for each in files.walk()] == ["aside/one.bin", "aside/x/two.bin"]


def test_a_store_that_takes_conditional_puts_is_accepted(files):
    files.check()
    assert len(files.walk()) == 2


def test_a_store_without_conditional_puts_is_refused(address, monkeypatch):
    from copydesk.storage.remote import open_store  # noqa: PLC0415 - needs obstore

    files = open_files(address)
    kind = type(open_store(split_address(address)[0]))
    plain = kind.put
    monkeypatch.setattr(kind, "put", lambda store, key, content, **_: plain(store, key, content))
    with pytest.raises(StoreError, match="conditional puts"):
        files.check()
    monkeypatch.undo()
    assert files.walk() == []


def test_who_may_only_read_is_refused_in_one_line(address, as_user):
    as_user("reader")
    with pytest.raises(StoreError, match="cannot be written to") as raised:
        open_files(address).check()
    assert "\n" not in str(raised.value)
    assert "secret" not in str(raised.value)


def test_what_is_staged_goes_with_its_block(root):
    files = open_files(root)
    with files.staging() as folder:
        staged = open_files(folder)
        assert staged.exists("")
        staged.write("one", b"1")
        assert [each.file for each in staged.walk() if each.file == "one"] == ["one"]
        files.sweep()
        assert staged.exists("one")
    assert not staged.exists("one")
    assert files.walk() == []


def test_what_was_staged_long_ago_is_swept(address, monkeypatch):
    from copydesk.storage import remote  # noqa: PLC0415 - needs obstore

    files = open_files(address)
    files.write("parts/0/one", b"1")
    files.write("entities/one", b"1")
    monkeypatch.setattr(remote, "ABANDONED_AFTER", -remote.ABANDONED_AFTER)
    files.sweep()
    assert [each.file for each in files.walk()] == ["entities/one"]


@pytest.mark.parametrize("replacement", [b"", b"two", CONTENT[::-1]])
def test_an_open_file_stays_as_it_was(files, replacement):
    with files.open("a/one.bin") as opened:
        files.write("a/one.bin", replacement)
        assert opened.read() == CONTENT
    with files.open("a/one.bin") as opened:
        assert opened.read() == replacement


@pytest.mark.parametrize("n_bytes", [0, 3, 3 * BLOCK_BYTES])
def test_what_is_read_of_a_large_file_is_of_one_version(address, n_bytes):
    files = open_files(address)
    files.write("large.bin", bytes(3 * BLOCK_BYTES))
    with files.open("large.bin") as opened:
        assert opened.read(1) == b"\0"
        files.write("large.bin", b"1" * n_bytes)
        opened.seek(2 * BLOCK_BYTES)
        with pytest.raises(StaleError, match="changed while it was read"):
            opened.read(1)
