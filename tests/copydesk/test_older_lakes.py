"""A lake of an older version, without columns of today, is read or refused in one line."""

from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest
from deltalake import write_deltalake

from copydesk import corpus_steps
from copydesk.corrections.folder import DecisionFiles
from copydesk.errors import LakeError, SnapshotError
from copydesk.lake.compaction import compact
from copydesk.lake.contents import find_contents
from copydesk.lake.deliveries import describe_delivery, fingerprint_tables
from copydesk.lake.delta import CorpusRows
from copydesk.lake.examine import examine_lake
from copydesk.lake.history import open_publication, record_publication
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import DELIVERIES
from copydesk.lake.vacuum import Retention, plan_vacuum
from copydesk.publishing.catalogue import build_catalogue
from copydesk.publishing.diff import compare
from copydesk.tables import ARTICLES, BUNDLE_TABLES, CORPUS_TABLES, QUOTES

NOON = datetime(2031, 5, 3, 12, tzinfo=UTC)
NEEDED = {
    QUOTES.name: ("assertion", "source_kind", "speaker_mention_ids", "rival_mention_id"),
    ARTICLES.name: ("headline",),
}
DEFAULTED = ("kind", "kind_reason", "outlet_id", "text_share")  # of `articles`


def age(lake, table, lost):
    """Rewrite the rows of the bundle `may` as a version that lacked some columns wrote them."""
    (file,) = lake.find_live(table).files
    rows = pq.ParquetFile(lake.place(file)).read().drop_columns(lost)
    write_deltalake(
        lake.path_of(table.name),
        rows.append_column("bundle", [["may"] * rows.num_rows]),
        mode="overwrite",
        schema_mode="overwrite",
        partition_by=["bundle"],
    )
    prints = fingerprint_tables("0", {each.name: "0" for each in BUNDLE_TABLES})
    delivery = describe_delivery(lake, "may", fingerprints=prints)
    lake.replace(DELIVERIES, DELIVERIES.spool(delivery), bundle="may")


@pytest.fixture
def publish_aged(tmp_path, publish_rows, page_of, quote_in):
    """Return a function that publishes a lake, and once more without columns of a table."""

    def make(table, lost):
        page = page_of("The ferry of [Anna Miller] sails.", "a1")
        publish_rows(tmp_path, [*page, quote_in("a1", 1)])
        lake = Lake(str(tmp_path / "lake"))
        age(lake, table, list(lost))
        snapshot = lake.snapshot()
        for each in CORPUS_TABLES:
            lake.replace_corpus(each, CorpusRows(lake.read(each), snapshot.version))
        record_publication(find_contents(snapshot), code_versions={}, published_at=NOON)
        return lake

    return make


def resolve(lake):
    """Make entities, outlets, stories and groups, as a publication does."""
    decisions = DecisionFiles(lake.place("none"))
    made = corpus_steps.resolve_mentions(lake, decisions=decisions)
    for table, rows in zip(corpus_steps.ENTITY_TABLES, made, strict=True):
        lake.replace_corpus(table, rows)
    corpus_steps.resolve_outlets(lake, decisions=decisions).rows.read_all()
    corpus_steps.cluster_articles(lake, decisions=decisions).rows.read_all()
    corpus_steps.group_statements(lake, decisions=decisions).rows.read_all()


def open_last(lake):
    with build_catalogue(lake, lake.history()[-1]):
        pass


def compare_both(lake):
    with compare(*(open_publication(lake, each) for each in lake.history())):
        pass


def write_again(lake):
    lake.replace(QUOTES, QUOTES.spool([]), bundle="may")
    lake.replace(ARTICLES, ARTICLES.spool([]), bundle="may")


@pytest.mark.parametrize(
    ("do", "error", "message"),
    [
        (Lake.check, LakeError, "made {}; remove that folder and run again"),
        (write_again, LakeError, "made {}; remove that folder and run again"),
        (resolve, LakeError, "made {}; remove that folder and run again"),
        (open_last, SnapshotError, "{} of this snapshot lacks columns"),
        (compare_both, SnapshotError, "{} of this snapshot lacks columns"),
    ],
)
@pytest.mark.parametrize("table", [QUOTES, ARTICLES], ids=lambda table: table.name)
def test_rows_without_columns_that_are_read_are_refused(publish_aged, table, do, error, message):
    lake = publish_aged(table, NEEDED[table.name])
    with pytest.raises(error, match=message.format(table.name)) as refused:
        do(lake)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("do", [resolve, open_last, compare_both], ids=lambda do: do.__name__)
def test_columns_with_a_default_may_be_lacking(publish_aged, do):
    do(publish_aged(ARTICLES, DEFAULTED))


@pytest.mark.parametrize("table", [QUOTES, ARTICLES], ids=lambda table: table.name)
def test_upkeep_takes_an_older_lake_as_it_is(publish_aged, table):
    lake = publish_aged(table, NEEDED[table.name])
    compact(lake)
    assert not [str(finding) for finding in examine_lake(lake) if table.name in str(finding)]
    plan_vacuum(lake, retention=Retention(), now=NOON, shown=None)


def test_a_folder_that_is_removed_is_made_again(publish_aged, deliver, page_of, quote_in):
    lake = publish_aged(QUOTES, NEEDED[QUOTES.name])
    for file in sorted(lake.place(QUOTES.name).rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    lake.place(QUOTES.name).rmdir()
    page = page_of("The ferry of [Anna Miller] sails.", "a1")
    deliver(lake, "may", [*page, quote_in("a1", 1)])
    resolve(lake)
