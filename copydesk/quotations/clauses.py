"""Complete a content that ends in the middle of a clause, which the parse shows."""

from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc, Token
from spacy.tokens import Span as Words

from copydesk.lexicons.speech import Cues
from copydesk.quotations.cues import has_phrase
from copydesk.quotations.quotation import lies_in, touched_passages
from copydesk.quotations.sources import find_agent, find_described, is_finite
from copydesk.quotations.tagger.tagger import TaggedQuotation
from copydesk.text.quote_marks import Quoted
from copydesk.values import Span

INTERRUPTING = frozenset({"parataxis", "ccomp"})  # what a cue in the middle of a sentence is to it
PHRASES = frozenset({"prep", "advmod", "npadvmod"})  # that a clause may open with
PAUSES = frozenset({",", "—", "–", "--"})
FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
VERBS = frozenset({"VERB", "AUX"})
INTRODUCING = "IN"  # `that` before a clause
SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})


def _cue_of(found: TaggedQuotation, doc: Doc) -> Words | None:
    return None if found.cue is None else doc.char_span(*found.cue, alignment_mode="expand")


def add_interrupted(
    found: TaggedQuotation, doc: Doc, quoted: Sequence[Quoted], cues: Cues
) -> TaggedQuotation:
    """Return a quotation with both parts of a sentence that its cue interrupts.

    `The boats, he said, would sail`, `While she was tired, she said, the work was done`.
    """
    cue = _cue_of(found, doc)
    verb = cue.root if cue else None
    is_phrase = has_phrase(list(cue or ()), cues)
    roles = INTERRUPTING | ({"prep"} if is_phrase else set())
    if verb is None or verb.dep_ not in roles or verb.head == verb:
        return found
    main = verb.head
    left = doc[main.left_edge.i : verb.left_edge.i]
    right = doc[verb.right_edge.i + 1 : main.right_edge.i + 1]
    is_set_off = left and right and {left[-1].text, right[0].text} <= PAUSES
    is_known = is_phrase or verb.lemma_.lower() in cues.speech - cues.needs_marks
    if not is_set_off or not is_known:
        return found
    if all(any(lies_in(part, p) for p in touched_passages(part, quoted)) for part in found.content):
        return found
    missing = [
        span
        for part in (left, right)
        if (span := _trim(part)) and not any(_share(span, other) for other in found.content)
    ]
    other = [
        trimmed
        for part in (left, right)
        if (trimmed := _trim(part)) and any(_share(trimmed, each) for each in found.content)
    ]
    if len(missing) != 1 or not other:
        return found
    if is_phrase and not _holds_core(missing[0], main):
        return found  # what only hangs on a whole clause is the author's
    return replace(found, content=tuple(sorted([*found.content, *missing])))


def add_clause_after(
    found: TaggedQuotation, doc: Doc, quoted: Sequence[Quoted], cues: Cues
) -> TaggedQuotation:
    """Return a quotation with the clause after its cue, of which it has only the beginning.

    `In those weeks, he said, the boats stayed at home`: the parser hangs the phrase on `said`.
    """
    cue = _cue_of(found, doc)
    verb = cue.root if cue else None
    last = doc.char_span(*found.content[-1], alignment_mode="contract")
    if verb is None or not last or verb.lemma_.lower() not in cues.speech - cues.needs_marks:
        return found
    is_before = last.end < verb.i and last.root.head == verb and last.root.dep_ in PHRASES
    clause = next((c for c in verb.children if c.dep_ == "ccomp" and c.i > verb.i), None)
    if not is_before or clause is None:
        return found
    edge = clause.left_edge.i
    missing = _trim(doc[edge : clause.right_edge.i + 1])
    has_subject = any(child.dep_ in SUBJECTS for child in clause.children)
    is_set_off = not {doc[edge - 1].text, doc[edge].text}.isdisjoint(PAUSES)
    if missing is None or not (has_subject and is_set_off) or touched_passages(missing, quoted):
        return found
    return replace(found, content=(*found.content, missing))


def add_judgement(
    found: TaggedQuotation, doc: Doc, quoted: Sequence[Quoted], cues: Cues
) -> TaggedQuotation:
    """Return a quotation with what its words are called: `The plan, described by Holm | as “mad”`.

    What is between marks is called so, and the verb has who does it.
    """
    cue = _cue_of(found, doc)
    verb = cue.root if cue else None
    last = found.content[-1]
    if verb is None or verb.lemma_.lower() not in cues.judgement or verb.dep_ != "acl":
        return found
    if last.end > verb.idx or find_agent(verb) is None:
        return found
    judged = (child for child in verb.children if child.lower_ in cues.judged_as)
    words = next((_trim(doc[c.left_edge.i : c.right_edge.i + 1]) for c in judged), None)
    passages = touched_passages(words, quoted) if words is not None else ()
    if words is None or not passages:
        return found
    return replace(found, content=(*found.content, Span(words.start, passages[-1].outer_end)))


def _share(one: Span | None, other: Span) -> bool:
    return one is not None and one.start < other.end and other.start < one.end


def _trim(words: Words) -> Span | None:
    """Return the span of words without conjunctions and punctuation at their edges."""
    start, end = words.start, words.end
    while start < end and (words.doc[start].dep_ in {"cc", "punct"} or words.doc[start].is_space):
        start += 1
    while start < end and (words.doc[end - 1].is_punct or words.doc[end - 1].is_space):
        end -= 1
    inner = words.doc[start:end]
    return Span(inner.start_char, inner.end_char) if end - start > 1 else None


def _holds_core(span: Span, verb: Token) -> bool:
    """Return whether a span has a verb, or its subject."""
    core = (verb, *(child for child in verb.children if child.dep_ in SUBJECTS))
    return any(span.start <= token.idx < span.end for token in core)


def complete_clause(
    found: TaggedQuotation, doc: Doc, text: str, quoted: Sequence[Quoted]
) -> TaggedQuotation:
    """Return a quotation up to the end of the clause whose beginning it ends with.

    `said that those who work there | earn too little`, `added that in May, | Holm confirmed it`.
    """
    cue = _cue_of(found, doc)
    last = found.content[-1]
    clauses = (c for word in cue or () for c in word.children if c.dep_ == "ccomp" and c.i > word.i)
    for clause in (c for c in clauses if c.pos_ in VERBS and last.end <= c.idx):
        begun = (c for c in clause.children if c.dep_ in SUBJECTS or c.tag_ == INTRODUCING)
        is_cut = any(last.start <= word.idx < last.end for word in begun)
        end = doc[clause.right_edge.i].idx + len(doc[clause.right_edge.i])
        added = Span(last.end, last.end + len(text[last.end : end].rstrip(' ,.;:-–—"”')))
        is_plain = not touched_passages(added, quoted) and "\n" not in text[slice(*added)]
        is_free = all(span is None or not _share(span, added) for span in (found.cue, found.source))
        if is_cut and is_plain and is_free:
            return replace(found, content=(*found.content[:-1], Span(last.start, added.end)))
    return found


def open_clause(
    found: TaggedQuotation, doc: Doc, text: str, quoted: Sequence[Quoted]
) -> TaggedQuotation:
    """Return a quotation from the beginning of the clause whose end it has in front of its cue.

    `Branch 12, based in Tarn, | has six boats, said Holm`, `Prices rise, | led by fish, she added`.
    """
    cue = _cue_of(found, doc)
    first = found.content[0]
    if (
        not cue
        or found.cue is None
        or first.end > found.cue.start
        or touched_passages(first, quoted)
    ):
        return found
    clause = next((c for c in cue.root.children if c.dep_ == "ccomp" and c.i < cue.root.i), None)
    if clause is None or not clause.left_edge.idx < first.start <= clause.right_edge.idx:
        return found
    added = Span(clause.left_edge.idx, first.start)
    core = (clause, *(child for child in clause.children if child.dep_ in SUBJECTS))
    is_core = any(added.start <= token.idx < added.end for token in core)
    others = (found.cue, found.source)
    is_free = all(span is None or not _share(span, added) for span in others)
    if not is_core or not is_free or "\n" in text[slice(*added)] or touched_passages(added, quoted):
        return found
    return replace(found, content=(Span(added.start, first.end), *found.content[1:]))


def complete_copula(
    found: TaggedQuotation, doc: Doc, text: str, quoted: Sequence[Quoted], cues: Cues
) -> TaggedQuotation:
    """Return a quotation with what something is, after the source: `The deal is, according to`."""
    cue = _cue_of(found, doc)
    last, source = found.content[-1], found.source
    ends = doc.char_span(*last, alignment_mode="contract")
    if not cue or not ends or source is None or not has_phrase(list(cue), cues):
        return found
    after = doc.char_span(source.end, len(text), alignment_mode="contract")
    is_cut = ends[-1].pos_ == "AUX" and ends.end + 1 == cue.start and doc[ends.end].text == ","
    if not is_cut or not after or after[0].text != ",":
        return found
    rest = doc[after.start + 1 : after[0].sent.end]
    joint = (t.i - 1 for t in rest if t.dep_ == "cc" and t.head.i <= ends[-1].i)
    end = next(joint, rest.end)
    words = _trim(doc[rest.start : end])
    if words is None or touched_passages(words, quoted):
        return found
    return replace(found, content=(*found.content, words))


def keep_to_clause(
    found: TaggedQuotation, doc: Doc, text: str, quoted: Sequence[Quoted], cues: Cues
) -> TaggedQuotation:
    """Return a quotation up to the end of its cue's clause, and without an aside before `that`.

    `Holm, who said that they had lied, | left`, `Holm, saying that they had lied, | left`, `While
    Holm vowed to pay, | nothing happened`, `said, among other things, | that they had lied`.
    """
    cue = _cue_of(found, doc)
    limit = _end_of_side_clause(cue.root) if cue else None
    content = []
    for part in found.content:
        cut = part
        if not touched_passages(part, quoted):
            aside = cues.aside.match(text, *part)
            words = aside and doc.char_span(*aside.span(), alignment_mode="expand")
            is_clause = any(is_finite(word) for word in words or ())
            cut = part if aside is None or is_clause else Span(aside.end(), part.end)
            if limit is not None and cut.start < limit < cut.end:
                cut = Span(cut.start, limit)
        content.append(cut)
    return replace(found, content=tuple(content))


def _end_of_side_clause(verb: Token) -> int | None:
    """Return where the side clause of a verb ends, if a comma and the main clause follow."""
    doc, last = verb.doc, verb.right_edge
    if last.text == "," and last.i > verb.i:  # the parser hangs it on the words before it
        last = last.nbor(-1)
    follows = doc[last.i + 1 : last.i + 3]
    if len(follows) <= 1 or follows[0].text != ",":
        return None
    has_subject = any(child.dep_ in SUBJECTS for child in verb.children)
    is_first = verb.dep_ == "advcl" and has_subject and verb.head.i > last.i
    is_aside = verb.dep_ == "relcl" or find_described(verb) is not None
    is_aside &= follows[1].tag_ in FINITE
    return int(follows[0].idx) if is_first or is_aside else None
