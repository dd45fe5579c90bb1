"""Find quotations by the tagger, and by rules where it is silent.

The tagger (`quotations.tagger`) knows what is reported without marks far better than rules do. The
rules (`quotations.rules`) pass over no utterance between quotation marks, however odd the text is,
and they need no model but the parser.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from spacy.tokens import Doc, Token

from copydesk.lexicons.language import Language
from copydesk.lexicons.speech import Cues, load_cues
from copydesk.quotations.cues import is_known
from copydesk.quotations.paragraphs import Layout, settle_paragraphs
from copydesk.quotations.quotation import Quotation, overlaps, type_of_content
from copydesk.quotations.repair import repair_content, split_repeats
from copydesk.quotations.rules import find_quotations
from copydesk.quotations.sources import FewTokens, find_inverted, find_source, phrase_of
from copydesk.quotations.spoken import RENDERED_RULE
from copydesk.quotations.subjects import name_called, name_subject
from copydesk.quotations.tagger.tagger import MIN_SCORE, TaggedQuotation, tag_quotations
from copydesk.text.lines import WORD
from copydesk.text.quote_marks import Quoted, find_quoted
from copydesk.text.spans import SpanIndex, char_before
from copydesk.values import QuoteType, Span

# Both chosen on held-out articles of the training file (docs/quotes.md).
MIN_OTHER_CUE_SCORE = 0.4  # of indirect quotations whose cue is not a verb of speech or thought
MIN_PASSED_OVER_WORDS = 5  # between marks; shorter ones that the tagger leaves out are terms
UTTERANCE_ENDS = frozenset(".,?!…")
PARTICIPLE = "VBG"
FINITE = frozenset({"VBD", "VBZ", "VBP"})
HUNG = frozenset({"pobj", "poss", "prep", "compound"})  # what part of a phrase hangs on its head
JOINED = frozenset({"conj", "advcl"})  # what a second participle is to the first
SENTENCE_ENDS = frozenset(".?!…")
MARKS_BEFORE_WORDS = " “\"'‘"
PARAGRAPH_BREAK = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Tagger:
    """The method of the tagger, with whole utterances between marks that it passes over."""

    preload: str | None = "copydesk.quotations.tagger.preload"

    def find_quotations(self, doc: Doc, text: str, *, language: Language) -> Sequence[Quotation]:
        """Return the quotations of an article; `text` is that of `doc`."""
        quoted = find_quoted(text)
        by_rules = find_quotations(doc, text, language=language)
        tags = tag_quotations(text, quoted, min_score=0.0, language=language)
        rendered = [quotation for quotation in by_rules if quotation.rule == RENDERED_RULE]
        sure_of = SpanIndex(part for quotation in rendered for part in quotation.content)
        read = _read_tags(tags, doc, text, quoted=quoted, language=language)
        alone = (each for each in read if not overlaps(each, sure_of))
        tagged = [*rendered, *alone]
        passed_over = _pass_over(by_rules, tagged, tags=tags, text=text)
        layout = Layout(text, quoted, language=language)
        settled = _fill_in(settle_paragraphs([*tagged, *passed_over], layout), by_rules)
        named = (name_subject(each, doc, text, language=language) for each in settled)
        return [name_called(each, doc, text, language=language) for each in named]


def _read_tags(
    tags: Sequence[TaggedQuotation],
    doc: Doc,
    text: str,
    *,
    quoted: Sequence[Quoted],
    language: Language,
) -> Iterator[Quotation]:
    """Yield what the tagger is sure of, repaired; parts that repeat its words by themselves."""
    sure = (tag for tag in tags if tag.score >= MIN_SCORE)
    for found in (
        repaired
        for tag in sure
        for repaired in repair_content(tag, doc, text, quoted=quoted, language=language)
    ):
        first, *others = split_repeats(found.content, found.cue, text)
        kind = type_of_content(first, text, quoted, cue=found.cue)
        has_verb = is_known(found.cue, doc, language)
        source = found.source
        if kind is not QuoteType.DIRECT:
            source = _source_of_participle(found, doc, language)
        source = _find_quoted_speaker(found.cue, doc, language) or source
        if source is None:
            source = _subject_of(found.cue, doc, language, kind)
        else:
            source = _take_whole_subject(source, found.cue, doc, language)
        if source is not None and _is_addressed(source, found.cue, doc, language):
            source = None
        first = _without_source(first, source, found.cue)
        if not first:
            continue
        if kind is QuoteType.INDIRECT and not has_verb and found.score < MIN_OTHER_CUE_SCORE:
            continue
        rule = "tagger" if has_verb or found.cue is None else "tagger_other_cue"
        whole = Quotation(first, kind, found.cue, source, rule, found.score)
        yield whole
        for part in others:
            kind = type_of_content(part, text, quoted, cue=found.cue)
            yield replace(whole, content=part, type=kind, cue=None, rule="tagger_same_words")


def _fill_in(tagged: Iterable[Quotation], by_rules: Sequence[Quotation]) -> Iterator[Quotation]:
    """Yield quotations; utterances without cue and source have those that the rules find."""
    known = {q.content: q for q in by_rules if q.cue is not None and q.source is not None}
    for quotation in tagged:
        is_open = quotation.cue is None and quotation.source is None
        found = known.get(quotation.content) if is_open else None
        if found is None or quotation.type is not QuoteType.DIRECT:
            yield quotation
        else:
            yield replace(quotation, cue=found.cue, source=found.source)


def _source_of_participle(found: TaggedQuotation, doc: Doc, language: Language) -> Span | None:
    """Return the source of a quotation; of a participle, its own subject or who addresses whom.

    `with some calling her a liar, saying that …`, `wrote a letter to Holm demanding that …`.
    """
    cue = found.cue and doc.char_span(*found.cue, alignment_mode="expand")
    source = found.source and doc.char_span(*found.source, alignment_mode="expand")
    verb = next((token for token in cue or () if token.tag_ == PARTICIPLE), None)
    if verb is None or not source or verb.lemma_.lower() not in load_cues(language).speech:
        return found.source
    outer = verb
    while outer.dep_ in JOINED and outer.head.tag_ == PARTICIPLE:
        outer = outer.head
    if source.root.dep_ == "pobj" and source.root.head.lower_ in load_cues(language).addressing:
        outer = next((t for t in source.root.ancestors if t.pos_ == "VERB"), outer)
    if verb.dep_ == "acl" and verb.head.dep_ == "dobj" and verb.head.i < source.start:
        outer = verb.head.head
    subject = next((child for child in outer.children if child.dep_ == "nsubj"), None)
    if subject is None or subject in source or subject.pos_ == "PRON":
        return found.source
    return phrase_of(subject, verb, FewTokens())


def _subject_of(cue: Span | None, doc: Doc, language: Language, kind: QuoteType) -> Span | None:
    """Return who does what a verb of speech reports: `Holm waved, saying: “…”`.

    Where all is between marks, a finite verb too, `“No,” sighed Holm`, and who is quoted: `Holm
    was quoted as saying`. Without marks, only who or what the verb has as its own subject.
    """
    cues = load_cues(language)
    verb = _speech_verb(cue, doc, cues)
    if verb is None:
        return None
    if kind is QuoteType.INDIRECT:
        subject = _own_subject(verb) if verb.tag_ in FINITE else None
        return None if subject is None else phrase_of(subject, verb, FewTokens())
    is_participle = verb.tag_ == PARTICIPLE and verb.dep_ == "advcl"
    is_direct = kind is QuoteType.DIRECT
    is_quoted = verb.lemma_.lower() in cues.passives and verb.tag_ == "VBN"
    has_subject = is_participle or (is_direct and (verb.tag_ in FINITE or is_quoted))
    return find_source(verb, FewTokens(), cues) if has_subject else None


def _without_source(
    content: tuple[Span, ...], source: Span | None, cue: Span | None
) -> tuple[Span, ...]:
    """Return a content up to the words that are its own source or cue: nobody says those."""
    if source is None:
        return content
    at = next((i for i, s in enumerate(content) if s.start <= source.start < s.end), None)
    if at is None:
        return content
    first = source if cue is None or cue.start < content[at].start else min(source, cue)
    before = Span(content[at].start, first.start)
    return content[:at] + ((before,) if before.start < before.end else ())


def _find_quoted_speaker(cue: Span | None, doc: Doc, language: Language) -> Span | None:
    """Return who says what somebody quotes: `the paper quoted Holm as saying`."""
    cues = load_cues(language)
    words = (cue and doc.char_span(*cue, alignment_mode="expand")) or ()
    quoting = (t for word in words for t in (word, *islice(word.ancestors, 2)))
    verb = next((t for t in quoting if t.lemma_.lower() in cues.quoting and t.pos_ == "VERB"), None)
    saying = verb and next((t for t in verb.subtree if t.dep_ == "pcomp" and t.i > verb.i), None)
    if verb is None or saying is None or saying.lemma_.lower() not in cues.speech:
        return None
    roles = ("nsubjpass", "dobj")
    speakers = (child for role in roles for child in verb.children if child.dep_ == role)
    speaker = next(speakers, None)
    return None if speaker is None else phrase_of(speaker, saying, FewTokens())


def _is_addressed(source: Span, cue: Span | None, doc: Doc, language: Language) -> bool:
    """Return whether a source is whom somebody addresses: `Holm was asked if`."""
    cues = load_cues(language)
    verb = _speech_verb(cue, doc, cues)
    words = doc.char_span(*source, alignment_mode="expand")
    if verb is None or not words or verb.lemma_.lower() in cues.second_hand:
        return False
    is_passive = any(c.dep_ == "auxpass" and c.lower_ not in cues.short for c in verb.children)
    subjects = [child for child in verb.children if child.dep_ == "nsubjpass"]
    return is_passive and any(subject in words for subject in subjects)


def _speech_verb(cue: Span | None, doc: Doc, cues: Cues) -> Token | None:
    words = (cue and doc.char_span(*cue, alignment_mode="expand")) or ()
    verbs = [token for token in words if token.lemma_.lower() in cues.speech]
    return next((verb for verb in verbs if verb.dep_ == "pcomp"), next(iter(verbs), None))


def _own_subject(verb: Token) -> Token | None:
    subject = next((child for child in verb.children if child.dep_ == "nsubj"), None)
    return subject if subject is not None else find_inverted(verb)


def _take_whole_subject(source: Span, cue: Span | None, doc: Doc, language: Language) -> Span:
    """Return a source, or the subject of the verb of speech, if the source is only a part of it.

    `A letter to Ida Holm said`: the letter says it, and not she. Nor does anybody of another
    sentence say what has a subject in its own: `“Where to?” groaned Holm. “No,” shrugged Brandt`.
    """
    verb = _speech_verb(cue, doc, load_cues(language))
    words = doc.char_span(*source, alignment_mode="expand")
    subject = _own_subject(verb) if verb is not None else None
    if not words or subject is None or verb is None or subject in words:
        return source
    if words.root.sent.start != verb.sent.start and subject.pos_ in {"PROPN", "NOUN"}:
        return phrase_of(subject, verb, FewTokens())
    head = words.root
    while head.dep_ in HUNG and head.head != head:
        head = head.head
    is_part = head == subject and words.root.dep_ in {"pobj", "poss"}
    return phrase_of(subject, verb, FewTokens()) if is_part else source


def _pass_over(
    by_rules: Sequence[Quotation],
    tagged: Sequence[Quotation],
    *,
    tags: Sequence[TaggedQuotation],
    text: str,
) -> Iterator[Quotation]:
    """Yield the utterances between marks that share nothing with what the tagger is sure of.

    The speaker is whom the rules find, else whom the tagger guessed for the words, else whoever
    speaks in the paragraph before.
    """
    taken = SpanIndex(span for quotation in tagged for span in quotation.content)
    parts = [(span, tag.source) for tag in tags for span in tag.content]
    guessed = SpanIndex(span for span, _ in parts)
    before = _Spoken(tagged)
    for quotation in by_rules:
        n_words = sum(len(WORD.findall(text, *span)) for span in quotation.content)
        ends = text[slice(*quotation.content[-1])].rstrip()[-1:] in UTTERANCE_ENDS
        is_utterance = quotation.type is QuoteType.DIRECT and ends
        is_long = n_words >= MIN_PASSED_OVER_WORDS or _is_sentence(quotation, text)
        is_long |= quotation.source is not None and _opens_sentence(quotation, text)
        if is_utterance and is_long and not overlaps(quotation, taken):
            found = {i for span in quotation.content for i in guessed.overlapping(*span)}
            unsure = (parts[i][1] for i in sorted(found))
            source = quotation.source or next(filter(None, unsure), None)
            source = source or _carried_source(quotation, before, text)
            yield replace(quotation, source=source)


def _is_sentence(quotation: Quotation, text: str) -> bool:
    """Return whether few words between marks are a sentence among sentences: `She nods. “Yes.”`."""
    words = text[quotation.content[0].start : quotation.content[-1].end].rstrip()
    is_whole = words[:1].isupper() and words[-1:] in SENTENCE_ENDS
    return is_whole and char_before(text, quotation.content[0].start - 1) in {*SENTENCE_ENDS, ":"}


def _opens_sentence(quotation: Quotation, text: str) -> bool:
    return char_before(text, quotation.content[0].start - 1) in {"", "\n", *SENTENCE_ENDS}


class _Spoken:
    """The quotations with words between marks, by where they end."""

    def __init__(self, tagged: Sequence[Quotation]) -> None:
        spoken = [q for q in reversed(tagged) if q.type is not QuoteType.INDIRECT]
        self._spoken = sorted(spoken, key=_end_of)  # of those that end together, the first is last

    def last_before(self, offset: int) -> Quotation | None:
        """Return the quotation that ends last, at an offset or before it."""
        n = bisect_right(self._spoken, offset, key=_end_of)
        return self._spoken[n - 1] if n else None


def _end_of(quotation: Quotation) -> int:
    return quotation.content[-1].end


def _carried_source(quotation: Quotation, before: _Spoken, text: str) -> Span | None:
    """Return who speaks in the paragraph before, for a paragraph that is nothing but words said."""
    at = start = quotation.content[0].start
    while at and text[at - 1] in MARKS_BEFORE_WORDS:
        at -= 1
    if at and text[at - 1] != "\n":
        return None
    last = before.last_before(start)
    if last is None:
        return None
    breaks = PARAGRAPH_BREAK.finditer(text, _end_of(last), start)
    is_next = next(islice(breaks, 1, None), None) is None
    return last.source if is_next else None
