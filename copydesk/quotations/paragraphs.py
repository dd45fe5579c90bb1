"""Settle whose words a quoted paragraph is, by typography before any link.

A passage that does not close continues in the next paragraph if that opens with a mark: the two
are one utterance. A paragraph of nothing but quoted words has the speaker of the one before it, or
none. The links of the tagger know neither, so a content keeps what is in other paragraphs only
where the marks allow it.
"""

from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import accumulate
from operator import attrgetter

from copydesk.lexicons.language import Language
from copydesk.lexicons.load import load_pronouns
from copydesk.lexicons.speech import load_cues
from copydesk.quotations.quotation import Quotation
from copydesk.text.lines import WORD
from copydesk.text.quote_marks import PARAGRAPH, Quoted
from copydesk.text.spans import SpanIndex, char_before
from copydesk.values import QuoteType, Span

BREAKS = frozenset(",?!—–")  # the end of words that a cue breaks off
MIN_NAME_CHARS = 4  # a shorter word with a capital may be a pronoun
CARRIED_SCORE = 0.6  # of a speaker taken over from the paragraph before


class Layout:
    """The paragraphs of a text, and what in them is between quotation marks."""

    def __init__(self, text: str, quoted: Sequence[Quoted], *, language: Language) -> None:
        """Find the paragraphs."""
        self.text = text
        self.quoted = quoted
        self.first_person = load_pronouns(language).first_person
        self.members = load_pronouns(language).members
        self._cues = load_cues(language)
        self._paragraphs = [
            Span(*line.span()) for line in PARAGRAPH.finditer(text) if line.group().strip()
        ]

    def paragraph_at(self, offset: int) -> int:
        """Return the number of the paragraph that an offset is in, or that it follows."""
        return max(0, bisect_right(self._paragraphs, offset, key=attrgetter("start")) - 1)

    def passages_of(self, span: Span) -> range:
        """Return the numbers of the passages that share characters with a span."""
        first = bisect_right(self.quoted, span.start, key=attrgetter("outer_end"))
        last = first
        while last < len(self.quoted) and self.quoted[last].outer_start < span.end:
            last += 1
        return range(first, last)

    def is_bare(self, number: int) -> bool:
        """Return whether a paragraph is nothing but quoted words."""
        return number in self._bare

    def is_bare_throughout(self, numbers: range) -> bool:
        """Return whether each of some paragraphs in a row is nothing but quoted words."""
        return self._n_bare[numbers.stop] - self._n_bare[numbers.start] == len(numbers)

    @cached_property
    def _n_bare(self) -> Sequence[int]:
        """How many of the paragraphs before each are bare."""
        flags = (number in self._bare for number in range(len(self._paragraphs)))
        return list(accumulate(flags, initial=0))

    @cached_property
    def _bare(self) -> frozenset[int]:
        n_outside = [len(WORD.findall(self.text, *span)) for span in self._paragraphs]
        has_quoted = set()
        for passage in self.quoted:
            at = self.paragraph_at(passage.start)
            has_quoted.add(at)
            n_outside[at] -= len(WORD.findall(self.text, passage.outer_start, passage.outer_end))
        return frozenset(at for at in has_quoted if n_outside[at] <= 0)

    def opens(self, number: int) -> bool:
        """Return whether a passage is the first thing in its paragraph."""
        passage = self.quoted[number]
        start = self._paragraphs[self.paragraph_at(passage.start)].start
        return not WORD.search(self.text, start, passage.outer_start)

    def broken_off_before(self, quotation: Quotation, cue: Span) -> int | None:
        """Return the passage that breaks off for a cue, if words after the cue are quoted too."""
        starts = [cue.start]
        if quotation.source is not None and quotation.source.start < cue.start:
            starts.append(quotation.source.start)
        at = min(starts)
        number = bisect_right(self.quoted, at, key=attrgetter("outer_end")) - 1
        after = [part for part in quotation.content if part.start > cue.end]
        if number < 0 or not after or not any(self.passages_of(part) for part in after):
            return None
        passage = self.quoted[number]
        breaks_off = self.text[passage.start : passage.end].rstrip("'’ ")[-1:] in BREAKS
        between = self.text[passage.outer_end : at]
        opens = not char_before(self.text, passage.outer_start).isalnum()  # no title: on “Today,”
        is_part = opens and breaks_off and passage.is_closed and not between.strip()
        return number if is_part else None

    @cached_property
    def utterances(self) -> Sequence[range]:
        """Return the passages, those together that are one utterance over paragraphs."""
        found: list[range] = []
        for number in range(len(self.quoted)):
            if found and self._continues(number):
                found[-1] = range(found[-1].start, number + 1)
            else:
                found.append(range(number, number + 1))
        return found

    def _continues(self, number: int) -> bool:
        before, passage = self.quoted[number - 1], self.quoted[number]
        paragraph = self.paragraph_at(before.start)
        return (
            not before.is_closed
            and self.paragraph_at(passage.start) == paragraph + 1
            and self.opens(number)
            and not WORD.search(self.text, before.end, self._paragraphs[paragraph].end)
            and self._cues.missing_mark.search(self.text, before.start, before.end) is None
        )


def settle_paragraphs(found: Iterable[Quotation], layout: Layout) -> list[Quotation]:
    """Return quotations that keep to their paragraphs, in the order of their content."""
    cut = sorted(
        (part for quotation in found for part in _cut_lines(quotation, layout)),
        key=lambda quotation: quotation.content,
    )
    joined = _join_utterances(_join_split(cut, layout), layout)
    return list(_carry_speakers(joined, layout))


def _cut_lines(quotation: Quotation, layout: Layout) -> Iterator[Quotation]:
    """Yield a quotation without what belongs to other paragraphs, and that by itself."""
    anchor = _anchor_of(quotation, layout)
    kept: list[Span] = []
    others: list[Span] = []
    for part in quotation.content:
        at = layout.paragraph_at(part.start)
        (kept if at == anchor or _reaches(part, anchor, layout) else others).append(part)
    if not kept and not any(layout.passages_of(part) for part in others):
        kept, others = others, kept
    if kept:
        yield _with_content(quotation, kept)
    for part in others:
        if layout.passages_of(part):
            yield replace(
                quotation,
                content=(part,),
                type=QuoteType.DIRECT,
                cue=None,
                source=None,
                rule=f"{quotation.rule}_cut",
            )


def _anchor_of(quotation: Quotation, layout: Layout) -> int:
    at = quotation.content[0].start if quotation.cue is None else quotation.cue.start
    return layout.paragraph_at(at)


def _reaches(part: Span, anchor: int, layout: Layout) -> bool:
    """Return whether all that lies between a part and the paragraph of its cue is quoted."""
    passages = layout.passages_of(part)
    if not passages:
        return False
    at = layout.paragraph_at(part.start)
    between = range(anchor + 1, at + 1) if at > anchor else range(at, anchor)
    return layout.is_bare_throughout(between)


def _with_content(quotation: Quotation, content: Iterable[Span]) -> Quotation:
    return replace(quotation, content=tuple(sorted(content)))


def _join_split(found: Sequence[Quotation], layout: Layout) -> list[Quotation]:
    """Return quotations with the part in front of their cue: `“Yes,” she said. “I will.”`."""
    owners = _owners_of(found, layout)
    joined = dict(enumerate(found))
    for i, quotation in enumerate(found):
        number = (
            None if quotation.cue is None else layout.broken_off_before(quotation, quotation.cue)
        )
        if number is None or i not in joined:
            continue
        others = [n for n in owners.get(number, ()) if n in joined]
        if i in others or any(joined[n].cue is not None for n in others):
            continue
        passage = layout.quoted[number]
        content = [*quotation.content, Span(passage.start, passage.end)]
        joined[i] = replace(_with_content(quotation, content), rule=_joined_rule(quotation))
        for n in others:
            del joined[n]
    return sorted(joined.values(), key=lambda quotation: quotation.content)


def _join_utterances(found: Sequence[Quotation], layout: Layout) -> list[Quotation]:
    """Return quotations of which each utterance over several paragraphs is one."""
    owners = _owners_of(found, layout)
    joined = dict(enumerate(found))
    for utterance in layout.utterances:
        if len(utterance) == 1:
            continue
        numbers = list(
            dict.fromkeys(i for n in utterance for i in owners.get(n, ()) if i in joined)
        )
        if not numbers:
            continue
        first = min(numbers, key=lambda i: (joined[i].source is None, joined[i].cue is None, i))
        passages = [Span(layout.quoted[n].start, layout.quoted[n].end) for n in utterance]
        quoted = SpanIndex(passages)
        same = [i for i in numbers if i == first or _may_be_one(joined[i], joined[first], layout)]
        if len(same) < len(numbers):
            continue  # two speakers: a mark is missing
        outside = [part for i in same for part in joined[i].content if not quoted.overlaps(*part)]
        joined[first] = replace(
            _with_content(joined[first], [*outside, *passages]), rule=_joined_rule(joined[first])
        )
        for i in same:
            if i != first:
                del joined[i]
    return sorted(joined.values(), key=lambda quotation: quotation.content)


def _joined_rule(quotation: Quotation) -> str:
    return f"{quotation.rule.removesuffix('_cut').removesuffix('_split')}_split"


def _owners_of(found: Sequence[Quotation], layout: Layout) -> Mapping[int, Sequence[int]]:
    owners: dict[int, list[int]] = {}
    for i, quotation in enumerate(found):
        for part in quotation.content:
            for number in layout.passages_of(part):
                owners.setdefault(number, []).append(i)
    return owners


def _may_be_one(one: Quotation, other: Quotation, layout: Layout) -> bool:
    """Return whether two quotations can have one speaker: a name is not two names."""
    if one.source is None or other.source is None or one.source == other.source:
        return True
    if one.cue is None or other.cue is None:
        return True
    words = [
        {word for word in WORD.findall(layout.text[slice(*q.source)]) if word[0].isupper()}
        for q in (one, other)
        if q.source is not None
    ]
    small = [{word for word in each if len(word) >= MIN_NAME_CHARS} for each in words]
    return not all(small) or bool(small[0] & small[1])


def _carry_speakers(found: Sequence[Quotation], layout: Layout) -> Iterator[Quotation]:
    """Yield the quotations; a bare paragraph without a cue takes the speaker of the one before."""
    last: dict[int, Quotation] = {}
    for quotation in found:
        first, end = (layout.paragraph_at(quotation.content[i].start) for i in (0, -1))
        settled = quotation
        if quotation.cue is None and _is_bare_throughout(quotation, layout):
            before = last.get(first - 1)
            source = None if before is None else before.source
            if source is not None:
                score = CARRIED_SCORE if quotation.source != source else quotation.score
                settled = replace(quotation, source=source, score=min(score, quotation.score))
            elif quotation.source is not None and not _is_near(quotation.source, first, layout):
                settled = replace(quotation, source=None)
        elif quotation.cue is None and not _is_inside(quotation.source, {first, end}, layout):
            settled = replace(quotation, source=None)
        yield settled
        if settled.source is not None and _can_speak_on(settled, end, layout):
            last[end] = settled


def _can_speak_on(quotation: Quotation, paragraph: int, layout: Layout) -> bool:
    """Return whether a source can be that of the next paragraph too.

    `I` is whoever says it, and `they tell you that` is what people say.
    """
    source = quotation.source
    words = "" if source is None else layout.text[slice(*source)].lower()
    is_rendered = quotation.type is QuoteType.INDIRECT and words in layout.members
    is_before = source is not None and layout.paragraph_at(source.start) <= paragraph
    return is_before and words not in layout.first_person and not is_rendered


def _is_bare_throughout(quotation: Quotation, layout: Layout) -> bool:
    return all(layout.is_bare(layout.paragraph_at(part.start)) for part in quotation.content)


def _is_inside(source: Span | None, paragraphs: Container[int], layout: Layout) -> bool:
    return source is None or layout.paragraph_at(source.start) in paragraphs


def _is_near(source: Span, paragraph: int, layout: Layout) -> bool:
    return layout.paragraph_at(source.start) in {paragraph - 1, paragraph}
