"""Repair what the tagger cut short or took together, with what marks and the parse are sure of.

It labels line by line, so a content may stop inside its marks, reach over a second `and stressed
that`, or take in a word beside an utterance.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from spacy.tokens import Doc, Token

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.speech import Cues, load_cues
from copydesk.quotations.addressed import drop_addressee
from copydesk.quotations.authored import (
    cut_tail,
    drop_lead,
    drop_scene,
    split_attributed,
)
from copydesk.quotations.clauses import (
    add_clause_after,
    add_interrupted,
    add_judgement,
    complete_clause,
    complete_copula,
    keep_to_clause,
    open_clause,
)
from copydesk.quotations.cues import is_known
from copydesk.quotations.quotation import lies_in, touched_passages
from copydesk.quotations.second_cues import split_cues
from copydesk.quotations.sources import is_finite
from copydesk.quotations.tagger.tagger import TaggedQuotation
from copydesk.text.lines import WORD
from copydesk.text.quote_marks import SENTENCE_ENDS, Quoted
from copydesk.text.spans import char_before
from copydesk.values import Span

# Chosen on held-out articles of the training file (docs/quotes.md).
MAX_SCRAP_WORDS = 4  # without marks, beside an utterance: `Still`, `the hall`, not what was said
STAMP = re.compile(r"\d{1,2}[:.]\d{2}(?:\s?[ap]\.?m\.?)?\s*[-–—:|]?\s*(?=\S)")
SENTENCE_END = re.compile(r"[.!?][\"'”’)]*\s+(?=[\"'“‘(]*[A-Z])")
UTTERANCE_ENDS = frozenset(",.?!…")
SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl"})


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
    whole = _drop_stamp(_take_to_marks(found, quoted), text, quoted)
    whole = _keep_to_sentence(whole, doc, text, quoted)
    whole = add_clause_after(add_interrupted(whole, doc, quoted, cues), doc, quoted, cues)
    whole = complete_clause(add_judgement(whole, doc, quoted, cues), doc, text, quoted)
    whole = complete_copula(open_clause(whole, doc, text, quoted), doc, text, quoted, cues)
    whole = drop_addressee(whole, doc, text, quoted, cues)
    alone = drop_scene(keep_to_clause(whole, doc, text, quoted, cues), text, quoted)
    if not is_known(found.cue, doc, language):
        alone = drop_lead(alone, text, quoted)
    own = _end_at_utterance(cut_tail(alone, doc, text, quoted, cues), doc, text, quoted)
    tidy = replace(own, content=_drop_scraps(own.content, doc, text, quoted))
    cited = _find_cited(_find_reported_speaker(tidy, doc, quoted, cues), text, cues)
    return [
        part
        for split in split_cues(cited, doc, cues)
        for attributed in split_attributed(split, doc, text, quoted, cues)
        for spoken in _split_utterances(attributed, text, quoted)
        for answer in _split_answers(spoken, doc, text, quoted)
        for part in _split_speakers(answer, doc, quoted)
    ]


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


def _drop_stamp(found: TaggedQuotation, text: str, quoted: Sequence[Quoted]) -> TaggedQuotation:
    """Return a quotation without the time of an item of a live blog: `14:25 “Stay at home.”`."""
    first, *others = found.content
    stamp = STAMP.match(text, *first)
    inside = touched_passages(first, quoted)
    if stamp is None or not inside or inside[0].outer_start != stamp.end():
        return found
    is_whole = first.end <= inside[0].outer_end
    cut = Span(inside[0].start, min(first.end, inside[0].end)) if is_whole else None
    return replace(found, content=(cut or Span(stamp.end(), first.end), *others))


def _to_closing_mark(span: Span, quoted: Sequence[Quoted]) -> Span:
    for passage in touched_passages(span, quoted):
        if span.start <= passage.start < span.end < passage.end:
            end = passage.outer_end if span.start < passage.outer_start else passage.end
            return Span(span.start, end)
    return span


def _end_at_utterance(
    found: TaggedQuotation, doc: Doc, text: str, quoted: Sequence[Quoted]
) -> TaggedQuotation:
    """Return a quotation without what its author adds to a whole utterance.

    `adding: “We saw nothing,” before leaving the room`; further words between marks stay, and so
    does what is said of a title: `“Peace now!” was the slogan`. What opens the next sentence is no
    part of any: `“We sail.” At the same time, he added`.
    """
    return replace(found, content=tuple(_before_tail(p, doc, text, quoted) for p in found.content))


def _before_tail(part: Span, doc: Doc, text: str, quoted: Sequence[Quoted]) -> Span:
    inside = [p for p in touched_passages(part, quoted) if p.outer_start < part.end]
    if len(inside) != 1 or not inside[0].outer_start <= part.start <= inside[0].start:
        return part
    passage = inside[0]
    words = text[passage.start : passage.end].strip()
    is_announced = char_before(text, passage.outer_start) == ":"
    is_whole = words[:1].isupper() and words[-1:] in UTTERANCE_ENDS
    tail = doc.char_span(passage.outer_end, part.end, alignment_mode="contract")
    if not (is_whole and tail):
        return part
    has_verb = any(is_finite(token) for token in (tail[:1] if is_announced else tail))
    is_ended = words[-1:] in SENTENCE_ENDS and tail.text[:1].isupper()
    is_added = (is_announced or is_ended) and not has_verb
    return Span(passage.start, passage.end) if is_added else part


def _keep_to_sentence(
    found: TaggedQuotation, doc: Doc, text: str, quoted: Sequence[Quoted]
) -> TaggedQuotation:
    """Return a quotation without words outside marks that are in another sentence than its cue."""
    cue = None if found.cue is None else doc.char_span(*found.cue, alignment_mode="expand")
    if not cue or len(found.content) == 1:
        return found
    sentence = Span(cue[0].sent.start_char, cue[-1].sent.end_char)
    kept = tuple(
        part
        for part in found.content
        if _has_marks(part, quoted)
        or (part.start < sentence.end and sentence.start < part.end)
        or not _has_stop_between(part, cue.start_char, text)
    )
    return replace(found, content=kept) if kept else found


def _has_stop_between(part: Span, at: int, text: str) -> bool:
    start, end = (part.end - 1, at) if part.start < at else (at, part.start)
    return SENTENCE_END.search(text, start, end + 1) is not None


def _drop_scraps(
    content: tuple[Span, ...], doc: Doc, text: str, quoted: Sequence[Quoted]
) -> tuple[Span, ...]:
    """Return a content without the few words outside marks that are beside words in marks."""
    spoken = [s for s in content if any(lies_in(s, p) for p in touched_passages(s, quoted))]
    if not spoken:
        return content
    whole = [s for s in spoken if text[: s.end].rstrip("”\"’' ")[-1:] in ",.?!"]
    return tuple(
        s
        for s in content
        if s in spoken
        or not (
            _is_scrap(s, doc, text, quoted)
            or (
                whole
                and s.start > whole[0].end
                and not _has_marks(s, quoted)
                and not _is_reported(s, doc)
            )
        )
    )


def _has_marks(span: Span, quoted: Sequence[Quoted]) -> bool:
    return any(p.start < span.end and span.start < p.end for p in touched_passages(span, quoted))


def _is_scrap(span: Span, doc: Doc, text: str, quoted: Sequence[Quoted]) -> bool:
    is_short = len(WORD.findall(text, *span)) <= MAX_SCRAP_WORDS
    return is_short and not _has_marks(span, quoted) and not _is_reported(span, doc)


def _is_reported(span: Span, doc: Doc) -> bool:
    """Return whether words are a clause that the verb before them reports: `said` he was sad."""
    words = doc.char_span(*span, alignment_mode="contract")
    if words is None or words.root.dep_ != "ccomp":
        return False
    return any(child.dep_ in SUBJECTS and child in words for child in words.root.children)


def _split_utterances(
    found: TaggedQuotation, text: str, quoted: Sequence[Quoted]
) -> Iterator[TaggedQuotation]:
    """Yield a clause that is reported, and the utterances in later sentences by themselves.

    `He said that he was sad. “Nobody came.”` is reported once without marks and once with them.
    """
    plain = [part for part in found.content if not _has_marks(part, quoted)]
    after = [
        part
        for part in found.content
        if plain
        and any(lies_in(part, passage) for passage in touched_passages(part, quoted))
        and part.start > plain[-1].end
        and _has_stop_between(plain[-1], part.start, text)
    ]
    before = tuple(part for part in found.content if part not in after)
    if not after:
        yield found
        return
    yield replace(found, content=before)
    yield replace(found, content=tuple(after))


def _split_answers(
    found: TaggedQuotation, doc: Doc, text: str, quoted: Sequence[Quoted]
) -> Iterator[TaggedQuotation]:
    """Yield a quotation, and what answers a question of the author in it as another one.

    `Her answer is short: “Money.” And her plan? “Wait.”`: of the same speaker, unless the question
    names somebody.
    """
    content = [_cut_after_utterance(part, text, quoted) for part in found.content]
    for number, part in enumerate(content[1:], start=1):
        between = Span(content[number - 1].end, part.start)
        asked = text[slice(*between)].strip(" ”\"'’“‘")
        has_cue = found.cue is not None and between.start <= found.cue.start < between.end
        if not asked.endswith("?") or has_cue or "\n" in asked or not _has_marks(part, quoted):
            continue
        words = doc.char_span(*between, alignment_mode="contract") or ()
        is_other = any(token.pos_ == "PROPN" for token in words)
        yield replace(found, content=tuple(content[:number]))
        source = None if is_other else found.source
        yield replace(found, content=tuple(content[number:]), cue=None, source=source)
        return
    yield found


def _cut_after_utterance(part: Span, text: str, quoted: Sequence[Quoted]) -> Span:
    """Return a part up to the end of an utterance that it begins with: `“Money.” And her plan`."""
    first = next((p for p in touched_passages(part, quoted) if p.outer_start <= part.start), None)
    is_ended = first is not None and text[first.start : first.end].rstrip()[-1:] in ".?!"
    if first is None or not is_ended or not first.outer_end < part.end:
        return part
    return Span(part.start if part.start > first.outer_start else first.start, first.end)


def _split_speakers(
    found: TaggedQuotation, doc: Doc, quoted: Sequence[Quoted]
) -> Iterator[TaggedQuotation]:
    """Yield a quotation, and its words after another subject as that one's.

    `“Yes,” Holm said, and his brother cut in. “No.”`
    """
    source = found.source and doc.char_span(*found.source, alignment_mode="expand")
    if not source or found.cue is None or source.root.pos_ == "PRON":
        yield found
        return
    known = {token.lower_ for token in source if token.is_alpha}
    for number, part in enumerate(found.content[1:], start=1):
        start = max(found.content[number - 1].end, found.cue.end, source.end_char)
        between = doc.char_span(start, part.start, alignment_mode="contract") or ()
        others = [
            token
            for token in between
            if token.dep_ == "nsubj"
            and token.pos_ in {"NOUN", "PROPN"}
            and token.head.dep_ in {"ROOT", "conj"}
            and token.head in between
            and known.isdisjoint(t.lower_ for t in token.subtree)
        ]
        is_quoted = any(lies_in(part, passage) for passage in touched_passages(part, quoted))
        if others and is_quoted:
            words = doc[others[-1].left_edge.i : others[-1].right_edge.i + 1]
            yield replace(found, content=found.content[:number])
            rest = replace(found, content=found.content[number:], cue=None)
            yield replace(rest, source=Span(words.start_char, words.end_char))
            return
    yield found


def _find_reported_speaker(
    found: TaggedQuotation, doc: Doc, quoted: Sequence[Quoted], cues: Cues
) -> TaggedQuotation:
    """Return a quotation that is reported at second hand with whom it is reported of.

    `Umeh is said to have told his cabinet that …`, `Umeh was quoted by the paper as saying that …`.
    """
    cue = None if found.cue is None else doc.char_span(*found.cue, alignment_mode="expand")
    if any(_has_marks(part, quoted) for part in found.content):
        return found
    for verb in (v for v in cue or () if v.lemma_.lower() in cues.second_hand):
        subject = next((child for child in verb.children if child.dep_ == "nsubjpass"), None)
        said = subject and next(_second_hand(verb, cues), None)
        if subject is None or said is None:
            continue
        clause = next((c for c in said.children if c.dep_ == "ccomp" and c.i > said.i), None)
        if clause is None:
            continue
        words = doc[clause.left_edge.i : clause.right_edge.i + 1]
        if _has_marks(Span(words.start_char, words.end_char), quoted):
            continue
        named = doc[subject.left_edge.i : subject.right_edge.i + 1]
        return replace(
            found,
            content=(Span(words.start_char, words.end_char),),
            cue=Span(said.idx, said.idx + len(said)),
            source=Span(named.start_char, named.end_char),
        )
    return found


def _second_hand(verb: Token, cues: Cues) -> Iterator[Token]:
    """Yield the verbs of speech that a passive one reports: `to have told`, `as saying`."""
    for child in verb.children:
        inner = [child, *child.children] if child.dep_ in {"prep", "xcomp"} else []
        known = cues.speech - cues.needs_marks - cues.needs_clause
        yield from (t for t in inner if t.pos_ == "VERB" and t.lemma_.lower() in known)


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
