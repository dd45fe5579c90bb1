"""Extract mentions and quotations from articles: each one is parsed once, for both.

This is the heavy step. It takes and gives plain rows, so batches can run in any process.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from spacy.tokens import Doc

from copydesk.articles import Page
from copydesk.copytext import Copy, compose_copy
from copydesk.model import Article, Mention, MentionKind, Quote, Span, content_id
from copydesk.names import VALUE_LABELS, Name, chain_names, find_names
from copydesk.parsing import load_pipeline, parse_copies
from copydesk.quotations import Quotation, find_quotations
from copydesk.speakers import (
    CONFIDENCE,
    UNRESOLVED_CONFIDENCE,
    Context,
    Speaker,
    resolve_speaker,
)
from copydesk.workers import map_batches

EXTRACTED_LANGUAGES = frozenset({"en", "und"})  # the parser reads English only


BATCH_ARTICLES = 16  # parsed together; larger batches are no faster


class Extract(NamedTuple):
    """What was found in a batch of articles."""

    mentions: list[Mention]
    quotes: list[Quote]


def select_copies(pages: Iterable[Page], articles: Iterable[Article]) -> Iterator[Copy]:
    """Yield the copy of the articles that the parser can read; both streams in one order."""
    for page, article in zip(pages, articles, strict=True):
        copy = compose_copy(page.raw, page.segments)
        if article.language in EXTRACTED_LANGUAGES and copy.pieces:
            yield copy


def extract_copies(copies: Iterable[Copy], *, n_workers: int) -> Iterator[Mention | Quote]:
    """Yield the mentions and quotations of articles, computed in worker processes."""
    batches = map_batches(extract_batch, copies, batch_size=BATCH_ARTICLES, n_workers=n_workers)
    for extract in batches:
        yield from extract.mentions
        yield from extract.quotes


def load_models() -> None:
    """Load what the extraction needs, so that the first batch does not wait for it."""
    load_pipeline()


def extract_batch(copies: Sequence[Copy]) -> Extract:
    """Return the mentions and quotations of a batch of articles, in their order."""
    mentions: list[Mention] = []
    quotes: list[Quote] = []
    for copy, doc in zip(copies, parse_copies(copies), strict=True):
        found = extract_article(copy, doc)
        mentions.extend(found.mentions)
        quotes.extend(found.quotes)
    return Extract(mentions, quotes)


def extract_article(copy: Copy, doc: Doc) -> Extract:
    """Return the mentions and quotations of one article in the order of the page."""
    names = find_names(doc, copy.text)
    chains = chain_names(names)
    mentions = [
        _name_mention(copy, name, head=names[chain.head], rule=chain.rule)
        for name, chain in zip(names, chains, strict=True)
    ]
    context = Context(doc, names, chains)
    quotes = []
    for quotation in find_quotations(doc, copy.text):
        speaker = resolve_speaker(quotation, context)
        mention = _speaker_mention(copy, quotation, speaker, mentions)
        quotes.append(_quote(copy, quotation, speaker, mention))
        if mention is not None and mention.kind is not MentionKind.NAMED:
            mentions.append(mention)
    by_id = {mention.mention_id: mention for mention in mentions}
    return Extract(
        sorted(by_id.values(), key=lambda mention: (mention.start, mention.end)),
        _link_parents(quotes),
    )


def _name_mention(copy: Copy, name: Name, *, head: Name, rule: str) -> Mention:
    is_value = name.label in VALUE_LABELS
    span = _whole(copy, name.start, name.end)
    head_span = _whole(copy, head.start, head.end)
    return Mention(
        mention_id=content_id(copy.article_id, *span),
        article_id=copy.article_id,
        start=span.start,
        end=span.end,
        text=name.text,
        label=head.label,
        kind=MentionKind.NAMED,
        title=name.title,
        rule=name.rule,
        chain_id=None if is_value else content_id(copy.article_id, *head_span),
        chain_rule="value" if is_value else rule,
        bundle=copy.bundle,
    )


def _speaker_mention(
    copy: Copy, quotation: Quotation, speaker: Speaker, names: Sequence[Mention]
) -> Mention | None:
    """Return the mention that the source is, or None where it stands for nobody named.

    It is the name itself, or a description or pronoun that now belongs to the chain of a name.
    """
    if speaker.name is None or speaker.kind is None or quotation.source is None:
        return None
    bearer = names[speaker.name]
    if speaker.kind is MentionKind.NAMED:
        return bearer
    span = _whole(copy, *quotation.source)
    return Mention(
        mention_id=content_id(copy.article_id, *span),
        article_id=copy.article_id,
        start=span.start,
        end=span.end,
        text=copy.text[slice(*quotation.source)],
        label=bearer.label,
        kind=speaker.kind,
        title=None,
        rule="source_of_quotation",
        chain_id=bearer.chain_id,
        chain_rule=speaker.reason.value,
        bundle=copy.bundle,
    )


def _quote(copy: Copy, quotation: Quotation, speaker: Speaker, mention: Mention | None) -> Quote:
    spans = [span for part in quotation.content for span in copy.to_raw(*part)]
    cue = None if quotation.cue is None else _whole(copy, *quotation.cue)
    source = None if quotation.source is None else _whole(copy, *quotation.source)
    return Quote(
        quote_id=content_id(copy.article_id, *(offset for span in spans for offset in span)),
        article_id=copy.article_id,
        type=quotation.type,
        content=" ".join(copy.text[slice(*part)] for part in quotation.content),
        content_spans=spans,
        cue=None if quotation.cue is None else copy.text[slice(*quotation.cue)],
        cue_start=None if cue is None else cue.start,
        cue_end=None if cue is None else cue.end,
        source=None if quotation.source is None else copy.text[slice(*quotation.source)],
        source_start=None if source is None else source.start,
        source_end=None if source is None else source.end,
        speaker_mention_id=None if mention is None else mention.mention_id,
        speaker_reason=speaker.reason.value,
        confidence=CONFIDENCE.get(speaker.reason, UNRESOLVED_CONFIDENCE),
        parent_quote_id=None,
        rule=quotation.rule,
        zone=copy.piece_at(quotation.content[0].start).label,
        bundle=copy.bundle,
    )


def _link_parents(quotes: Sequence[Quote]) -> list[Quote]:
    """Return the quotations, each with the smallest other one that its content stands inside."""
    linked = []
    for quote in quotes:
        around = [other for other in quotes if other is not quote and _holds(other, quote)]
        parent = min(around, key=lambda other: len(other.content), default=None)
        parent_id = None if parent is None else parent.quote_id
        linked.append(replace(quote, parent_quote_id=parent_id))
    return linked


def _holds(outer: Quote, inner: Quote) -> bool:
    is_inside = all(
        any(o.start <= i.start and i.end <= o.end for o in outer.content_spans)
        for i in inner.content_spans
    )
    return is_inside and outer.content_spans != inner.content_spans


def _whole(copy: Copy, start: int, end: int) -> Span:
    """Return the one span on the page that holds `start` to `end` of the copy."""
    spans = copy.to_raw(start, end)
    return Span(spans[0].start, spans[-1].end)
