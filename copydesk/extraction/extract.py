"""Extract mentions and quotations from articles: each one is parsed once, for both.

This is the heavy step. It takes and gives plain rows, so batches can run in any process.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from spacy.tokens import Doc

from copydesk.cleaning.articles import Page, is_read
from copydesk.cleaning.copytext import Copy, compose_copy
from copydesk.extraction.parsing import load_pipeline, parse_copies
from copydesk.extraction.workers import map_batches
from copydesk.mentions.names import VALUE_LABELS, Name, compare_key, find_names
from copydesk.mentions.pronouns import OF_ORGANISATIONS
from copydesk.quotes.find import QuoteMethod, find_quotes
from copydesk.quotes.rules import Quotation
from copydesk.quotes.speakers import (
    MAX_RIVAL,
    RESOLUTION_SCORES,
    Context,
    Reason,
    Speaker,
    read_context,
    resolve_speaker,
)
from copydesk.quotes.tagger.tagger import load_tagger_model
from copydesk.rows import Article, Label, Mention, MentionKind, Quote, Span, content_id
from copydesk.text.lines import WORD

MIN_TITLE_CASE_CHARS = 4  # shorter words stay small in headlines of title case too
TITLE_CASE_SHARE = 0.8
BATCH_ARTICLES = 16  # parsed together; larger batches are no faster


class Anchor(NamedTuple):
    """A stretch of the page and its text."""

    span: Span
    text: str


class Extract(NamedTuple):
    """What was found in a batch of articles."""

    mentions: list[Mention]
    quotes: list[Quote]


def select_copies(pages: Iterable[Page], articles: Iterable[Article]) -> Iterator[Copy]:
    """Yield the copy of the articles that the parser can read: English, and no whole book.

    Both streams are in one order.
    """
    for page, article in zip(pages, articles, strict=True):
        copy = compose_copy(page.raw, page.segments)
        if copy.pieces and is_read(article, n_chars=len(copy.text)):
            yield copy


def extract_copies(
    copies: Iterable[Copy], *, n_workers: int, method: QuoteMethod = QuoteMethod.TAGGER
) -> Iterator[Mention | Quote]:
    """Yield the mentions and quotations of articles, computed in worker processes."""
    extract_some = partial(extract_batch, method=method)
    for extract in map_batches(
        extract_some, copies, batch_size=BATCH_ARTICLES, n_workers=n_workers
    ):
        yield from extract.mentions
        yield from extract.quotes


def load_models() -> None:
    """Load what the extraction needs, so that the first batch does not wait for it."""
    load_pipeline()
    load_tagger_model()


def extract_batch(copies: Sequence[Copy], method: QuoteMethod = QuoteMethod.TAGGER) -> Extract:
    """Return the mentions and quotations of a batch of articles, in their order."""
    mentions: list[Mention] = []
    quotes: list[Quote] = []
    for copy, doc in zip(copies, parse_copies(copies), strict=True):
        found = extract_article(copy, doc, method)
        mentions.extend(found.mentions)
        quotes.extend(found.quotes)
    return Extract(mentions, quotes)


def extract_article(copy: Copy, doc: Doc, method: QuoteMethod) -> Extract:
    """Return the mentions and quotations of one article in the order of the page."""
    found = find_names(doc, copy.text)
    names = _drop_headline_words(copy, [n for n in found if copy.to_raw(n.start, n.end)])
    quotations = [q for q in find_quotes(doc, copy.text, method) if _is_on_page(copy, q)]
    context = read_context(doc, names, quotations)
    mentions = [
        _name_mention(copy, name, head=names[chain.head], rule=chain.rule)
        for name, chain in zip(names, context.chains, strict=True)
    ]
    quotes = []
    for quotation in quotations:
        speaker = resolve_speaker(quotation, context)
        mention = _speaker_mention(copy, quotation, speaker, mentions)
        quotes.append(_quote(copy, quotation, speaker, mention))
        if mention is not None and mention.kind is not MentionKind.NAMED:
            mentions.append(mention)
    sources = [m for m in mentions if m.kind is not MentionKind.NAMED]
    resolved = [
        mention
        for mention in _resolved_mentions(copy, context, mentions[: len(names)])
        if not any(s.start < mention.end and mention.start < s.end for s in sources)
    ]
    by_id = {mention.mention_id: mention for mention in (*resolved, *mentions)}
    return Extract(
        sorted(by_id.values(), key=lambda mention: (mention.start, mention.end)),
        _link_parents(quotes),
    )


def _is_on_page(copy: Copy, quotation: Quotation) -> bool:
    """Return whether all that a quotation consists of touches the copy, not only blanks between."""
    spans = (*quotation.content, quotation.cue, quotation.source)
    return all(span is None or copy.to_raw(*span) for span in spans)


def _drop_headline_words(copy: Copy, names: Sequence[Name]) -> list[Name]:
    """Return the names without those that only a headline has whose words are all capitalised.

    There the parser takes any word for a name: `Ceasefire`, `Brandt Calls`. What is left of such a
    name is the part of it that the article names elsewhere.
    """
    zones = [copy.piece_at(name.start) for name in names]
    confirmed = {
        compare_key(name.text): name
        for name, zone in zip(names, zones, strict=True)
        if zone.label is not Label.HEADLINE and name.label not in VALUE_LABELS
    }
    confirmed |= {key.split()[-1]: name for key, name in confirmed.items()}
    kept = []
    for name, zone in zip(names, zones, strict=True):
        is_sure = zone.label is not Label.HEADLINE or compare_key(name.text) in confirmed
        if is_sure or not _is_title_case(copy.text[zone.start : zone.end]):
            kept.append(name)
            continue
        for word in WORD.finditer(copy.text, name.start, name.end):
            known = confirmed.get(compare_key(word.group()))
            if known is not None:
                label = known.label
                kept.append(Name(*word.span(), word.group(), label, None, "rematched"))
    return kept


def _is_title_case(headline: str) -> bool:
    words = [word for word in headline.split() if len(word) >= MIN_TITLE_CASE_CHARS]
    return sum(word[0].isupper() for word in words) >= TITLE_CASE_SHARE * len(words)


def _name_mention(copy: Copy, name: Name, *, head: Name, rule: str) -> Mention:
    is_value = name.label in VALUE_LABELS
    span, text = _anchor(copy, name.start, name.end)
    head_span = _anchor(copy, head.start, head.end).span
    return Mention(
        mention_id=content_id(copy.article_id, *span),
        article_id=copy.article_id,
        start=span.start,
        end=span.end,
        text=text,
        label=head.label,
        kind=MentionKind.NAMED,
        title=name.title,
        rule=name.rule,
        chain_id=None if is_value else content_id(copy.article_id, *head_span),
        chain_rule="value" if is_value else rule,
        bundle=copy.bundle,
    )


def _resolved_mentions(copy: Copy, context: Context, names: Sequence[Mention]) -> Iterator[Mention]:
    """Yield the pronouns and descriptions that stand for a named person or organisation."""
    for i, pronoun in context.pronouns.items():
        if pronoun.rival <= MAX_RIVAL:
            token = context.doc[i]
            yield _reference(
                _anchor(copy, token.idx, token.idx + len(token)),
                names[pronoun.head],
                kind=MentionKind.PRONOMINAL,
                rule="last_subject" if token.lower_ in OF_ORGANISATIONS else "salience",
                reason=Reason.PRONOUN,
            )
    for described in context.descriptions.values():
        if described.head is not None:
            yield _reference(
                _anchor(copy, *described.span),
                names[described.head],
                kind=MentionKind.NOMINAL,
                rule="description",
                reason=Reason(described.clue.value),
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
    return _reference(
        _anchor(copy, *quotation.source),
        bearer,
        kind=speaker.kind,
        rule="source_of_quotation",
        reason=speaker.reason,
    )


def _reference(
    anchor: Anchor, bearer: Mention, *, kind: MentionKind, rule: str, reason: Reason
) -> Mention:
    """Return words that are no name as a mention in the chain of the name they stand for."""
    return Mention(
        mention_id=content_id(bearer.article_id, *anchor.span),
        article_id=bearer.article_id,
        start=anchor.span.start,
        end=anchor.span.end,
        text=anchor.text,
        label=bearer.label,
        kind=kind,
        title=None,
        rule=rule,
        chain_id=bearer.chain_id,
        chain_rule=reason.value,
        bundle=bearer.bundle,
    )


def _quote(copy: Copy, quotation: Quotation, speaker: Speaker, mention: Mention | None) -> Quote:
    spans = [span for part in quotation.content for span in copy.to_raw(*part)]
    cue = None if quotation.cue is None else _anchor(copy, *quotation.cue)
    source = None if quotation.source is None else _anchor(copy, *quotation.source)
    return Quote(
        quote_id=content_id(copy.article_id, *(offset for span in spans for offset in span)),
        article_id=copy.article_id,
        type=quotation.type,
        is_speech=quotation.is_speech,
        content=" ".join(copy.text[slice(*part)] for part in quotation.content),
        content_spans=spans,
        cue=None if cue is None else cue.text,
        cue_start=None if cue is None else cue.span.start,
        cue_end=None if cue is None else cue.span.end,
        source=None if source is None else source.text,
        source_start=None if source is None else source.span.start,
        source_end=None if source is None else source.span.end,
        speaker_mention_id=None if mention is None else mention.mention_id,
        speaker_reason=speaker.reason.value,
        confidence=round(quotation.score * RESOLUTION_SCORES.get(speaker.reason, 1.0), 3),
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


def _anchor(copy: Copy, start: int, end: int) -> Anchor:
    """Return where words of the copy stand on the page.

    Of words that something was cut out of, it is the part in front, so that text and span agree.
    """
    span = copy.to_raw(start, end)[0]
    piece = copy.piece_at(start)
    text = copy.text[max(start, piece.start) : min(end, piece.end)]
    n_before = len(text) - len(text.lstrip())
    text = text.strip()
    return Anchor(Span(span.start + n_before, span.start + n_before + len(text)), text)
