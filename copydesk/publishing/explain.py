"""Explain what the published tables hold: a quotation, a line, an article, an entity or a group."""

from collections.abc import Iterator
from typing import Any

import duckdb

from copydesk.errors import UnknownIdError
from copydesk.lake.sql import load_sql
from copydesk.publishing.explain_rows import (
    explain_article,
    explain_line,
    explain_quote,
    mean,
)
from copydesk.publishing.explanation import Explanation, Fact, Link, Lost
from copydesk.publishing.published import IdKind, KnownId, read_page, read_rows
from copydesk.tables import QUOTES
from copydesk.values import CorrectionKind, IdStatus

QUERIES = "copydesk.publishing.queries"
VERSIONS = "versions"  # the column of the table `origin`
AMBIGUOUS = "ambiguous_name"
WIKIDATA = "wikidata"
VERSIONS_OF = {
    IdKind.QUOTATION: ("segments", "mentions", "quotes", "entity_links"),
    IdKind.LINE: ("raw_articles", "segments"),
    IdKind.ARTICLE: ("raw_articles", "segments", "articles", "article_facts"),
    IdKind.ENTITY: ("mentions", "entities", "name_links"),
    IdKind.GROUP: ("quotes", "quote_groups"),
}
"""The tables whose versions say what an explanation was made with."""


def explain_id(connection: duckdb.DuckDBPyConnection, known: KnownId) -> Explanation:
    """Return why something is as it is, from the published tables.

    Raises: UnknownIdError: if nothing has this id.
    """
    if known.kind is IdKind.ENTITY:
        made = _explain_entity(connection, known.id)
    elif known.kind is IdKind.GROUP:
        made = _explain_group(connection, known.id)
    elif known.kind is IdKind.QUOTATION:
        made = _explain_quotation(connection, known.id)
    else:
        made = _explain_page(connection, known)
    made.versions.extend(_list_versions(connection, known.kind))
    return made


def _explain_quotation(connection: duckdb.DuckDBPyConnection, quote_id: str) -> Explanation:
    found = read_rows(connection, QUOTES, quote_id=quote_id)
    if not found:
        msg = f"{quote_id}: no quotation has this id"
        raise UnknownIdError(msg)
    (quote,) = found
    made = explain_quote(read_page(connection, quote.article_id), quote)
    linked = _ask(connection, "explain_link", mention_id=quote.speaker_mention_id)
    for entity_id, name, label, rule, score in linked:
        what = f"{label} over all articles, {entity_id}"
        made.chain.append(Link(name, what, rule, mean("links", rule), score))
    if quote.speaker_mention_id is not None and not linked:
        made.lost.append(Lost("any entity", "the name was dropped, or is linked to nobody"))
    _add_corrections(connection, made, quote.article_id, target=quote_id, kind=CorrectionKind.QUOTE)
    return made


def _explain_page(connection: duckdb.DuckDBPyConnection, known: KnownId) -> Explanation:
    page = read_page(connection, known.id)
    if known.seq is None:
        made = explain_article(page)
        _add_corrections(connection, made, known.id, target=None, kind=None)
        return made
    line = explain_line(page, known.seq)
    if line is None:
        msg = f"{known.id}:{known.seq}: the page has lines 0 to {len(page.segments) - 1}"
        raise UnknownIdError(msg)
    _add_corrections(connection, line, known.id, target=str(known.seq), kind=CorrectionKind.LINE)
    return line


def _explain_entity(connection: duckdb.DuckDBPyConnection, entity_id: str) -> Explanation:
    query = "SELECT name, label, aliases, n_mentions, n_articles FROM entities WHERE entity_id = ?"
    found = connection.execute(query, [entity_id]).fetchall()
    if not found:
        msg = f"{entity_id}: no entity has this id"
        raise UnknownIdError(msg)
    ((name, label, aliases, n_mentions, n_articles),) = found
    linked = _ask(connection, "explain_names", entity_id=entity_id)
    others = _ask(connection, "explain_others", entity_id=entity_id, name=name)
    is_ambiguous = any(rule == AMBIGUOUS for _, rule, *_ in linked)
    reason = "more than one may be meant" if is_ambiguous else "no rule joins them"
    return Explanation(
        id=entity_id,
        kind="entity",
        title=f"{name} ({label})",
        facts=[
            Fact("names", ", ".join(aliases)),
            Fact("mentions", f"{n_mentions:,} in {_count(n_articles, 'article')}"),
            *(Fact(WIKIDATA, said) for said in _list_ids(connection, entity_id)),
        ],
        chain=[
            Link(text, f"of {each}, {_count(n, 'mention')}", rule, mean("links", rule), score)
            for each, rule, score, n, _, text, _ in linked
        ],
        lost=[Lost(f"{other} ({kind})", reason) for other, kind, _ in others],
    )


def _list_ids(connection: duckdb.DuckDBPyConnection, entity_id: str) -> Iterator[str]:
    """Yield what the list of ids of Wikidata says of an entity, or why that counts for nothing."""
    for line, wikidata_id, description, status, detail in _ask(
        connection, "explain_ids", entity_id=entity_id
    ):
        said = f"{wikidata_id}{'' if description is None else f' ({description})'}, line {line}"
        yield said if status == IdStatus.LINKED else f"not {said}: {detail}"


def _explain_group(connection: duckdb.DuckDBPyConnection, group_id: str) -> Explanation:
    rows = _ask(connection, "explain_group", group_id=group_id)
    if not rows:
        msg = f"{group_id}: no quotation group has this id"
        raise UnknownIdError(msg)
    facts = []
    for quote_id, relation, rule, score, difference, is_misquote, is_head, *row in rows:
        content, reason, outlet, day, speaker = row
        who = speaker or f"nobody known ({reason})"
        where = f"{outlet}{'' if day is None else f', {day}'}"
        joined = "head: the longest" if is_head else f"{relation} by {rule} ({score:.2f})"
        doubt = "; may misquote" if is_misquote else ""
        differs = f"; differs: {difference}" if difference else ""
        facts.append(Fact(quote_id, f"“{content}”, {who}, {where}; {joined}{differs}{doubt}"))
    title = f"{_count(len(rows), 'rendering')} of “{rows[0][7]}”"
    return Explanation(id=group_id, kind="group", title=title, facts=facts)


def _add_corrections(
    connection: duckdb.DuckDBPyConnection,
    made: Explanation,
    article_id: str,
    *,
    target: str | None,
    kind: CorrectionKind | None,
) -> None:
    rows = _ask(connection, "explain_corrections", article_id=article_id, target=target, kind=kind)
    for status, correction, before, after, detail, author, day, note in rows:
        change = f": {before} → {after}" if before is not None and after is not None else ""
        why = "; ".join(filter(None, (detail, note)))
        signed = f"{author}, {day}{f'; {why}' if why else ''}"
        made.corrections.append(Fact(status, f"{correction}{change} ({signed})"))


def _list_versions(connection: duckdb.DuckDBPyConnection, kind: IdKind) -> Iterator[Fact]:
    """Yield the code versions of the tables that an explanation was made from."""
    origin = connection.execute("FROM origin")
    names = [column[0] for column in origin.description]
    stated = dict(zip(names, origin.fetchall()[0], strict=True)).get(VERSIONS)  # old files lack it
    versions = dict(each.split("=", 1) for each in stated or ())
    yield from (Fact(name, versions[name]) for name in VERSIONS_OF[kind] if name in versions)


def _ask(
    connection: duckdb.DuckDBPyConnection, query: str, **values: str | None
) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = connection.execute(load_sql(QUERIES, query), values).fetchall()
    return rows


def explain_name(connection: duckdb.DuckDBPyConnection, name: str) -> Iterator[str]:
    """Yield, line by line, each entity of that name or alias, and what was linked to it and why.

    If no entity has the name, nothing is yielded.
    """
    found = connection.execute(load_sql(QUERIES, "explain_entities"), {"name": name}).fetchall()
    for entity_id, best, label, country_code, n_mentions, n_articles in found:
        country = "" if country_code is None else f", country {country_code}"
        yield f"{best} ({label}{country}) {entity_id}"
        yield f"  {_count(n_mentions, 'mention')} in {_count(n_articles, 'article')}"
        yield from (f"  {WIKIDATA} {said}" for said in _list_ids(connection, entity_id))
        linked = connection.execute(
            load_sql(QUERIES, "explain_names"), {"entity_id": entity_id}
        ).fetchall()
        for each, rule, score, n, n_each, text, article in linked:
            count = f"{_count(n, 'mention')} in {_count(n_each, 'article')}"
            yield f"  {each}: {rule} ({score:.2f}), {count}, e.g. “{text}” in “{article}”"
        is_ambiguous = any(rule == AMBIGUOUS for _, rule, *_ in linked)
        others = connection.execute(
            load_sql(QUERIES, "explain_others"), {"entity_id": entity_id, "name": best}
        ).fetchall()
        if others:
            yield (
                "  not linked, because more than one may be meant:"
                if is_ambiguous
                else "  not linked, because no rule joins them:"
            )
            yield from (
                f"    {other} ({kind}), {_count(n, 'mention')}" for other, kind, n in others
            )
        yield ""


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
