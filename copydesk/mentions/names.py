"""Find the names in an article's copy, with the titles beside them.

The parser's entities come first. A name that is found once is looked for in the whole article, and
its most frequent type wins, for the parser often takes a bare surname for a place.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from spacy.tokens import Doc, Span

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import (
    load_cues,
    load_kinds,
    load_name_genders,
    load_name_words,
    load_titles,
    plain_letters,
)
from copydesk.mentions.titles import find_title
from copydesk.rows import NAME_LABELS, EntityLabel
from copydesk.rows import Span as TextSpan
from copydesk.text.lines import WORD

VALUE_LABELS = frozenset({EntityLabel.DATE, EntityLabel.MONEY})  # when and how much, not who
CURRENCY_SIGNS = frozenset("$€£¥₹₪")
RELABELLED = frozenset(
    {
        EntityLabel.FAC,
        EntityLabel.PERSON,
        EntityLabel.GPE,
        EntityLabel.LOC,
        EntityLabel.PRODUCT,
        EntityLabel.WORK_OF_ART,
    }
)
DESCRIBING = frozenset({"det", "amod", "compound", "poss"})  # beside a noun, not beside a name
REMATCHED_LABELS = frozenset({EntityLabel.PERSON, EntityLabel.ORG, EntityLabel.GPE})
MIN_SHOUTED_CHARS = 4
FUNCTION_TAGS = frozenset({"ADP", "ADV", "AUX", "CCONJ", "DET", "PART", "PRON", "SCONJ"})
WHOLE_WORD = re.compile(r"(?<![\w-])\w+")
NAME_CONTINUES = re.compile(r"[\w-]")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the copy; offsets are into the copy's text."""

    start: int
    end: int
    text: str
    label: str
    title: str | None
    rule: str


def find_names(doc: Doc, text: str, *, language: Language = ENGLISH) -> list[Name]:
    """Return the names of an article in order; no two overlap.

    `text` is that of `doc`, which would build it from its tokens each time.
    """
    names: list[Name] = []
    small = {token.text for token in doc if token.is_lower}
    for ent in doc.ents:
        name = _from_entity(text, ent, language)
        if (
            name is not None
            and (not names or names[-1].end <= name.start)
            and not _is_common_word(ent, small)
            and not _is_function_word(ent, language)
        ):
            names.append(name)
    names = _settle_labels([*names, *_find_speakers(doc, text, language)], language)
    names = sorted(_rematch(text, names, language), key=lambda name: name.start)
    return _drop_portfolios([_with_title(doc, name, language) for name in names], language)


def _drop_portfolios(names: Sequence[Name], language: Language) -> list[Name]:
    """Return the names without words that belong to a title: the State of a Secretary of State."""
    portfolios = load_titles(language).portfolios
    kept = []
    for i, name in enumerate(names):
        beside = (*names[max(0, i - 2) : i], *names[i + 1 : i + 3])
        in_title = any(
            other.title and name.text.lower() in other.title.lower().split() for other in beside
        )
        if not (in_title and name.text.lower() in portfolios):
            kept.append(name)
    return kept


def span_of(doc: Doc, name: Name) -> Span | None:
    """Return the tokens of a name, whole ones, or None where it has none."""
    return doc.char_span(name.start, name.end, alignment_mode="expand")


def _with_title(doc: Doc, name: Name, language: Language) -> Name:
    span = span_of(doc, name)
    if name.label != EntityLabel.PERSON or span is None:
        return name
    return replace(name, title=find_title(doc, span, language=language))


def _from_entity(text: str, ent: Span, language: Language) -> Name | None:
    if ent.label_ in VALUE_LABELS:
        return _from_value(text, ent, language)
    start, end = ent.start_char, ent.end_char
    if (
        ent.label_ not in NAME_LABELS
        or text[start:end].islower()
        or load_name_words(language).not_in_names.search(text[start:end])
    ):
        return None
    if ent.label_ == EntityLabel.PERSON:
        start = _skip_words_before(text, TextSpan(start, end), language)
        end = _end_of_person(ent, language)
    name = _trimmed(text, TextSpan(start, end), label=ent.label_, rule="ner", language=language)
    return None if name is None else _relabel(name, ent, language)


def _is_common_word(ent: Span, small: Collection[str]) -> bool:
    """Return whether a word is not a name: the article has it in small letters, too.

    It is in a headline's capitals (`NEVER`), or the parser does not take it for a proper noun.
    """
    word = ent.text
    if len(ent) != 1 or word.lower() not in small or ent.label_ in VALUE_LABELS:
        return False
    is_shouted = word.isupper() and len(word) >= MIN_SHOUTED_CHARS
    return is_shouted or ent[0].pos_ != "PROPN"


def _is_function_word(ent: Span, language: Language) -> bool:
    """Return whether the parser takes a person's name of one word for `below` or `outright`."""
    is_one = len(ent) == 1 and ent.label_ == EntityLabel.PERSON
    return is_one and ent[0].pos_ in FUNCTION_TAGS and not _has_given_name(ent.text, language)


def _end_of_person(ent: Span, language: Language) -> int:
    """Return where a name ends: `van der Holm` continues `Jan`, `-ho` continues `Kim Il`."""
    linking = load_name_words(language).linking
    doc, end = ent.doc, ent.end
    while end + 1 < len(doc):
        at = end
        while at < len(doc) and doc[at].lower_ in linking:
            at += 1
        is_particle = at > end and at < len(doc) and doc[at].text.istitle()
        is_hyphen = len(ent) > 1 and doc[end].text == "-" and not doc[end - 1].whitespace_
        if (
            is_particle
            and doc[at].pos_ == "PROPN"
            and doc[at].ent_type_ in {"", EntityLabel.PERSON}
        ):
            end = at + 1
        elif is_hyphen and doc[end + 1].pos_ == "PROPN" and not doc[end].whitespace_:
            end += 2
        else:
            break
    return doc[end - 1].idx + len(doc[end - 1])


def _from_value(text: str, ent: Span, language: Language) -> Name | None:
    """Return a date or a sum of money, without `about` and the like, if it is one."""
    words = load_name_words(language)
    start, end = ent.start_char, ent.end_char
    start -= text[start - 1 : start] in CURRENCY_SIGNS  # the parser leaves some out
    if words.values[ent.label_].search(text, start, end) is None:
        return None
    while hedge := words.hedge.match(text, start, end):
        start = hedge.end()
    span = TextSpan(start, end)
    return _trimmed(text, span, label=ent.label_, rule="ner", language=language)


def _relabel(name: Name, ent: Span, language: Language) -> Name:
    """Return a name with the label that words inside and beside it show."""
    if ent.label_ not in RELABELLED or _has_given_name(name.text, language):
        return name
    if _ends_as_organisation(name, language):
        return replace(name, label=EntityLabel.ORG, rule="organisation_word")
    if ent.label_ == EntityLabel.PERSON and _is_place(ent, language):
        return replace(name, label=EntityLabel.LOC, rule="place_word")
    if ent.label_ == EntityLabel.PERSON and _contains_something(ent, language):
        return replace(name, label=EntityLabel.GPE, rule="place_word")
    return name


def _has_given_name(name: str, language: Language) -> bool:
    return plain_letters(name.split(maxsplit=1)[0]) in load_name_genders(language)


def _contains_something(ent: Span, language: Language) -> bool:
    """Return whether something is said to be in what is named, other than trust or faith."""
    before = ent.root.head
    return (
        ent.root.dep_ == "pobj"
        and before.i == ent.start - 1
        and before.lower_ in load_kinds(language).inside
        and before.head.lemma_ not in load_name_words(language).put_in_people
    )


def _find_speakers(doc: Doc, text: str, language: Language) -> Iterator[Name]:
    """Yield the proper nouns that say something and that the parser did not take for a name.

    A person who has spoken before is often called by a surname that the parser does not know.
    """
    speech = load_cues(language).speech
    known = load_titles(language).titles | load_kinds(language).kinds.keys()
    for token in doc:
        if (
            token.dep_ == "nsubj"
            and token.tag_ == "NNP"
            and not token.ent_type_
            and token.head.lemma_ in speech
            and token.text.istitle()
            and token.lower_ not in known
            and not any(child.dep_ in DESCRIBING for child in token.children)
        ):
            span = TextSpan(token.idx, token.idx + len(token))
            name = _trimmed(text, span, label=EntityLabel.PERSON, rule="speaks", language=language)
            if name is not None:
                yield name


def _skip_words_before(text: str, span: TextSpan, language: Language) -> int:
    """Return where a person's name begins after other words: `our guest Ida Brandt`."""
    start, end = span
    words = load_name_words(language)
    if address := words.address.match(text, start, end):
        start = address.end()
    for word in re.finditer(r"[^\W\d_][\w'’-]*", text[start:end]):
        is_common = word.group().islower() and word.group() not in words.particles
        if is_common and text[start + word.end() : end].strip()[:1].isupper():
            return _skip_words_before(text, TextSpan(start + word.end(), end), language)
    return start


def _is_place(ent: Span, language: Language) -> bool:
    """Return whether words beside a name show that it is a place's: `the Elsa crossing`."""
    kinds = load_kinds(language)
    following = ent.doc[ent.end].lower_ if ent.end < len(ent.doc) else ""
    if following in kinds.after or (len(ent) > 1 and ent[0].lower_ in kinds.before):
        return True
    return any(
        child.dep_ == "appos" and child.lower_ in kinds.places for child in ent.root.children
    )


def _trimmed(
    text: str, span: TextSpan, *, label: str, rule: str, language: Language
) -> Name | None:
    """Return the name without article, quotation marks and possessive around it."""
    words = load_name_words(language)
    start, end = span
    line_end = text.find("\n", start, end)
    end = line_end if line_end >= 0 else end
    for edge in words.edges.finditer(text[start:end]):
        if edge.start() == 0:
            start += edge.end()
        else:
            end -= len(edge.group())
    if words.abbreviated.search(text, start, end) and text[end : end + 1] == ".":
        end += 1
    if start >= end:
        return None
    return Name(start, end, text[start:end], label, None, rule)


def _settle_labels(names: Sequence[Name], language: Language) -> list[Name]:
    """Return the names, each with the label that it has most often in the article.

    A single word takes the label of the person whose surname it is, or of the organisation that
    it begins.
    """
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for name in sorted(names, key=lambda name: name.rule == "place_word"):  # those lose a tie
        votes[compare_key(name.text, language)][name.label] += 1
    surnames = {
        name_parts(n.text, language)[-1]
        for n in names
        if n.label == EntityLabel.PERSON and " " in n.text
    }
    organisations = {
        compare_key(n.text, language).split()[0]
        for n in names
        if n.label == EntityLabel.ORG and _ends_as_organisation(n, language)
    }
    # Ford, where Henry Ford Jr. is named as well as the Ford Motor Company.
    surnames -= {
        key for key in organisations if votes[key][EntityLabel.ORG] > votes[key][EntityLabel.PERSON]
    }
    organisations -= surnames
    settled = []
    for name in names:
        key = compare_key(name.text, language)
        label = EntityLabel.PERSON if key in surnames else votes[key].most_common(1)[0][0]
        if key in organisations and label == EntityLabel.PERSON:
            label = EntityLabel.ORG  # Northreach, where Northreach Ferries is named as well
        rule = name.rule if label == name.label else "label_of_article"
        settled.append(replace(name, label=label, rule=rule))
    return settled


def _ends_as_organisation(name: Name, language: Language) -> bool:
    *before, last = name.text.lower().split()
    return bool(before) and last in load_kinds(language).endings


def _rematch(text: str, names: Sequence[Name], language: Language) -> list[Name]:
    """Return the names, with the places where the parser overlooked one that it found elsewhere."""
    generations = load_name_words(language).generations
    taken = [False] * len(text)
    for name in names:
        taken[name.start : name.end] = [True] * (name.end - name.start)
    forms = {name.text: name.label for name in names if name.label in REMATCHED_LABELS}
    for name in names:
        words = [w for w in name.text.split() if w.strip(".,").lower() not in generations]
        if name.label == EntityLabel.PERSON and len(words) > 1:
            forms.setdefault(words[-1].strip(","), EntityLabel.PERSON)
    forms = {form: label for form, label in forms.items() if form[:1].isupper()}
    found = list(names)
    for start, end in _find_forms(text, forms):
        if not any(taken[start:end]):
            form = text[start:end]
            found.append(Name(start, end, form, forms[form], None, "rematched"))
    return found


def _find_forms(text: str, forms: Collection[str]) -> Iterator[TextSpan]:
    """Yield where names are in a text, the longest of those that begin together; none overlap.

    The forms are looked up by their first word, for a pattern of all would try each everywhere.
    """
    lengths: dict[str, set[int]] = defaultdict(set)
    for form in forms:
        if opening := WORD.match(form):
            lengths[opening.group()].add(len(form))
    longest_first = {word: sorted(each, reverse=True) for word, each in lengths.items()}
    last_end = 0
    for word in WHOLE_WORD.finditer(text):
        start = word.start()
        if start < last_end:
            continue
        for length in longest_first.get(word.group(), ()):
            end = start + length
            if text[start:end] in forms and NAME_CONTINUES.match(text, end) is None:
                yield TextSpan(start, end)
                last_end = end
                break


@lru_cache(maxsize=8192)
def compare_key(text: str, language: Language = ENGLISH) -> str:
    """Return a name as names are compared: lower case, without possessive, full stops and `al-`."""
    known = load_name_words(language)
    words = (known.possessive.sub("", word) for word in text.casefold().split())
    return " ".join(known.article.sub("", word) for word in words).replace(".", "")


@lru_cache(maxsize=8192)
def name_parts(name: str, language: Language = ENGLISH) -> tuple[str, ...]:
    """Return the words of a person's name as they are compared, without `Mr` and `Jr`."""
    honorifics = load_titles(language).honorifics
    generations = load_name_words(language).generations
    words = [word.strip(",") for word in compare_key(name, language).split()] or [""]
    while len(words) > 1 and words[0] in honorifics:
        words = words[1:]
    while len(words) > 1 and words[-1] in generations:
        words = words[:-1]
    return tuple(words)


@lru_cache(maxsize=8192)
def generation_of(name: str, language: Language = ENGLISH) -> str:
    """Return what tells a parent from a child of the same name: `jr`, `iii`, or nothing."""
    *before, last = compare_key(name, language).split() or [""]
    return last if before and last in load_name_words(language).generations else ""
