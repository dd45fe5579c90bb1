"""Judge what a quotation asserts: was it said, denied, only possible, or asked?

The cue decides, with what the parse hangs on it: a negation, an auxiliary, a verb of refusing or
planning that governs it, a subject that nobody is, a condition around it. Words between marks were
uttered, so a question among them is said; only a negated cue takes that back.
"""

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Token

from copydesk.lexicons.language import Language
from copydesk.lexicons.speech import Assertions, load_assertions, load_cues
from copydesk.quotations.cues import has_phrase
from copydesk.quotations.quotation import Quotation
from copydesk.values import Assertion, QuoteType

MAX_GOVERNORS = 4  # `was not prepared to say`, `had been asked to stop saying`
SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
VERBS = frozenset({"VERB", "AUX"})
BARE_FORM = "VB"
PASSIVE = "VBN"
MODAL = "MD"
PRESENT = frozenset({"VB", "VBP", "VBZ"})
ONE = frozenset({"NN", "NNP"})  # a noun in the singular: its verb has an ending
NONE_DEPS = frozenset({"det", "preconj", "cc"})
GOVERNED = frozenset({"xcomp", "pcomp", "ccomp"})


def judge_assertion(quotation: Quotation, doc: Doc, *, text: str, language: Language) -> Assertion:
    """Return what a quotation asserts of its content; `text` is that of `doc`."""
    words = load_assertions(language)
    is_direct = quotation.type is QuoteType.DIRECT
    content = " ".join(text[slice(*part)] for part in quotation.content).lower().strip(" .,")
    cue = _cue_words(quotation, doc)
    if not is_direct and content in words.silence:
        return Assertion.DENIED
    if not is_direct and any(word.lower_ in words.question_nouns for word in cue):
        return Assertion.ASKED
    verb = _verb_of(cue, language)
    if verb is None or has_phrase(cue, load_cues(language)):
        return Assertion.SAID  # `according to Holm` hangs on what is said
    verbs = [verb, *_governors(verb, words)]
    hung = [
        child
        for each in verbs
        for child in each.children
        if not any(part.start <= child.idx < part.end for part in quotation.content)
    ]
    is_denied = sum(_denials(verbs, hung, cue, words)) % 2 == 1
    if not is_direct and verb.lemma_.lower() in words.denial:
        return Assertion.POSSIBLE if is_denied else Assertion.DENIED
    if is_denied:
        return Assertion.DENIED
    return _judge_mood(verbs, hung, cue, words, content="" if is_direct else content)


def _cue_words(quotation: Quotation, doc: Doc) -> Sequence[Token]:
    if quotation.cue is None:
        return ()
    return list(doc.char_span(*quotation.cue, alignment_mode="expand") or ())


def _verb_of(cue: Sequence[Token], language: Language) -> Token | None:
    """Return the verb of a cue that reports: the last that the lexicon knows, else the last."""
    cues = load_cues(language)
    known = cues.speech | cues.thought | cues.demand
    # The parser takes some for nouns: `the campaign disputes that`.
    found = [word for word in cue if word.pos_ in VERBS] or list(cue)
    verbs = [word for word in found if word.lemma_.lower() in known]
    return next(reversed(verbs or found), None)


def _governors(verb: Token, words: Assertions) -> Iterator[Token]:
    """Yield the words that a verb hangs on as their complement: `declined to` say, `unable to` say.

    A second verb in its bare form shares what the first has: `did not confirm or deny`.
    """
    for _ in range(MAX_GOVERNORS):
        is_bare = verb.tag_ == BARE_FORM and not _has_subject(verb)
        shares = verb.dep_ == "conj" and (is_bare or _lacks_ending(verb))
        is_infinitive = verb.dep_ in GOVERNED and not _has_subject(verb)
        is_of_phrase = verb.dep_ in {"prep", "acl"} and verb.head.pos_ != "PROPN"
        is_of_phrase &= verb.tag_ != PASSIVE  # `the plan, described by Holm as mad`
        if not (shares or is_infinitive or is_of_phrase) or verb.head == verb:
            return
        verb = verb.head
        if verb.lower_ in words.times:
            return
        yield verb


def _lacks_ending(verb: Token) -> bool:
    """Return whether a verb is bare after one alone: `the crews would meet and the mayor agree`."""
    has_modal = any(child.dep_ == "aux" and child.tag_ == MODAL for child in verb.head.children)
    subjects = [child for child in verb.children if child.dep_ in SUBJECTS]
    is_one = any(child.tag_ in ONE for child in subjects)
    is_helped = any(child.dep_ == "aux" for child in verb.children)
    return has_modal and is_one and not is_helped and verb.lower_ == verb.lemma_


def _has_subject(verb: Token) -> bool:
    return any(child.dep_ in SUBJECTS for child in verb.children)


def _denials(
    verbs: Sequence[Token], hung: Sequence[Token], cue: Sequence[Token], words: Assertions
) -> Iterator[bool]:
    """Yield for each thing that may take a statement back whether it does."""
    first = verbs[0]
    around = {token.i: token for token in (*cue, *hung, *verbs) if token.i <= first.i}
    negations = [token for token in around.values() if token.lower_ in words.negations]
    is_negated = any(
        not _is_followed(token, words) and not _is_of_phrase(token, verbs) for token in negations
    )
    is_taken_back = any(verb.lemma_.lower() in words.denial for verb in verbs[1:])
    yield (
        is_taken_back
        or any(_refuses(verb, words) for verb in verbs)
        or any(
            child.lower_ in words.unable - (words.unfinished if is_negated else frozenset())
            and child.dep_ in {"advmod", "acomp"}
            and child.i < first.i
            for child in hung
        )
    )
    yield is_negated
    yield any(_is_nobody(child, words) for child in hung)


def _refuses(word: Token, words: Assertions) -> bool:
    return word.lemma_.lower() in words.refusing or word.lower_ in words.unable


def _is_followed(negation: Token, words: Assertions) -> bool:
    """Return whether a negation denies nothing: `not only said`."""
    after = negation.doc[negation.i + 1 : negation.i + 2]
    return any(token.lower_ in words.not_alone for token in after)


def _is_of_phrase(negation: Token, verbs: Sequence[Token]) -> bool:
    """Return whether a negation is that of a phrase beside the verbs: `without waiting, she said`.

    In `left without saying` it is that of the verb.
    """
    held = list(negation.children) if negation.dep_ == "prep" else []
    return bool(held) and not any(child in verbs for child in held)


def _is_nobody(subject: Token, words: Assertions) -> bool:
    if subject.dep_ not in SUBJECTS:
        return False
    has_none = any(
        child.lower_ in words.determiners and child.dep_ in NONE_DEPS and not child.nbor().like_num
        for child in subject.children
        if child.i < subject.i  # `No 10` is somebody
    )
    return subject.lower_ in words.nobody or has_none


def _judge_mood(
    verbs: Sequence[Token],
    hung: Sequence[Token],
    cue: Sequence[Token],
    words: Assertions,
    *,
    content: str,
) -> Assertion:
    """Return whether something that is not denied was said; direct speech has no `content`."""
    if _is_possible(verbs, hung, cue, words, is_direct=not content):
        return Assertion.POSSIBLE
    return Assertion.ASKED if content and _is_asked(verbs[0], content, words) else Assertion.SAID


def _is_possible(
    verbs: Sequence[Token],
    hung: Sequence[Token],
    cue: Sequence[Token],
    words: Assertions,
    *,
    is_direct: bool,
) -> bool:
    """Return whether something is only planned, supposed or still to come."""
    helpers = {child.lower_ for child in hung if child.dep_ == "aux"}
    helpers |= {token.lower_ for token in cue if token.tag_ == "MD"}
    is_softened = any(token.lower_ in words.softened for token in cue)
    is_softened |= any(verb.lemma_.lower() in words.perceived for verb in verbs[1:])
    usual = words.habitual if is_direct else frozenset()
    if helpers & words.modals - usual and not is_softened:
        return True
    if not is_direct and (helpers & words.future or _is_obliged(verbs, words)):
        return True
    is_habit = not helpers & words.habitual  # `likes to say` is not `would like to say`
    planning = words.planning - (words.habitual if is_habit else usual)
    plans = any(v.lemma_.lower() in planning or v.lower_ in words.likely for v in verbs[1:])
    return plans or any(
        child.dep_ in {"mark", "advmod"}
        and child.lower_ in words.conditions
        and child.i < child.head.i
        for child in hung
    )


def _is_obliged(verbs: Sequence[Token], words: Assertions) -> bool:
    """Return whether a rule or a plan asks for a statement: `members have to declare`."""
    if verbs[0].lemma_.lower() in words.conceding:
        return False
    return any(v.lemma_.lower() in words.obliging and v.tag_ in PRESENT for v in verbs[1:])


def _is_asked(verb: Token, content: str, words: Assertions) -> bool:
    """Return whether what is reported is a question or in doubt: `questioned the ruling`."""
    lemma = verb.lemma_.lower()
    opens_question = content.split(" ", 1)[0] in words.question_words
    return (
        lemma in words.asking | words.doubting
        or (lemma in words.questioning and opens_question)
        or _is_inverted(verb)
    )


def _is_inverted(verb: Token) -> bool:
    """Return whether a verb is that of a question: `Did she say that …?`."""
    subject = next((child for child in verb.children if child.dep_ in SUBJECTS), None)
    helper = next((child for child in verb.children if child.dep_ == "aux"), None)
    is_before = subject is not None and helper is not None and helper.i < subject.i < verb.i
    return is_before and verb.sent.text.rstrip(" ”\"'’").endswith("?")
