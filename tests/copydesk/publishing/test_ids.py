"""Behaviour of `publishing.ids`: the ids of Wikidata in the catalogue, and where they show."""

from dataclasses import replace

import duckdb
import networkx as nx
import pytest

from copydesk.lake.lake import Lake
from copydesk.publishing.catalogue import build_catalogue
from copydesk.publishing.explain import explain_id, explain_name
from copydesk.publishing.export.export import export_tables
from copydesk.publishing.ids import is_list_new_alone, put_ids, read_ids
from copydesk.publishing.published import IdKind, KnownId
from copydesk.report.site import write_report
from copydesk.rows import WikidataId
from copydesk.tables import WIKIDATA_IDS
from copydesk.values import IdStatus, Span

IDS = [
    WikidataId(
        2, "Ada Quill", "person", "Q1", "pilot", "Ada Quill", IdStatus.LINKED, "", ["Ada Quill"]
    ),
    WikidataId(
        3,
        "Zoë <Lund>",
        None,
        "Q2",
        None,
        None,
        IdStatus.SEVERAL_IDS,
        "line 4 says Q3",
        ["Zoë <Lund>"],
    ),
    WikidataId(
        4,
        "Zoë <Lund>",
        None,
        "Q3",
        None,
        None,
        IdStatus.SEVERAL_IDS,
        "line 3 says Q2",
        ["Zoë <Lund>"],
    ),
    WikidataId(5, "", None, None, None, None, IdStatus.INVALID, "no name", []),
]


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory, page_of, quote_in, publish_rows):
    """Return a catalogue in which Ada speaks about Zoë, with ids."""
    page = page_of("[Ada Quill] and [Zoë <Lund>]", "a1")
    quote = replace(quote_in("a1", 0, speaker="a1-00-Ada Quill"), content_spans=[Span(14, 24)])
    return publish_rows(tmp_path_factory.mktemp("published"), [*page, quote], ids=IDS)


@pytest.fixture
def connection(catalogue):
    with duckdb.connect(str(catalogue), read_only=True) as connection:
        yield connection


def test_the_catalogue_has_the_rows_with_their_meaning(catalogue, connection):
    assert read_ids(catalogue) == IDS
    comments = dict(
        connection.sql(
            "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'wikidata_ids'"
        ).fetchall()
    )
    assert comments == {column.name: column.meaning for column in WIKIDATA_IDS.columns}


def test_an_id_joins_people_once(connection):
    found = connection.sql(
        "SELECT p.name, w.wikidata_id FROM people AS p LEFT JOIN wikidata_ids AS w "
        "USING (entity_id) ORDER BY p.name"
    )
    assert found.fetchall() == [("Ada Quill", "Q1"), ("Zoë <Lund>", None)]


def test_explain_shows_an_id_or_why_there_is_none(connection):
    made = explain_id(connection, KnownId(IdKind.ENTITY, "Ada Quill"))
    assert dict(made.facts)["wikidata"] == "Q1 (pilot), line 2"
    lines = list(explain_name(connection, "Zoë <Lund>"))
    assert "  wikidata not Q2, line 3: line 4 says Q3" in lines


def test_the_graph_has_the_ids_that_are_known(catalogue, tmp_path):
    export_tables(catalogue, tmp_path / "graph", output="graphml")
    graph = nx.read_graphml(tmp_path / "graph" / "said_about.graphml")
    ids = {data["name"]: data.get("wikidata_id") for _, data in graph.nodes(data=True)}
    assert ids == {"Ada Quill": "Q1", "Zoë <Lund>": None}


def test_an_export_has_the_table(catalogue, tmp_path):
    export_tables(catalogue, tmp_path / "out", output="csv", names=["wikidata_ids"])
    assert (tmp_path / "out" / "wikidata_ids.csv").read_text("utf-8").count("\n") == len(IDS) + 1


def test_the_page_of_a_person_leads_to_the_id(catalogue, tmp_path):
    write_report(catalogue, tmp_path / "report")
    pages = [path.read_text("utf-8") for path in (tmp_path / "report" / "people").rglob("*.html")]
    linked = [page for page in pages if "wikidata.org" in page]
    assert len(linked) == 1
    assert 'href="https://www.wikidata.org/wiki/Q1"' in linked[0]
    assert "pilot" in linked[0]


def test_an_older_snapshot_has_the_ids_of_today(catalogue):
    lake = Lake(str(catalogue.parent / "lake"))
    with build_catalogue(lake, lake.history()[-1], ids=read_ids(catalogue)) as older:
        assert read_ids(older) == IDS


def test_ids_replace_those_before(catalogue, tmp_path):
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(catalogue.read_bytes())
    put_ids(copy, IDS[:1])
    assert read_ids(copy) == IDS[:1]


def test_a_catalogue_of_an_older_version_has_no_ids(tmp_path):
    with duckdb.connect(str(tmp_path / "old.duckdb")) as old:
        old.sql("CREATE TABLE origin (number BIGINT)")
    assert read_ids(tmp_path / "old.duckdb") == []
    assert not is_list_new_alone(tmp_path / "old.duckdb", 3, {})
    assert not is_list_new_alone(tmp_path / "none.duckdb", 3, {})


@pytest.mark.parametrize(
    ("version", "versions", "is_alone"),
    [
        (3, {"catalogue": "1", "wikidata_ids": "1-b"}, True),
        (3, {"catalogue": "1"}, True),
        (3, {"catalogue": "1", "wikidata_ids": "1-a"}, False),  # nothing is new
        (4, {"catalogue": "1", "wikidata_ids": "1-b"}, False),
        (3, {"catalogue": "2", "wikidata_ids": "1-b"}, False),
    ],
)
def test_only_the_list_is_new_where_all_else_is_as_shown(tmp_path, version, versions, is_alone):
    path = tmp_path / "shown.duckdb"
    with duckdb.connect(str(path)) as shown:
        shown.sql(
            "CREATE TABLE origin AS "
            "SELECT 3 AS snapshot_version, ['catalogue=1', 'wikidata_ids=1-a'] AS versions"
        )
    assert is_list_new_alone(path, version, versions) is is_alone
