"""Behaviour of `publishing.catalogue`: one file to open, over one consistent snapshot."""

import os
import resource
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from deltalake import DeltaTable

from copydesk.entities.resolve import resolve_entities
from copydesk.errors import LakeError, SnapshotError
from copydesk.lake.contents import find_contents, resolved_links
from copydesk.lake.delta import CorpusRows
from copydesk.lake.history import record_publication
from copydesk.lake.lake import Lake
from copydesk.lake.vacuum import Retention, plan_vacuum
from copydesk.outlets.resolve import resolve_outlets
from copydesk.publishing.catalogue import build_catalogue, find_lock, publish, remove_drafts, settle
from copydesk.publishing.examine import examine_catalogue
from copydesk.publishing.origin import origin_of, read_number, read_origin
from copydesk.publishing.view import load_views
from copydesk.reading.pages import page_of_text
from copydesk.rows import Article, Bundle, Mention, Quote, Segment
from copydesk.statements.groups import group_quotes
from copydesk.stories.stories import find_stories
from copydesk.tables import (
    BUNDLE_TABLES,
    CORPUS_CORRECTIONS,
    CORPUS_TABLES,
    ENTITIES,
    KEPT_TABLES,
    NAME_LINKS,
    OUTLETS,
    PUBLISHED_TABLES,
    QUOTE_GROUPS,
    SEGMENTS,
    STORIES,
)
from copydesk.values import Assertion, Label, MentionKind, Precision, QuoteType, SourceKind, Span

TEXT = "Skip to content\n“We will not sail,” union leader Anna Miller said.\n"
VERSIONS = {"catalogue": "1"}
NOON = datetime(2031, 5, 3, 12, tzinfo=UTC)
NAMES = [table.name for table in PUBLISHED_TABLES]


def span(phrase):
    return Span(TEXT.index(phrase), TEXT.index(phrase) + len(phrase))


def rows_of(bundle):
    """Return the rows of a bundle with one page, on which one person says one thing."""
    page, mention = f"page-{bundle}", f"mention-{bundle}"
    said, cue, name = span("We will not sail,"), span("said"), span("Anna Miller")
    line, home = span(TEXT.split("\n")[1]), span("Skip to content")
    return [
        Bundle(bundle, f"inbox/{bundle}", "00", 1, 1, 0),
        replace(page_of_text(page, TEXT), bundle=bundle, source_path="a.txt"),
        Segment(page, 0, *home, Label.NAVIGATION, "skip_link", 0.9, bundle),
        Segment(page, 1, home.end, line.start, Label.BLANK, "white_space", 1.0, bundle),
        Segment(page, 2, *line, Label.BODY, "long_sentence", 0.9, bundle),
        Segment(page, 3, line.end, len(TEXT), Label.BLANK, "white_space", 1.0, bundle),
        Article(
            article_id=page,
            bundle=bundle,
            headline="Ferries stand still",
            deck=None,
            byline=None,
            dateline_place=None,
            agency=None,
            outlet="Harbour Post",
            url=None,
            published_on=date(2031, 5, 3),
            published_precision=Precision.DAY,
            language="en",
            body=TEXT.split("\n")[1],
            n_words=9,
        ),
        Mention(
            mention_id=mention,
            article_id=page,
            start=name.start,
            end=name.end,
            text="Anna Miller",
            label="PERSON",
            kind=MentionKind.NAMED,
            title="union leader",
            rule="ner",
            chain_id=mention,
            chain_rule="own_name",
            bundle=bundle,
        ),
        Quote(
            quote_id=f"quote-{bundle}",
            article_id=page,
            type=QuoteType.DIRECT,
            is_speech=True,
            assertion=Assertion.SAID,
            content="We will not sail,",
            content_spans=[said],
            cue="said",
            cue_start=cue.start,
            cue_end=cue.end,
            source="union leader Anna Miller",
            source_start=name.start - len("union leader "),
            source_end=name.end,
            speaker_mention_id=mention,
            speaker_mention_ids=[mention],
            rival_mention_id=None,
            source_kind=SourceKind.PERSON,
            speaker_reason="name_in_source",
            confidence=0.95,
            parent_quote_id=None,
            rule="marks_and_cue",
            zone=Label.BODY,
            bundle=bundle,
        ),
    ]


def resolve(snapshot):
    """Write the tables that are computed over all bundles."""
    entities, links, _ = resolve_entities(snapshot)
    for table, stream in ((ENTITIES, entities), (NAME_LINKS, links)):
        snapshot.lake.replace_corpus(table, CorpusRows(stream, snapshot.version))
    stories = find_stories(
        snapshot,
        entities_sql=snapshot.lake.relation_sql(ENTITIES),
        links_sql=resolved_links(snapshot),
    )
    made = {
        OUTLETS: resolve_outlets(snapshot),
        STORIES: STORIES.spool(stories),
        QUOTE_GROUPS: group_quotes(snapshot, links_sql=resolved_links(snapshot)),
        CORPUS_CORRECTIONS: CORPUS_CORRECTIONS.spool([]),
    }
    for table, stream in made.items():
        snapshot.lake.replace_corpus(table, CorpusRows(stream, snapshot.version))


def publish_lake(lake, path, *, at=NOON):
    """Resolve and publish what is delivered, and return the number of quotations."""
    snapshot = lake.snapshot()
    resolve(snapshot)
    contents = find_contents(snapshot)
    return publish(contents, path=path, code_versions=VERSIONS, published_at=at).n_quotes


@pytest.fixture
def lake(tmp_path):
    return Lake(str(tmp_path / "lake"))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "copydesk.duckdb"


@pytest.fixture(scope="module")
def published(tmp_path_factory, deliver):
    """Return a catalogue of one bundle, for tests that only read it."""
    folder = tmp_path_factory.mktemp("published")
    deliver(Lake(str(folder / "lake")), "may", rows_of("may"))
    publish_lake(Lake(str(folder / "lake")), folder / "copydesk.duckdb")
    return folder / "copydesk.duckdb"


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """Return a catalogue of a lake in which there is nothing yet."""
    folder = tmp_path_factory.mktemp("empty")
    publish_lake(Lake(str(folder / "lake")), folder / "copydesk.duckdb")
    return folder / "copydesk.duckdb"


def ask(path, query):
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.sql(query).fetchall()


def test_what_was_said_can_be_asked_for(published):
    query = "SELECT speaker, role, content, outlet, headline, published_on, source_path FROM said"
    assert ask(published, query) == [
        (
            "Anna Miller",
            "union leader",
            "We will not sail,",
            "Harbour Post",
            "Ferries stand still",
            date(2031, 5, 3),
            "a.txt",
        )
    ]


def test_all_who_speak_together_and_the_runner_up_can_be_asked_for(lake, path, deliver):
    rows = rows_of("may")
    (named,) = (row for row in rows if isinstance(row, Mention))
    other = replace(
        named, mention_id="other", chain_id="other", text="Paul Holm", start=0, end=4, title=None
    )
    third = replace(other, mention_id="third", chain_id="third", text="Ida Brandt", start=5, end=9)
    (quote,) = (row for row in rows if isinstance(row, Quote))
    doubtful = replace(
        quote,
        speaker_mention_ids=[named.mention_id, "other"],
        rival_mention_id="third",
        confidence=0.5,
    )
    rows[rows.index(quote)] = doubtful
    deliver(lake, "may", [*rows, other, third])
    publish_lake(lake, path)
    together = "Anna Miller; Paul Holm"
    query = "SELECT speaker, speakers, source_kind FROM said"
    assert ask(path, query) == [(together, ["Anna Miller", "Paul Holm"], "person")]
    query = "SELECT name FROM people WHERE n_quotes = 1 ORDER BY name"
    assert ask(path, query) == [("Anna Miller",), ("Paul Holm",)]
    query = "SELECT speaker, runner_up, confidence FROM uncertain"
    assert ask(path, query) == [(together, "Ida Brandt", 0.5)]


def test_nothing_is_uncertain_that_is_sure(published):
    assert ask(published, "SELECT count(*) FROM uncertain") == [(0,)]


def test_a_person_of_all_bundles_is_one_row(lake, path, deliver):
    for bundle in ("may", "june"):
        deliver(lake, bundle, rows_of(bundle))
    assert publish_lake(lake, path) == 2
    query = "SELECT name, roles, n_mentions, n_articles, n_outlets, n_quotes FROM people"
    assert ask(path, query) == [("Anna Miller", ["union leader"], 2, 2, 1, 2)]


def test_a_quotation_has_one_row_however_often_its_speaker_is_named(lake, path, deliver):
    rows = rows_of("may")
    (named,) = (row for row in rows if isinstance(row, Mention))
    again = [
        Mention(
            f"again-{i}", named.article_id, 0, 4, "Anna Miller", "PERSON", MentionKind.NAMED,
            title, "ner", named.mention_id, "same_name", "may",
        )
        for i, title in enumerate(["pilot", "union leader", None])
    ]  # fmt: skip
    deliver(lake, "may", rows + again)
    publish_lake(lake, path)
    assert ask(path, "SELECT count(*), any_value(role) FROM said") == [(1, "union leader")]


def test_what_was_removed_can_be_asked_for(published):
    query = "SELECT label, rule, text FROM removed_text"
    assert ask(published, query) == [("navigation", "skip_link", "Skip to content")]


def test_offsets_are_right_in_sql(published):
    query = """
        SELECT substr(r.text, m.start + 1, m."end" - m.start)
        FROM mentions AS m JOIN raw_articles AS r USING (article_id)
    """
    assert ask(published, query) == [("Anna Miller",)]


def test_every_table_and_view_says_what_it_means(published):
    views = dict(
        ask(
            published,
            """
            SELECT view_name, comment FROM duckdb_views() WHERE NOT internal
            UNION ALL SELECT table_name, comment FROM duckdb_tables()
            """,
        )
    )
    assert {*NAMES, *(view.name for view in load_views())} <= set(views)
    assert all(views.values())


def test_every_column_of_a_view_says_what_it_means(published):
    silent = """
        SELECT table_name, column_name FROM duckdb_columns()
        WHERE NOT internal AND comment IS NULL
    """
    assert ask(published, silent) == []
    assert ask(published, "SELECT table_name FROM duckdb_tables() WHERE comment IS NULL") == []


@pytest.mark.parametrize("view", list(load_views()), ids=lambda view: view.name)
def test_a_view_declares_the_columns_that_it_has(published, view):
    described = ask(published, f'DESCRIBE FROM "{view.name}"')
    assert [row[0] for row in described] == list(view.columns)
    assert view.meaning.endswith(".")


def test_a_catalogue_of_nothing_has_typed_empty_tables(empty):
    for table in PUBLISHED_TABLES:
        described = ask(empty, f'DESCRIBE FROM "{table.name}"')
        assert [row[0] for row in described] == [column.name for column in table.columns]
        assert ask(empty, f'SELECT count(*) FROM "{table.name}"') == [(0,)]
    types = {row[0]: row[1] for row in ask(empty, "DESCRIBE FROM articles")}
    assert (types["published_on"], types["n_words"], types["body"]) == ("DATE", "BIGINT", "VARCHAR")


@pytest.mark.parametrize("name", [*NAMES, *(view.name for view in load_views())])
def test_types_are_the_same_in_a_full_and_in_an_empty_catalogue(published, empty, name):
    types = [
        [row[:2] for row in ask(catalogue, f'DESCRIBE FROM "{name}"')]
        for catalogue in (published, empty)
    ]
    assert types[0] == types[1]


def test_the_catalogue_can_be_opened_from_any_folder(published, monkeypatch):
    for folder in (published.parent, published.parent.parent):
        monkeypatch.chdir(folder)
        assert ask(os.path.relpath(published), "SELECT count(*) FROM said") == [(1,)]


def test_the_corpus_is_whole_once_all_its_tables_are_made_from_this_snapshot(lake, deliver):
    snapshot = deliver(lake, "may", rows_of("may"))
    for table in CORPUS_TABLES:
        assert find_contents(snapshot) is None
        lake.replace_corpus(table, CorpusRows(table.spool([]), snapshot.version))
    assert set(find_contents(snapshot).corpus) == {table.name for table in CORPUS_TABLES}


def test_a_corpus_of_an_older_snapshot_is_not_published(lake, deliver):
    resolve(deliver(lake, "may", rows_of("may")))
    newer = deliver(lake, "june", rows_of("june"))
    assert find_contents(newer) is None


def test_half_a_corpus_is_not_published(lake, deliver):
    resolve(deliver(lake, "may", rows_of("may")))
    newer = deliver(lake, "june", rows_of("june"))
    for table in CORPUS_TABLES[:2]:
        lake.replace_corpus(table, CorpusRows(table.spool([]), newer.version))
    assert find_contents(newer) is None


def test_a_reader_keeps_his_catalogue_while_a_newer_one_is_swapped_in(lake, path, deliver):
    deliver(lake, "may", rows_of("may"))
    publish_lake(lake, path)
    before = path.stat().st_ino
    with path.open("rb") as reader:
        deliver(lake, "june", rows_of("june"))
        publish_lake(lake, path)
        assert os.fstat(reader.fileno()).st_ino == before
    assert path.stat().st_ino != before
    assert ask(path, "SELECT count(*) FROM said") == [(2,)]
    assert list(path.parent.glob(f".{path.name}*")) == []


def test_a_catalogue_that_cannot_be_built_leaves_the_one_before(lake, path, deliver):
    deliver(lake, "may", rows_of("may"))
    publish_lake(lake, path)
    before = path.read_bytes()
    snapshot = deliver(lake, "june", rows_of("june"))
    resolve(snapshot)
    contents = find_contents(snapshot)
    Path(lake.uri, contents.list_files()[-1]).unlink()
    with pytest.raises(SnapshotError, match="no such file; the catalogue stays as it is"):
        publish(contents, path=path, code_versions=VERSIONS, published_at=NOON)
    assert path.read_bytes() == before
    assert list(path.parent.glob(f".{path.name}*")) == []
    assert len(lake.history()) == 1


def test_a_slow_publisher_does_not_put_older_rows_in_the_place_of_newer_ones(lake, path, deliver):
    snapshot = deliver(lake, "may", rows_of("may"))
    resolve(snapshot)
    slow = find_contents(snapshot)
    deliver(lake, "june", rows_of("june"))
    publish_lake(lake, path)
    assert publish(slow, path=path, code_versions=VERSIONS, published_at=NOON) is None
    assert ask(path, "SELECT count(*) FROM said") == [(2,)]
    assert list(path.parent.glob(f".{path.name}*")) == []


def test_a_publisher_that_died_before_the_swap_is_followed_by_the_next(lake, path, deliver):
    deliver(lake, "may", rows_of("may"))
    publish_lake(lake, path)
    snapshot = deliver(lake, "june", rows_of("june"))
    resolve(snapshot)
    record_publication(find_contents(snapshot), code_versions=VERSIONS, published_at=NOON)
    assert (ask(path, "SELECT number FROM origin"), read_number(path)) == ([(1,)], 1)
    publish(find_contents(snapshot), path=path, code_versions=VERSIONS, published_at=NOON)
    assert ask(path, "SELECT number FROM origin") == [(2,)]
    assert [publication.number for publication in lake.history()] == [1, 2]


HOLD = """
import sys
from filelock import FileLock
with FileLock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_publisher_waits_for_another_one_and_not_for_a_dead_one(lake, path, deliver):
    snapshot = deliver(lake, "may", rows_of("may"))
    resolve(snapshot)
    contents = find_contents(snapshot)
    path.parent.mkdir(exist_ok=True)
    command = [sys.executable, "-c", HOLD, str(find_lock(path))]
    with (
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as holder,
        ThreadPoolExecutor(1) as pool,
    ):
        assert holder.stdout.readline() == "held\n"
        published = pool.submit(
            publish, contents, path=path, code_versions=VERSIONS, published_at=NOON
        )
        with pytest.raises(TimeoutError):
            published.result(timeout=2)
        assert not path.exists()
        holder.kill()
        assert published.result(timeout=60).number == 1
    assert ask(path, "SELECT count(*) FROM said") == [(1,)]


def test_drafts_of_dead_publishers_are_removed_and_young_ones_are_not(tmp_path):
    path = tmp_path / "copydesk.duckdb"
    draft, wal = (tmp_path / f".copydesk.duckdb.1f{suffix}" for suffix in ("", ".wal"))
    for file in (path, draft, wal):
        file.write_bytes(b"")
    now = datetime.now(tz=UTC)
    assert remove_drafts(path, before=now - timedelta(hours=1)) == 0
    assert remove_drafts(path, before=now + timedelta(hours=1)) == 2
    assert list(tmp_path.iterdir()) == [path]


def test_an_older_snapshot_opens_with_all_its_views(lake, path, deliver):
    deliver(lake, "may", rows_of("may"))
    publish_lake(lake, path)
    deliver(lake, "june", rows_of("june"))
    publish_lake(lake, path, at=NOON + timedelta(hours=1))
    older, newer = lake.history()
    for publication, n in ((older, 1), (newer, 2)):
        with (
            build_catalogue(lake, publication) as built,
            duckdb.connect(str(built), read_only=True) as connection,
        ):
            counts = {
                name: connection.sql(f'SELECT count(*) FROM "{name}"').fetchall()[0][0]
                for name in (*NAMES, *(view.name for view in load_views()))
            }
            origin = connection.sql("SELECT number, published_at, lake FROM origin").fetchall()
        assert (counts["said"], counts["articles"], counts["people"]) == (n, n, 1)
        assert origin == [(publication.number, publication.published_at, lake.uri)]


def test_rows_of_a_killed_run_do_not_show(lake, path, deliver):
    deliver(lake, "may", rows_of("may"))
    publish_lake(lake, path)
    half = [Segment("page-may", 0, 0, 1, Label.PROMO, "half", 1.0, "may")]
    lake.replace(SEGMENTS, SEGMENTS.spool(half), bundle="may")
    assert ask(path, "SELECT count(*) FROM segments WHERE rule = 'half'") == [(0,)]
    publish_lake(lake, path)
    assert ask(path, "SELECT count(*) FROM segments WHERE rule = 'half'") == [(0,)]


def test_the_catalogue_says_what_it_was_built_from(lake, path, deliver):
    assert read_origin(path) is None
    snapshot = deliver(lake, "may", rows_of("may"))
    publish_lake(lake, path)
    assert read_origin(path) == origin_of(snapshot, code_versions=VERSIONS)
    query = "SELECT bundle, n_rows FROM snapshot WHERE table_name = 'segments'"
    assert ask(path, query) == [("may", 4)]
    assert ask(path, "SELECT number, published_at FROM origin") == [(1, NOON)]


def test_the_catalogue_says_the_delta_version_of_every_table(lake, path, deliver):
    deliver(lake, "may", rows_of("may"))
    for _ in range(2):
        publish_lake(lake, path)
    versions = dict(ask(path, "SELECT table_name, version FROM snapshot"))
    written = [*(table.name for table in (*BUNDLE_TABLES, *CORPUS_TABLES)), "deliveries"]
    expected = {name: DeltaTable(f"{lake}/{name}").version() for name in written}
    assert versions == expected
    assert ask(path, "SELECT n_rows FROM snapshot WHERE table_name = 'entities'") == [(1,)]


def test_other_data_and_other_code_are_another_origin(lake, deliver):
    first = deliver(lake, "may", rows_of("may"))
    second = deliver(lake, "june", rows_of("june"))
    origins = {
        origin_of(first, code_versions=VERSIONS),
        origin_of(second, code_versions=VERSIONS),
        origin_of(second, code_versions={"catalogue": "2"}),
    }
    assert len(origins) == 3


@contextmanager
def files_of_at_most(n_bytes):
    """Let no file grow beyond a size, which fails as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


@pytest.mark.parametrize("kibibytes", [16, 100, 300, 800])
def test_a_catalogue_that_does_not_fit_on_the_disk_is_never_put_in_place(
    lake, path, deliver, kibibytes
):
    deliver(lake, "may", rows_of("may"))
    publish_lake(lake, path)
    before = path.read_bytes()
    deliver(lake, "june", rows_of("june"))
    resolve(lake.snapshot())
    contents = find_contents(lake.snapshot())
    with (
        files_of_at_most(kibibytes * 1024),
        pytest.raises(LakeError, match=r"not published|not whole"),
    ):
        publish(contents, path=path, code_versions=VERSIONS, published_at=NOON)
    assert path.read_bytes() == before
    assert sorted(file.name for file in path.parent.iterdir() if file.is_dir()) == []
    assert publish_lake(lake, path) == 2
    assert read_origin(path) == origin_of(lake.snapshot(), code_versions=VERSIONS)


def test_a_draft_without_its_origin_is_refused(lake, path, deliver):
    deliver(lake, "may", rows_of("may"))
    publish_lake(lake, path)
    origin = read_origin(path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("DELETE FROM origin")
    with pytest.raises(LakeError, match="not whole; is the disk full"):
        settle(path, origin)


def test_a_clock_that_was_set_back_publishes_the_newest_rows(lake, path, deliver):
    deliver(lake, "may", rows_of("may"))
    publish_lake(lake, path, at=NOON)
    deliver(lake, "june", rows_of("june"))
    assert publish_lake(lake, path, at=NOON - timedelta(days=400)) == 2
    assert [row.number for row in lake.history()] == [1, 2]
    plan = plan_vacuum(lake, retention=Retention(), now=NOON - timedelta(days=400), shown=2)
    assert plan.kept == [1, 2]
    # What publishing keeps for the next time was made again; no snapshot needs it.
    assert {file.partition("/")[0] for file in plan.files} <= {table.name for table in KEPT_TABLES}


def test_a_damaged_file_keeps_the_old_catalogue(lake, path, deliver):
    deliver(lake, "may", rows_of("may"))
    publish_lake(lake, path)
    before = path.read_bytes()
    deliver(lake, "june", rows_of("june"))
    resolve(lake.snapshot())
    (file,) = lake.find_live(SEGMENTS, bundle="june").files
    content = bytearray(lake.place(file).read_bytes())
    content[len(content) // 3] ^= 1
    lake.place(file).write_bytes(content)
    with pytest.raises(LakeError, match="segments of bundle june"):
        publish(
            find_contents(lake.snapshot()), path=path, code_versions=VERSIONS, published_at=NOON
        )
    assert path.read_bytes() == before


def test_what_is_wrong_with_a_catalogue_is_found(lake, path, deliver):
    deliver(lake, "may", rows_of("may"))
    assert examine_catalogue(path, lake) == []
    publish_lake(lake, path)
    assert examine_catalogue(path, lake) == []
    whole = path.read_bytes()
    flipped = whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:]
    unreadable, changed = "cannot be read", "was changed since it was published"
    for content, problems in [
        (whole[: len(whole) // 2], {unreadable}),
        (bytes(len(whole)), {unreadable}),
        (flipped, {unreadable, changed}),  # DuckDB finds it first where it reads that block
    ]:
        path.write_bytes(content)
        (finding,) = examine_catalogue(path, lake)
        assert finding.damage.problem in problems
    path.unlink()
    (finding,) = examine_catalogue(path, lake)
    assert finding.damage.problem == "is not there"
