"""Judge the cue of a quotation by the lexicon: is it known, and does somebody speak?"""

from collections.abc import Sequence

from spacy.tokens import Doc, Token
from spacy.tokens import Span as Words

from copydesk.lexicons.language import Language
from copydesk.lexicons.speech import Cues, load_cues
from copydesk.quotations.quotation import Quotation
from copydesk.quotations.unsaid import Beside, is_silent, is_title, is_unsaid
from copydesk.values import EntityLabel, QuoteType, Span

CLAUSE_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})
PRONOUNS = frozenset({"PRON", "DET", "PUNCT", "SPACE", "ADV", "ADP", "PART"})
MIN_VOICED_WORDS = 3  # between marks, beside a cue that no lexicon knows; fewer are a term
UTTERANCE_ENDS = frozenset(".,?!…")
DATES = frozenset({EntityLabel.DATE.value, EntityLabel.TIME.value})
MIN_CAPITALS = 2  # words with capitals, and no others: a title


def is_speech(quotation: Quotation, doc: Doc, *, text: str, language: Language) -> bool:
    """Return whether somebody voices a quotation; else they only think, want, find or name it.

    Words between marks are voiced if a cue that is known introduces them, or if they look like an
    utterance. For the rest, the cue decides: a verb of speech with a clause, `according to`, or
    the colon of a headline. `text` is that of `doc`.
    """
    cues = load_cues(language)
    words = _words_of(quotation.cue, doc)
    if (
        _is_of_thing(quotation, doc, cues)
        or _is_no_source(quotation, words, text, cues)
        or is_title(quotation, doc, text=text)
        or is_silent(quotation, words, text, cues, language=language)
    ):
        return False
    if quotation.type is QuoteType.DIRECT:
        return _is_voiced(quotation, words, text, cues)
    parts = [doc.char_span(*part, alignment_mode="expand") for part in quotation.content]
    content = [part for part in parts if part]
    source = quotation.source and doc.char_span(*quotation.source, alignment_mode="expand")
    is_clause = any(_is_clause(part, cues) for part in content)
    beside = Beside(words, content, is_clause, source.root if source else None)
    is_mixed = quotation.type is QuoteType.MIXED
    if is_spoken_of(quotation, words, doc, cues) or is_unsaid(
        beside, cues, is_mixed=is_mixed, language=language
    ):
        return False
    if is_mixed:
        is_of_nobody = quotation.source is None and bool(words) and not _is_uttered(words, cues)
        return not is_of_nobody and _is_voiced(quotation, words, text, cues)
    return quotation.source is not None and _is_stated(quotation, doc, beside, cues)


def _is_stated(quotation: Quotation, doc: Doc, beside: Beside, cues: Cues) -> bool:
    """Return whether words without marks are a statement that their cue reports."""
    words, content, is_clause, _ = beside
    if _says_nothing(content, cues):
        return False
    lemmas = {word.lemma_.lower() for word in words}
    if lemmas & (cues.speech - cues.needs_marks) or lemmas & cues.judgement:
        return _has_statement(quotation, doc, words, content, cues)
    return (_is_reporting(words, cues) and is_clause) or has_phrase(words, cues)


def _says_nothing(content: Sequence[Words], cues: Cues) -> bool:
    """Return whether words stand for a statement made elsewhere: `which`, `here is what`."""
    return all(
        token.pos_ in PRONOUNS or token.lower_ in cues.pointing
        for part in content
        for token in part
    )


def is_known(cue: Span | None, doc: Doc, language: Language) -> bool:
    """Return whether one of the words of a cue introduces quotations, by the lexicon."""
    cues = load_cues(language)
    return _is_known(_words_of(cue, doc), cues)


def _is_known(words: Sequence[Token], cues: Cues) -> bool:
    known = cues.speech | cues.thought | cues.demand | cues.needs_marks
    is_listed = any(word.lemma_.lower() in known for word in words)
    return is_listed or has_phrase(words, cues) or _is_reporting(words, cues)


def _is_reporting(words: Sequence[Token], cues: Cues) -> bool:
    """Return whether the words of a cue together report speech: `made it clear`."""
    lemmas = f" {' '.join(word.lemma_.lower() for word in words)} "
    return any(f" {phrase} " in lemmas for phrase in cues.reporting)


def has_phrase(words: Sequence[Token], cues: Cues) -> bool:
    """Return whether a cue has a phrase such as `according to`."""
    written = " ".join(word.lower_ for word in words)
    return any(" ".join(phrase) in written for phrase in cues.fixed)


def _words_of(cue: Span | None, doc: Doc) -> Sequence[Token]:
    words = None if cue is None else doc.char_span(*cue, alignment_mode="expand")
    return () if words is None else list(words)


def _is_of_thing(quotation: Quotation, doc: Doc, cues: Cues) -> bool:
    """Return whether a source is what words are written on, or their date, and no speaker.

    `a sign read “No entry”`; the colon after `June 20, 1990` is that of a list.
    """
    if quotation.source is None:
        return False
    source = doc.char_span(*quotation.source, alignment_mode="expand")
    if source is None:
        return False
    return source.root.lemma_.lower() in cues.things or (
        quotation.cue is None and source.root.ent_type_ in DATES  # but: `the 37-year-old said`
    )


def _is_no_source(quotation: Quotation, words: Sequence[Token], text: str, cues: Cues) -> bool:
    """Return whether a phrase only looks like one with a source: `according to plan`."""
    if quotation.source is None or not has_phrase(words, cues):
        return False
    return text[slice(*quotation.source)].lower() in cues.no_sources


def is_spoken_of(quotation: Quotation, words: Sequence[Token], doc: Doc, cues: Cues) -> bool:
    """Return whether a cue says that nobody named says something: its subject is spoken of.

    `he is accused of theft`, `a mayor accused of theft`. Not so if the text has who does it,
    `accused by the owners of theft`, or the subject is reported to speak: `was quoted as`.
    """
    verbs = [word for word in words if word.lemma_.lower() in cues.speech | cues.accusing]
    verb = verbs[-1] if verbs else None
    if (
        verb is None
        or verb.lemma_.lower() in cues.passives
        or any(child.dep_ == "agent" for child in verb.children)
    ):
        return False
    source = quotation.source and doc.char_span(*quotation.source, alignment_mode="expand")
    is_passive = any(c.dep_ == "auxpass" and c.lower_ not in cues.short for c in verb.children)
    subjects = (child for child in verb.children if child.dep_ == "nsubjpass")
    if is_passive and any(not source or subject in source for subject in subjects):
        return True
    if verb.lemma_.lower() not in cues.accusing or verb.tag_ not in {"VBN", "VBD"}:
        return False
    has_object = any(child.dep_ in {"dobj", "dative", "ccomp"} for child in verb.children)
    after = verb.doc[verb.i + 1 : verb.i + 2].text.lower()
    return not has_object and after in cues.accused_of


def _is_voiced(quotation: Quotation, words: Sequence[Token], text: str, cues: Cues) -> bool:
    """Return whether words between marks are uttered, not a title or a term."""
    if not words or _is_uttered(words, cues):
        return True
    parts = [text[slice(*part)].strip() for part in quotation.content]
    if quotation.type is QuoteType.MIXED:
        parts = [part for whole in parts for part in cues.marked.findall(whole)]
    return any(_is_utterance(part) for part in parts)


def _is_uttered(words: Sequence[Token], cues: Cues) -> bool:
    """Return whether a cue says that somebody utters something."""
    lemmas = {word.lemma_.lower() for word in words}
    is_known = bool(lemmas & (cues.speech | cues.demand)) or _is_reporting(words, cues)
    return is_known or has_phrase(words, cues)


def _is_utterance(part: str) -> bool:
    capitals = [word for word in part.split() if word[:1].isupper()]
    if len(capitals) >= MIN_CAPITALS and 2 * len(capitals) >= len(part.split()):
        return False
    is_sentence = bool(capitals) and part[-1:] in UTTERANCE_ENDS
    return is_sentence or len(part.split()) >= MIN_VOICED_WORDS


def _has_statement(
    quotation: Quotation, doc: Doc, words: Sequence[Token], content: Sequence[Words], cues: Cues
) -> bool:
    """Return whether what a verb of speech has without marks says something.

    `reported its figures`, `declared a gift`, `called an election`, `say goodbye` say nothing.
    """
    verbs = [word for word in words if word.lemma_.lower() in cues.speech | cues.judgement]
    if verbs and all(part.end <= verbs[0].i for part in content):
        return _is_reported_before(verbs[0], content, cues)
    if _needs_clause(verbs, quotation, doc, content, cues):
        return any(_is_clause(part, cues) for part in content)
    naming = next((word for word in verbs if word.lemma_.lower() in cues.naming), None)
    return naming is None or _is_named(naming, words, content, cues)


def _needs_clause(
    verbs: Sequence[Token],
    quotation: Quotation,
    doc: Doc,
    content: Sequence[Words],
    cues: Cues,
) -> bool:
    """Return whether only a clause is a statement: after these verbs, after nouns, of things.

    `protests over the law`, `the alleged spies`, `a check revealed a fault`; but `a promise to go`.
    """
    if any(verb.lemma_.lower() in cues.needs_clause for verb in verbs):
        return True
    if verbs and all(verb.dep_ == "amod" or verb.pos_ == "NOUN" for verb in verbs):
        is_demand = any(verb.lemma_.lower() in cues.demand for verb in verbs)
        return not (is_demand and content[0][0].lower_ in cues.infinitive)
    source = quotation.source and doc.char_span(*quotation.source, alignment_mode="expand")
    is_showing = any(verb.lemma_.lower() in cues.showing for verb in verbs)
    is_somebody = source and source.root.pos_ in {"PROPN", "PRON"} and source.root.tag_ != "WDT"
    return bool(is_showing and source and not is_somebody)


def _is_reported_before(verb: Token, content: Sequence[Words], cues: Cues) -> bool:
    """Return whether words in front of a verb are what it reports: `Talks near, agency reports`.

    They are a clause or set off, and not the subject of the verb: `the election was called`.
    """
    if any(
        child in part for child in verb.children if child.dep_ == "nsubjpass" for part in content
    ):
        return False
    after = content[-1].doc[content[-1].end : content[-1].end + 1]
    is_set_off = any(token.is_punct for token in (*after, *content[-1][-1:]))
    return is_set_off or any(_is_clause(part, cues) for part in content)


def _is_clause(part: Words, cues: Cues) -> bool:
    """Return whether words hold a finite clause that is not part of a noun's phrase."""
    if part[0].lower_ in cues.infinitive:
        return False
    return part[0].lower_ in cues.opening or any(
        child.dep_ in CLAUSE_SUBJECTS and child in part and token.dep_ != "relcl"
        for token in part
        if token.pos_ in {"VERB", "AUX"} and not _is_infinitive(token)
        for child in token.children
    )


def _is_infinitive(verb: Token) -> bool:
    return any(child.dep_ == "aux" and child.tag_ == "TO" for child in verb.children)


def _is_named(naming: Token, words: Sequence[Token], content: Sequence[Words], cues: Cues) -> bool:
    """Return whether something is called something: `called it a success`, `called for peace`."""
    has_preposition = any(word.lower_ in cues.called_for for word in words)
    has_preposition |= any(part[0].lower_ in cues.called_for for part in content)
    is_after = any(part.start > naming.i for part in content)
    has_complement = any(
        child.dep_ in {"oprd", "ccomp"} and child.i > naming.i for child in naming.children
    )
    return has_preposition or (is_after and has_complement)
