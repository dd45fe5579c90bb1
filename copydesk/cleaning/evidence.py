"""Harvest what a page says about itself: headline, byline, dateline, outlet, date.

Evidence is collected before boilerplate is dropped, because a disclaimer is often the only
proof of the outlet. Conflicting evidence is kept; the most trusted piece fills the column.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from copydesk.cleaning.dateline import match_dateline
from copydesk.cleaning.given import (
    ALONE,
    PUBLISHER_AS_AUTHOR,
    Evidence,
    Neighbours,
    clean_outlet,
    read_given,
)
from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import read_lexicon
from copydesk.rows import ArticleFact, RawArticle, Segment
from copydesk.text.bylines import clean_byline, opens_with_given_name, read_name_line
from copydesk.text.dates import StatedDate, find_date, find_dates
from copydesk.text.lines import WORD
from copydesk.text.sites import has_outlet_word, known_outlet
from copydesk.values import Field, Label, OutletKind, Span

DATELINE_CONFIDENCE = 0.9
ELSEWHERE_CONFIDENCE = 0.6  # above the headline is the day of retrieval, below the copy anything
URL_DATE_CONFIDENCE = 0.7  # the day of a URL is that of filing
URL_NUMBER_CONFIDENCE = 0.55  # of a number that may be a day; it may number the page too
MODIFIED_CONFIDENCE = 0.45  # a page that says when it was changed is older
MAX_CHARS_BEFORE_DATE = 40  # in which the word is that says what happened on the day
MAX_WORDS_AFTER_DATE = 25  # a second date, a time, who wrote it
ENTRY = (":", "–", "—", "-")
DATE_CONFIDENCES = {
    "date_in_dateline": DATELINE_CONFIDENCE,
    "date_line": 0.85,
    "date_elsewhere": ELSEWHERE_CONFIDENCE,
}
URL_DATE = re.compile(
    r"/(?P<year>(?:19|20)\d\d)(?P<mark>[/-])(?P<month>\d{1,2}|[a-z]{3,9})(?P=mark)(?P<day>\d{1,2})"
    r"(?=[/_.?#-]|$)",
    re.IGNORECASE,
)
URL_NUMBER = re.compile(
    r"(?<=[/_-])(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?=[/_.?#-]|$)"
)
NAME_LINE_CONFIDENCE = 0.4  # of a byline without a word that says so
NAME_LINE_LABELS = frozenset({Label.BOILERPLATE, Label.BYLINE})
DATELINE_GROUPS = (
    ("place", Field.DATELINE_PLACE),
    ("agency", Field.AGENCY),
    ("first_agency", Field.AGENCY),
)
SEGMENT_FIELDS = {Label.HEADLINE: Field.HEADLINE, Label.DECK: Field.DECK}


@dataclass(frozen=True, slots=True)
class FactRule:
    """A named pattern that proves a field, and the segments that it looks at."""

    name: str
    field: Field
    labels: frozenset[Label]
    confidence: float
    pattern: re.Pattern[str]
    finds_owner: bool
    """Whether it finds who owns a page, which is the outlet only where it is called like one."""


@dataclass(frozen=True, slots=True)
class FactLexicon:
    """Where the words of a page prove something about it."""

    date_labels: frozenset[Label]
    modified: re.Pattern[str]
    first: re.Pattern[str]
    undated: frozenset[str]
    """Rules for lines whose dates are not those of the article."""
    companies: re.Pattern[str]
    rules: tuple[FactRule, ...]
    rules_of: Mapping[Label, tuple[FactRule, ...]]
    """The rules that look at segments of each label, in their order."""


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
            finds_owner=row.get("finds_owner", False),
        )
        for row in table["rule"]
    )
    return FactLexicon(
        date_labels=frozenset(Label(label) for label in table["date_labels"]),
        modified=re.compile(rf"\b(?:{'|'.join(table['modified'])})\b", re.IGNORECASE),
        first=re.compile(rf"\b(?:{'|'.join(table['first'])})\b", re.IGNORECASE),
        undated=frozenset(table["undated"]),
        companies=re.compile(rf"\b(?:{'|'.join(table['companies'])})\.?$", re.IGNORECASE),
        rules=rules,
        rules_of={label: tuple(r for r in rules if label in r.labels) for label in Label},
    )


def harvest_facts(
    raw: RawArticle,
    segments: Sequence[Segment],
    *,
    neighbours: Neighbours = ALONE,
    language: Language = ENGLISH,
) -> list[ArticleFact]:
    """Return the evidence on a page, in the order of its fields; the best of a field first.

    `neighbours` is what the other pages of the bundle prove.
    """
    found = [*_given_facts(raw, neighbours, language)]
    shown = _find_head(segments)
    for segment in segments:
        found.extend(_segment_facts(raw, segment, language, is_in_head=segment.start in shown))
    names = [fact.rule for fact in found if fact.field is Field.BYLINE]
    if set(names) <= {PUBLISHER_AS_AUTHOR}:
        found.extend(_name_line_facts(raw, segments, has_author=bool(names), language=language))
    order = list(Field)
    return sorted(
        _distinct(found), key=lambda f: (order.index(f.field), -f.confidence, f.start or 0)
    )


def _find_head(segments: Sequence[Segment]) -> range:
    """Return where the lines between headline and copy are; all of a page that lacks the first."""
    headline = next((s.end for s in segments if s.label is Label.HEADLINE), 0)
    copy = next((s.start for s in segments if s.label is Label.BODY and s.start >= headline), None)
    last = segments[-1].end if segments else 0
    return range(headline, last if copy is None or not headline else copy)


def _distinct(facts: Sequence[ArticleFact]) -> list[ArticleFact]:
    """Return the facts with one for each key of the table: the most trusted one."""
    best: dict[tuple[str, int | None, str], ArticleFact] = {}
    for fact in facts:
        key = (fact.field, fact.start, fact.value)
        if key not in best or fact.confidence > best[key].confidence:
            best[key] = fact
    return list(best.values())


def _given_facts(
    raw: RawArticle, neighbours: Neighbours, language: Language
) -> Iterator[ArticleFact]:
    for evidence in read_given(raw, neighbours, language=language):
        yield _fact(raw, evidence)
    for pattern, confidence in (
        (URL_DATE, URL_DATE_CONFIDENCE),
        (URL_NUMBER, URL_NUMBER_CONFIDENCE),
    ):
        dated = pattern.search(raw.url or "")
        named = dated is not None and dated["month"].isalpha()
        day = "{2} {1} {0}" if named else "{0}-{1}-{2}"
        spelt = day.format(*dated.group("year", "month", "day")) if dated else ""
        if stated := find_date(spelt, language=language):
            yield _fact(raw, Evidence(Field.PUBLISHED_ON, stated.value, "date_in_url", confidence))
            return


def _segment_facts(
    raw: RawArticle, segment: Segment, language: Language, *, is_in_head: bool
) -> Iterator[ArticleFact]:
    if segment.label is Label.BLANK:
        return
    text = raw.text[segment.start : segment.end]
    field = SEGMENT_FIELDS.get(segment.label)
    if field is not None:
        value = " ".join(text.split())
        found = Evidence(field, value, segment.rule, segment.score)
        yield _fact(raw, found, Span(segment.start, segment.end))
    if segment.label is Label.DATELINE:
        yield from _dateline_facts(raw, segment, language)
    lexicon = load_fact_lexicon(language)
    for rule in lexicon.rules_of[segment.label]:
        match = rule.pattern.match(text)
        read = None if match is None else _read_value(rule, match["value"], raw, language)
        if match is not None and read:
            found = Evidence(rule.field, read, rule.name, rule.confidence)
            yield _fact(raw, found, _shift(match.span("value"), segment))
    if segment.label in lexicon.date_labels and segment.rule not in lexicon.undated:
        place = "date_line" if is_in_head else "date_elsewhere"
        yield from _date_facts(raw, segment, place, language)


def _read_value(rule: FactRule, value: str, raw: RawArticle, language: Language) -> str | None:
    """Return what a rule found as it is meant: the names in a byline, and no company as outlet."""
    if rule.field is Field.BYLINE:
        return clean_byline(value, language=language)
    if rule.field is not Field.OUTLET:
        return value
    known = known_outlet(name=value)
    is_agency = known is not None and known.kind is OutletKind.AGENCY
    is_company = load_fact_lexicon(language).companies.search(value) is not None
    is_owner = rule.finds_owner and known is None and not has_outlet_word(value)
    return None if is_agency or is_company or is_owner else clean_outlet(value, raw)


def _dateline_facts(raw: RawArticle, segment: Segment, language: Language) -> Iterator[ArticleFact]:
    text = raw.text[segment.start : segment.end]
    match = match_dateline(text + "X", language=language)  # it looks ahead at the lede's first word
    if match is None:
        return
    for group, field in DATELINE_GROUPS:
        if match[group]:
            found = Evidence(field, match[group], segment.rule, DATELINE_CONFIDENCE)
            yield _fact(raw, found, _shift(match.span(group), segment))
    yield from _date_facts(raw, segment, "date_in_dateline", language)


def _date_facts(
    raw: RawArticle, segment: Segment, rule: str, language: Language
) -> Iterator[ArticleFact]:
    """Yield the day of publication that a line states, and the days on which a page was changed.

    The first publication is the day, wherever it is in the line; else the first day that is no day
    of a change.
    """
    text = raw.text[segment.start : segment.end]
    lexicon = load_fact_lexicon(language)
    published: list[StatedDate] = []
    at = 0
    for stated in find_dates(text, language=language):
        if rule != "date_in_dateline" and _opens_entry(text, stated.end):
            break
        before = text[max(at, stated.start - MAX_CHARS_BEFORE_DATE) : stated.start]
        modified = _last_end(lexicon.modified, before)
        first = _last_end(lexicon.first, before)
        at = stated.end
        if modified > first:
            found = Evidence(Field.PUBLISHED_ON, stated.value, "modified_on", MODIFIED_CONFIDENCE)
            yield _fact(raw, found, _shift((stated.start, stated.end), segment))
        elif first > modified:
            published.insert(0, stated)
            break
        else:
            published.append(stated)
    for stated in published[:1]:
        found = Evidence(Field.PUBLISHED_ON, stated.value, rule, DATE_CONFIDENCES[rule])
        yield _fact(raw, found, _shift((stated.start, stated.end), segment))


def _last_end(pattern: re.Pattern[str], text: str) -> int:
    """Return where the last of these words ends in a text; -1 where there is none."""
    return max((found.end() for found in pattern.finditer(text)), default=-1)


def _name_line_facts(
    raw: RawArticle, segments: Sequence[Segment], *, has_author: bool, language: Language
) -> Iterator[ArticleFact]:
    """Yield the byline in a line of names alone, right above the copy or below the headline.

    "Middle East" is written like a name: the first word must be a given name, unless the page shows
    by its own name in the author's place that it has an author (`has_author`).
    """
    shown = [segment for segment in segments if segment.label is not Label.BLANK]
    copy = next((i for i, each in enumerate(shown) if each.label is Label.BODY), 0)
    below = [i + 1 for i, each in enumerate(shown[:copy]) if each.label is Label.HEADLINE]
    for i in dict.fromkeys([copy - 1, *below]):
        if not 0 <= i < copy or shown[i].label not in NAME_LINE_LABELS:
            continue
        line = raw.text[shown[i].start : shown[i].end]
        names = read_name_line(line, language=language)
        if names and (has_author or opens_with_given_name(names, language=language)):
            found = Evidence(Field.BYLINE, names, "names_above_copy", NAME_LINE_CONFIDENCE)
            yield _fact(raw, found, Span(shown[i].start, shown[i].end))
            return


def _opens_entry(text: str, end: int) -> bool:
    """Return whether the date that ends at `end` opens an entry of a list: what happened then.

    A time may follow the date of a page, and a few words, but no sentence.
    """
    after = text[end:].lstrip()
    n_words = len(WORD.findall(after))
    return n_words > MAX_WORDS_AFTER_DATE or (
        after.startswith(ENTRY) and n_words > 1 and after[1:2] == " "
    )


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
