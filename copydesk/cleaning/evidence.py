"""Harvest what a page says about itself: headline, byline, dateline, outlet, date.

Evidence is collected before boilerplate is dropped, because a disclaimer is often the only
proof of the outlet. Conflicting evidence is kept; the most trusted piece fills the column.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from copydesk.cleaning.dateline import match_dateline
from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import read_lexicon
from copydesk.rows import ArticleFact, Field, Label, RawArticle, Segment, Span
from copydesk.text.dates import find_date

GIVEN_CONFIDENCE = 0.95  # delivered with the page: the site or the scraper knew it
DESCRIPTION_CONFIDENCE = 0.5  # a page's description is written for search engines
DATELINE_CONFIDENCE = 0.9
URL_DATE_CONFIDENCE = 0.7  # the day of a URL is that of filing
DATE_CONFIDENCES = {"date_in_dateline": DATELINE_CONFIDENCE, "date_line": 0.85}
URL_DATE = re.compile(r"/(?P<day>(?:19|20)\d\d/\d{1,2}/\d{1,2})(?:/|$)")
COLUMNS = frozenset(field.value for field in Field)
SEGMENT_FIELDS = {Label.HEADLINE: Field.HEADLINE, Label.DECK: Field.DECK}


class Evidence(NamedTuple):
    """What a piece of evidence says, by which rule, and how far it is trusted."""

    field: Field
    value: str
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True)
class FactRule:
    """A named pattern that proves a field, and the segments that it looks at."""

    name: str
    field: Field
    labels: frozenset[Label]
    confidence: float
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class FactLexicon:
    """Where the words of a page prove something about it."""

    date_labels: frozenset[Label]
    rules: tuple[FactRule, ...]


@cache
def load_fact_lexicon(language: Language) -> FactLexicon:
    """Return the rules that read facts in the words of a page."""
    table = read_lexicon(language, "facts")
    rules = tuple(
        FactRule(
            name=row["name"],
            field=Field(row["field"]),
            labels=frozenset(Label(label) for label in row["labels"]),
            confidence=row["confidence"],
            pattern=re.compile(row["pattern"], re.IGNORECASE),
        )
        for row in table["rule"]
    )
    return FactLexicon(frozenset(Label(label) for label in table["date_labels"]), rules)


def harvest_facts(
    raw: RawArticle, segments: Sequence[Segment], *, language: Language = ENGLISH
) -> list[ArticleFact]:
    """Return the evidence on a page, in the order of its fields; the best of a field first."""
    found = [*_given_facts(raw, language)]
    for segment in segments:
        found.extend(_segment_facts(raw, segment, language))
    order = list(Field)
    return sorted(
        _distinct(found), key=lambda f: (order.index(f.field), -f.confidence, f.start or 0)
    )


def _distinct(facts: Sequence[ArticleFact]) -> list[ArticleFact]:
    """Return the facts with one for each key of the table: the most trusted one."""
    best: dict[tuple[str, int | None, str], ArticleFact] = {}
    for fact in facts:
        key = (fact.field, fact.start, fact.value)
        if key not in best or fact.confidence > best[key].confidence:
            best[key] = fact
    return list(best.values())


def _given_facts(raw: RawArticle, language: Language) -> Iterator[ArticleFact]:
    for given in raw.given:
        if given.name not in COLUMNS:  # a section, a length: no column of `articles`
            continue
        field = Field(given.name)
        value: str | None = " ".join(given.value.split())
        if field is Field.PUBLISHED_ON:
            stated = find_date(given.value, language=language)
            value = stated.value if stated else None
        confidence = DESCRIPTION_CONFIDENCE if field is Field.DECK else GIVEN_CONFIDENCE
        if value:
            yield _fact(raw, Evidence(field, value, "given_with_page", confidence))
    dated = URL_DATE.search(raw.url or "")
    stated = find_date(dated["day"], language=language) if dated else None
    if stated:
        found = Evidence(Field.PUBLISHED_ON, stated.value, "date_in_url", URL_DATE_CONFIDENCE)
        yield _fact(raw, found)


def _segment_facts(raw: RawArticle, segment: Segment, language: Language) -> Iterator[ArticleFact]:
    text = raw.text[segment.start : segment.end]
    field = SEGMENT_FIELDS.get(segment.label)
    if field is not None:
        value = " ".join(text.split())
        found = Evidence(field, value, segment.rule, segment.score)
        yield _fact(raw, found, Span(segment.start, segment.end))
    if segment.label is Label.DATELINE:
        yield from _dateline_facts(raw, segment, language)
    lexicon = load_fact_lexicon(language)
    for rule in lexicon.rules:
        match = rule.pattern.match(text) if segment.label in rule.labels else None
        if match is not None:
            found = Evidence(rule.field, match["value"], rule.name, rule.confidence)
            yield _fact(raw, found, _shift(match.span("value"), segment))
    if segment.label in lexicon.date_labels:
        yield from _date_facts(raw, segment, "date_line", language)


def _dateline_facts(raw: RawArticle, segment: Segment, language: Language) -> Iterator[ArticleFact]:
    text = raw.text[segment.start : segment.end]
    match = match_dateline(text + "X", language=language)  # it looks ahead at the lede's first word
    if match is None:
        return
    for group, field in (("place", Field.DATELINE_PLACE), ("agency", Field.AGENCY)):
        if match[group]:
            found = Evidence(field, match[group], segment.rule, DATELINE_CONFIDENCE)
            yield _fact(raw, found, _shift(match.span(group), segment))
    yield from _date_facts(raw, segment, "date_in_dateline", language)


def _date_facts(
    raw: RawArticle, segment: Segment, rule: str, language: Language
) -> Iterator[ArticleFact]:
    stated = find_date(raw.text[segment.start : segment.end], language=language)
    if stated is not None:
        found = Evidence(Field.PUBLISHED_ON, stated.value, rule, DATE_CONFIDENCES[rule])
        yield _fact(raw, found, _shift((stated.start, stated.end), segment))


def _shift(span: tuple[int, int], segment: Segment) -> Span:
    """Return a span of a segment's text as one of the page."""
    return Span(segment.start + span[0], segment.start + span[1])


def _fact(raw: RawArticle, evidence: Evidence, span: Span | None = None) -> ArticleFact:
    return ArticleFact(
        article_id=raw.article_id,
        field=evidence.field,
        value=evidence.value,
        start=None if span is None else span.start,
        end=None if span is None else span.end,
        rule=evidence.rule,
        confidence=evidence.confidence,
        bundle=raw.bundle,
    )
