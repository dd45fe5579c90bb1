"""Write who speaks about whom as a graph in GraphML, for Gephi, yEd, igraph and networkx."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
from lxml import etree

from copydesk.errors import ExportError
from copydesk.lake.sql import load_sql
from copydesk.publishing.export.datasets import QUERIES, Source, written_as
from copydesk.publishing.export.registry import ExportFormat, Outcome
from copydesk.publishing.export.values import keep_printable

TABLE = "said_about"
FILE = f"{TABLE}.graphml"
NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
NODE_COLUMNS = {"name": "string", "label": "string", "country_code": "string"}
NODE_COLUMNS |= {"wikidata_id": "string"}
NODE_COLUMNS |= {"n_speaks": "long", "n_spoken_about": "long"}
EDGE_COLUMNS = {"n_quotes": "long", "n_outlets": "long", "first_on": "string", "last_on": "string"}
BATCH_ROWS = 2_000


def write_graphml(source: Source, folder: Path) -> Outcome:
    """Write one directed graph: entities, and who speaks about whom.

    Raises: ExportError: if another table is asked for.
    """
    others = [dataset.name for dataset in source.datasets if dataset.name != TABLE]
    if others and not source.is_whole:
        msg = f"graphml is a graph of {TABLE}; take another format for {', '.join(others)}"
        raise ExportError(msg)
    (dataset,) = (each for each in source.datasets if each.name == TABLE)
    with etree.xmlfile(str(folder / FILE), encoding="utf-8") as file:
        file.write_declaration()
        with file.element("graphml", nsmap={None: NAMESPACE}):
            for kind, columns in (("node", NODE_COLUMNS), ("edge", EDGE_COLUMNS)):
                for name, type_ in columns.items():
                    key = {"id": name, "for": kind, "attr.name": name, "attr.type": type_}
                    file.write(etree.Element("key", key))
            with file.element("graph", id=TABLE, edgedefault="directed"):
                for node in _stream(source.connection, "graph_nodes"):
                    file.write(_make("node", {"id": node["id"]}, node, NODE_COLUMNS))
                n_quotes = 0
                for edge in _stream(source.connection, "graph_edges"):
                    ends = {"source": edge["source"], "target": edge["target"]}
                    file.write(_make("edge", ends, edge, EDGE_COLUMNS))
                    n_quotes += int(edge["n_quotes"])
    return Outcome([written_as(dataset, files=[FILE], n_rows=n_quotes)])


def _make(
    kind: str, ends: Mapping[str, str], values: Mapping[str, str], columns: Mapping[str, str]
) -> etree._Element:
    """Return a node or an edge with its values; what is not known is left out."""
    element = etree.Element(kind, dict(ends))
    for name in columns:
        if name in values:
            etree.SubElement(element, "data", key=name).text = values[name]
    return element


def _stream(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[dict[str, str]]:
    """Yield the values of each row that are known, as XML can hold them."""
    found = connection.execute(load_sql(QUERIES, query))
    names = [name for name, *_ in found.description]
    while rows := found.fetchmany(BATCH_ROWS):
        for row in rows:
            known = zip(names, row, strict=True)
            yield {name: keep_printable(str(value)) for name, value in known if value is not None}


FORMAT = ExportFormat(
    name="graphml",
    how_to_read=(
        "One directed graph: an edge leads from who speaks to whom or what is spoken about, with "
        "the number of quotations (`n_quotes`). Quotations without a known speaker are left out."
    ),
    write=write_graphml,
)
