"""Resolve the names of all articles to entities: one person, one row.

Inside an article the names of one bearer are chained already (`copydesk.names`). Here the best
names of all chains are joined: equal names, spellings of one full name, and bare surnames that
only one person bears. A name with two possible bearers stays by itself, because a wrong merge is
worse than a split.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import pyarrow as pa

from copydesk.lake import Snapshot, connect
from copydesk.lexicons.words import load_countries
from copydesk.model import Entity, EntityLink, content_id
from copydesk.names import compare_key, is_same_person
from copydesk.tables import BATCH_ROWS, MENTIONS

CHAINED_SQL = """
FROM {mentions} AS m JOIN {mentions} AS head ON head.mention_id = m.chain_id
"""
NAMES_SQL = """
SELECT head.label, head.text AS name, count(*) AS n_mentions {chained} GROUP BY ALL ORDER BY ALL
"""
ALIASES_SQL = """
SELECT head.label, head.text AS name, m.article_id, count(*) AS n_mentions,
       list_sort(list(DISTINCT m.text) FILTER (m.kind = 'named')) AS aliases
{chained} GROUP BY ALL ORDER BY ALL
"""
LINKS_SQL = """
SELECT m.mention_id, m.chain_rule, head.label, head.text AS name {chained} ORDER BY m.mention_id
"""
COUNTRY_LABELS = frozenset({"GPE", "LOC"})


class NameKey(NamedTuple):
    """A name with its type, as it heads a chain in some article."""

    label: str
    name: str


class Bearer(NamedTuple):
    """What a name was resolved to: the name of its entity, and the rule that joined them."""

    key: NameKey
    rule: str


RULE_SCORES = {
    "own_name": 1.0,
    "same_name": 1.0,
    "country_name": 1.0,
    "variant_spelling": 0.9,
    "sole_surname": 0.8,
    "ambiguous_name": 0.5,
}
"""How far each rule is trusted; the rules inside an article have the scores below."""

CHAIN_SCORES = {"misspelt_surname": 0.8, "given_name": 0.85, "pronoun": 0.75, "title": 0.8}
"""How far a rule inside an article is trusted; those that do not stand here are certain."""


def resolve_entities(snapshot: Snapshot) -> Iterator[Entity | EntityLink]:
    """Yield the entities of all articles, each before the links of its mentions."""
    chained = CHAINED_SQL.format(mentions=snapshot.relation_sql(MENTIONS))
    counts = {
        NameKey(label, name): n
        for label, name, n in connect().sql(NAMES_SQL.format(chained=chained)).fetchall()
    }
    bearers = join_names(counts)
    yield from _gather_entities(chained, bearers)
    links = connect().sql(LINKS_SQL.format(chained=chained)).to_arrow_reader(BATCH_ROWS)
    yield from _gather_links(links, bearers)


def join_names(counts: Mapping[NameKey, int]) -> dict[NameKey, Bearer]:
    """Return the bearer of each name, given how often each one is mentioned.

    Every name has one bearer and bearers have no bearer but themselves, so joins cannot chain.
    """
    ranked = sorted(counts, key=lambda key: (-counts[key], -len(key.name), key))
    bearers: dict[NameKey, Bearer] = {}
    by_form: dict[tuple[str, str], NameKey] = {}
    by_surname: dict[str, list[NameKey]] = defaultdict(list)
    for key in ranked:
        form = _form_of(key)
        first = by_form.setdefault(form, key)
        rule = "own_name" if first == key else "same_name"
        if form[0] == "country" and first != key:
            rule = "country_name"
        if first == key and key.label == "PERSON" and " " in key.name:
            surname = compare_key(key.name).split()[-1]
            same = [other for other in by_surname[surname] if is_same_person(other.name, key.name)]
            if len(same) == 1:
                first, rule = same[0], "variant_spelling"
                by_form[form] = first
            else:
                by_surname[surname].append(key)
        bearers[key] = Bearer(first, rule)
    for key in ranked:
        if key.label == "PERSON" and " " not in key.name and bearers[key].key == key:
            bearers[key] = _bearer_of_surname(key, by_surname[compare_key(key.name)])
    return {key: Bearer(bearers[bearer.key].key, bearer.rule) for key, bearer in bearers.items()}


def _form_of(key: NameKey) -> tuple[str, str]:
    """Return what two names must share to be one: the country, or type and compared form."""
    code = _country_codes().get(compare_key(key.name)) if key.label in COUNTRY_LABELS else None
    return (key.label, compare_key(key.name)) if code is None else ("country", code)


@cache
def _country_codes() -> dict[str, str]:
    return {compare_key(name): code for name, code in load_countries().items()}


def _bearer_of_surname(key: NameKey, people: Sequence[NameKey]) -> Bearer:
    if len(people) == 1:
        return Bearer(people[0], "sole_surname")
    return Bearer(key, "ambiguous_name" if people else "own_name")


def _gather_entities(chained: str, bearers: Mapping[NameKey, Bearer]) -> Iterator[Entity]:
    n_mentions: dict[NameKey, int] = defaultdict(int)
    articles: dict[NameKey, set[str]] = defaultdict(set)
    aliases: dict[NameKey, set[str]] = defaultdict(set)
    rows = connect().sql(ALIASES_SQL.format(chained=chained)).fetchall()
    for label, name, article_id, n, texts in rows:
        key = bearers[NameKey(label, name)].key
        n_mentions[key] += n
        articles[key].add(article_id)
        aliases[key].update(texts or [])
    for key in sorted(n_mentions):
        form = _form_of(key)
        yield Entity(
            entity_id=_entity_id(key),
            name=key.name,
            label="GPE" if form[0] == "country" else key.label,
            aliases=sorted(aliases[key]),
            n_mentions=n_mentions[key],
            n_articles=len(articles[key]),
            country_code=form[1] if form[0] == "country" else None,
        )


def _gather_links(
    links: pa.RecordBatchReader, bearers: Mapping[NameKey, Bearer]
) -> Iterator[EntityLink]:
    for batch in links:
        for mention_id, chain_rule, label, name in zip(
            *(column.to_pylist() for column in batch.columns), strict=True
        ):
            bearer = bearers[NameKey(label, name)]
            is_own = bearer.rule in {"own_name", "same_name"}
            score = RULE_SCORES[bearer.rule] * CHAIN_SCORES.get(chain_rule, 1.0)
            yield EntityLink(
                mention_id=mention_id,
                entity_id=_entity_id(bearer.key),
                rule=chain_rule if is_own else bearer.rule,
                score=round(score, 3),
            )


def _entity_id(key: NameKey) -> str:
    return content_id("entity", *_form_of(key))
