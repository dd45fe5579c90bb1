"""Give entities their ids of Wikidata, from the list that the user provides.

A row of the list leads to the entity that goes by exactly its name, canonical or alias, and is of
its kind. Whatever leaves a doubt gives no id, and each row says what became of it, and why.
"""

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

import pyarrow as pa

from copydesk.entities.forms import create_forms, create_table
from copydesk.entities.id_list import Listed
from copydesk.lake.sql import connect, load_sql
from copydesk.lexicons.language import ENGLISH, Language
from copydesk.rows import WikidataId
from copydesk.values import IdStatus

QUERIES = "copydesk.entities.queries"
GIVEN: dict[str, pa.DataType] = {"line": pa.int64(), "name": pa.string()}
DROPPED = "a correction drops the entity of this name"
MAX_NAMED = 3  # entities, in a sentence


class Candidate(NamedTuple):
    """An entity that goes by a name."""

    entity_id: str
    name: str
    label: str


class Named(NamedTuple):
    """SQL for FROM clauses: the names that articles have, and those of them that have an entity."""

    counts: str
    links: str


def link_ids(
    listed: Sequence[Listed],
    entities: str,
    *,
    dropping: Named | None = None,
    language: Language = ENGLISH,
) -> list[WikidataId]:
    """Return what became of each row, given SQL for a FROM clause that yields the entities.

    `dropping` is needed where people have dropped entities: it tells their names from those that no
    article has.
    """
    found: dict[int, list[Candidate]] = defaultdict(list)
    dropped: set[int] = set()
    if listed:
        connection = connect()
        create_forms(connection, language)
        given = {
            name: pa.array([getattr(row, name) for row in listed], type=arrow_type)
            for name, arrow_type in GIVEN.items()
        }
        create_table(connection, "listed", pa.table(given))
        query = load_sql(QUERIES, "wikidata_candidates").format(entities=entities)
        for line, *candidate in connection.execute(query).fetchall():
            found[line].append(Candidate(*candidate))
        if dropping is not None:
            query = load_sql(QUERIES, "dropped_names").format(**dropping._asdict())
            dropped = {line for (line,) in connection.execute(query).fetchall()}
    return judge_rows(listed, found, dropped=dropped)


def judge_rows(
    listed: Sequence[Listed],
    found: Mapping[int, Sequence[Candidate]],
    *,
    dropped: Container[int] = (),
) -> list[WikidataId]:
    """Return what became of each row, given the entities that go by its name, by its line.

    `dropped` are the lines whose name is that of an entity which a correction has dropped.

    An entity has an id where one entity is left for the row, no row gives it another id, and none
    gives its id to another entity. Of several rows that agree, the first gives the id.
    """
    left = {row.line: _keep_kind(row, found.get(row.line, ())) for row in listed}
    claims = [
        _Claim(row.line, left[row.line][0].entity_id, row.wikidata_id)
        for row in listed
        if len(left[row.line]) == 1 and row.wikidata_id is not None
    ]
    of_entity: dict[str, list[_Claim]] = defaultdict(list)
    of_id: dict[str, list[_Claim]] = defaultdict(list)
    for claim in claims:
        of_entity[claim.entity_id].append(claim)
        of_id[claim.wikidata_id].append(claim)
    by_line = {claim.line: claim for claim in claims}

    def judge(row: Listed) -> tuple[IdStatus, str]:
        if row.problem is not None:
            return IdStatus.INVALID, row.problem
        if row.line not in by_line:
            known = found.get(row.line, ())
            return _explain_none(row, known, left[row.line], is_dropped=row.line in dropped)
        claim = by_line[row.line]
        rivals = [each for each in of_entity[claim.entity_id] if each[2] != claim.wikidata_id]
        if rivals:
            return IdStatus.SEVERAL_IDS, f"line {rivals[0].line} says {rivals[0].wikidata_id}"
        others = [each for each in of_id[claim.wikidata_id] if each[1] != claim.entity_id]
        if others:
            (other,) = left[others[0].line]
            return IdStatus.SEVERAL_ENTITIES, f"line {others[0].line} says so of {_name([other])}"
        first = of_entity[claim.entity_id][0]
        if first.line != claim.line:
            return IdStatus.REPEATED, f"line {first.line} says so already"
        return IdStatus.LINKED, ""

    return [_describe(row, *judge(row), left[row.line]) for row in listed]


class _Claim(NamedTuple):
    """A row of which one entity is left: it says that the entity has this id."""

    line: int
    entity_id: str
    wikidata_id: str


def _keep_kind(row: Listed, found: Sequence[Candidate]) -> list[Candidate]:
    return [] if row.problem else [each for each in found if each.label in row.labels]


def _explain_none(
    row: Listed, found: Sequence[Candidate], left: Sequence[Candidate], *, is_dropped: bool
) -> tuple[IdStatus, str]:
    if left:
        return IdStatus.AMBIGUOUS, f"the name may mean {_name(left)}"
    if found:
        return IdStatus.OTHER_KIND, f"of this name there is {_name(found)}, no {row.kind}"
    if is_dropped:
        return IdStatus.DROPPED, DROPPED
    return IdStatus.NO_ENTITY, "nobody and nothing has this name in the articles"


def _name(entities: Sequence[Candidate]) -> str:
    named = [f"{each.name} ({each.label}, {each.entity_id})" for each in entities[:MAX_NAMED]]
    more = len(entities) - len(named)
    return ", ".join([*named, f"{more:,} more"] if more else named)


def _describe(row: Listed, status: IdStatus, detail: str, left: Sequence[Candidate]) -> WikidataId:
    return WikidataId(
        line=row.line,
        name=row.name,
        kind=row.kind,
        wikidata_id=row.wikidata_id,
        description=row.description,
        entity_id=left[0].entity_id if status is IdStatus.LINKED else None,
        status=status,
        detail=detail,
        candidate_ids=[each.entity_id for each in left],
    )
