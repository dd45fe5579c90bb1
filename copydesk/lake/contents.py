"""All tables of one consistent state: a snapshot of the bundles, and the corpus made from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from copydesk.lake.delta import is_made_from, made_from
from copydesk.lake.lake import Lake, Snapshot
from copydesk.lake.ledger import TableVersion
from copydesk.lake.live import Live, live_in
from copydesk.lake.sql import load_sql, scan_sql
from copydesk.lake.sums import CorpusFile, sum_stored
from copydesk.tables import CORPUS_TABLES, ENTITIES, ENTITY_LINKS, MENTIONS, NAME_LINKS, Table

QUERIES = "copydesk.lake.queries"


@dataclass(frozen=True, slots=True)
class Contents:
    """A snapshot, and where the corpus tables are that were made from it."""

    snapshot: Snapshot
    corpus: Mapping[str, Live]

    @property
    def corpus_versions(self) -> list[TableVersion]:
        """Delta versions of the corpus tables, in the order of `CORPUS_TABLES`."""
        return [
            TableVersion(table.name, self.corpus[table.name].version) for table in CORPUS_TABLES
        ]

    def relation_sql(self, table: Table[Any]) -> str:
        """Return SQL for a FROM clause: the rows of `table`."""
        if table.is_per_bundle:
            return self.snapshot.relation_sql(table)
        if self._is_derived(table):
            return derive_links(self.relation_sql(MENTIONS), self.relation_sql(NAME_LINKS))
        lake = self.snapshot.lake
        return scan_sql([lake.path_of(file) for file in self.corpus[table.name].files], table)

    def view_sql(self, table: Table[Any], *, schema: str) -> str:
        """Return SQL for the rows of `table` in a schema that shows the tables before it."""
        if self._is_derived(table):
            return derive_links(f'{schema}."{MENTIONS.name}"', f'{schema}."{NAME_LINKS.name}"')
        return self.relation_sql(table)

    def _is_derived(self, table: Table[Any]) -> bool:
        """Return whether a table has no rows of its own; older publications kept them."""
        return table is ENTITY_LINKS and table.name not in self.corpus

    def list_files(self) -> list[str]:
        """Return all files that hold the rows, relative to the lake and sorted."""
        of_bundles = (file for part in self.snapshot.deliveries for file in part.files)
        of_corpus = (file for live in self.corpus.values() for file in live.files)
        return sorted({*of_bundles, *of_corpus})

    def sum_corpus(self) -> list[CorpusFile]:
        """Return the files of the corpus tables, with what they are now; sorted."""
        lake = self.snapshot.lake
        files = sorted(file for live in self.corpus.values() for file in live.files)
        return [CorpusFile(file, *sum_stored(lake.files, file)) for file in files]


def derive_links(mentions: str, name_links: str) -> str:
    """Return SQL for the rows of `entity_links`, given SQL for the rows that they follow from."""
    query = load_sql(QUERIES, "entity_links").format(mentions=mentions, name_links=name_links)
    return f"({query})"


def resolved_links(snapshot: Snapshot) -> str:
    """Return SQL for the links of the mentions of a snapshot, by the newest links of names."""
    names = snapshot.lake.relation_sql(NAME_LINKS)
    return derive_links(snapshot.relation_sql(MENTIONS), names)


def find_resolved(lake: Lake) -> Snapshot:
    """Return the snapshot that the entities were made from, or the newest where there are none.

    Whoever makes another table over all bundles, or publishes them, opens this one: bundles that
    are delivered meanwhile wait for the next run, and never keep this one from being published.

    Raises: SnapshotError: if it is not there any more.
    """
    entities = lake.open(ENTITIES)
    version = None if entities is None else made_from(entities)
    return lake.snapshot() if version is None or version < 0 else lake.snapshot(version=version)


def find_contents(snapshot: Snapshot, *, code: str = "") -> Contents | None:
    """Return `snapshot` with its corpus, or None until all corpus tables were made from it.

    The corpus tables must come from `code` too: two runs over one snapshot with other decisions
    of people make other entities, and their tables do not go together.
    """
    made = {}
    for table in CORPUS_TABLES:
        delta = snapshot.lake.open(table)
        if delta is None or not is_made_from(delta, snapshot.version, code=code):
            return None
        made[table.name] = live_in(delta, table)
    return Contents(snapshot, made)
