"""Behaviour of `publishing.update`: what is brought forward is what a whole run would make."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.entities.resolve import resolve_entities
from copydesk.lake.compaction import compact
from copydesk.lake.contents import find_contents
from copydesk.lake.delta import CorpusRows
from copydesk.lake.lake import Lake
from copydesk.lake.sql import connect
from copydesk.lake.vacuum import Retention, plan_vacuum, vacuum
from copydesk.lake.withdrawals import find_target, withdraw
from copydesk.outlets.resolve import resolve_outlets
from copydesk.publishing.catalogue import SLICE_ROWS, publish
from copydesk.publishing.origin import read_way
from copydesk.reading.pages import page_of_text
from copydesk.rows import Article, Mention, Quote, content_id
from copydesk.tables import (
    ARTICLES,
    CORPUS_CORRECTIONS,
    ENTITIES,
    NAME_LINKS,
    OUTLETS,
    PEOPLE_COUNTS,
    QUOTE_GROUPS,
    STORIES,
)
from copydesk.values import Assertion, Label, MentionKind, Precision, QuoteType, SourceKind, Span

NOON = datetime(2031, 5, 3, 12, tzinfo=UTC)
LATER = datetime(2131, 5, 3, 12, tzinfo=UTC)
VERSIONS = {"catalogue": "1"}
SPOKEN = True
NAMES = ("Ida Brandt", "Brandt", "Paul Brandt", "I. Brandt", "Holm Ferry", "Ida Maria Brandt")
TITLES = (None, "Mr", "captain", "Captain", "union leader")
OUTLET_NAMES = ("Harbour Post", "The Harbour Post", "Coast Times")
ALWAYS, NEVER = 9.0, -1.0  # the share of changed bundles up to which rows are brought forward

pages = st.lists(
    st.tuples(
        st.sampled_from(OUTLET_NAMES),
        st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(TITLES)), max_size=3),
    ),
    min_size=1,
    max_size=2,
)


def rows_of(bundle, made):
    """Return the rows of pages, given the outlet of each and who speaks there."""
    reason, zone = "name_in_source", Label.BODY
    for number, (outlet, speakers) in enumerate(made):
        page = content_id(bundle, number, outlet)
        yield replace(page_of_text(page, "“No.”"), bundle=bundle, source_path=f"{number}.txt")
        yield Article(
            page, bundle, "Ferries", None, None, None, None, outlet, None,
            date(2031, 5, 1 + number), Precision.DAY, "en", "“No.”", 1,
            outlet_id=content_id("outlet", number),
        )  # fmt: skip
        for place, (name, title) in enumerate(speakers):
            mention = content_id(page, place, name)
            kind = MentionKind.NAMED
            label = "ORG" if "Ferry" in name else "PERSON"
            yield Mention(
                mention, page, place, place + 1, name, label, kind, title, "ner", mention,
                "own_name", bundle,
            )  # fmt: skip
            yield Quote(
                content_id("quote", mention), page, QuoteType.DIRECT, SPOKEN, Assertion.SAID,
                "No.", [Span(place, place + 1)], "said", 5, 9, name, 10, 13, mention, [mention],
                None, reason, SourceKind.PERSON, 0.9, None, "tagger", zone, bundle,
            )  # fmt: skip


def publish_lake(lake, path, *, most_changed, code_versions=VERSIONS, slice_rows=SLICE_ROWS):
    """Resolve what is delivered and publish it; return how its stored rows were made."""
    snapshot = lake.snapshot()
    entities, links, _ = resolve_entities(snapshot)
    for table, rows in (
        (ENTITIES, entities),
        (NAME_LINKS, links),
        (OUTLETS, resolve_outlets(snapshot)),
        (STORIES, STORIES.spool([])),
        (QUOTE_GROUPS, QUOTE_GROUPS.spool([])),
        (CORPUS_CORRECTIONS, CORPUS_CORRECTIONS.spool([])),
    ):
        lake.replace_corpus(table, CorpusRows(rows, snapshot.version))
    publish(
        find_contents(snapshot),
        path=path,
        code_versions=code_versions,
        published_at=NOON,
        most_changed=most_changed,
        slice_rows=slice_rows,
    )
    return read_way(path)


def read_stored(path):
    with duckdb.connect(str(path), read_only=True) as connection:
        return [
            connection.sql(f"FROM {view} ORDER BY ALL").fetchall() for view in ("said", "people")
        ]


def check_equal(lake, path):
    """Refuse stored rows that a run over all the same contents, at once or in slices, lacks."""
    for slice_rows in (SLICE_ROWS, 1):
        other = path.with_name(f"whole-{slice_rows}.duckdb")
        way = publish_lake(lake, other, most_changed=NEVER, slice_rows=slice_rows)
        assert way.startswith("whole: ")
        assert read_stored(path) == read_stored(other)


def take_out(lake, bundle, *, is_page):
    """Withdraw a bundle, or one of its pages if it still has any."""
    rows = lake.snapshot().relation_sql(ARTICLES)
    query = f"SELECT min(article_id) FROM {rows} WHERE bundle = '{bundle}'"
    page = connect().sql(query).fetchall()[0][0]
    if page or not is_page:
        asked = find_target(lake, page if is_page else bundle)
        withdraw(lake, asked, reason="asked", now=NOON)


@st.composite
def deliveries(draw):
    """Return bundles delivered one after the other, with what else happens in between."""
    names = st.sampled_from(["april", "may", "june"])
    happens = st.sampled_from(["deliver", "deliver", "withdraw page", "withdraw bundle", "compact"])
    return draw(st.lists(st.tuples(happens, names, pages), min_size=3, max_size=5))


@settings(max_examples=4)  # each publishes a dozen times
@given(events=deliveries())
def test_rows_brought_forward_are_those_of_a_whole_run(deliver, events):
    with TemporaryDirectory() as folder:
        lake, path = Lake(f"{folder}/lake"), Path(folder) / "copydesk.duckdb"
        deliver(lake, "always", rows_of("always", [("Coast Times", [("Ida Brandt", None)])]))
        withdrawn = set()
        publish_lake(lake, path, most_changed=ALWAYS)
        for number, (event, bundle, made) in enumerate(events):
            known = {part.bundle for part in lake.snapshot().deliveries}
            if event == "compact":
                compact(lake)
            elif event == "deliver" and bundle not in withdrawn:
                deliver(lake, bundle, rows_of(bundle, made), sha256=str(number))
            elif event != "deliver" and bundle in known:
                withdrawn |= {bundle} if event == "withdraw bundle" else set()
                take_out(lake, bundle, is_page=event == "withdraw page")
            way = publish_lake(lake, path, most_changed=ALWAYS)
            assert way.startswith("changes: ")
            check_equal(lake, path)


def page_by(*names, outlet="Harbour Post"):
    return [(outlet, [(name, None) for name in names])]


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        pytest.param(
            {"april": page_by("Ida Brandt")},
            {"may": page_by("Ida Maria Brandt"), "june": page_by("Ida Maria Brandt")},
            {"Ida Maria Brandt"},
            id="a bundle gives a person of old quotations a fuller name",
        ),
        pytest.param(
            {"april": page_by("Ida Brandt", "Brandt")},
            {"may": page_by("Paul Brandt", "Holm Ferry")},
            {"Ida Brandt", "Brandt", "Paul Brandt", "Holm Ferry"},
            id="a bundle gives a lone surname a second referent",
        ),
        pytest.param(
            {"april": page_by("Ida Brandt"), "may": page_by("Paul Brandt")},
            {"may": page_by("Holm Ferry")},
            {"Ida Brandt", "Holm Ferry"},
            id="a bundle is replaced by another one",
        ),
    ],
)
def test_what_changes_old_rows_is_brought_forward(tmp_path, deliver, before, after, shown):
    lake, path = Lake(str(tmp_path / "lake")), tmp_path / "copydesk.duckdb"
    for number, (bundle, made) in enumerate([*before.items(), *after.items()]):
        if number == len(before):
            publish_lake(lake, path, most_changed=NEVER)
        deliver(lake, bundle, rows_of(bundle, made), sha256=str(number))
    assert publish_lake(lake, path, most_changed=ALWAYS).startswith("changes: ")
    check_equal(lake, path)
    said, _ = read_stored(path)
    assert {row[0] for row in said} <= shown


def test_an_outlet_of_another_name_is_shown_in_old_rows(tmp_path, deliver):
    lake, path = Lake(str(tmp_path / "lake")), tmp_path / "copydesk.duckdb"
    deliver(lake, "april", rows_of("april", page_by("Ida Brandt", outlet="The Harbour Post")))
    publish_lake(lake, path, most_changed=NEVER)
    for bundle in ("may", "june"):
        deliver(lake, bundle, rows_of(bundle, page_by("Holm Ferry")))
    assert publish_lake(lake, path, most_changed=ALWAYS).startswith("changes: 2 bundles")
    check_equal(lake, path)


def publish_two(tmp_path, deliver):
    """Publish one bundle, and deliver another one."""
    lake, path = Lake(str(tmp_path / "lake")), tmp_path / "copydesk.duckdb"
    deliver(lake, "april", rows_of("april", page_by("Ida Brandt")))
    publish_lake(lake, path, most_changed=NEVER)
    deliver(lake, "may", rows_of("may", page_by("Paul Brandt")))
    return lake, path


def test_a_tenth_of_the_bundles_may_change(tmp_path, deliver):
    lake, path = publish_two(tmp_path, deliver)
    assert publish_lake(lake, path, most_changed=0.1) == "whole: 1 bundles changed"


def test_other_code_makes_all_rows(tmp_path, deliver):
    lake, path = publish_two(tmp_path, deliver)
    other = {"catalogue": "2"}
    way = publish_lake(lake, path, most_changed=ALWAYS, code_versions=other)
    assert way == "whole: the catalogue was made by other code"


def test_a_catalogue_that_somebody_has_changed_is_no_base(tmp_path, deliver):
    lake, path = publish_two(tmp_path, deliver)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE said SET speaker = 'nobody'")
    way = publish_lake(lake, path, most_changed=ALWAYS)
    assert way == "whole: the catalogue was changed since it was published"
    check_equal(lake, path)


def test_files_that_a_vacuum_removed_make_all_rows(tmp_path, deliver):
    lake, path = publish_two(tmp_path, deliver)
    deliver(lake, "april", rows_of("april", page_by("Holm Ferry")), sha256="1")
    gone = lake.history()[-1]
    publish_lake(lake, path.with_name("other.duckdb"), most_changed=NEVER)
    strict = Retention(days=0, snapshots=1, grace_hours=0)
    vacuum(lake, plan_vacuum(lake, retention=strict, now=LATER, shown=None))
    way = publish_lake(lake, path, most_changed=ALWAYS)
    assert way.startswith(f"whole: snapshot {gone.number} can no longer be opened")
    check_equal(lake, path)


@pytest.mark.parametrize("damage", [lambda path: path.write_bytes(b"gone"), Path.unlink])
def test_people_are_counted_again_where_the_counts_cannot_be_read(tmp_path, deliver, damage):
    lake, path = publish_two(tmp_path, deliver)
    for file in lake.find_live(PEOPLE_COUNTS).files:
        damage(lake.place(file))
    assert publish_lake(lake, path, most_changed=ALWAYS).startswith("changes: 1 bundles")
    check_equal(lake, path)


def test_nothing_new_makes_no_row(tmp_path, deliver):
    lake, path = publish_two(tmp_path, deliver)
    publish_lake(lake, path, most_changed=NEVER)
    way = publish_lake(lake, path, most_changed=ALWAYS)
    assert way == "changes: 0 bundles changed since snapshot 2; made 0 quotations and 0 people"
