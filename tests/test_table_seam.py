"""A new table needs its row class, its declaration, its producer and its asset; all else follows.

The table is invented here, so that the walk in CONTRIBUTING.md is one that was taken.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, NamedTuple

import dagster as dg
import pyarrow as pa

from assets.declare import declare_table
from assets.writing import declare_checks
from copydesk.lake.checks import list_checks, run_check
from copydesk.lake.contents import Contents
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import DELIVERIES, Delivery
from copydesk.lake.sql import connect, connect_views
from copydesk.publishing.catalogue import create_views
from copydesk.tables import Table
from tools.dictionary import describe_table


class Tone(StrEnum):
    """How a letter sounds."""

    CALM = "calm"
    ANGRY = "angry"


class Place(NamedTuple):
    """A page and a column of a printed paper."""

    page: int
    column: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to the editor."""

    letter_id: Annotated[str, "hash of the article and the writer"]
    writer: Annotated[str, "who wrote it"]
    tone: Annotated[Tone, "how it sounds"]
    printed_on: Annotated[date | None, "when it was printed"]
    places: Annotated[list[Place], "where it was printed"]
    bundle: Annotated[str, "bundle it came with"]


LETTERS = Table("letters", Letter, ("letter_id",), made_by=__name__, revision=4)


def read_letters(bundle):
    """Yield the letters of a bundle: the producer of the table."""
    yield Letter("l1", "Ida Brandt", Tone.CALM, None, [], bundle)
    yield Letter("l2", "Tove Miller", Tone.ANGRY, date(2031, 5, 3), [Place(4, "b")], bundle)


@dg.multi_asset(
    specs=[declare_table(LETTERS, group="reading", deps=["raw_articles"])],
    check_specs=declare_checks((LETTERS,)),
)
def collect_letters():
    """Find the letters to the editor in a bundle."""


def make_letters():
    return LETTERS.spool(read_letters("may"))


def deliver_letters(lake):
    live = lake.replace(LETTERS, make_letters(), bundle="may")
    part = Delivery("may", LETTERS.name, live.version, live.files, live.n_rows, "0")
    lake.replace(DELIVERIES, DELIVERIES.spool([part]), bundle="may")
    return lake.snapshot()


def test_an_invented_table_is_written_to_a_lake_and_read_back(tmp_path):
    lake = Lake(str(tmp_path / "lake"))
    snapshot = deliver_letters(lake)
    expected = list(read_letters("may"))
    assert list(LETTERS.to_rows(lake.read(LETTERS, bundle="may"))) == expected
    assert list(LETTERS.to_rows(snapshot.read(LETTERS))) == expected
    (check,) = list_checks(LETTERS)
    with connect_views({LETTERS.name: lake.relation_sql(LETTERS)}) as connection:
        assert run_check(check, connection).is_passed


def test_an_invented_table_is_a_view_of_the_catalogue_with_its_meaning(tmp_path):
    contents = Contents(deliver_letters(Lake(str(tmp_path / "lake"))), {})
    with connect() as connection:
        create_views(connection, contents, schema="main", tables=[LETTERS])
        assert connection.sql(
            "SELECT writer, tone, places[1].page FROM letters ORDER BY letter_id"
        ).fetchall() == [("Ida Brandt", "calm", None), ("Tove Miller", "angry", 4)]
        comments = connection.sql(
            "SELECT comment FROM duckdb_columns() WHERE table_name = 'letters' AND NOT internal"
        ).fetchall()
    assert comments == [(column.meaning,) for column in LETTERS.columns]


def test_an_invented_table_is_an_asset_with_its_revision_and_columns():
    spec = next(iter(collect_letters.specs))
    assert (spec.key.path, spec.code_version) == ([LETTERS.name], "4")
    assert spec.description == "A letter to the editor."
    assert [column.name for column in spec.metadata["dagster/column_schema"].columns] == [
        column.name for column in LETTERS.columns
    ]


def test_an_invented_table_is_described_in_the_dictionary():
    assert list(describe_table(LETTERS))[1:] == [
        "### letters",
        "",
        "A letter to the editor. Key: `letter_id`.",
        "",
        "| column | type | meaning |",
        "|---|---|---|",
        "| `letter_id` | string | hash of the article and the writer |",
        "| `writer` | string | who wrote it |",
        "| `tone` | string | how it sounds |",
        "| `printed_on` | date32[day], may be null | when it was printed |",
        "| `places` | list<struct<page: int64, column: string>> | where it was printed |",
        "| `bundle` | string | bundle it came with |",
    ]


def test_the_stream_of_an_invented_table_has_its_types():
    schema = make_letters().schema
    assert schema.field("places").type == pa.list_(
        pa.struct([("page", pa.int64()), ("column", pa.string())])
    )
