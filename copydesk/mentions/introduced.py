"""Find whom an office means if a text names its holder only after it, and without saying so.

`The Prime Minister spoke in Tarn. “We wait,” Ida Holm said.` A text says of everybody who they
are. Whoever comes in without that, right after an office that nobody has, is its holder.
"""

from collections.abc import Mapping, Sequence

from spacy.tokens import Doc

from copydesk.lexicons.language import Language
from copydesk.lexicons.load import load_descriptions, load_titles
from copydesk.lexicons.speech import load_cues
from copydesk.mentions.referents import Referent, Sort, written_out
from copydesk.values import Span as TextSpan

N_SENTENCES_AFTER = 2  # of the office, in which its holder is named
SUBJECTS = frozenset({"nsubj", "nsubjpass"})


def find_introduced(
    doc: Doc,
    referents: Sequence[Referent],
    unheld: Mapping[int, TextSpan],
    *,
    sentence_of: Sequence[int],
    language: Language,
) -> dict[int, int]:
    """Return the heads of those whom offices introduce, by the office's head word.

    `unheld` are the descriptions that nobody named has. An office that has introduced somebody
    means them throughout.
    """
    offices = _compare_words(doc, unheld, language)
    if not offices:
        return {}
    speakers = _first_speakers(doc, referents, language)
    named = [at for each in referents if each.sort is Sort.PERSON for at in each.tokens]
    holders: dict[str, set[int]] = {}
    for at, words in offices.items():
        first, last = _paragraph_of(doc, at)
        if doc[at].dep_ not in SUBJECTS or any(first <= token < at for token in named):
            continue  # somebody named before it may have the office
        near = {
            head
            for token, head in speakers
            if token <= last and 0 < sentence_of[token] - sentence_of[at] <= N_SENTENCES_AFTER
        }
        others = {
            other
            for i, other in offices.items()
            if abs(sentence_of[i] - sentence_of[at]) <= N_SENTENCES_AFTER
        }
        if len(near) == 1 and others <= {words}:
            holders.setdefault(words, set()).update(near)
    sole = {words: min(heads) for words, heads in holders.items() if len(heads) == 1}
    heads = list(sole.values())
    return {
        at: sole[words]
        for at, words in offices.items()
        if words in sole and heads.count(sole[words]) == 1
    }


def _compare_words(doc: Doc, unheld: Mapping[int, TextSpan], language: Language) -> dict[int, str]:
    """Return the words of offices as they are compared, without those that many people have."""
    articles, many = load_descriptions(language).definite, load_titles(language).unnamed
    words = {at: doc.char_span(*span) for at, span in unheld.items() if doc[at].lower_ not in many}
    return {
        at: " ".join(written_out((t.lower_ for t in each if t.lower_ not in articles), language))
        for at, each in words.items()
        if each is not None
    }


def _paragraph_of(doc: Doc, at: int) -> tuple[int, int]:
    """Return the first and the last token of the paragraph of a token."""
    first = last = at
    while first > 0 and "\n" not in doc[first - 1].text:
        first -= 1
    while last + 1 < len(doc) and "\n" not in doc[last + 1].text:
        last += 1
    return first, last


def _first_speakers(
    doc: Doc, referents: Sequence[Referent], language: Language
) -> list[tuple[int, int]]:
    """Return the people who speak where they are first named in full, and have no office."""
    speech = load_cues(language).speech
    found = []
    for referent in referents:
        if referent.sort is not Sort.PERSON or referent.roles or len(referent.words) == 1:
            continue
        root = doc[min(referent.tokens)]
        while root.dep_ == "compound":
            root = root.head
        if root.dep_ in SUBJECTS and root.head.lemma_.lower() in speech:
            found.append((root.i, referent.head))
    return found
