"""Vary gold pages: what real pages have around their copy, and the gold pages lack.

The pages that may train a shipped model come with few readers' comments, and few teasers of other
stories between their paragraphs. Comments are invented (`comments.toml` of the language) or are
what forums and diaries in the gold say in the first person; teasers are the titles and first
sentences of other pages. A varied page is for training only. Every draw is seeded by the caller:
the same page gives the same variants.
"""

import random
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import read_lexicon

_WORD = re.compile(r"\w+")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)?")
_SENTENCE = re.compile(r"(?:(?<=[.!?…])|(?<=[.!?…][\"'”’)])) +(?=[\"'“‘]?[A-Z])")
_QUOTE = re.compile('["“”]')
SHORT_WORDS = 8  # menus, labels, buttons
MAX_REMARK_WORDS = 150
Texts = Mapping[str, Sequence[str]]


class Marked(NamedTuple):
    """A line with its answers; a remark is what a reader says."""

    text: str
    is_copy: bool
    is_title: bool
    is_remark: bool = False


class Story(NamedTuple):
    """Another story, as teasers and pages without end show it."""

    site: str
    title: str
    paragraphs: tuple[str, ...]


class Remark(NamedTuple):
    """What somebody says in the first person."""

    site: str
    text: str


def story_of(site: str, title: str, lines: Sequence[Marked]) -> Story | None:
    """Return the story of a page, if it has a title and a first paragraph."""
    copy = [line.text for line in lines if line.is_copy and len(line.text.split()) >= SHORT_WORDS]
    return Story(site, title, tuple(copy[:8])) if title and copy else None


def remarks_of(site: str, lines: Sequence[Marked], *, language: Language = ENGLISH) -> list[Remark]:
    """Return the paragraphs of copy that talk: they say "I" or "you" and quote no one."""
    personal = _load_personal(language)
    return [
        Remark(site, line.text)
        for line in lines
        if line.is_copy
        and SHORT_WORDS <= len(line.text.split()) <= MAX_REMARK_WORDS
        and len(personal.findall(line.text)) >= 2
        and not _QUOTE.search(line.text)
    ]


def vary(
    lines: Sequence[Marked],
    stories: Sequence[Story],
    remarks: Sequence[Remark],
    draw: random.Random,
    *,
    language: Language = ENGLISH,
) -> list[Marked]:
    """Return a page with some of its boilerplate gone and some of other kinds added.

    `stories` and `remarks` are those of other sites.
    """
    varied = list(lines)
    if draw.random() < 0.6:
        varied = thin(varied, draw)
    if draw.random() < 0.35:
        varied = split_paragraphs(varied, draw)
    comments, teasers = (load_texts(name, language) for name in ("comments", "teasers"))
    topics = _topics(varied, comments)
    if stories and draw.random() < 0.6:
        varied = _with_teasers(varied, stories, teasers, draw)
    if draw.random() < 0.25:
        varied = _with_captions(varied, teasers, topics, draw)
    if draw.random() < 0.65:
        varied = _with_comments(varied, topics, remarks, draw)
    if stories and draw.random() < 0.1:
        varied = _with_next_story(varied, draw.choice(stories), teasers, draw)
    return varied


def thin(lines: Sequence[Marked], draw: random.Random) -> list[Marked]:
    """Return the lines of a page without most of its short boilerplate.

    Extractors drop menus and keep readers' comments and teasers. Real pages of that kind are rare
    in the gold, so a share of the short boilerplate is dropped, and the headings that give it away.
    """
    share = draw.choice([0.5, 0.8, 0.95, 1.0])
    kept = []
    for line in lines:
        n_words = len(line.text.split())
        drop = share * (1.0 if n_words < SHORT_WORDS else 0.6 if n_words < 14 else 0.15)
        if line.is_copy or draw.random() > drop:
            kept.append(line)
    return kept


def split_paragraphs(lines: Sequence[Marked], draw: random.Random) -> list[Marked]:
    """Return a page with some of its paragraphs of copy cut into their sentences.

    Many papers print one sentence a paragraph, and end on a short one.
    """
    share = draw.choice([0.15, 0.5, 1.0])
    cut = []
    for line in lines:
        if line.is_copy and draw.random() < share:
            cut += [line._replace(text=text) for text in _SENTENCE.split(line.text)]
        else:
            cut.append(line)
    return cut


class Topics(NamedTuple):
    """Words, names and beginnings of sentences that a story uses."""

    words: Sequence[str]
    names: Sequence[str]
    quotes: Sequence[str]
    comments: Texts


def _topics(lines: Sequence[Marked], comments: Texts) -> Topics:
    copy = [line.text for line in lines if line.is_copy]
    words = sorted({w for text in copy for w in _WORD.findall(text.lower()) if len(w) > 5})
    names = sorted({name for text in copy for name in _NAME.findall(text)})
    quotes = [" ".join(text.split()[:9]) for text in copy if len(text.split()) > 12]
    return Topics(
        words=words or comments["any_word"],
        names=names or comments["any_name"],
        quotes=quotes or comments["any_quote"],
        comments=comments,
    )


def _filled(text: str, topics: Topics, draw: random.Random) -> str:
    """Return an invented text with its gaps filled from the story."""
    for gap, fillers in (
        ("{x}", topics.words),
        ("{name}", topics.names),
        ("{quote}", topics.quotes),
        ("{who}", topics.comments["names"]),
        ("{place}", topics.comments["places"]),
        ("{n}", "123456789"),
    ):
        while gap in text:
            text = text.replace(gap, draw.choice(fillers), 1)
    return text


def _with_comments(
    lines: Sequence[Marked], topics: Topics, remarks: Sequence[Remark], draw: random.Random
) -> list[Marked]:
    """Return the page with readers' comments below its copy or at its end."""
    invented = topics.comments
    kinds = draw.choice([["sentences"], ["arguments"], ["sentences", "arguments"]])
    has_signatures, has_stamps = draw.random() < 0.5, draw.random() < 0.35
    signature, stamp = draw.choice(invented["signatures"]), draw.choice(invented["stamps"])
    is_signed_below, is_broken = draw.random() < 0.3, draw.random() < 0.25
    reply_share, remark_share = draw.choice([0.0, 0.4]), draw.choice([0.0, 0.4, 0.8])
    rough_share, bullet = draw.choice([0.1, 0.5]), "- " if draw.random() < 0.15 else ""
    said = [draw.choice(invented["headings"])] if draw.random() < 0.4 else []
    for _ in range(draw.choice([1, 2, 4, 6, 10, 16, 25, 60])):
        if remarks and draw.random() < remark_share:
            texts = [draw.choice(remarks).text]
        else:
            n_sentences = draw.choice([1, 1, 2, 3, 4, 6])
            texts = [draw.choice(invented[draw.choice(kinds)]) for _ in range(n_sentences)]
            if draw.random() < reply_share:
                texts.insert(0, draw.choice(invented["replies"]))
        if draw.random() < rough_share:
            texts = [roughen(text, draw) for text in texts]
        signed = [signature] if has_signatures else []
        said += [] if is_signed_below else signed
        said += texts if is_broken else [bullet + " ".join(dict.fromkeys(texts))]
        said += signed if is_signed_below else []
        said += [stamp] if has_stamps else []
    added = [_boilerplate(_filled(text, topics, draw))._replace(is_remark=True) for text in said]
    at = len(lines) if draw.random() < 0.5 else _end_of_copy(lines)
    return [*lines[:at], *added, *lines[at:]]


def roughen(text: str, draw: random.Random) -> str:
    """Return a text as somebody in a hurry types it."""
    if draw.random() < 0.4:
        text = text.lower()
    if draw.random() < 0.4:
        text = text.replace("'", "").replace("’", "")
    if draw.random() < 0.3:
        text = text.replace(", ", " ")
    if draw.random() < 0.3:
        text = text.replace(". ", draw.choice(["... ", ".. ", " "]))
    return text.rstrip(".!") + draw.choice(["", ".", "...", "!", "!!", "!!!", "??"])


def _with_teasers(
    lines: Sequence[Marked], stories: Sequence[Story], teasers: Texts, draw: random.Random
) -> list[Marked]:
    """Return the page with teasers of other stories before, between or after its paragraphs."""
    varied = list(lines)
    for _ in range(draw.choice([1, 1, 2, 3])):
        block = _teaser_block(stories, teasers, draw)
        begin = next((i for i, line in enumerate(varied) if line.is_copy), 0)
        end = _end_of_copy(varied)
        where = draw.random()
        if where < 0.2:
            at = draw.choice([0, begin])
        elif where < 0.65:
            at = draw.randint(begin, end)
        else:
            at = draw.choice([end, end, len(varied)])
        varied[at:at] = [_boilerplate(text) for text in block]
    return varied


def _teaser_block(stories: Sequence[Story], around: Texts, draw: random.Random) -> list[str]:
    has_title, has_sentence = draw.choice(
        [(True, False), (True, False), (True, True), (True, True), (False, True)]
    )
    n_sentences = draw.choice([1, 1, 2])
    cut_at = draw.choice([0, 0, 60, 90, 140])
    prefix = draw.choice(["- ", *around["prefixes"]]) if draw.random() < 0.3 else ""
    bullet = "- " if draw.random() < 0.2 else ""
    has_section, has_stamp = draw.random() < 0.15, draw.random() < 0.25
    stamp, is_shouted = draw.choice(around["stamps"]), draw.random() < 0.08
    is_joined = draw.random() < 0.15
    block = [draw.choice(around["headings"])] if draw.random() < 0.4 else []
    for story in draw.sample(stories, min(len(stories), draw.choice([1, 1, 2, 3, 5, 8, 14]))):
        said = " ".join(_SENTENCE.split(story.paragraphs[0])[:n_sentences])
        if cut_at and len(said) > cut_at:
            said = said[:cut_at].rsplit(" ", 1)[0] + draw.choice(["...", "…", " ..."])
        title = story.title.upper() if is_shouted else story.title
        texts = ([prefix + title] if has_title else []) + ([said] if has_sentence else [])
        if has_section:
            block.append(draw.choice(around["sections"]))
        block += [bullet + text for text in ([" ".join(texts)] if is_joined else texts)]
        if has_stamp:
            block.append(stamp.replace("{n}", str(draw.randint(1, 9))))
    return block


def _with_next_story(
    lines: Sequence[Marked], story: Story, teasers: Texts, draw: random.Random
) -> list[Marked]:
    """Return the page with the beginning of another story below its copy or at its end."""
    n_shown = draw.choice([2, 3, 5, 8])
    texts = [story.title, *(teasers["byline"] if draw.random() < 0.3 else [])]
    added = [_boilerplate(text) for text in [*texts, *story.paragraphs[:n_shown]]]
    at = len(lines) if draw.random() < 0.5 else _end_of_copy(lines)
    return [*lines[:at], *added, *lines[at:]]


def _with_captions(
    lines: Sequence[Marked], teasers: Texts, topics: Topics, draw: random.Random
) -> list[Marked]:
    """Return the page with captions between its paragraphs."""
    varied = list(lines)
    begin = next((i for i, line in enumerate(varied) if line.is_copy), 0)
    for _ in range(draw.choice([1, 2, 4])):
        text = _filled(draw.choice(teasers["captions"]), topics, draw)
        varied.insert(draw.randint(begin, _end_of_copy(varied)), _boilerplate(text))
    return varied


def _boilerplate(text: str) -> Marked:
    return Marked(text, is_copy=False, is_title=False)


def _end_of_copy(lines: Sequence[Marked]) -> int:
    """Return the place just after the last line of copy."""
    return max((i + 1 for i, line in enumerate(lines) if line.is_copy), default=len(lines))


@cache
def load_texts(name: str, language: Language) -> Texts:
    """Return the invented texts of one file of a language, group by group."""
    stored: dict[str, list[str]] = dict(read_lexicon(language, name))
    return stored


@cache
def _load_personal(language: Language) -> re.Pattern[str]:
    """Return the pattern of the words by which a reader says that they speak."""
    words = load_texts("comments", language)["personal"]
    return re.compile(rf"\b(?:{'|'.join(words)})\b")
