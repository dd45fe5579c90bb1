"""Compose an article from a page: its copy, and the best evidence for each field."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from py3langid import classify

from copydesk.cleaning.copytext import join_segments
from copydesk.cleaning.evidence import harvest_facts
from copydesk.cleaning.given import ALONE, Neighbours
from copydesk.cleaning.page_kinds import name_page_kind
from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.outlets import compact
from copydesk.rows import Article, ArticleFact, RawArticle, Segment, content_id
from copydesk.text.dates import parse_day
from copydesk.text.lines import WORD
from copydesk.text.sites import find_host, known_outlet
from copydesk.values import ArticleKind, Field, Label, Precision

BODY_LABELS = frozenset({Label.BODY, Label.SUBHEAD})
UNSHOWN = frozenset({"hidden", "for_screen_readers"})  # reasons for which a page does not show text
UNKNOWN_LANGUAGE = "und"  # ISO 639-2: undetermined
CORRECTED = "correction"  # the rule, or reason, of what a person has decided
MAX_COPY_CHARS = 200_000  # 30,000 words: only a book has more; the parser takes 3 kB a character
LANGUAGE_CHARS = 600  # more changes no answer on 1,018 pages; 2,000 take three times as long
MIN_LANGUAGE_WORDS = 10  # below it the language model guesses; one line is not enough for it


class Page(NamedTuple):
    """A page and its segments."""

    raw: RawArticle
    segments: list[Segment]


def pair_pages(raws: Iterable[RawArticle], segments: Iterable[Segment]) -> Iterator[Page]:
    """Yield each page with its segments; both streams are in the order of article ids."""
    by_article = groupby(segments, key=attrgetter("article_id"))
    waiting = next(by_article, None)
    for raw in raws:
        if waiting is not None and waiting[0] == raw.article_id:
            yield Page(raw, list(waiting[1]))
            waiting = next(by_article, None)
        else:
            yield Page(raw, [])


def compose_articles(
    pages: Iterable[Page], neighbours: Neighbours = ALONE, *, language: Language = ENGLISH
) -> Iterator[Article | ArticleFact]:
    """Yield each page's article and the evidence for it.

    `neighbours` is what the pages of the bundle prove about each other.
    """
    for page in pages:
        facts = harvest_facts(page.raw, page.segments, neighbours=neighbours, language=language)
        yield compose_article(page.raw, page.segments, facts, language=language)
        yield from facts


def make_empty_article(raw: RawArticle) -> Article:
    """Return the article on a page of which nothing can be said."""
    return compose_article(raw, [], [])


def is_read(article: Article, *, n_chars: int, language: Language = ENGLISH) -> bool:
    """Return whether names and quotations are looked for in an article with this much copy.

    The parser reads one language. Copy too short to show its language is taken to be in it. On a
    page that a person has called no article, nothing is looked for.
    """
    if article.kind_reason == CORRECTED:
        return False
    return article.language in {language.code, UNKNOWN_LANGUAGE} and n_chars <= MAX_COPY_CHARS


def compose_article(
    raw: RawArticle,
    segments: Sequence[Segment],
    facts: Sequence[ArticleFact],
    *,
    language: Language = ENGLISH,
) -> Article:
    """Return the article on a page, also where nothing is left of it."""
    body = compose_body(raw, segments)
    n_words = len(WORD.findall(body))
    best = _best_values(facts)
    published_on, precision = _settle_date(facts)
    reason = name_page_kind(segments, language)
    return Article(
        article_id=raw.article_id,
        bundle=raw.bundle,
        headline=best.get(Field.HEADLINE),
        deck=best.get(Field.DECK),
        byline=best.get(Field.BYLINE),
        dateline_place=best.get(Field.DATELINE_PLACE),
        agency=best.get(Field.AGENCY),
        outlet=best.get(Field.OUTLET),
        url=best.get(Field.URL),
        published_on=published_on,
        published_precision=precision,
        language=identify_language(body) if n_words >= MIN_LANGUAGE_WORDS else UNKNOWN_LANGUAGE,
        body=body,
        n_words=n_words,
        kind=ArticleKind.ARTICLE if reason is None else ArticleKind.NO_ARTICLE,
        kind_reason=reason,
        outlet_id=identify_outlet(raw.url, best.get(Field.OUTLET)),
        text_share=_share_text(raw),
    )


def identify_outlet(url: str | None, name: str | None) -> str | None:
    """Return the id of the outlet of a page: that of its known name, its host, or its own name."""
    known = known_outlet(url=url, name=None if find_host(url) else name)
    key = known.name if known else find_host(url) or compact(name or "")
    return content_id("outlet", key) if key else None


def _share_text(raw: RawArticle) -> float:
    """Return the share of what a page shows that is in its text."""
    n_left_out = sum(each.n_chars for each in raw.left_out if each.reason not in UNSHOWN)
    return round(len(raw.text) / max(len(raw.text) + n_left_out, 1), 3)


def identify_language(body: str) -> str:
    """Return the ISO 639-1 code of the language that most of a body's beginning is in."""
    return str(classify(body[:LANGUAGE_CHARS])[0])


def compose_body(raw: RawArticle, segments: Sequence[Segment]) -> str:
    """Return the running copy of a page, an empty line between paragraphs."""
    running = [segment for segment in segments if segment.label in BODY_LABELS]
    return "".join(part.before + part.text for part in join_segments(raw, running)).strip()


def _best_values(facts: Sequence[ArticleFact]) -> dict[Field, str]:
    best: dict[Field, str] = {}
    for fact in sorted(facts, key=lambda fact: -fact.confidence):
        best.setdefault(fact.field, fact.value)
    return best


def _settle_date(facts: Sequence[ArticleFact]) -> tuple[date | None, Precision | None]:
    """Return the day of publication and what of it is proven.

    A yearless date takes the year of a full one of the same day, and never that of the clock.
    """
    stated = [fact for fact in facts if fact.field is Field.PUBLISHED_ON]
    if not stated:
        return None, None
    best = max(stated, key=lambda fact: fact.confidence)
    day = parse_day(best.value)
    if day is not None:
        return day, Precision.DAY
    for fact in stated:
        full = parse_day(fact.value)
        if full is not None and fact.value[4:] == best.value[1:]:
            return full, Precision.DAY
    return None, Precision.MONTH_DAY
