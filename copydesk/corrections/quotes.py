"""Correct quotations: who said what, in which words, whether it was said, whether it is one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from copydesk.cleaning.articles import CORRECTED
from copydesk.corrections.files import Placed
from copydesk.corrections.kinds import NONE, PARTS, QuoteAction, QuoteRow
from copydesk.corrections.pages import Outcome, read_words
from copydesk.corrections.speakers import Copied, find_speaker
from copydesk.quotations.parents import link_parents
from copydesk.quotations.quotation import type_of_content
from copydesk.rows import Mention, Quote, content_id
from copydesk.text.quote_marks import find_quoted
from copydesk.values import CorrectionStatus, EntityLabel, SourceKind, Span

NOT_THERE = "the article has no quotation of these words"
MIN_SHARE = 0.5  # of the characters of the longer one; part of the definition, not tuned
SO_BY_ITSELF = "the code finds so by itself"


class CorrectedQuotes(NamedTuple):
    """The mentions and quotations of an article, and what became of each correction."""

    mentions: list[Mention]
    quotes: list[Quote]
    outcomes: list[Outcome]


class Change(NamedTuple):
    """A quotation as a row makes it, and the mentions that it needs; or why it cannot."""

    quote: Quote
    noticed: tuple[Mention, ...] = ()
    problem: str = ""


class Decided(NamedTuple):
    """Which row has decided a column of a quotation last, and what it says."""

    number: int
    value: str


@dataclass(slots=True)
class _Revision:
    """A quotation as the code found it, as rows have made it so far, and which rows have."""

    found: Quote
    now: Quote
    decided: dict[str, Decided] = field(default_factory=dict)

    @property
    def is_rejected(self) -> bool:
        return QuoteAction.REJECT in self.decided

    def decide(self, row: QuoteRow, quote: Quote, number: int) -> list[int]:
        """Take over what a row decides; return the numbers of the rows that it overrules."""
        values = row.changes or {QuoteAction.REJECT: ""}
        rejects = QuoteAction.REJECT in values
        overruled = [
            earlier.number
            for column, earlier in self.decided.items()
            if values.get(column, earlier.value) != earlier.value
            or rejects != (column == QuoteAction.REJECT)
        ]
        if overruled and (rejects or self.is_rejected):
            self.decided.clear()
        self.decided.update({name: Decided(number, value) for name, value in values.items()})
        self.now = quote
        return sorted(set(overruled))


def correct_quotes(
    page: Copied,
    *,
    mentions: Sequence[Mention],
    quotes: Sequence[Quote],
    corrections: Sequence[Placed[QuoteRow]],
) -> CorrectedQuotes:
    """Return the mentions and quotations of an article as people have decided.

    A quotation is known by its words. Rows are applied in their order, and of two that decide one
    column, the last decides.
    """
    known = {mention.mention_id: mention for mention in mentions}
    revisions = [_Revision(quote, quote) for quote in quotes]
    outcomes: list[Outcome] = []
    for placed in corrections:
        row, number = placed.row, len(outcomes)
        outcomes.append(_judge_missing(placed, quotes))
        for each in _find_meant(row.content, revisions):
            change = _change(row, each.now, list(known.values()), page)
            outcomes[number] = _judge(placed, each.found, change, known)
            if change.problem:
                continue
            known |= {mention.mention_id: mention for mention in change.noticed}
            for earlier in each.decide(row, change.quote, number):
                outcomes[earlier] = outcomes[earlier].overruled_by(placed)
    kept = {each.now.quote_id: each.now for each in revisions if not each.is_rejected}
    in_order = sorted(known.values(), key=lambda mention: (mention.start, mention.end))
    return CorrectedQuotes(in_order, link_parents(list(kept.values())), outcomes)


def _find_meant(content: str, revisions: Sequence[_Revision]) -> list[_Revision]:
    """Return the quotations of these words; without any, the one that has most of them in a row.

    Other code or another model may begin a quotation a clause earlier: it is the same one, as long
    as no other is as like.
    """
    wanted = read_words(content)
    words = [{read_words(each.found.content), read_words(each.now.content)} for each in revisions]
    same = [each for each, mine in zip(revisions, words, strict=True) if wanted in mine]
    if same:
        return same
    alike = [
        each
        for each, mine in zip(revisions, words, strict=True)
        if any(_is_most_of(wanted, one) or _is_most_of(one, wanted) for one in mine)
    ]
    return alike if len(alike) == 1 else []


def _is_most_of(part: str, whole: str) -> bool:
    """Return whether a run of words is in another one, and at least half of it."""
    return f" {part} " in f" {whole} " and len(part) >= len(whole) * MIN_SHARE


def _judge_missing(placed: Placed[QuoteRow], quotes: Sequence[Quote]) -> Outcome:
    """Return what became of a row whose words no quotation has: it may be so already."""
    row = placed.row
    if row.action is QuoteAction.REJECT:
        detail = "no quotation of the article has these words"
        return Outcome(placed, CorrectionStatus.MATCHED_NOTHING, detail=detail)
    becomes = read_words((row.becomes or "").replace(PARTS, " "))
    right = next((q for q in quotes if becomes and read_words(q.content) == becomes), None)
    if right is None or list(row.changes) != ["becomes"]:
        return Outcome(placed, CorrectionStatus.MATCHED_NOTHING, detail=NOT_THERE)
    status = CorrectionStatus.ALREADY_SO
    shown = f"becomes: {right.content}"
    return Outcome(placed, status, right.quote_id, shown, shown, SO_BY_ITSELF)


def _judge(
    placed: Placed[QuoteRow], found: Quote, change: Change, mentions: Mapping[str, Mention]
) -> Outcome:
    """Return what a row changes of what the code has found."""
    row = placed.row
    if row.action is QuoteAction.REJECT:
        status, before = CorrectionStatus.APPLIED, f"quotation “{found.content}”"
        return Outcome(placed, status, found.quote_id, before, "no quotation")
    before = _show(found, row.changes, mentions)
    if change.problem:
        status = CorrectionStatus.CONFLICTS
        return Outcome(placed, status, found.quote_id, before, detail=change.problem)
    noticed = {mention.mention_id: mention for mention in change.noticed}
    after = _show(change.quote, row.changes, {**mentions, **noticed})
    is_so = before == after
    return Outcome(
        placed,
        CorrectionStatus.ALREADY_SO if is_so else CorrectionStatus.APPLIED,
        target=change.quote.quote_id,
        before=before,
        after=after,
        detail=SO_BY_ITSELF if is_so else "",
    )


def _show(quote: Quote, columns: Iterable[str], mentions: Mapping[str, Mention]) -> str:
    values = {
        "speaker": _name_speaker(quote, mentions),
        "type": str(quote.type),
        "assertion": str(quote.assertion),
        "becomes": quote.content,
    }
    return "; ".join(f"{column}: {values[column]}" for column in columns)


def _name_speaker(quote: Quote, mentions: Mapping[str, Mention]) -> str:
    mention = mentions.get(quote.speaker_mention_id or "")
    if mention is None:
        return NONE
    head = mentions.get(mention.chain_id or "")
    return mention.text if head is None else head.text


def _change(row: QuoteRow, quote: Quote, mentions: Sequence[Mention], page: Copied) -> Change:
    """Return a quotation as a row makes it; what is right already stays as the code made it."""
    if row.becomes is not None:
        spans = _locate(row.becomes, quote, page)
        if not spans:
            return Change(quote, problem=f"the copy does not have the words “{row.becomes}”")
        if spans != quote.content_spans:
            quote = _move(quote, spans, page)
    if row.type is not None:
        quote = replace(quote, type=row.type)
    if row.assertion is not None:
        quote = replace(quote, assertion=row.assertion)
    if row.speaker is None:
        return Change(quote)
    if row.speaker.casefold() == NONE:
        return Change(_attribute(quote, None))
    named = find_speaker(row.speaker, quote, mentions, page)
    if named.mention is None:
        return Change(quote, problem=named.detail)
    said_by = next((m for m in mentions if m.mention_id == quote.speaker_mention_id), None)
    if said_by is not None and said_by.chain_id == named.mention.chain_id:
        return Change(quote)
    noticed = (named.mention,) if named.is_new else ()
    return Change(_attribute(quote, named.mention), noticed)


def _attribute(quote: Quote, mention: Mention | None) -> Quote:
    """Return a quotation said by whom a person has named, or by nobody known."""
    if mention is None and quote.speaker_mention_id is None:
        return quote
    kind = quote.source_kind
    if mention is not None:
        is_person = mention.label == EntityLabel.PERSON
        kind = SourceKind.PERSON if is_person else SourceKind.BODY
    ids = [] if mention is None else [mention.mention_id]
    return replace(
        quote,
        speaker_mention_id=ids[0] if ids else None,
        speaker_mention_ids=ids,
        rival_mention_id=None,
        speaker_reason=CORRECTED,
        source_kind=kind,
        confidence=1.0,
    )


def _move(quote: Quote, spans: list[Span], page: Copied) -> Quote:
    """Return a quotation with other words; its id and type follow from them."""
    text = page.raw.text
    first = next(
        (each.label for each in page.segments if each.start <= spans[0].start < each.end),
        quote.zone,
    )
    return replace(
        quote,
        quote_id=content_id(quote.article_id, *(offset for span in spans for offset in span)),
        content=" ".join(text[start:end] for start, end in spans),
        content_spans=spans,
        type=type_of_content(spans, text, find_quoted(text)),
        zone=first,
        rule=CORRECTED,
    )


def _locate(becomes: str, quote: Quote, page: Copied) -> list[Span]:
    """Return where the right words are in the copy, each part nearest to the quotation."""
    at, spans = quote.content_spans[0].start, []
    for part in filter(str.strip, becomes.split(PARTS)):
        places = page.find(part.strip())
        if not places:
            return []
        start, end = min(places, key=lambda place: abs(place[0] - at))
        spans += page.cut(start, end)
    return sorted(set(spans))
