"""Read the words of a quotation that are given as the speaker's own.

Two renderings have the same words where what was spoken is the same: case, punctuation, accents,
typographic marks and the spelling of the house (`labour`, `labor`; `9`, `nine`) do not count. An
ellipsis, a piece between brackets and the end of a quoted passage leave a gap: words may be
missing there. Words between brackets are the reporter's.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import load_stock_words, plain_letters
from copydesk.lexicons.speech import load_cues
from copydesk.lexicons.spelling import load_spelling
from copydesk.text.quote_marks import SENTENCE_ENDS, find_quoted
from copydesk.values import QuoteType

APOSTROPHE = "'’ʼ‘`´"
TOKEN = re.compile(
    rf"""
      \[[^\W_]\][^\W_]+(?:[{APOSTROPHE}][^\W_]+)*  # [W]e: a capital that was changed
    | [^\W_]*\[[^\[\]]*\][^\W_]*  # [Hamas], sail[ing], […]
    | \([^()]*\)
    | (?:[^\W\d_]\.){{2,}}  # U.S.
    | \d+(?:[.,]\d+)*(?![^\W_])
    | [^\W_]+(?:[{APOSTROPHE}][^\W_]+)*
    | [%&]
    | \.(?:\s*\.)+ | …
    | [.!?]
    """,
    re.VERBOSE,
)
PIECE = re.compile(r"[^\W_]+")
CAPITAL_CHANGED = re.compile(r"\[([^\W_])\]([^\W_].*)")
TYPED_APOSTROPHES = str.maketrans(dict.fromkeys(APOSTROPHE, "'"))
QUOTATION_MARKS = '“”„‟«»"＂'
FUNCTION_WEIGHT, LIGHT_WEIGHT, CONTENT_WEIGHT = 0, 1, 3
MAX_PIECES_KEPT = 2**17  # read pieces of text; a few words make most of any text
STEM_LETTERS = 5  # hostage and hostages, every and everyone are near enough to be put opposite

SENTENCE_END = "."  # as a form: what follows begins a sentence
GAP = "…"  # as a form: words may be missing here
MARKS = frozenset({SENTENCE_END, GAP})


class Reading(NamedTuple):
    """What a token says: its forms (words, or one of `MARKS`), and its letters to compare by.

    A contraction has two forms. The words of a bracket have letters but leave only a gap.
    """

    forms: tuple[str, ...]
    letters: str


class Word(NamedTuple):
    """A word of a quotation as written, with the punctuation around it, and what it says."""

    written: str
    forms: tuple[str, ...]
    letters: str
    is_insert: bool
    has_gap_before: bool
    starts_sentence: bool


def quoted_parts(content: str, kind: QuoteType, cuts: Sequence[int] = ()) -> list[str]:
    """Return the parts of a quotation that are given as the speaker's own words.

    `cuts` are the lengths of the fragments of a split quotation, which a space joins in `content`;
    where they do not add up the content is one part.
    """
    if kind is QuoteType.INDIRECT:
        return []
    if kind is QuoteType.MIXED:
        return [content[passage.start : passage.end] for passage in find_quoted(content)]
    if len(cuts) <= 1 or sum(cuts) + len(cuts) - 1 != len(content):
        return [content]
    parts, start = [], 0
    for length in cuts:
        parts.append(content[start : start + length])
        start += length + 1
    return parts


def report_text(content: str, *, language: Language = ENGLISH) -> str:
    """Return a reported clause without the `that` in front."""
    opening = _load_opening(language).match(content)
    return content[opening.end() :] if opening is not None else content


@cache
def _load_opening(language: Language) -> re.Pattern[str]:
    """Return the pattern of what opens a clause and is not part of what is said."""
    words = "|".join(sorted(load_cues(language).opening))
    return re.compile(rf"(?:{words})\s+", re.IGNORECASE)


def read_words(parts: Sequence[str], *, language: Language = ENGLISH) -> list[Word]:
    """Return the words of the parts of a quotation in order, inserts included."""
    words: list[Word] = []
    for text in parts:
        part = compose_letters(text)
        has_gap = starts = True
        tokens = list(TOKEN.finditer(part))
        ends = [token.start() for token in tokens] + [len(part)]
        for token, end in zip(tokens, ends[1:], strict=True):
            forms, letters = read_token(token.group(), language)
            if letters:
                written = _trim(part[token.start() : end])
                is_insert = forms == (GAP,)
                words.append(Word(written, forms, letters, is_insert, has_gap, starts))
                has_gap, starts = is_insert, False
            elif GAP in forms:
                has_gap = True
            elif forms:
                starts = True
                if words and not words[-1].written.endswith(token.group()):
                    words[-1] = words[-1]._replace(written=words[-1].written + token.group())
    return words


def passage_letters(parts: Sequence[str], *, language: Language = ENGLISH) -> list[str] | None:
    """Return the letters of each passage without a gap; None where there is an insert."""
    passages = []
    for part in parts:
        passages.append("")
        for piece in split_pieces(part):
            for forms, letters in read_piece(piece, language):
                if forms != (GAP,):
                    passages[-1] += letters
                elif letters:
                    return None
                else:
                    passages.append("")
    return [passage for passage in passages if passage]


def split_pieces(text: str) -> list[str]:
    """Return pieces of a text that can be read one by one with `read_piece`."""
    text = compose_letters(text)
    return text.split() if has_plain_pieces(text) else TOKEN.findall(text)


def has_plain_pieces(text: str) -> bool:
    """Return whether white space parts the pieces of a text: most have been read before.

    Only brackets and points with white space between them reach over it.
    """
    return not ("[" in text or "(" in text or " ." in text) and text.isprintable()


@lru_cache(MAX_PIECES_KEPT)
def read_piece(piece: str, language: Language) -> tuple[Reading, ...]:
    """Return what the tokens of a piece say."""
    return tuple(read_token(token, language) for token in TOKEN.findall(piece))


def compose_letters(text: str) -> str:
    """Return a text with each accent in one character with its letter, as `TOKEN` needs it."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _trim(written: str) -> str:
    """Return a word with the punctuation after it, without the quotation marks of the next one."""
    stripped = written.strip()
    if stripped.isalnum():  # as most are
        return stripped
    pieces = (piece.strip(QUOTATION_MARKS) for piece in stripped.split())
    return " ".join(piece for piece in pieces if piece.strip(APOSTROPHE))


@cache
def _forms_of_short(language: Language) -> tuple[tuple[str, tuple[str, ...], bool], ...]:
    """Return the contractions, the longest first, and whether each is an ending."""
    spelling = load_spelling(language)
    whole = ((short, forms, False) for short, forms in spelling.contractions.items())
    endings = ((short, forms, True) for short, forms in spelling.endings.items())
    return tuple(sorted([*whole, *endings], key=lambda short: (-len(short[0]), short)))


@lru_cache(MAX_PIECES_KEPT)
def read_token(token: str, language: Language) -> Reading:
    """Return what a token of `TOKEN` says."""
    if changed := CAPITAL_CHANGED.fullmatch(token):
        return read_token("".join(changed.groups()), language)
    if "[" in token or token.startswith("("):
        if token.casefold() in load_spelling(language).asides:
            return Reading((), "")
        words = (spoken_word(piece, language=language) for piece in PIECE.findall(token))
        return Reading((GAP,), "".join(words))
    if not any(map(str.isalnum, token)):
        return _read_symbol(token, language)
    word = plain_letters(token.translate(TYPED_APOSTROPHES))
    forms = (spoken_word(form, language=language) for form in _split_short(word, language))
    return Reading(tuple(filter(None, forms)), spoken_word(word, language=language))


def _read_symbol(token: str, language: Language) -> Reading:
    word = load_spelling(language).symbols.get(token)
    if word is not None:
        return Reading((word,), word)
    return Reading((SENTENCE_END if token in SENTENCE_ENDS else GAP,), "")


def _split_short(word: str, language: Language) -> tuple[str, ...]:
    """Return the words of a contraction; a word that is not one is returned alone."""
    for short, forms, is_ending in _forms_of_short(language):
        if word == short or (is_ending and word.endswith(short)):
            head = word.removesuffix(short)
            return (head, *forms) if head else forms
    return (word,)


def spoken_word(written: str, *, language: Language = ENGLISH) -> str:
    """Return a word as all houses would write it, its letters and digits only."""
    spelling = load_spelling(language)
    if written[:1].isdigit():
        number = plain_letters(written.replace(",", ""))
        return spelling.numbers.get(number, number)
    word = "".join(filter(str.isalnum, plain_letters(written)))
    for pattern, replacement in spelling.steps:
        word, n_changed = pattern.subn(replacement, word)
        if n_changed:
            break
    return word


@cache
def weigh_word(form: str, language: Language) -> int:
    """Return how much a word says about which statement it is from: 0, 1 or 3."""
    stock = load_stock_words(language)
    if form in stock.function or (len(form) == 1 and not form.isdigit()):
        return FUNCTION_WEIGHT
    return LIGHT_WEIGHT if form in stock.light else CONTENT_WEIGHT


def stem_word(form: str) -> str:
    """Return the beginning of a word, which it shares with its other forms."""
    return form[:STEM_LETTERS]


def stock_phrases(language: Language) -> Iterator[tuple[str, ...]]:
    """Yield the forms of the phrases that spokespeople say on every occasion."""
    for phrase in load_stock_words(language).phrases:
        words = read_words([phrase], language=language)
        yield tuple(form for word in words for form in word.forms)
