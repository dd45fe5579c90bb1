"""Extract mentions and quotations from articles: each one is parsed once, for both.

This is the heavy step. It takes and returns plain rows, so batches can run in any process.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import NamedTuple

from spacy.tokens import Doc

from copydesk.cleaning.articles import Page, is_read
from copydesk.cleaning.copytext import Copy, compose_copy
from copydesk.extraction.layout_names import add_speakers, drop_headline_words
from copydesk.extraction.parsing import load_pipeline, parse_copies
from copydesk.extraction.workers import (
    list_preloads,
    map_batches,
    start_workers,
)
from copydesk.lexicons.language import ENGLISH, Language
from copydesk.mentions.names import VALUE_LABELS, Name, find_names
from copydesk.quotations.confidence import score_row
from copydesk.quotations.find import find_quotes
from copydesk.quotations.methods import QuotationMethod, QuoteMethod
from copydesk.quotations.named import Context
from copydesk.quotations.parents import link_parents
from copydesk.quotations.quotation import Quotation, find_outer
from copydesk.quotations.repeated import share_repeated
from copydesk.quotations.speakers import (
    Reference,
    Speaker,
    find_references,
    kind_of_source,
    read_context,
    refer_to_speaker,
    resolve_speaker,
)
from copydesk.rows import Article, Mention, Quote, RejectedFile, content_id
from copydesk.system.allowance import Allowance, explain_fault
from copydesk.text.spans import SpanIndex
from copydesk.values import MentionKind, SourceKind, Span, Stage

BATCH_ARTICLES = 16  # parsed together; larger batches are no faster


class Anchor(NamedTuple):
    """A stretch of the page and its text."""

    span: Span
    text: str


class Attribution(NamedTuple):
    """Who speaks in a quotation: their mentions, and that of who is next likely."""

    speaker: Speaker
    kind: SourceKind
    mentions: list[Mention]
    rival: Mention | None
    confidence: float


class Extract(NamedTuple):
    """What was found in a batch of articles."""

    mentions: list[Mention]
    quotes: list[Quote]
    n_articles: int
    rejected: Sequence[RejectedFile] = ()


def select_copies(
    pages: Iterable[Page], articles: Iterable[Article], *, language: Language = ENGLISH
) -> Iterator[Copy]:
    """Yield the copy of the articles that the parser can read: its language, and not a whole book.

    Both streams are in one order.
    """
    for page, article in zip(pages, articles, strict=True):
        copy = compose_copy(page.raw, page.segments)
        if copy.pieces and is_read(article, n_chars=len(copy.text), language=language):
            yield copy


def extract_batches(
    copies: Iterable[Copy],
    *,
    n_workers: int,
    method: QuotationMethod = QuoteMethod.TAGGER,
    language: Language = ENGLISH,
    allowance: Allowance | None = None,
) -> Iterator[Extract]:
    """Yield the mentions and quotations of articles batch by batch, from worker processes.

    With an allowance, an article that takes more, that ends its worker or that fails costs itself
    alone: it is rejected with the reason, also where there is one worker only.
    """
    preload = list_preloads(method)
    is_apart = allowance is not None
    return map_batches(
        partial(extract_batch, method=method, language=language),
        copies,
        batch_size=BATCH_ARTICLES,
        n_workers=n_workers,
        preload=preload,
        give_up=partial(reject_article, allowance=allowance) if is_apart else None,
        workers=start_workers(n_workers, preload, allowance) if is_apart else None,
    )


def reject_article(
    copy: Copy, error: BaseException, *, allowance: Allowance | None = None
) -> Extract:
    """Return the extract of an article that cannot be read: nothing but the reason."""
    fault = explain_fault(error, allowance=allowance)
    rejected = RejectedFile(
        bundle=copy.bundle,
        source_path=copy.source_path,
        stage=Stage.ARTICLE,
        error=fault.error,
        message=fault.message,
        raw_sha256=copy.raw_sha256,
    )
    return Extract([], [], 1, [rejected])


def load_models(
    method: QuotationMethod = QuoteMethod.TAGGER, *, language: Language = ENGLISH
) -> None:
    """Load what the extraction needs, so that the first batch does not wait for it."""
    load_pipeline(language)
    if method.preload is not None:
        import_module(method.preload)


def extract_batch(
    copies: Sequence[Copy],
    method: QuotationMethod = QuoteMethod.TAGGER,
    *,
    language: Language = ENGLISH,
) -> Extract:
    """Return the mentions and quotations of a batch of articles, in their order."""
    mentions: list[Mention] = []
    quotes: list[Quote] = []
    for copy, doc in zip(copies, parse_copies(copies, language=language), strict=True):
        found = extract_article(copy, doc, method, language=language)
        mentions.extend(found.mentions)
        quotes.extend(found.quotes)
    return Extract(mentions, quotes, len(copies))


def extract_article(
    copy: Copy, doc: Doc, method: QuotationMethod, *, language: Language = ENGLISH
) -> Extract:
    """Return the mentions and quotations of one article in the order of the page."""
    found = find_names(doc, copy.text, language=language)
    names = [name for name in found if copy.to_raw(name.start, name.end)]
    names = drop_headline_words(copy, names, language)
    quotations = [
        quotation
        for quotation in find_quotes(doc, copy.text, method, language=language)
        if _is_on_page(copy, quotation)
    ]
    names = add_speakers(names, quotations, copy.text, language)
    context = read_context(doc, names, quotations, language=language)
    named = [
        _name_mention(copy, name, head=names[chain.head], rule=chain.rule)
        for name, chain in zip(names, context.chains, strict=True)
    ]
    sources, quotes = _attribute(copy, quotations, named, context)
    said_by = SpanIndex((source.start, source.end) for source in sources)
    resolved = [
        mention
        for mention in (_reference(copy, each, named) for each in find_references(context))
        if not said_by.overlaps(mention.start, mention.end)
    ]
    by_id = {mention.mention_id: mention for mention in (*resolved, *named, *sources)}
    return Extract(
        sorted(by_id.values(), key=lambda mention: (mention.start, mention.end)),
        link_parents(quotes),
        1,
    )


def _attribute(
    copy: Copy, quotations: Sequence[Quotation], named: Sequence[Mention], context: Context
) -> tuple[list[Mention], list[Quote]]:
    """Return the quotations with their speakers, and the sources that are not names."""
    sources: list[Mention] = []
    quotes = []
    owners = [quotation for quotation in quotations for _ in quotation.content]
    contents = SpanIndex(part for quotation in quotations for part in quotation.content)
    resolved = [
        resolve_speaker(
            replace(quotation, source=quotation.named or quotation.source),
            context,
            outer=find_outer(quotation, contents, owners),
        )
        for quotation in quotations
    ]
    speakers = share_repeated(quotations, resolved, copy.text)
    for quotation, speaker in zip(quotations, speakers, strict=True):
        reference = refer_to_speaker(quotation, speaker)
        mention = None if speaker.name is None else named[speaker.name]
        if reference is not None:
            mention = _reference(copy, reference, named)
            sources.append(mention)
        kind = kind_of_source(quotation, speaker, context)
        attribution = Attribution(
            speaker,
            kind,
            [] if mention is None else [mention, *(named[i] for i in speaker.others)],
            None if speaker.second is None else named[speaker.second],
            score_row(quotation, speaker, kind, context),
        )
        quotes.append(_quote(copy, quotation, attribution))
    return sources, quotes


def _is_on_page(copy: Copy, quotation: Quotation) -> bool:
    """Return whether each part of a quotation touches the copy, not only the space between."""
    spans = (*quotation.content, quotation.cue, quotation.source)
    return all(span is None or copy.to_raw(*span) for span in spans)


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


def _reference(copy: Copy, reference: Reference, named: Sequence[Mention]) -> Mention:
    """Return words that are not a name as a mention in the chain of the name they refer to."""
    anchor = _anchor(copy, *reference.span)
    name = named[reference.name]
    return Mention(
        mention_id=content_id(name.article_id, *anchor.span),
        article_id=name.article_id,
        start=anchor.span.start,
        end=anchor.span.end,
        text=anchor.text,
        label=name.label,
        kind=reference.kind,
        title=None,
        rule=reference.rule,
        chain_id=name.chain_id,
        chain_rule=reference.reason.value,
        bundle=name.bundle,
    )


def _quote(copy: Copy, quotation: Quotation, attribution: Attribution) -> Quote:
    speaker, kind, mentions, rival, confidence = attribution
    spans = [span for part in quotation.content for span in copy.to_raw(*part)]
    cue = None if quotation.cue is None else _anchor(copy, *quotation.cue)
    source = None if quotation.source is None else _anchor(copy, *quotation.source)
    return Quote(
        quote_id=content_id(copy.article_id, *(offset for span in spans for offset in span)),
        article_id=copy.article_id,
        type=quotation.type,
        is_speech=quotation.is_speech,
        assertion=quotation.assertion,
        content=" ".join(copy.text[slice(*part)] for part in quotation.content),
        content_spans=spans,
        cue=None if cue is None else cue.text,
        cue_start=None if cue is None else cue.span.start,
        cue_end=None if cue is None else cue.span.end,
        source=None if source is None else source.text,
        source_start=None if source is None else source.span.start,
        source_end=None if source is None else source.span.end,
        speaker_mention_id=mentions[0].mention_id if mentions else None,
        speaker_mention_ids=[mention.mention_id for mention in mentions],
        rival_mention_id=None if rival is None else rival.mention_id,
        speaker_reason=speaker.reason.value,
        source_kind=kind,
        confidence=round(confidence, 3),
        parent_quote_id=None,
        rule=quotation.rule,
        zone=copy.piece_at(quotation.content[0].start).label,
        bundle=copy.bundle,
    )


def _anchor(copy: Copy, start: int, end: int) -> Anchor:
    """Return where words of the copy are on the page.

    If something was cut out of them, it is the part before that, so that text and span agree.
    """
    span = copy.to_raw(start, end)[0]
    piece = copy.piece_at(start)
    text = copy.text[max(start, piece.start) : min(end, piece.end)]
    n_before = len(text) - len(text.lstrip())
    text = text.strip()
    return Anchor(Span(span.start + n_before, span.start + n_before + len(text)), text)
