"""Find the organisations that speak as `it` and `they`.

These pronouns can refer to most things in an article. They are resolved only where they speak: to
the organisation that was the last subject.
"""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from operator import attrgetter

from spacy.tokens import Doc

from copydesk.lexicons.language import Language
from copydesk.lexicons.load import load_pronouns
from copydesk.lexicons.speech import load_cues
from copydesk.mentions.descriptions import Described
from copydesk.mentions.name import Chain
from copydesk.mentions.names import Name, span_of
from copydesk.mentions.salience import SUBJECTS
from copydesk.mentions.strangers import leads
from copydesk.text.quote_marks import Quoted
from copydesk.values import EntityLabel

ORGANISATION_LABELS = frozenset({EntityLabel.ORG, EntityLabel.GPE})
MAX_SUBJECT_SENTENCES = 2  # from an organisation to the pronoun that it speaks as
PLURAL_NOUNS = frozenset({"NNS", "NNPS"})


def resolve_speaking(
    doc: Doc,
    organisations: Mapping[int, int],
    quoted: Sequence[Quoted],
    *,
    called_they: Collection[int],
    language: Language,
) -> dict[int, int]:
    """Return the heads of the organisations that speak as `it` and `they`, by the pronoun's index.

    It is the organisation that was the last subject of a main clause or of a verb of speech, if
    nothing else was one since and it is at most a sentence away; `they` only if nothing else is
    plural there. A person whom the text calls `they` is among the organisations.
    """
    words, speech = load_pronouns(language), load_cues(language).speech
    resolved: dict[int, int] = {}
    last: int | None = None
    n_since = 0
    has_plural = False
    for sentence in doc.sents:
        n_since += 1
        for token in sentence:
            has_plural |= token.tag_ in PLURAL_NOUNS and token.i not in organisations
            if (
                token.dep_ not in SUBJECTS
                or token.lower_ in words.relative
                or not leads(token.head, speech)
                or _is_quoted(token.idx, quoted)
            ):
                continue
            if token.lower_ not in words.organisations:
                last, n_since, has_plural = organisations.get(token.i), 1, False
            elif (
                last is not None
                and n_since <= MAX_SUBJECT_SENTENCES
                and token.head.lemma_ in speech
            ):
                is_person = last in called_they
                is_clear = is_person or token.lower_ in words.organisation or not has_plural
                if is_clear and not (is_person and token.lower_ in words.organisation):
                    resolved[token.i] = last
                n_since = 1
    return resolved


def _is_quoted(at: int, quoted: Sequence[Quoted]) -> bool:
    i = bisect_right(quoted, at, key=attrgetter("end"))
    return i < len(quoted) and quoted[i].start <= at


def find_called_they(
    doc: Doc, text: str, names: Sequence[Name], chains: Sequence[Chain], *, language: Language
) -> set[int]:
    """Return the chains of people of whom the text says that they are called `they`."""
    called = set()
    for said in load_pronouns(language).called_they.finditer(text):
        before = bisect_right(names, said.start(), key=attrgetter("start"))
        people = [i for i in range(before) if names[chains[i].head].label == EntityLabel.PERSON]
        words = doc.char_span(*said.span(), alignment_mode="expand")
        if people and words is not None and names[people[-1]].start >= words.sent.start_char:
            called.add(chains[people[-1]].head)
    return called


def organisations_by_token(
    doc: Doc,
    names: Sequence[Name],
    chains: Sequence[Chain],
    described: Mapping[int, Described],
    *,
    called_they: Collection[int],
) -> dict[int, int]:
    """Return the heads of the chains of organisations by the head words of their names.

    A person who is called `they` is among them.
    """
    organisations = {}
    for name, chain in zip(names, chains, strict=True):
        span = span_of(doc, name)
        is_organisation = names[chain.head].label in ORGANISATION_LABELS
        if span is not None and (is_organisation or chain.head in called_they):
            organisations[span.root.i] = chain.head
    for i, description in described.items():
        head = description.head
        if head is not None and names[head].label in ORGANISATION_LABELS:
            organisations[i] = head
    return organisations
