"""Name the steps over all bundles, from entities to what readers see, one function each.

Each makes its rows from one snapshot of what is delivered (`copydesk.steps`).
"""

from datetime import datetime
from itertools import chain
from pathlib import Path

from copydesk.corrections.corpus import list_untaken, record_verdict
from copydesk.corrections.folder import DecisionFiles
from copydesk.decided import read_decided
from copydesk.entities.counts import READ as READ_FOR_NAMES
from copydesk.entities.counts import kept_sql
from copydesk.entities.id_list import read_list
from copydesk.entities.overrides import Action
from copydesk.entities.update import update_entities
from copydesk.entities.wikidata import Named, link_ids
from copydesk.lake.contents import Contents, find_contents, find_resolved
from copydesk.lake.delta import CorpusRows
from copydesk.lake.kept import forget_parts, number_parts
from copydesk.lake.lake import Lake, Snapshot
from copydesk.lake.ledger import Publication
from copydesk.lake.sql import count_differing
from copydesk.lake.verify import refuse_damage, refuse_older
from copydesk.outlets.resolve import judge_outlets
from copydesk.outlets.resolve import resolve_outlets as outlets_of
from copydesk.publishing.catalogue import publish
from copydesk.publishing.people import READ as READ_FOR_PEOPLE
from copydesk.publishing.versions import (
    catalogue_version,
    hash_corpus_code,
    published_versions,
    table_version,
)
from copydesk.statements.update import READ as READ_FOR_GROUPS
from copydesk.statements.update import update_groups
from copydesk.stories.facts import READ as READ_FOR_FACTS
from copydesk.stories.features import READ as READ_FOR_STORIES
from copydesk.stories.update import update_stories
from copydesk.tables import (
    CORPUS_CORRECTIONS,
    CORPUS_TABLES,
    ENTITIES,
    NAME_COUNTS,
    NAME_LINKS,
    OUTLETS,
    PEOPLE_COUNTS,
    QUOTE_FEATURES,
    QUOTE_GROUPS,
    REPORT_FEATURES,
    STORIES,
    TEXT_FEATURES,
    Tables,
)

ENTITY_TABLES: Tables = (ENTITIES, NAME_LINKS, CORPUS_CORRECTIONS)


def resolve_mentions(
    lake: Lake, *, decisions: DecisionFiles, is_whole: bool = False
) -> tuple[CorpusRows, CorpusRows, CorpusRows]:
    """Return the rows of `ENTITY_TABLES`; what people have decided comes last.

    The third table says what became of it, and of the corrections that no page takes up.

    Raises: LakeError: where a file is not as it was delivered, or lacks columns that are read;
        nothing is made of it.
    """
    refuse_older(lake)
    snapshot = lake.snapshot()
    refuse_damage(snapshot)
    code = hash_corpus_code(decisions)
    decided = read_decided(decisions)
    resolved, way = update_entities(
        snapshot,
        version=table_version(NAME_COUNTS),
        overrides=[each for _, each in decided.entities],
        is_whole=is_whole,
    )
    of_outlets = judge_outlets(snapshot, [each for _, each in decided.outlets])
    signed = [signed for signed, _ in (*decided.entities, *decided.outlets)]
    judged = {  # a row that is there twice is one
        by.correction_id: record_verdict(by, verdict)
        for by, verdict in zip(signed, (*resolved.verdicts, *of_outlets), strict=True)
    }
    untaken = list_untaken(snapshot, decided.all_rows)
    corrections = CORPUS_CORRECTIONS.spool(chain(judged.values(), untaken))
    return (
        CorpusRows(resolved.entities, snapshot.version, code, way=way),
        CorpusRows(resolved.names, snapshot.version, code, way=way),
        CorpusRows(corrections, snapshot.version, code),
    )


def resolve_outlets(lake: Lake, *, decisions: DecisionFiles) -> CorpusRows:
    """Return the outlets, each with its one name; what people have decided comes last."""
    snapshot = find_resolved(lake)
    code = hash_corpus_code(decisions)
    overrides = [each for _, each in read_decided(decisions).outlets]
    return CorpusRows(outlets_of(snapshot, overrides=overrides), snapshot.version, code)


def cluster_articles(lake: Lake, *, decisions: DecisionFiles, is_whole: bool = False) -> CorpusRows:
    """Return the stories: the articles that are one text, and the texts that report one event."""
    snapshot = find_resolved(lake)
    code = hash_corpus_code(decisions)
    version = table_version(STORIES)
    return update_stories(snapshot, code=code, version=version, is_whole=is_whole)


def group_statements(lake: Lake, *, decisions: DecisionFiles, is_whole: bool = False) -> CorpusRows:
    """Return the quotations that render one statement, by group."""
    snapshot = find_resolved(lake)
    code = hash_corpus_code(decisions)
    version = table_version(QUOTE_GROUPS)
    return update_groups(snapshot, code=code, version=version, is_whole=is_whole)


def publish_catalogue(
    lake: Lake,
    *,
    path: Path,
    decisions: DecisionFiles,
    published_at: datetime,
    id_list: Path | None = None,
) -> Publication | None:
    """Put the catalogue of the resolved snapshot at `path`, or return None where it is out of date.

    Then a decision changed after the entities were made, or another run published something newer.
    `id_list` has the ids of Wikidata that the user provides, if there is such a file.

    Raises: ListError: if that file cannot be read.
    """
    contents = find_contents(find_resolved(lake), code=hash_corpus_code(decisions))
    if contents is None:
        return None
    published = publish(
        contents,
        path=path,
        code_versions=published_versions(decisions, id_list=id_list),
        published_at=published_at,
        ids=link_ids(
            read_list(id_list),
            contents.relation_sql(ENTITIES),
            dropping=_find_dropping(contents, decisions),
        ),
    )
    if lake.withdrawals():
        forget_withdrawn(find_resolved(lake))
    return published


def _find_dropping(contents: Contents, decisions: DecisionFiles) -> Named | None:
    """Return where the names of dropped entities are found; None where no decision drops one."""
    if not any(each.action is Action.DROP for _, each in read_decided(decisions).entities):
        return None
    snapshot = contents.snapshot
    parts = number_parts(snapshot, READ_FOR_NAMES, code=table_version(NAME_COUNTS))
    return Named(kept_sql(snapshot.lake, parts), contents.relation_sql(NAME_LINKS))


def compare_with_whole(lake: Lake, *, decisions: DecisionFiles) -> dict[str, int] | None:
    """Make all rows over all bundles again; return how many rows of each table were others before.

    There should be none. None is returned where the tables are not those of the newest snapshot and
    of this code: then the next publication comes first.

    Raises: LakeError: as `resolve_mentions` does.
    """
    code = hash_corpus_code(decisions)
    contents = find_contents(lake.snapshot(), code=code)
    if contents is None:
        return None
    before = {table: contents.relation_sql(table) for table in CORPUS_TABLES}
    resolved = resolve_mentions(lake, decisions=decisions, is_whole=True)
    for table, rows in zip(ENTITY_TABLES, resolved, strict=True):
        lake.replace_corpus(table, rows)
    lake.replace_corpus(OUTLETS, resolve_outlets(lake, decisions=decisions))
    stories = cluster_articles(lake, decisions=decisions, is_whole=True)
    lake.replace_corpus(STORIES, stories)
    groups = group_statements(lake, decisions=decisions, is_whole=True)
    lake.replace_corpus(QUOTE_GROUPS, groups)
    return {
        table.name: count_differing(rows, lake.relation_sql(table))
        for table, rows in before.items()
    }


def forget_withdrawn(snapshot: Snapshot) -> None:
    """Remove what is kept of bundles as they were before the last withdrawals.

    What a later run compares with is the snapshot that has just been published.
    """
    read_from = (
        (NAME_COUNTS, READ_FOR_NAMES, table_version(NAME_COUNTS)),
        (QUOTE_FEATURES, READ_FOR_GROUPS, table_version(QUOTE_GROUPS)),
        (TEXT_FEATURES, READ_FOR_STORIES, table_version(STORIES)),
        (REPORT_FEATURES, READ_FOR_FACTS, table_version(STORIES)),
        (PEOPLE_COUNTS, READ_FOR_PEOPLE, catalogue_version()),
    )
    for kept, tables, code in read_from:
        parts = number_parts(snapshot, tables, code=code)
        if snapshot.lake.open(kept) is not None:
            forget_parts(snapshot.lake, kept, parts)
