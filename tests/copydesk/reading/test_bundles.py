"""Behaviour of `reading.bundles`: a folder of files becomes rows, whatever lies in it."""

import gzip
import hashlib
import os
import re
from pathlib import Path

import pytest

from copydesk.errors import BundleError
from copydesk.reading.bundles import (
    check_name,
    hash_bundle,
    list_files,
    locate_bundle,
    measure_bundle,
    name_bundle,
    read_bundle,
    read_pages,
)
from copydesk.reading.limits import Limits
from copydesk.rows import Bundle, RawArticle, RejectedFile
from copydesk.tables import BUNDLES, RAW_ARTICLES, REJECTED_FILES, spool


@pytest.fixture
def inbox(tmp_path):
    """Return a function that lays out a bundle from {path: text or bytes}."""

    def lay_out(name, files):
        for path, content in files.items():
            file = tmp_path / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path / name

    return lay_out


@pytest.fixture
def oddly_named(inbox):
    """Return a bundle with a file whose name is not UTF-8, as old archives have them."""
    folder = inbox("may", {"a.txt": "Ferries stand still."})
    try:
        (folder / os.fsdecode(b"caf\xe9.txt")).write_text("Crews march.")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    return folder


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("inbox/may-2031", "may-2031"),
        ("inbox/May 2031 (final)", "May-2031-final"),
        ("inbox/2031-05-03.jsonl", "2031-05-03"),
        ("inbox/harbour.tar.gz", "harbour"),
        ("inbox/Ida's pages", "Ida-s-pages"),
        ("inbox/_drafts_", "drafts"),
    ],
)
def test_a_bundle_is_named_after_its_folder_or_file(path, name):
    assert name_bundle(Path(path)) == name


def test_a_folder_keeps_the_dots_in_its_name(inbox):
    assert name_bundle(inbox("news.may", {"a.txt": "x"})) == "news.may"


@pytest.mark.parametrize(
    ("name", "start"),
    [("été", "ete-"), ("港", "bundle-"), ("港 news", "news-"), ("---", "bundle-")],
)
def test_a_name_in_other_letters_gets_a_hash_that_keeps_it_apart(name, start):
    named = name_bundle(Path(name))
    assert re.fullmatch(rf"{start}[0-9a-f]{{8}}", named)
    assert named != name_bundle(Path(f"{name}!"))


def test_a_name_of_bytes_that_are_not_utf8_is_taken():
    assert name_bundle(Path("may\udcff")).startswith("may-")


def test_a_name_that_a_person_gives_needs_a_letter_or_a_digit():
    with pytest.raises(BundleError, match="give the bundle a name"):
        check_name("---")
    assert check_name("港").startswith("bundle-")


def test_a_copy_that_keeps_size_and_time_has_another_measure(inbox):
    folder = inbox("may", {"a.txt": "one"})
    before = measure_bundle(folder)
    state = (folder / "a.txt").stat()
    (folder / "a.txt").write_text("two")
    os.utime(folder / "a.txt", ns=(state.st_atime_ns, state.st_mtime_ns))
    assert measure_bundle(folder) != before


def test_files_are_listed_by_their_path_inside_the_bundle(inbox):
    folder = inbox("may", {"b.txt": "x", "a/2.txt": "x", "a/1.txt": "x", "C.txt": "x"})
    found = [file.source_path for file in list_files(folder)]
    assert found == ["C.txt", "a/1.txt", "a/2.txt", "b.txt"]


def test_a_single_file_is_a_bundle(inbox):
    file = inbox("may", {"pages.jsonl": "{}"}) / "pages.jsonl"
    assert [found.source_path for found in list_files(file)] == ["pages.jsonl"]


def test_nothing_at_the_path_is_an_error_that_names_it(tmp_path):
    with pytest.raises(BundleError, match=r"nowhere: no such file or folder"):
        list_files(tmp_path / "nowhere")


def test_a_folder_without_files_is_an_error_that_names_it(tmp_path):
    with pytest.raises(BundleError, match="no files in this folder"):
        list_files(tmp_path)


def test_a_bundle_gives_its_pages_its_rejects_and_itself_last(inbox):
    folder = inbox(
        "may",
        {
            "1.txt": "Ferries stand still.",
            "2.png": b"\x89PNG\r\n",
            "3.jsonl": '{"text": "Crews march."}\n\nno json\n{"title": "no text"}\n',
            "4.txt": "",
        },
    )
    rows = list(read_bundle(folder, bundle="may"))
    assert [(type(row), row.source_path) for row in rows[:-1]] == [
        (RawArticle, "1.txt"),
        (RejectedFile, "2.png"),
        (RawArticle, "3.jsonl#1"),
        (RejectedFile, "3.jsonl#3"),
        (RejectedFile, "3.jsonl#4"),
        (RejectedFile, "4.txt"),
    ]
    assert rows[-1] == Bundle("may", str(folder), hash_bundle(folder), 4, 2, 4)


def test_the_text_of_a_page_is_its_file_character_for_character(inbox):
    text = " \ufeffFerries\r\nstand\rstill\u2028\tœ\u0301\xa0👩‍✈️\n\n"
    page = next(read_bundle(inbox("may", {"a.txt": text}), bundle="may"))
    assert page.text == text


def test_a_file_or_a_folder_is_read_without_a_name_of_a_bundle(inbox):
    folder = inbox("港", {"a.jsonl": '{"text": "Ferries"}\nno json\n', "b.zip": b"no zip"})
    of_file, of_folder = list(read_pages(folder / "a.jsonl")), list(read_pages(folder))
    assert [getattr(row, "text", None) or row.error for row in of_folder] == [
        "Ferries",
        "not_json",
        "wrong_type",
    ]
    assert of_file == of_folder[:2]
    assert {row.bundle for row in of_folder} == {""}


def test_nothing_to_read_at_a_path_is_an_error(tmp_path):
    with pytest.raises(BundleError, match=r"nowhere: no such file or folder"):
        next(read_pages(tmp_path / "nowhere"))


def test_a_page_delivered_twice_is_two_pages(inbox):
    pages = [
        next(read_bundle(inbox(bundle, {"a.txt": "Ferries"}), bundle=bundle))
        for bundle in ("april", "may")
    ]
    assert pages[0].raw_sha256 == pages[1].raw_sha256
    assert pages[0].article_id != pages[1].article_id


def test_a_bundle_read_again_gives_the_same_rows(inbox):
    folder = inbox("may", {"b.txt": "Ferries", "a.txt": "Crews", "c.png": b"\x89PNG"})
    assert list(read_bundle(folder, bundle="may")) == list(read_bundle(folder, bundle="may"))


def test_a_file_that_cannot_be_opened_is_rejected_and_the_rest_is_read(inbox):
    folder = inbox("may", {"a.txt": "Ferries"})
    (folder / "0.txt").symlink_to("nowhere.txt")
    rejected, page, bundle = read_bundle(folder, bundle="may")
    assert (rejected.source_path, rejected.error) == ("0.txt", "unreadable")
    assert page.text == "Ferries"
    assert (bundle.n_files, bundle.n_articles, bundle.n_rejected) == (2, 1, 1)


def test_a_bundle_with_a_dead_link_can_be_measured(inbox):
    folder = inbox("may", {"a.txt": "Ferries"})
    (folder / "0.txt").symlink_to("nowhere.txt")
    assert measure_bundle(folder) == measure_bundle(folder)


def test_a_file_name_that_is_not_utf8_does_not_stop_its_bundle(oddly_named):
    tables = (RAW_ARTICLES, REJECTED_FILES, BUNDLES)
    streams = spool(read_bundle(oddly_named, bundle="may"), tables)
    pages, rejected = (
        list(table.to_rows(stream)) for table, stream in zip(tables[:2], streams[:2], strict=True)
    )
    assert len(pages) + len(rejected) == 2
    assert "Ferries stand still." in {page.text for page in pages}


def test_a_bundle_with_a_file_name_that_is_not_utf8_can_be_measured(oddly_named):
    assert measure_bundle(oddly_named) == measure_bundle(oddly_named)


@pytest.mark.parametrize(
    ("files", "is_same"),
    [
        ({"a.txt": "Ferries", "b.txt": "Crews"}, True),
        ({"b.txt": "Crews", "a.txt": "Ferries"}, True),
        ({"a.txt": "Ferries", "c.txt": "Crews"}, False),
        ({"a.txt": "Ferries!", "b.txt": "Crews"}, False),
        ({"a.txt": "Crews", "b.txt": "Ferries"}, False),
        ({"a.txt": "Ferries"}, False),
    ],
)
def test_a_bundle_has_another_hash_when_a_path_or_a_byte_is_another(inbox, files, is_same):
    first = inbox("first", {"a.txt": "Ferries", "b.txt": "Crews"})
    assert (hash_bundle(first) == hash_bundle(inbox("second", files))) is is_same


def test_the_measure_of_a_bundle_changes_while_it_grows(inbox):
    seen = [measure_bundle(inbox("may", {"a.txt": "Ferries"}))]
    seen.append(measure_bundle(inbox("may", {"b.txt": "Crews"})))
    seen.append(measure_bundle(inbox("may", {"b.txt": "Crews march"})))
    assert len(set(seen)) == len(seen)


def test_a_bundle_that_is_not_there_yet_has_a_measure_too(tmp_path):
    assert measure_bundle(tmp_path / "nowhere") == ""
    assert measure_bundle(tmp_path) == measure_bundle(tmp_path)


@pytest.mark.parametrize(
    ("asked", "recorded", "found"),
    [
        (None, None, "inbox/may"),
        ("disk/may", None, "disk/may"),
        (None, "disk/may", "disk/may"),
        ("disk/may", "disk/may", "disk/may"),
    ],
)
def test_a_bundle_is_read_where_it_is_asked_for_or_was_before(asked, recorded, found):
    place = locate_bundle("may", asked=asked, recorded=recorded, inbox=Path("inbox"))
    assert place == Path(found)


def test_a_name_that_belongs_to_a_bundle_elsewhere_is_refused(inbox, tmp_path):
    first, second = inbox("disk/may", {"a.txt": "x"}), inbox("stick/may", {"a.txt": "y"})
    with pytest.raises(BundleError, match="give this one another"):
        locate_bundle("may", asked=str(second), recorded=str(first), inbox=tmp_path)


def test_a_link_to_a_folder_is_reported_and_not_followed(inbox):
    folder = inbox("may", {"a.txt": "Ferries"})
    (folder / "loop").symlink_to(folder)
    rows = list(read_bundle(folder, bundle="may"))
    assert [row.source_path for row in rows[:-1]] == ["a.txt", "loop"]
    assert rows[1].error == "unreadable"


def test_a_bundle_that_changes_while_it_is_read_is_refused(inbox):
    folder = inbox("may", {"a.txt": "old words", "b.txt": "more"})
    rows = read_bundle(folder, bundle="may")
    next(rows)
    (folder / "a.txt").write_text("new words, and more")
    with pytest.raises(BundleError, match=r"a\.txt: changed while it was read"):
        list(rows)


@pytest.mark.parametrize(
    ("name", "bundle"),
    [("news.2031-05-01.jsonl", "news.2031-05-01"), ("news.2031-05-02.jsonl", "news.2031-05-02")],
)
def test_days_of_one_feed_are_bundles_of_their_own(tmp_path, name, bundle):
    (tmp_path / name).write_text("{}")
    assert name_bundle(tmp_path / name) == bundle


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("a.csv", "title,text\nA,Ferries stop.\n", "Ferries stop."),
        ("a.tsv", "title\ttext\nA\tFerries stop.\n", "Ferries stop."),
        ("a.jsonl", '{"text": "Ferries stop."}\n', "Ferries stop."),
        ("a.json", '{"articles": [{"text": "Ferries stop."}]}', "Ferries stop."),
        ("a.html", "<p>Ferries stop.</p>", "Ferries stop."),
        ("a.md", "Ferries stop.", "Ferries stop."),
    ],
)
def test_files_of_each_kind_are_read_beside_each_other(inbox, name, content, text):
    folder = inbox("may", {name: content, "z.txt": "Crews march."})
    pages = [row for row in read_bundle(folder, bundle="may") if isinstance(row, RawArticle)]
    assert [page.text for page in pages] == [text, "Crews march."]


def read_errors(folder):
    """Return what is in a folder as {path: text or reason code}."""
    rows = list(read_bundle(folder, bundle="may"))[:-1]
    return {row.source_path: getattr(row, "text", None) or row.error for row in rows}


def test_a_pipe_is_reported_and_not_waited_for(inbox):
    folder = inbox("may", {"b.txt": "Ferries"})
    os.mkfifo(folder / "a.txt")
    assert read_errors(folder) == {"a.txt": "unreadable", "b.txt": "Ferries"}


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("b.txt", "Ferries"),
        ("folder/../b.txt", "Ferries"),
        ("../outside.txt", "unreadable"),
        ("/etc/hostname", "unreadable"),
        ("nowhere.txt", "unreadable"),
        ("a.txt", "unreadable"),
        ("folder", "unreadable"),
    ],
)
def test_a_link_is_followed_inside_the_bundle_only(inbox, tmp_path, target, found):
    folder = inbox("may", {"b.txt": "Ferries", "folder/c.txt": "Crews"})
    (tmp_path / "outside.txt").write_text("No page of this bundle.")
    (folder / "a.txt").symlink_to(target)
    assert read_errors(folder) == {"a.txt": found, "b.txt": "Ferries", "folder/c.txt": "Crews"}


@pytest.mark.parametrize(
    ("target", "found"), [("b.txt", "Ferries"), ("../outside.txt", "unreadable")]
)
def test_a_link_that_is_read_by_its_name_is_followed_inside_its_folder_only(
    inbox, tmp_path, target, found
):
    folder = inbox("may", {"b.txt": "Ferries"})
    (tmp_path / "outside.txt").write_text("No page of this folder.")
    (folder / "a.txt").symlink_to(target)
    (row,) = read_pages(folder / "a.txt")
    assert getattr(row, "text", None) == found or row.error == found


def test_links_that_lead_in_a_circle_are_reported(inbox):
    folder = inbox("may", {"b.txt": "Ferries"})
    (folder / "1.txt").symlink_to("2.txt")
    (folder / "2.txt").symlink_to("1.txt")
    assert read_errors(folder) == {"1.txt": "unreadable", "2.txt": "unreadable", "b.txt": "Ferries"}


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may read everything")
def test_a_file_and_a_folder_that_may_not_be_read_are_reported(inbox):
    folder = inbox("may", {"a.txt": "x", "b/c.txt": "x", "d.txt": "Ferries", "e/f.txt": "x"})
    (folder / "a.txt").chmod(0)
    (folder / "b").chmod(0)
    (folder / "e").chmod(0o600)
    found, measure = read_errors(folder), measure_bundle(folder)
    for name in ("b", "e"):
        (folder / name).chmod(0o700)
    assert measure
    assert found == {
        "a.txt": "unreadable",
        "b": "unreadable",
        "d.txt": "Ferries",
        "e/f.txt": "unreadable",
    }


def test_a_file_that_is_gone_when_it_is_read_is_reported(inbox):
    folder = inbox("may", {"a.txt": "Ferries", "b.txt": "Crews", "c.txt": "Boats"})
    rows = read_bundle(folder, bundle="may")
    next(rows)
    (folder / "b.txt").unlink()
    rejected, page, bundle = rows
    assert (rejected.source_path, rejected.error, page.text) == ("b.txt", "unreadable", "Boats")
    assert (bundle.n_files, bundle.n_articles, bundle.n_rejected) == (3, 2, 1)


def test_a_file_that_unpacks_to_too_much_does_not_stop_its_bundle(inbox):
    folder = inbox("may", {"a.txt.gz": gzip.compress(bytes(2**21)), "b.txt": "Ferries"})
    *rows, _ = read_bundle(folder, bundle="may", limits=Limits(file_mib=1))
    assert [getattr(row, "error", None) for row in rows] == ["too_large", None]


def test_files_whose_printed_paths_are_alike_are_files_of_their_own(inbox):
    folder = inbox("may", {"a#1.txt": "Ferries", "a%231.txt": "Ferries"})
    pages = list(read_bundle(folder, bundle="may"))[:-1]
    assert [page.text for page in pages] == ["Ferries", "Ferries"]
    assert len({page.article_id for page in pages}) == 2
    assert len({page.source_path for page in pages}) == 2


def test_a_refused_file_is_known_by_the_hash_of_its_bytes(inbox):
    folder = inbox("may", {"a.zip": b"no zip", "b.png": b"\x89PNG"})
    *rows, _ = read_bundle(folder, bundle="may")
    assert [row.raw_sha256 for row in rows] == [
        hashlib.sha256(data).hexdigest() for data in (b"no zip", b"\x89PNG")
    ]


def test_rows_of_odd_files_fit_their_tables(inbox):
    folder = inbox(
        "may",
        {
            "a.csv": "øø,".encode() + b"\xe9\nA,Ferries\n",
            "b.json": '{"html": "<p>Ferries \\ud83d stop.</p>"}',
            "c.txt": "Ferries \u200b\u202e stop\r\nat\rnoon\n",
            "d.jsonl": b'{"text": "Ferries \\u0000 stop", "url": "\\udc00"}\n\xff\n',
        },
    )
    tables = (RAW_ARTICLES, REJECTED_FILES, BUNDLES)
    streams = spool(read_bundle(folder, bundle="may"), tables)
    counts = [
        sum(1 for _ in table.to_rows(stream)) for table, stream in zip(tables, streams, strict=True)
    ]
    assert counts == [3, 2, 1]


def test_what_systems_leave_beside_pages_has_a_reason_of_its_own(inbox):
    folder = inbox("may", {"a.txt": "Ferries stop.", ".DS_Store": b"\0\0\0\x01Bud1"})
    rows = [row for row in read_bundle(folder, bundle="may") if isinstance(row, RejectedFile)]
    assert [(row.source_path, row.error) for row in rows] == [(".DS_Store", "system_file")]
    assert list(read_bundle(folder, bundle="may"))[-1].sha256 == hash_bundle(folder)
