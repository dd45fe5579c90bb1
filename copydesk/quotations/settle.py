"""Settle who the source of a tagged quotation is, where the parse leaves no doubt.

The tagger links a cue to the likeliest phrase. The subject of the cue, whoever shares it, and who
is quoted or only addressed are what the parse is sure of.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from spacy.tokens import Doc, Token

from copydesk.lexicons.language import Language
from copydesk.lexicons.speech import Cues, load_cues
from copydesk.quotations.quotation import lies_in, touched_passages
from copydesk.quotations.sources import (
    FINITE,
    PARTICIPLE,
    FewTokens,
    find_agent,
    find_described,
    find_inverted,
    find_shared_subject,
    find_source,
    phrase_of,
)
from copydesk.quotations.tagger.tagger import TaggedQuotation
from copydesk.text.quote_marks import SENTENCE_ENDS, Quoted
from copydesk.values import EntityLabel, QuoteType, Span

PASSIVE = "VBN"
RELATIVE = "WDT"  # that, which
PERSONAL = "PRP"
PAST_FORMS = frozenset({"VBD", "VBN"})
HUNG = frozenset({"pobj", "poss", "prep", "compound"})  # what part of a phrase hangs on its head
JOINED = frozenset({"conj", "advcl"})  # what a second participle is to the first
OBJECTS = frozenset({"dobj", "dative", "pobj", "poss"})
SIDE_CLAUSES = frozenset({"advcl", "relcl"})
ASKED = frozenset({"ccomp", "advcl"})  # the clause of a question: `asked him if he knew`


def settle_source(
    found: TaggedQuotation,
    doc: Doc,
    *,
    kind: QuoteType,
    quoted: Sequence[Quoted],
    language: Language,
) -> Span | None:
    """Return the source of a quotation of a type: the tagger's, or whom the parse shows."""
    if _is_hearsay(found.cue, doc, language):
        return None
    source = (
        _find_agent(found.cue, doc, language)
        or _find_document(found.cue, doc, language)
        or _settle_subject(found, doc, kind=kind, quoted=quoted, language=language)
    )
    if source is None:
        return None
    return None if _is_addressed(source, found.cue, doc, language) else source


def _settle_subject(
    found: TaggedQuotation,
    doc: Doc,
    *,
    kind: QuoteType,
    quoted: Sequence[Quoted],
    language: Language,
) -> Span | None:
    """Return who does what the cue says: the tagger's source, or the subject that the parse has."""
    source = _after_conjunction(_keep_to_sentence(found.source, found.cue, doc), doc)
    found = replace(found, source=source)
    if kind is not QuoteType.DIRECT:
        source = _source_of_participle(found, doc, language)
    source = _find_quoted_speaker(found.cue, doc, language) or source
    if source is None:
        return _subject_of(found.cue, doc, language, kind)
    source = _take_whole_subject(source, found.cue, doc, language)
    source = _take_shared_subject(source, found.cue, doc, language)
    return _keep_inside(source, found.cue, doc, quoted)


def _keep_to_sentence(source: Span | None, cue: Span | None, doc: Doc) -> Span | None:
    """Return a source without what is of another sentence than its cue.

    `“It is late,” said Lund. Holm, a nurse, told the Post: “We wait.”`: two people, and the tagger
    may mark them in one go.
    """
    words = source and doc.char_span(*source, alignment_mode="expand")
    if not words or cue is None:
        return source
    for stop in words[1:-1]:
        if stop.text not in SENTENCE_ENDS or not stop.nbor(1).is_sent_start:
            continue
        if cue.start < stop.idx:
            return Span(words.start_char, stop.idx)
        words = doc[stop.i + 1 : words.end]
    return Span(words.start_char, words.end_char)


def _after_conjunction(source: Span | None, doc: Doc) -> Span | None:
    """Return a source without the `that` of a clause: `said that the board had revealed it`."""
    words = source and doc.char_span(*source, alignment_mode="expand")
    if source is None or not words or len(words) == 1 or words[0].dep_ != "mark":
        return source
    return Span(words[1].idx, source.end)


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
    if subject is None or subject.pos_ == "PRON":
        subject = _find_subject_beside(verb, source.root, load_cues(language))
    elif subject in source:
        return found.source
    if subject is None:
        return found.source
    return phrase_of(subject, verb, FewTokens())


def _find_document(cue: Span | None, doc: Doc, language: Language) -> Span | None:
    """Return the text that somebody only passes on: `Holm liked a post saying that`.

    It says so, and not who likes it.
    """
    passing_on = load_cues(language).passing_on
    words = (cue and doc.char_span(*cue, alignment_mode="expand")) or ()
    for verb in (word for word in words if word.i and _opens_text(word)):
        noun = verb.head if verb.dep_ in {"acl", "relcl"} else verb.nbor(-1)
        while noun.dep_ == "pobj" and noun.head.dep_ == "prep":  # a post from a nurse that said
            noun = noun.head.head
        is_beside = verb.head == noun.head or noun.is_ancestor(verb)
        is_object = noun.dep_ == "dobj" and is_beside
        is_text = noun.pos_ == "NOUN" and noun.ent_type_ != EntityLabel.PERSON.value
        if is_object and is_text and noun.head.lemma_.lower() in passing_on:
            return phrase_of(noun, verb, FewTokens())
    return None


def _opens_text(verb: Token) -> bool:
    """Return whether a verb may say what is in a text: `a post saying`, `a post that said`."""
    subject = next((child for child in verb.children if child.dep_ == "nsubj"), None)
    is_of_text = verb.dep_ == "relcl" and subject is not None and subject.tag_ == RELATIVE
    return verb.tag_ == PARTICIPLE or (is_of_text and verb.tag_ in FINITE)


def _is_hearsay(cue: Span | None, doc: Doc, language: Language) -> bool:
    """Return whether nobody says what others are said to be: `the general, said to be ill, left`.

    A headline leaves `is` out; whoever `said to be careful` gave advice.
    """
    cues = load_cues(language)
    verb = _speech_verb(cue, doc, cues)
    if verb is None or verb.lemma_.lower() not in cues.second_hand or verb.tag_ not in PAST_FORMS:
        return False
    subject = _own_subject(verb)
    is_person = subject is not None and subject.tag_ == PERSONAL
    infinitives = (child for child in verb.children if child.dep_ == "xcomp" and child.i > verb.i)
    states = (word for child in infinitives for word in (child, *child.children))
    is_state = any(word.lemma_ in cues.states for word in states)
    return is_state and not is_person and verb.nbor().lower_ in cues.infinitive


def _find_agent(cue: Span | None, doc: Doc, language: Language) -> Span | None:
    """Return by whom something is said: `Holm, described by Lund as a fool`."""
    cues = load_cues(language)
    verb = _speech_verb(cue, doc, cues)
    if verb is None or verb.tag_ != PASSIVE or verb.lemma_.lower() in cues.quoting:
        return None
    noun = find_agent(verb)
    return None if noun is None else phrase_of(noun, verb, FewTokens())


def _find_subject_beside(verb: Token, source: Token, cues: Cues) -> Token | None:
    """Return who speaks in front of a participle: `with some calling her a liar, saying that`."""
    for before in verb.sent[: verb.i - verb.sent.start]:
        if before.tag_ != PARTICIPLE or before.dep_ != "pcomp" or before.i < source.i:
            continue
        subject = next((child for child in before.children if child.dep_ == "nsubj"), None)
        is_beside = before.head.lower_ in cues.beside and before.lemma_.lower() in cues.speech
        if is_beside and subject is not None and subject.tag_ != PERSONAL:
            return subject
    return None


def _subject_of(cue: Span | None, doc: Doc, language: Language, kind: QuoteType) -> Span | None:
    """Return who does what a verb of speech reports: `Holm waved, saying: “…”`.

    Where all is between marks, a finite verb too, `“No,” sighed Holm`, and who is quoted: `Holm
    was quoted as saying`. Else only who or what the verb has as its own subject; without marks,
    also whom a participle is set off from: `Holm, calling it a joke, left`, `Calling it a joke,
    Holm left`.
    """
    cues = load_cues(language)
    verb = _speech_verb(cue, doc, cues)
    if verb is None:
        return None
    described = find_described(verb)
    if described is not None:
        return phrase_of(described, verb, FewTokens())
    if kind is QuoteType.INDIRECT or (kind is QuoteType.MIXED and verb.tag_ in FINITE):
        subject = _own_subject(verb) if verb.tag_ in FINITE else _subject_after(verb)
        return None if subject is None else phrase_of(subject, verb, FewTokens())
    is_participle = verb.tag_ == PARTICIPLE and verb.dep_ == "advcl"
    is_direct = kind is QuoteType.DIRECT
    is_quoted = verb.lemma_.lower() in cues.passives and verb.tag_ == "VBN"
    has_subject = is_participle or (is_direct and (verb.tag_ in FINITE or is_quoted))
    return find_source(verb, FewTokens(), cues) if has_subject else None


def _subject_after(verb: Token) -> Token | None:
    """Return who does what follows the participle that a sentence or a paragraph opens with."""
    is_first = verb.is_sent_start or verb.nbor(-1).is_space
    subjects = (c for c in verb.head.children if c.dep_ == "nsubj" and c.i > verb.i)
    is_participle = verb.tag_ == PARTICIPLE and verb.dep_ == "advcl"
    return next(subjects, None) if is_first and is_participle else None


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
    """Return whether a source is whom somebody addresses: `Holm was asked if`, `if asked, Holm`."""
    cues = load_cues(language)
    verb = _speech_verb(cue, doc, cues)
    words = doc.char_span(*source, alignment_mode="expand")
    if words and cue is not None and _is_hearer(words.root, cue, cues):
        return True
    if verb is None or not words or verb.lemma_.lower() in cues.second_hand:
        return False
    if _is_asked_in_short(verb, words.root, cues) or _is_questioned(cue, doc, cues):
        return True
    is_passive = any(c.dep_ == "auxpass" and c.lower_ not in cues.short for c in verb.children)
    subjects = [child for child in verb.children if child.dep_ == "nsubjpass"]
    return is_passive and any(subject in words for subject in subjects)


def _is_hearer(source: Token, cue: Span, cues: Cues) -> bool:
    """Return whether a source is to whom a headline says something: `Warning to crews on ice`."""
    to, said = source.head, source.head.head
    is_to = source.dep_ == "pobj" and to.lower_ in cues.addressing
    is_noun = said.pos_ == "NOUN" or (said.tag_ == PARTICIPLE and said.dep_ == "ROOT")
    return is_to and is_noun and cue.start <= said.idx < cue.end


def _is_asked_in_short(verb: Token, source: Token, cues: Cues) -> bool:
    """Return whether a participle says whom somebody asks: `she laughed when asked about Holm`."""
    if verb.lemma_.lower() not in cues.asking_whom or verb.tag_ != PASSIVE:
        return False
    is_whole = any(child.dep_ in {"aux", "auxpass", "nsubj", "dobj"} for child in verb.children)
    return verb.dep_ in {"advcl", "acl"} and not is_whole and not verb.is_ancestor(source)


def _is_questioned(cue: Span | None, doc: Doc, cues: Cues) -> bool:
    """Return whether a cue says that somebody meets questions: `dodged questions on`."""
    words = list((cue and doc.char_span(*cue, alignment_mode="expand")) or ())
    has_question = any(word.lemma_.lower() in cues.questions for word in words)
    return has_question and any(word.lemma_.lower() in cues.facing for word in words)


def _take_shared_subject(source: Span, cue: Span | None, doc: Doc, language: Language) -> Span:
    """Return a source, or the subject that its verb shares, if the source is only beside that.

    `the board came in with the help of the Circle and declared that`, `Lund met Holm and asked him
    if he knew`: nobody of whom the first verb, or the question, speaks.
    """
    verb = _speech_verb(cue, doc, load_cues(language))
    words = doc.char_span(*source, alignment_mode="expand")
    shared = find_shared_subject(verb) if verb is not None else None
    if verb is None or not words or shared is None or shared[1] in words:
        return source
    first, subject = shared
    root = words.root
    is_before = root.i < verb.i and first.is_ancestor(root) and root.dep_ in OBJECTS
    is_before &= not subject.is_ancestor(root)
    is_before |= root.i < subject.i and first.dep_ in SIDE_CLAUSES
    is_asked = root.i > verb.i and root.dep_ == "nsubj" and root.head.dep_ in ASKED
    is_asked &= verb.is_ancestor(root)
    return phrase_of(subject, verb, FewTokens()) if is_before or is_asked else source


def _keep_inside(source: Span, cue: Span | None, doc: Doc, quoted: Sequence[Quoted]) -> Span | None:
    """Return a source, or who speaks in somebody's words, if the verb of speech is among these.

    `Brandt said: “Holm sends us away and claims that he is ill”`: it is Holm who claims.
    """
    words = cue and doc.char_span(*cue, alignment_mode="expand")
    if cue is None or not words:
        return source
    around = [p for p in touched_passages(cue, quoted) if p.is_closed and lies_in(cue, p)]
    if not around or lies_in(source, around[0]):
        return source
    verb = words.root
    inside = doc.char_span(around[0].start, cue.start, alignment_mode="contract") or ()
    subjects = [
        child
        for token in inside
        if token.tag_ == verb.tag_ and verb.tag_ in FINITE
        for child in token.children
        if child.dep_ == "nsubj" and child.i < token.i
    ]
    return phrase_of(subjects[-1], verb, FewTokens()) if subjects else source


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
