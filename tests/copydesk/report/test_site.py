"""The report as a whole: only what changed is written, and the result is that of a new folder."""

import re
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from copydesk.errors import ReportError
from copydesk.lake.sql import load_sql
from copydesk.publishing.ids import put_ids
from copydesk.report import charts, search, site, write
from copydesk.report.gather import open_published
from copydesk.report.paths import PageKind, path_of
from copydesk.report.person import PART_QUOTES
from copydesk.report.site import LOCK, is_fresh, write_report
from copydesk.rows import WikidataId, content_id
from copydesk.values import IdStatus
from tests.copydesk.conftest import NOON
from tests.copydesk.report.conftest import Corpus, Page, Said

MOST_BYTES = 300_000
MADE_ALWAYS = {"index.html", "manifest.tsv"}  # they name the snapshot


def contents_of(folder):
    """Return the bytes of every file of a report."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != LOCK
    }


def pages_of(folder):
    return {path: text for path, text in contents_of(folder).items() if path.endswith(".html")}


@pytest.fixture
def published(tmp_path, publish_corpus, harbour):
    """Return a catalogue of three articles, and a report of it."""
    catalogue = publish_corpus(tmp_path, harbour)
    report = tmp_path / "report"
    return catalogue, report, write_report(catalogue, report)


def test_too_little_memory_is_said_in_one_line(tmp_path, publish_corpus, harbour, monkeypatch):
    monkeypatch.setattr(search, "MEMORY", "1MB")
    report = tmp_path / "report"
    with pytest.raises(
        ReportError, match=f"^{re.escape(str(report))}: .* too little memory"
    ) as said:
        write_report(publish_corpus(tmp_path, harbour), report)
    assert "\n" not in str(said.value)


def test_the_second_run_writes_nothing(published):
    catalogue, report, first = published
    before = contents_of(report)
    second = write_report(catalogue, report)
    assert (first.n_kept, first.n_removed) == (0, 0)
    assert (second.n_written, second.n_kept, second.n_removed) == (0, first.n_written, 0)
    assert contents_of(report) == before


def test_a_run_of_nothing_new_reads_no_table(published):
    catalogue, report, first = published
    shutil.rmtree(catalogue.parent / "lake")
    assert write_report(catalogue, report).n_kept == first.n_written


@pytest.mark.parametrize(
    "name", ["style.css", "search.html", "search/index.js", "search/2031-2.js"]
)
@pytest.mark.parametrize("is_removed", [True, False])
def test_what_the_search_needs_is_written_again(published, name, is_removed):
    catalogue, report, _ = published
    before = contents_of(report)
    (report / name).unlink() if is_removed else (report / name).write_text("mine")
    write_report(catalogue, report)
    assert contents_of(report) == before


def test_new_ids_of_people_under_one_number_are_new(published):
    catalogue, report, _ = published
    miller = content_id("Anna Miller")
    linked = WikidataId(2, "Anna Miller", None, "Q1", "", miller, IdStatus.LINKED, "", [miller])
    put_ids(catalogue, [linked])
    assert not is_fresh(catalogue, report)
    assert write_report(catalogue, report).n_written >= 1


def test_several_processes_write_what_one_does(published, tmp_path, monkeypatch):
    catalogue, report, _ = published
    monkeypatch.setattr(write, "FEW_PAGES", 0)
    monkeypatch.setattr(write, "FEW_ENTRIES", 0)
    write_report(catalogue, tmp_path / "new", n_workers=2)
    assert contents_of(report) == contents_of(tmp_path / "new")


def test_a_line_says_what_was_done(published):
    _, report, first = published
    n = len(pages_of(report)) - 1  # the page for searching is not counted
    assert str(first) == f"{report}: {n} pages written, 0 kept, 0 removed"


CHANGES = {
    "a headline": lambda corpus: corpus.but("three", headline="Another clock"),
    "a quotation": lambda corpus: corpus.but("three", said=(Said(15, "Cy Dunn", "It is late"),)),
    "a page less": lambda corpus: corpus.without("three"),
    "a story less": lambda corpus: corpus.without("two"),
    "a page more": lambda corpus: Corpus([*corpus.pages, Page("four", "[Di Eck] said: No.")]),
    "nothing at all": lambda corpus: corpus,
    "everything": lambda _: Corpus([]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_report_brought_forward_is_that_of_a_new_folder(
    published, tmp_path, publish_corpus, harbour, change
):
    _, report, _ = published
    changed = CHANGES[change](harbour)
    catalogue = publish_corpus(tmp_path, changed, at=NOON + timedelta(hours=1))
    assert not is_fresh(catalogue, report)
    write_report(catalogue, report)
    assert is_fresh(catalogue, report)
    write_report(catalogue, tmp_path / "new")
    assert contents_of(report) == contents_of(tmp_path / "new")


def test_only_pages_whose_rows_changed_are_written(published, tmp_path, publish_corpus, harbour):
    _, report, _ = published
    stamps = {path: (report / path).stat().st_ino for path in contents_of(report)}
    changed = harbour.but("three", headline="Another clock")
    write_report(publish_corpus(tmp_path, changed), report)
    written = {path for path, number in stamps.items() if (report / path).stat().st_ino != number}
    pages = {path for path in written if path.endswith(".html")} - MADE_ALWAYS
    assert path_of(PageKind.ARTICLE, content_id("three")) in pages
    assert path_of(PageKind.PERSON, content_id("Cy Dunn")) in pages
    assert path_of(PageKind.ARTICLE, content_id("one")) not in pages
    assert path_of(PageKind.PERSON, content_id("Anna Miller")) not in pages
    assert path_of(PageKind.STORY, content_id("strike")) not in pages
    assert "people/index.html" not in pages


def test_a_new_quotation_changes_the_first_part_of_its_speaker_alone(tmp_path, publish_corpus):
    days = [date(2031, 1, 1) + timedelta(days=n) for n in range(3 * PART_QUOTES)]
    pages = [
        Page(f"day {n}", "[Anna Miller] said: No.", day=day, said=(Said(20, "Anna Miller", "No"),))
        for n, day in enumerate(days)
    ]
    report = tmp_path / "report"
    write_report(publish_corpus(tmp_path, Corpus(pages[:-1])), report)
    parts = [
        report / path_of(PageKind.PERSON, content_id("Anna Miller"), part=part) for part in (1, 2)
    ]
    before = [part.stat().st_ino for part in parts]
    catalogue = publish_corpus(tmp_path, Corpus(pages))
    write_report(catalogue, report)
    after = [part.stat().st_ino for part in parts]
    assert [was == is_now for was, is_now in zip(before, after, strict=True)] == [False, True]
    write_report(catalogue, tmp_path / "new")
    assert contents_of(report) == contents_of(tmp_path / "new")


def test_a_part_that_somebody_removed_is_written_again(tmp_path, publish_corpus):
    said = tuple(Said(n, "Anna Miller", f"No, {n} times") for n in range(1, 3 * PART_QUOTES))
    page = Page("one", f"[Anna Miller] said n{'o' * 300}.", said=said)
    catalogue = publish_corpus(tmp_path, Corpus([page]))
    report = tmp_path / "report"
    write_report(catalogue, report)
    before = contents_of(report)
    part = report / path_of(PageKind.PERSON, content_id("Anna Miller"), part=2)
    part.unlink()
    assert write_report(catalogue, report).n_written == 2
    assert contents_of(report) == before


def test_what_is_new_changes_the_index_of_its_year_alone(
    published, tmp_path, publish_corpus, harbour
):
    _, report, _ = published
    old = (report / "search").glob("2031*.js")
    before = {path: path.stat().st_ino for path in old}
    new = Page("four", "[Di Eck] said: No.", day=date(2032, 1, 1), said=(Said(2, "Di Eck", "No"),))
    write_report(publish_corpus(tmp_path, Corpus([*harbour.pages, new])), report)
    assert before == {path: path.stat().st_ino for path in before}
    assert (report / "search" / "2032.js").is_file()


def test_a_year_with_much_in_it_is_indexed_by_month(tmp_path, publish_corpus, harbour):
    pages = [
        replace(page, key=f"{page.key} {n}", story=None) for page in harbour.pages for n in range(3)
    ]
    years, entries = (load_sql(search.QUERIES, name) for name in ("search_years", "search_entries"))
    volumes = []
    with open_published(publish_corpus(tmp_path, Corpus(pages))) as catalogue:
        for most in ("18", "17"):
            small = years.replace("20000", most)
            catalogue.execute(f"CREATE OR REPLACE TEMP TABLE search_years AS {small}")
            volumes.append({row[0] for row in catalogue.execute(entries).fetchall()})
    assert volumes == [{"people", "2031"}, {"people", "2031-04", "2031-05"}]


def test_a_killed_run_leaves_whole_pages_and_the_next_one_finishes(
    tmp_path, publish_corpus, harbour, monkeypatch
):
    catalogue = publish_corpus(tmp_path, harbour)
    report = tmp_path / "report"
    n_put = 0
    put = write.put

    def die_at_the_fifth(path, text):
        nonlocal n_put
        n_put += 1
        if n_put == 5:
            raise KeyboardInterrupt
        put(path, text)

    monkeypatch.setattr(write, "put", die_at_the_fifth)
    with pytest.raises(KeyboardInterrupt):
        write_report(catalogue, report)
    assert all(text.endswith(b"</html>") for text in pages_of(report).values())
    assert not is_fresh(catalogue, report)
    monkeypatch.setattr(write, "put", put)
    write_report(catalogue, report)
    write_report(catalogue, tmp_path / "new")
    assert contents_of(report) == contents_of(tmp_path / "new")


def test_pages_of_a_killed_run_that_are_not_published_any_more_are_removed(
    tmp_path, publish_corpus, harbour, monkeypatch
):
    catalogue, report = publish_corpus(tmp_path, harbour), tmp_path / "report"
    monkeypatch.setattr(site, "_remove_stale", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_report(catalogue, report)
    monkeypatch.undo()
    write_report(publish_corpus(tmp_path, harbour.without("three")), report)
    assert not (report / path_of(PageKind.ARTICLE, content_id("three"))).exists()


def test_a_page_that_somebody_removed_is_written_again(published):
    catalogue, report, _ = published
    path = report / path_of(PageKind.ARTICLE, content_id("one"))
    path.unlink()
    assert write_report(catalogue, report).n_written == 1
    assert path.exists()


def test_a_folder_with_other_files_is_refused(tmp_path, publish_corpus, harbour):
    catalogue = publish_corpus(tmp_path, harbour)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(ReportError, match="not empty, and no report of copydesk"):
        write_report(catalogue, tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_two_runs_do_not_write_to_one_folder(published):
    catalogue, report, _ = published
    with FileLock(report / LOCK), pytest.raises(ReportError, match="another run writes"):
        write_report(catalogue, report)


def test_a_file_in_place_of_the_folder_is_refused(tmp_path, publish_corpus, harbour):
    catalogue = publish_corpus(tmp_path, harbour)
    (tmp_path / "file").write_text("")
    with pytest.raises(ReportError, match="no report can be written there"):
        write_report(catalogue, tmp_path / "file")


def test_what_is_no_catalogue_is_refused(tmp_path):
    (tmp_path / "copydesk.duckdb").write_text("no database")
    with pytest.raises(ReportError, match=r"cannot be read .*copydesk doctor --repair"):
        write_report(tmp_path / "copydesk.duckdb", tmp_path / "report")


def test_missing_libraries_are_named(tmp_path, monkeypatch):
    monkeypatch.setattr(charts.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ReportError, match=re.escape("pip install 'copydesk[report]'")):
        write_report(tmp_path / "copydesk.duckdb", tmp_path / "report")


@pytest.fixture(scope="module")
def large(tmp_path_factory, publish_corpus):
    """Return a report of a very long page, and of somebody who speaks very often."""
    folder = tmp_path_factory.mktemp("large")
    words = "a < b & “c” " * 60_000
    talker = [
        Page(f"t{n}", f"[Di Eck] {'ö' * 3_000}", said=tuple(
            Said(i, "Di Eck", f"{n} {i} {'&' * 900}") for i in range(1, 60)
        ))
        for n in range(8)
    ]  # fmt: skip
    corpus = Corpus([Page("long", f"[Anna Miller] {words}\n" + "x\n" * 4_000), *talker])
    write_report(publish_corpus(folder, corpus), folder / "report")
    return folder / "report"


def test_no_page_is_too_large_for_a_phone(large):
    sizes = {path: len(text) for path, text in pages_of(large).items()}
    assert max(sizes.values()) <= MOST_BYTES
    assert path_of(PageKind.ARTICLE, content_id("long"), part=2) in sizes
    assert path_of(PageKind.PERSON, content_id("Di Eck"), part=8) in sizes


def test_the_index_is_in_small_scripts(large):
    assert max(path.stat().st_size for path in Path(large / "search").iterdir()) <= MOST_BYTES


def test_no_quotation_of_a_long_list_is_lost(large):
    text = b"".join(text for path, text in pages_of(large).items() if path.startswith("people/"))
    found = re.findall(rb"<p>(\d) (\d+) &amp;", text)
    assert len(set(found)) == 8 * 59
