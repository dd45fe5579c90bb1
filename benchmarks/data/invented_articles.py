"""Invent articles with planted copies, and with everything that looks like a copy and is not one.

Words are made of syllables and as unevenly frequent as words are (Zipf); articles of one topic
share its words. What must not be joined is planted too: stock sentences and agency boilerplate in
many articles, rival reports that quote one speech, and reports made from one template (tide tables,
markets) with the figures and names of other days.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

SEED = 11
FUNCTION_WORDS = (
    *("the", "of", "to", "a", "and", "in", "that", "for", "on", "is", "said", "was", "with", "at"),
    *("as", "by", "it", "from", "be", "has", "he", "have", "an", "are", "not", "were", "will"),
    *("his", "this", "which", "its", "had", "but", "their", "who", "they", "more", "been", "or"),
    *("would", "about", "after", "one", "up", "she", "when", "also", "than", "out", "last", "new"),
    *("over", "into", "her", "could", "there", "two", "if", "all", "other", "before", "where"),
)
ONSETS = ("b", "br", "d", "f", "g", "gr", "h", "k", "l", "m", "n", "p", "pl", "r", "s", "st", "t")
VOWELS = ("a", "e", "i", "o", "u", "ea", "ou")
CODAS = ("", "n", "l", "r", "sk", "m", "t", "nd")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

N_WORDS = 30_000  # of the language, beside the function words
N_TOPICS = 60
TOPIC_WORDS = 500
N_NAMES = 4_000
NAMES_PER_ARTICLE = 8
N_STOCK_SENTENCES = 80
N_NOTICES = 15  # paragraphs that an agency or a desk puts under everything
MEDIAN_WORDS, SIGMA_WORDS = 230, 0.65  # lengths are log-normal between the limits
MIN_WORDS, MAX_WORDS = 80, 800
SHARES_OF_WORDS = (0.45, 0.33, 0.05, 0.02)  # function, of the topic, names, figures; others
STOCK_SENTENCES_PER_ARTICLE = 0.8
NOTICE_SHARE = 0.15
TEMPLATE_SHARE = 0.06  # of the articles
REPORTS_PER_TEMPLATE = 20
RIVAL_SHARE = 0.05  # of the articles quote a speech that another one quotes
SPEECH_SENTENCES = 3
QUOTED_AGAIN_SHARE = 0.5  # of the speeches
TEMPLATE_WORDS = 120
MIN_PARAGRAPHS_TO_CUT = 3

COPIED_SHARE = 0.12  # of the articles that are written; each has 1 to 4 copies
MAX_COPIES = 4
EXACT_SHARE = 0.1  # of the copies
MIN_EDITED, MAX_EDITED = 0.05, 0.15  # of the words
TRUNCATED_SHARE = 0.25  # of the copies lack their last paragraph
EXTENDED_SHARE = 0.25  # of the copies have a paragraph more


class Invented(NamedTuple):
    """An article, the text that it was copied from (its own number where it is no copy)."""

    number: int
    original: int
    body: str


Paragraph = list[list[str]]  # sentences of words


class Language:
    """Words, topics, names and stock phrases, drawn once."""

    def __init__(self, random: np.random.Generator) -> None:
        """Draw a language."""
        self.random = random
        self.words = np.array(_invent_words(random, N_WORDS, n_syllables=3), dtype=object)
        self.names = [word.capitalize() for word in _invent_words(random, N_NAMES, n_syllables=2)]
        self.topics = random.integers(N_WORDS, size=(N_TOPICS, TOPIC_WORDS))
        self.stock = [
            self.write_sentence(int(random.integers(N_TOPICS)), self.draw_names())
            for _ in range(N_STOCK_SENTENCES)
        ]
        self.notices = [self.write_paragraph(0, self.draw_names()) for _ in range(N_NOTICES)]

    def draw_names(self) -> list[str]:
        """Return the names of an article."""
        chosen = self.random.integers(N_NAMES, size=NAMES_PER_ARTICLE)
        return [self.names[i] for i in chosen]

    def write_words(self, n: int, topic: int, names: Sequence[str]) -> list[str]:
        """Return `n` words in no order: of the language, of a topic, names and figures."""
        random = self.random
        kinds = np.searchsorted(np.cumsum(SHARES_OF_WORDS), random.random(n))
        ranks = random.random(n)
        figures = random.integers(2, 2_000, size=n)
        choices = [
            np.array(FUNCTION_WORDS, dtype=object)[_rank(len(FUNCTION_WORDS), ranks)],
            self.words[self.topics[topic][_rank(TOPIC_WORDS, ranks)]],
            np.array(names, dtype=object)[figures % len(names)],
            figures.astype(str).astype(object),
            self.words[_rank(N_WORDS, ranks)],
        ]
        return [str(word) for word in np.choose(kinds, choices)]

    def write_sentence(self, topic: int, names: Sequence[str]) -> list[str]:
        """Return the words of a sentence."""
        return self.write_words(int(self.random.integers(8, 29)), topic, names)

    def write_paragraph(self, topic: int, names: Sequence[str]) -> Paragraph:
        """Return a paragraph of one to three sentences."""
        n = int(self.random.integers(1, 4))
        return [self.write_sentence(topic, names) for _ in range(n)]

    def write_article(self, topic: int, names: Sequence[str], n_words: int) -> list[Paragraph]:
        """Return the paragraphs of an article, with the stock sentences that it has."""
        random = self.random
        paragraphs: list[Paragraph] = []
        while sum(len(sentence) for p in paragraphs for sentence in p) < n_words:
            paragraphs.append(self.write_paragraph(topic, names))
        for _ in range(random.poisson(STOCK_SENTENCES_PER_ARTICLE)):
            at = int(random.integers(len(paragraphs)))
            paragraphs[at] = [*paragraphs[at], self.stock[random.integers(N_STOCK_SENTENCES)]]
        if random.random() < NOTICE_SHARE:
            paragraphs.append(self.notices[random.integers(N_NOTICES)])
        return paragraphs


def invent_articles(n: int, *, seed: int = SEED) -> Iterator[Invented]:
    """Yield `n` articles, copies after their originals."""
    random = np.random.default_rng(seed)
    language = Language(random)
    n_templates = max(1, int(n * TEMPLATE_SHARE / REPORTS_PER_TEMPLATE))
    templates = [
        language.write_article(
            int(random.integers(N_TOPICS)), language.draw_names(), TEMPLATE_WORDS
        )
        for _ in range(n_templates)
    ]
    speeches: list[tuple[int, list[str], Paragraph]] = []
    number = 0
    while number < n:
        topic, names = int(random.integers(N_TOPICS)), language.draw_names()
        draw = random.random()
        if draw < TEMPLATE_SHARE:
            paragraphs = _fill_template(language, templates[random.integers(n_templates)])
        elif draw < TEMPLATE_SHARE + RIVAL_SHARE:
            topic, names, speech = _draw_speech(language, speeches, topic, names)
            paragraphs = language.write_article(topic, names, _draw_length(random))
            paragraphs.insert(1, speech)
        else:
            paragraphs = language.write_article(topic, names, _draw_length(random))
        original = number
        n_copies = int(random.integers(1, MAX_COPIES + 1))
        is_copied = random.random() < COPIED_SHARE
        yield Invented(number, original, _print(paragraphs))
        number += 1
        for _ in range(min(n_copies, n - number) if is_copied else 0):
            copied = edit_article(language, paragraphs, topic, names)
            yield Invented(number, original, _print(copied))
            number += 1


def print_often(n: int, *, seed: int = SEED) -> Iterator[Invented]:
    """Yield one agency's article as `n` desks print it, each with edits of its own."""
    language = Language(np.random.default_rng(seed))
    names = language.draw_names()
    paragraphs = language.write_article(0, names, TEMPLATE_WORDS)
    for number in range(n):
        yield Invented(number, 0, _print(edit_article(language, paragraphs, 0, names)))


def edit_article(
    language: Language, paragraphs: Sequence[Paragraph], topic: int, names: Sequence[str]
) -> list[Paragraph]:
    """Return a copy as another desk prints it: words changed, a paragraph less or more."""
    random = language.random
    if random.random() < EXACT_SHARE:
        return list(paragraphs)
    share = random.uniform(MIN_EDITED, MAX_EDITED)
    edited = [
        [_edit_sentence(language, sentence, share, topic, names) for sentence in paragraph]
        for paragraph in paragraphs
    ]
    draw = random.random()
    if draw < TRUNCATED_SHARE and len(edited) >= MIN_PARAGRAPHS_TO_CUT:
        return edited[:-1]
    if draw < TRUNCATED_SHARE + EXTENDED_SHARE:
        return [*edited, language.write_paragraph(topic, names)]
    return edited


def _edit_sentence(
    language: Language, words: Sequence[str], share: float, topic: int, names: Sequence[str]
) -> list[str]:
    """Return a sentence with a share of its words replaced, left out, or followed by a new one."""
    random = language.random
    is_changed = random.random(len(words)) < share
    new = iter(language.write_words(int(is_changed.sum()), topic, names))
    edited = []
    for word, changed in zip(words, is_changed, strict=True):
        if not changed:
            edited.append(word)
            continue
        kind = random.integers(3)
        if kind == 0:
            edited.append(next(new))
        elif kind == 1:
            edited.extend((word, next(new)))
    return edited


def _fill_template(language: Language, template: Sequence[Paragraph]) -> list[Paragraph]:
    """Return a report made from a template, with the figures and names of another day."""
    names = language.draw_names()
    random = language.random

    def fill(word: str) -> str:
        if word.isdigit():
            return str(random.integers(2, 2_000))
        return names[random.integers(len(names))] if word[0].isupper() else word

    day = WEEKDAYS[random.integers(len(WEEKDAYS))]
    filled = [[[fill(word) for word in sentence] for sentence in p] for p in template]
    # A template has a figure in every other sentence.
    return [
        [
            [*sentence, "on", day, "at", str(random.integers(2, 2_000))] if i % 2 else sentence
            for i, sentence in enumerate(p)
        ]
        for p in filled
    ]


def _draw_speech(
    language: Language,
    speeches: list[tuple[int, list[str], Paragraph]],
    topic: int,
    names: list[str],
) -> tuple[int, list[str], Paragraph]:
    """Return topic, names and words of a speech that has been quoted once, or of a new one."""
    if speeches and language.random.random() < QUOTED_AGAIN_SHARE:
        return speeches.pop()
    speech = [language.write_sentence(topic, names) for _ in range(SPEECH_SENTENCES)]
    speeches.append((topic, names, speech))
    return speeches[-1]


def _draw_length(random: np.random.Generator) -> int:
    length = random.lognormal(np.log(MEDIAN_WORDS), SIGMA_WORDS)
    return int(np.clip(length, MIN_WORDS, MAX_WORDS))


def _print(paragraphs: Sequence[Paragraph]) -> str:
    return "\n\n".join(
        " ".join(f"{s[0][0].upper()}{' '.join(s)[1:]}." for s in paragraph if s)
        for paragraph in paragraphs
    )


def _rank(n: int, draws: "np.ndarray") -> "np.ndarray":
    """Return ranks below `n`, the low ones far more often (Zipf)."""
    return (n**draws).astype(int) - 1


def _invent_words(random: np.random.Generator, n: int, *, n_syllables: int) -> list[str]:
    words = np.full(n, "", dtype=object)
    for _ in range(n_syllables):
        for parts in (ONSETS, VOWELS, CODAS):
            words = words + np.array(parts, dtype=object)[random.integers(len(parts), size=n)]
    return [str(word) for word in words]
