"""Make random and mutilated texts with quotations, each from its number alone."""

import re
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import NamedTuple

SEED = "copydesk"
SHORT_PIECES = 25  # of a text, on average: 40 words
LONG_PIECES = 3000
LONG_WORD_CHARS = 20_000
EXCERPT_WORDS = 40
MAX_MUTATIONS = 4
MARKS = '"""“”“”“”\'\'‘’„‟«»‹›`´＂‚‛′″「」'
CHARACTERS = ".,;:!?…—–-()[]{}/\\|*&%$#@+=<>~^_•·§"
SPACES = (" ", " ", " ", " ", "  ", "\n", "\n\n", "\t", "\u00a0", "\u2009", "\u3000", "\r\n", "")
NAMES = (
    "Ida Brandt",
    "Brandt",
    "Mayor Ravi Kapoor",
    "Mr. Kapoor",
    "Port Elsa",
    "the Harbour Board",
    "the minister",
    "a spokeswoman for the crews",
    "US State Department",
    "O’Hara-Lindqvist Jr.",
    "Dr. Nguyễn",
    "he",
    "she",
    "they",
    "it",
    "who",
)
CUES = (
    "said",
    "says",
    "told reporters",
    "said that",
    "according to",
    "added",
    "asked whether",
    "believes that",
    "was quoted as saying",
    "hopes to",
    "denied",
    "said:",
    "wrote on X,",
    "in the words of",
    "urged them to",
    "and stressed that",
    "didn't say",
    "reiterated",
)
LINES_OF_WORDS = (
    "the a of to and that we will not no ferry ferries sail until paid quay winter crews",
    "owners have waited long enough islands flour Monday May 3 1,200 percent if when but",
    "isn't crews' '90s U.S. e.g. rock'n'roll well-known http://x.example/a?b=c @ida #strike",
)
WORDS = tuple(word for line in LINES_OF_WORDS for word in line.split())
CODE_POINTS = (  # without NUL and surrogates, which reading never lets through
    range(0x01, 0x20),
    range(0x7F, 0xA1),
    range(0xA1, 0x250),
    range(0x300, 0x370),  # combining
    range(0x370, 0x530),
    range(0x590, 0x700),  # right to left
    range(0x900, 0x980),
    range(0x2000, 0x2070),  # spaces, joiners, directions, marks
    range(0x3000, 0x3100),
    range(0x4E00, 0x4E80),
    range(0xFE00, 0xFE10),
    range(0xFF00, 0xFF60),
    range(0x1D400, 0x1D440),
    range(0x1F300, 0x1F650),  # emoji
    range(0xE0000, 0xE0080),
)
MARK = re.compile(f"[{re.escape(MARKS)}]")
GAP = re.compile(r"\s+")
LINE_BREAK = re.compile(r"\n+")


class MadeText(NamedTuple):
    """A text that was made, and how."""

    number: int
    kind: str
    text: str


KINDS: Mapping[str, int] = {  # texts of each kind in a thousand
    "mutated": 513,
    "phrases": 250,
    "characters": 100,
    "code_points": 80,
    "marks": 50,
    "long_word": 1,
    "mutated_long": 3,
    "long_phrases": 1,
    "many_marks": 1,
    "repeated": 1,
}


def make_text(number: int, sources: Sequence[str]) -> MadeText:
    """Return the text of a number: always the same for the same sources."""
    rng = Random(f"{SEED}/{number}")
    (kind,) = rng.choices(list(KINDS), weights=list(KINDS.values()))
    match kind:
        case "mutated":
            text = mutate(cut_excerpt(rng.choice(sources), rng), rng)
        case "mutated_long":
            text = mutate(rng.choice(sources), rng)
        case _:
            text = MAKERS[kind](rng)
    return MadeText(number, kind, text)


def _size(rng: Random) -> int:
    return rng.randint(0, 2 * SHORT_PIECES)


def _join(pieces: Sequence[str], rng: Random) -> str:
    return "".join(piece + rng.choice(SPACES) for piece in pieces)


def make_phrases(rng: Random, n_pieces: int) -> str:
    """Return names, cues, words, marks and characters in no order."""
    stock = (NAMES, CUES, WORDS, WORDS, MARKS, CHARACTERS)
    return _join([rng.choice(rng.choice(stock)) for _ in range(n_pieces)], rng)


def make_characters(rng: Random, n_pieces: int) -> str:
    """Return marks, other characters, spaces, letters and digits, glued and not."""
    stock: tuple[Sequence[str], ...] = (MARKS, CHARACTERS, SPACES, "abcXYZ019éß")
    return "".join(rng.choice(rng.choice(stock)) for _ in range(4 * n_pieces))


def make_code_points(rng: Random, n_pieces: int) -> str:
    """Return words of characters from all over Unicode, between marks and cues."""
    pieces = []
    for _ in range(n_pieces):
        points = rng.choice(CODE_POINTS)
        odd = "".join(chr(rng.choice(points)) for _ in range(rng.randint(1, 4)))
        pieces.append(rng.choice((odd, odd, rng.choice(MARKS), rng.choice((*CUES, *NAMES)))))
    return _join(pieces, rng)


def make_marks(rng: Random, n_pieces: int) -> str:
    """Return nothing but marks and spaces."""
    return _join([rng.choice(MARKS) for _ in range(n_pieces)], rng)


def make_long_word(rng: Random) -> str:
    """Return a sentence with one word, number or address that never ends."""
    part = rng.choice(("a", "Ab", "ab-", "9,", "x.", "it's", "“", "’", "http://a/", "é", "@a", "א"))
    word = part * rng.randint(1, LONG_WORD_CHARS // len(part))
    return make_phrases(rng, SHORT_PIECES) + word + make_phrases(rng, SHORT_PIECES)


def make_repeated(rng: Random) -> str:
    """Return a short text over and over."""
    return make_phrases(rng, rng.randint(1, SHORT_PIECES)) * rng.randint(2, SHORT_PIECES)


MAKERS: Mapping[str, Callable[[Random], str]] = {
    "phrases": lambda rng: make_phrases(rng, _size(rng)),
    "characters": lambda rng: make_characters(rng, _size(rng)),
    "code_points": lambda rng: make_code_points(rng, _size(rng)),
    "marks": lambda rng: make_marks(rng, _size(rng)),
    "long_word": make_long_word,
    "long_phrases": lambda rng: make_phrases(rng, LONG_PIECES),
    "many_marks": lambda rng: make_marks(rng, LONG_PIECES),
    "repeated": make_repeated,
}


def cut_excerpt(text: str, rng: Random) -> str:
    """Return some lines that follow each other, about `EXCERPT_WORDS` words of them."""
    lines = [line for line in LINE_BREAK.split(text) if line.strip()]
    first = rng.randrange(len(lines)) if lines else 0
    kept: list[str] = []
    for line in lines[first:]:
        kept.append(line)
        if sum(len(line.split()) for line in kept) >= EXCERPT_WORDS:
            break
    words = re.findall(r"\S+\s*", "\n\n".join(kept))
    start = rng.randint(0, max(0, len(words) - EXCERPT_WORDS))
    return "".join(words[start : start + EXCERPT_WORDS])


def mutate(text: str, rng: Random) -> str:
    """Return a text with up to `MAX_MUTATIONS` kinds of damage."""
    for damage in rng.sample(MUTATIONS, rng.randint(1, MAX_MUTATIONS)):
        text = damage(text, rng)
    return text


def _drop_marks(text: str, rng: Random) -> str:
    return MARK.sub(lambda mark: rng.choice(("", mark[0])), text)


def _double_marks(text: str, rng: Random) -> str:
    return MARK.sub(lambda mark: mark[0] * rng.choice((1, 1, 2, 3)), text)


def _replace_marks(text: str, rng: Random) -> str:
    return MARK.sub(lambda mark: rng.choice((mark[0], rng.choice(MARKS))), text)


def _swap_marks(text: str, rng: Random) -> str:
    marks = MARK.findall(text)
    rng.shuffle(marks)
    return MARK.sub(lambda _: marks.pop(), text)


def _add_marks(text: str, rng: Random) -> str:
    return GAP.sub(lambda gap: rng.choice((gap[0],) * 5 + (gap[0] + rng.choice(MARKS),)), text)


def _join_lines(text: str, rng: Random) -> str:
    return LINE_BREAK.sub(lambda found: rng.choice((found[0], " ", "", "\n")), text)


def _cut_lines(text: str, rng: Random) -> str:
    return GAP.sub(lambda gap: rng.choice((gap[0],) * 5 + ("\n", "\n\n")), text)


def _shuffle_lines(text: str, rng: Random) -> str:
    lines = text.split("\n")
    rng.shuffle(lines)
    return "\n".join(lines)


def _delete_characters(text: str, rng: Random) -> str:
    share = rng.choice((0.01, 0.05, 0.2))
    return "".join(character for character in text if rng.random() > share)


def _add_odd_characters(text: str, rng: Random) -> str:
    return GAP.sub(lambda gap: rng.choice((gap[0],) * 5 + (make_code_points(rng, 1),)), text)


def _shuffle_words(text: str, rng: Random) -> str:
    words = re.findall(r"\S+\s*", text)
    rng.shuffle(words)
    return "".join(words)


def _repeat_part(text: str, rng: Random) -> str:
    start, end = sorted(rng.randint(0, len(text)) for _ in range(2))
    return text[:end] + text[start:end] + text[end:]


def _change_case(text: str, rng: Random) -> str:
    return rng.choice((str.upper, str.lower, str.title, str.swapcase))(text)


MUTATIONS: Sequence[Callable[[str, Random], str]] = (
    _drop_marks,
    _double_marks,
    _replace_marks,
    _swap_marks,
    _add_marks,
    _join_lines,
    _cut_lines,
    _shuffle_lines,
    _delete_characters,
    _add_odd_characters,
    _shuffle_words,
    _repeat_part,
    _change_case,
)
