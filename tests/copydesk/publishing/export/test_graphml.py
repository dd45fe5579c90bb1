"""Behaviour of the format `graphml`: who speaks about whom, as another library reads it."""

from dataclasses import replace

import duckdb
import networkx as nx
import pytest

from copydesk.errors import ExportError
from copydesk.publishing.export.export import export_tables
from copydesk.values import Span

TEXT = "[Ada Quill] and [Zoë <Lund>]"  # the second name is the quotation


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory, page_of, quote_in, publish_rows):
    """Return a catalogue in which Ada speaks twice about Zoë, and nobody known once."""
    rows = []
    for key in ("a1", "a2", "a3"):
        speaker = None if key == "a3" else f"{key}-00-Ada Quill"
        about_her = [Span(14, 24)]
        quote = replace(quote_in(key, 0, speaker=speaker), content_spans=about_her)
        rows += [*page_of(TEXT, key), quote]
    return publish_rows(tmp_path_factory.mktemp("published"), rows)


def test_another_library_reads_who_speaks_about_whom(catalogue, tmp_path):
    written = export_tables(catalogue, tmp_path / "graph", output="graphml")
    graph = nx.read_graphml(tmp_path / "graph" / "said_about.graphml")
    with duckdb.connect(str(catalogue), read_only=True) as connection:
        edges = connection.sql(
            "SELECT speaker, about, count(*) FROM said_about WHERE speaker IS NOT NULL GROUP BY ALL"
        ).fetchall()
    assert edges
    assert [
        (graph.nodes[a]["name"], graph.nodes[b]["name"], data["n_quotes"])
        for a, b, data in graph.edges(data=True)
    ] == edges
    assert written.tables[0].n_rows == sum(n for *_, n in edges)
    assert graph.is_directed()


def test_other_tables_are_no_graph(catalogue, tmp_path):
    with pytest.raises(ExportError, match="take another format for people"):
        export_tables(catalogue, tmp_path / "graph", output="graphml", names=["people"])


def test_a_lake_without_statements_is_a_graph_without_edges(publish_rows, tmp_path):
    export_tables(publish_rows(tmp_path, []), tmp_path / "graph", output="graphml")
    assert len(nx.read_graphml(tmp_path / "graph" / "said_about.graphml")) == 0


def test_outlets_that_are_not_proven_are_not_counted_as_none(
    tmp_path, page_of, quote_in, publish_rows
):
    page = page_of(TEXT, "a1", outlet=None)
    spoken = quote_in("a1", 0, speaker="a1-00-Ada Quill")
    quote = replace(spoken, content_spans=[Span(14, 24)])
    catalogue = publish_rows(tmp_path, [*page, quote])
    export_tables(catalogue, tmp_path / "graph", output="graphml")
    graph = nx.read_graphml(tmp_path / "graph" / "said_about.graphml")
    [(_, _, known)] = graph.edges(data=True)
    assert "n_outlets" not in known
