"""Repair what the tagger cut short or took together, with what marks and the parse are sure of.

It labels line by line, so a content may stop inside its marks, reach over a second `and stressed
that`, or take in a word beside an utterance.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import attrgetter

from spacy.tokens import Doc, Token
from spacy.tokens import Span as Words

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import Cues, load_cues
from copydesk.quotations.tagger.tagger import TaggedQuotation
from copydesk.rows import Span
from copydesk.text.lines import WORD
from copydesk.text.quote_marks import Quoted

# Chosen on held-out articles of the training file (docs/quotes.md).
MAX_SCRAP_WORDS = 4  # without marks, beside an utterance: `Still`, `the hall`, not what was said
LINKING = frozenset({"cc", "punct", "advmod"})


def repair_content(
    found: TaggedQuotation,
    doc: Doc,
    text: str,
    *,
    quoted: Sequence[Quoted],
    language: Language = ENGLISH,
) -> list[TaggedQuotation]:
    """Return a quotation of the tagger as the one or several that it is; all have its source."""
    cues = load_cues(language)
    whole = _take_to_marks(found, quoted)
    tidy = replace(whole, content=_drop_scraps(whole.content, text, quoted))
    return list(_split_cues(_find_cited(tidy, text, cues), doc, cues))


def split_repeats(content: Sequence[Span], cue: Span | None, text: str) -> list[tuple[Span, ...]]:
    """Return a content without spans that repeat the words of one nearer to the cue, then those.

    A headline may have the words that are quoted below it.
    """
    at = content[0].start if cue is None else cue.start
    kept: dict[str, Span] = {}
    repeats = []
    for span in sorted(content, key=lambda span: abs(span.start - at)):
        words = " ".join(WORD.findall(text[slice(*span)].casefold()))
        if any(words in other for other in kept):
            repeats.append((span,))
        else:
            kept[words] = span
    return [tuple(sorted(kept.values())), *repeats]


def _take_to_marks(found: TaggedQuotation, quoted: Sequence[Quoted]) -> TaggedQuotation:
    """Return a quotation whose content reaches to the end of the marks that it begins in."""
    content: list[Span] = []
    for span in sorted(_to_closing_mark(span, quoted) for span in found.content):
        if content and span.start < content[-1].end:  # two parts of one passage, now one
            content[-1] = Span(content[-1].start, max(content[-1].end, span.end))
        else:
            content.append(span)
    return replace(found, content=tuple(content))


def _to_closing_mark(span: Span, quoted: Sequence[Quoted]) -> Span:
    for passage in _touched(span, quoted):
        if span.start <= passage.start < span.end < passage.end:
            end = passage.outer_end if span.start < passage.outer_start else passage.end
            return Span(span.start, end)
    return span


def _drop_scraps(
    content: tuple[Span, ...], text: str, quoted: Sequence[Quoted]
) -> tuple[Span, ...]:
    """Return a content without the few words outside marks that are beside words in marks."""
    spoken = [s for s in content if any(_lies_in(s, p) for p in _touched(s, quoted))]
    if not spoken:
        return content
    return tuple(s for s in content if s in spoken or not _is_scrap(s, text, quoted))


def _touched(span: Span, quoted: Sequence[Quoted]) -> Sequence[Quoted]:
    """Return the passages that share characters with a span or touch it, of those in order."""
    first = bisect_left(quoted, span.start, key=attrgetter("outer_end"))
    last = bisect_right(quoted, span.end, key=attrgetter("outer_start"))
    return quoted[first:last]


def _lies_in(span: Span, passage: Quoted) -> bool:
    return passage.outer_start <= span.start and span.end <= passage.outer_end


def _is_scrap(span: Span, text: str, quoted: Sequence[Quoted]) -> bool:
    has_marks = any(p.start < span.end and span.start < p.end for p in _touched(span, quoted))
    return not has_marks and len(WORD.findall(text, *span)) <= MAX_SCRAP_WORDS


def _find_cited(found: TaggedQuotation, text: str, cues: Cues) -> TaggedQuotation:
    """Return a quotation with the source that another quotes: `quoted officials as saying …`."""
    first, *others = found.content
    cited = cues.cited.match(text, *first)
    if cited is None or cited.end() >= first.end:
        return found
    return replace(
        found,
        content=(Span(cited.end(), first.end), *others),
        cue=Span(*cited.span("cue")),
        source=Span(*cited.span("source")),
    )


def _split_cues(found: TaggedQuotation, doc: Doc, cues: Cues) -> Iterator[TaggedQuotation]:
    """Yield a quotation and, of a content that holds another verb of speech, what that one says.

    `reiterated its commitment and stressed that …`: the parse hangs the second verb on the first.
    """
    words = None if found.cue is None else doc.char_span(*found.cue, alignment_mode="expand")
    for number, span in enumerate(found.content):
        inside = doc.char_span(*span, alignment_mode="contract")
        second = _second_cue(inside, words, cues) if inside and words else None
        if second is None or inside is None:
            continue
        before = list(found.content[:number])
        first = _end_before(second, inside)
        if first > span.start:
            before.append(Span(span.start, first))
        rest = doc[second.i + 1 : inside.end]
        after = (Span(rest.start_char, span.end), *found.content[number + 1 :])
        if before:
            yield replace(found, content=tuple(before))
        cue = Span(second.idx, second.idx + len(second))
        yield replace(found, content=after, cue=cue)
        return
    yield found


def _second_cue(inside: Words, cue: Words, cues: Cues) -> Token | None:
    """Return a verb of speech that goes with the cue and has a clause of its own after it."""
    for token in inside:
        goes_with = token.dep_ == "conj" and token.head in cue and token.pos_ == "VERB"
        has_clause = any(child.dep_ == "ccomp" and child.i > token.i for child in token.children)
        if goes_with and has_clause and token.lemma_.lower() in cues.speech:
            return token if token.i + 1 < inside.end else None
    return None


def _end_before(second: Token, inside: Words) -> int:
    """Return where the words before `, and also stressed` end."""
    i = second.i
    while i > inside.start and second.doc[i - 1].dep_ in LINKING:
        i -= 1
    if i == inside.start:
        return inside.start_char
    last = second.doc[i - 1]
    return int(last.idx + len(last))
