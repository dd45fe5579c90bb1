"""Give the words of parsed texts their part of speech, morphology and lemma, from a memo.

spaCy matches 179 patterns against every token, and then lemmatizes each. What comes of it depends
on little: a pattern names words, tags and dependencies. So each combination is put to the
pipeline's own ruler once, as a text of its own, and no rule is written a second time.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar, cast

import numpy as np
from spacy.attrs import DEP, IS_SPACE, LEMMA, LOWER, MORPH, ORTH, POS, TAG
from spacy.language import Language as Pipeline
from spacy.pipeline import AttributeRuler, Lemmatizer
from spacy.tokens import Doc, Token

MAX_KEPT = 200_000  # answers of each kind; names add to them as long as the process lives
LOOKED_AT = frozenset({"LOWER", "TAG", "DEP", "IS_SPACE"})  # what a pattern may ask of a token
WRITTEN = (TAG, POS, MORPH, LEMMA, DEP)  # what it may set
ANY_WORD = {"REGEX": ""}

KeyT = TypeVar("KeyT")
ValueT = TypeVar("ValueT")
Pattern = Sequence[Mapping[str, object]]  # what is asked of one token after the other
Tokens = tuple[tuple[int, ...], ...]  # what the patterns see of a token and those around it


class Words(NamedTuple):
    """Words that patterns name, in lower case."""

    listed: frozenset[str]
    shapes: Sequence[re.Pattern[str]]


class Kind(NamedTuple):
    """What the patterns see of a word."""

    name: int  # the word itself, 0 where no pattern names it
    has_context: bool  # whether its form may depend on the words around it


class Forms(NamedTuple):
    """What the ruler makes of a token, in the order of `WRITTEN`; a lemma of 0 is not set."""

    tag: int
    pos: int
    morph: int
    lemma: int
    dep: int


class WordForms:
    """The attribute ruler and the lemmatizer of a pipeline, with what they have answered so far."""

    def __init__(self, ruler: AttributeRuler, lemmatizer: Lemmatizer) -> None:
        """Read which words the patterns name; nothing is asked yet."""
        self._ruler = ruler
        self._lemmatizer = lemmatizer
        patterns = list(_read_patterns(ruler))
        self._reach = max((len(pattern) for pattern, _ in patterns), default=1) - 1
        named = (token["LOWER"] for pattern, _ in patterns for token in pattern if "LOWER" in token)
        self._named = _read_words(named)
        targets = (pattern[index] for pattern, index in patterns if len(pattern) > 1)
        self._in_context = _read_words(token.get("LOWER", ANY_WORD) for token in targets)
        self._kinds: dict[int, Kind] = {}
        self._forms: dict[tuple[Tokens, int], Forms] = {}
        self._lemmas: dict[tuple[int, int, int], int] = {}

    def annotate(self, docs: Iterable[Doc]) -> None:
        """Set tags, parts of speech, morphology, lemmas and odd dependencies of parsed texts."""
        for doc in docs:
            self._annotate(doc)

    def _annotate(self, doc: Doc) -> None:
        lower, tag, dep, is_space, orth = doc.to_array([LOWER, TAG, DEP, IS_SPACE, ORTH]).T.tolist()
        kinds = [self._kinds.get(word) or self._read_kind(doc, word) for word in lower]
        names = [kind.name for kind in kinds]
        seen = list(zip(names, tag, dep, is_space, strict=True))
        forms = []
        for i, kind in enumerate(kinds):
            first = max(0, i - self._reach) if kind.has_context else i
            end = i + self._reach + 1 if kind.has_context else i + 1
            key = (tuple(seen[first:end]), i - first)
            forms.append(self._forms.get(key) or self._ask_ruler(doc, key, first))
        self._write(doc, forms, orth, dep)

    def _write(
        self, doc: Doc, forms: Sequence[Forms], orth: Sequence[int], dep: Sequence[int]
    ) -> None:
        lemmas = [
            form.lemma or self._lemmas.get((word, form.pos, form.morph), 0)
            for form, word in zip(forms, orth, strict=True)
        ]
        rows = [
            (form.tag, form.pos, form.morph, lemma)
            for form, lemma in zip(forms, lemmas, strict=True)
        ]
        _set_attributes(doc, [TAG, POS, MORPH, LEMMA], rows)
        for i, (form, lemma) in enumerate(zip(forms, lemmas, strict=True)):
            if form.dep != dep[i]:
                doc[i].dep = form.dep
            if not lemma:
                self._ask_lemmatizer(doc[i], (orth[i], form.pos, form.morph))

    def _read_kind(self, doc: Doc, lower: int) -> Kind:
        word = doc.vocab.strings[lower]
        name = lower if _holds(self._named, word) else 0
        return _keep(self._kinds, lower, Kind(name, _holds(self._in_context, word)))

    def _ask_ruler(self, doc: Doc, key: tuple[Tokens, int], first: int) -> Forms:
        """Return what the ruler makes of a token among those around it."""
        seen, index = key
        words = [doc[first + i].text for i in range(len(seen))]
        part = Doc(doc.vocab, words=words)
        _set_attributes(part, [TAG, DEP], [row[1:3] for row in seen])
        forms = self._ruler(part).to_array(list(WRITTEN))[index]
        return _keep(self._forms, key, Forms(*forms.tolist()))

    def _ask_lemmatizer(self, token: Token, key: tuple[int, int, int]) -> None:
        token.lemma_ = self._lemmatizer.lemmatize(token)[0]
        _keep(self._lemmas, key, token.lemma)


def read_word_forms(nlp: Pipeline) -> WordForms | None:
    """Return the memo of a pipeline; None where more matters to a form than the memo looks at."""
    pipes = dict(nlp.pipeline)
    ruler, lemmatizer = pipes.get("attribute_ruler"), pipes.get("lemmatizer")
    if not isinstance(ruler, AttributeRuler) or not isinstance(lemmatizer, Lemmatizer):
        return None
    names = nlp.pipe_names
    is_known = (
        names.index("lemmatizer") == names.index("attribute_ruler") + 1
        and all(
            set(token) <= LOOKED_AT for pattern, _ in _read_patterns(ruler) for token in pattern
        )
        and all(set(attrs) <= set(WRITTEN) for attrs in ruler.attrs)
        and lemmatizer.mode in {"lookup", "rule"}
        and not lemmatizer.overwrite
    )
    return WordForms(ruler, lemmatizer) if is_known else None


def _read_patterns(ruler: AttributeRuler) -> Iterator[tuple[Pattern, int]]:
    """Yield each pattern, and the number of the token in it that is given a form."""
    for rule in ruler.patterns:
        for pattern in cast("Sequence[Pattern]", rule["patterns"]):
            upper = [{name.upper(): asked for name, asked in token.items()} for token in pattern]
            yield upper, cast("int", rule["index"])


def _read_words(asked: Iterable[object]) -> Words:
    """Return the words that are asked for; any word where that is asked in another way."""
    listed: set[str] = set()
    shapes = []
    for each in asked:
        match each:
            case str():
                listed.add(each)
            case {"IN": [*words], **other} if not other:
                listed.update(words)
            case {"REGEX": str(shape), **other} if not other:
                shapes.append(re.compile(shape))
            case _:
                shapes.append(re.compile(""))
    return Words(frozenset(listed), shapes)


def _holds(words: Words, word: str) -> bool:
    return word in words.listed or any(shape.search(word) for shape in words.shapes)


def _set_attributes(doc: Doc, attributes: list[int], rows: Sequence[tuple[int, ...]]) -> None:
    values = np.array(rows, dtype=np.uint64).reshape(-1, len(attributes))
    doc.from_array(attributes, values)  # type: ignore[arg-type] # attributes are declared as floats


def _keep(memo: dict[KeyT, ValueT], key: KeyT, value: ValueT) -> ValueT:
    """Return an answer that is kept from now on; a full memo begins again."""
    if len(memo) >= MAX_KEPT:
        memo.clear()
    memo[key] = value
    return value
