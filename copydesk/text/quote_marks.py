"""Find what is between quotation marks, whatever the marks are.

Real pages mix straight and curly marks, open with closing ones, and forget to close. Each mark is
judged by its shape and by what is beside it; a mark that has no partner costs its own
passage at most, never the article.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from copydesk.text.spans import char_before

DOUBLE = re.compile(r"[\"“”„‟«»＂「」『』]|''|``")
SINGLE = re.compile(r"['‘’‚‛]")
PARAGRAPH = re.compile(r"[^\n]+")
OPENING = frozenset("“„‟«「『") | {"``"}
CLOSING = frozenset("”»」』")
# What closes these is no closing mark elsewhere: „…“ in German, »…« in Danish, ”…” in Swedish.
CLOSED_BY = {
    "„": frozenset('“”„"'),
    "‟": frozenset('”“"'),
    "»": frozenset("«»"),
    "”": frozenset('”"'),
}
BEFORE_OPENING = frozenset("([{—–-/:,;…")
AFTER_CLOSING = frozenset(".,;:!?)]}—–-…/'’\"”")
ENDS = frozenset(".,!?…")
SENTENCE_ENDS = frozenset(".!?")
AFTER_FIRM = frozenset("),.;:")
PAIRS = {"“": "”", "«": "»", "「": "」"}
MAX_APOSTROPHES = 60  # between two single marks; a page of speech has some 20 in a paragraph
CLAUSE_END = re.compile(r"[.!?,]['’]?(?=\s)")


class Quoted(NamedTuple):
    """A passage between quotation marks; `start` and `end` are those of the words inside."""

    start: int
    end: int
    outer_start: int
    outer_end: int
    is_closed: bool


def find_quoted(text: str) -> list[Quoted]:
    """Return the passages of `text` between quotation marks, in order, none inside another.

    A passage ends with its paragraph: one that continues gives a passage in each paragraph, as
    the next one opens with a mark again. Paragraphs without double marks are searched for single
    ones, and so are those where single ones hold double ones, as the British set them.
    """
    found: list[Quoted] = []
    paragraphs = [line.span() for line in PARAGRAPH.finditer(text) if line.group().strip()]
    for i, (start, end) in enumerate(paragraphs):
        after = paragraphs[i + 1][0] if i + 1 < len(paragraphs) else len(text)
        passages = _find_in_paragraph(text, start, end, after=after)
        found.extend(passage for passage in passages if text[passage.start : passage.end].strip())
    return found


def _find_in_paragraph(text: str, start: int, end: int, *, after: int) -> Sequence[Quoted]:
    """Return the passages of a paragraph; the next one begins at `after`."""
    next_double, next_single = DOUBLE.match(text, after), SINGLE.match(text, after)
    double_continues = next_double is not None and next_double.group() not in CLOSING
    continues = next_single is not None and _opens_single(text, next_single, after)
    double = list(find_double(text, start, end, continues=double_continues))
    if not double:
        return list(find_single(text, start, end, continues=continues))
    first = SINGLE.search(text, start, double[-1].outer_start)
    if first is None or all(passage.outer_start < first.start() for passage in double):
        return double
    single = list(find_single(text, start, end, continues=continues))
    is_british = any(
        one.outer_start < inner.outer_start and inner.outer_end <= one.outer_end and inner.is_closed
        for one in single
        for inner in double
    )
    if not is_british:
        return double
    alone = [
        d
        for d in double
        if not any(s.outer_start < d.outer_end and d.outer_start < s.outer_end for s in single)
    ]
    return sorted([*single, *alone])


def find_double(text: str, start: int, end: int, *, continues: bool = False) -> Iterator[Quoted]:
    """Yield passages between double marks; `continues`: the next paragraph opens with one."""
    opened: re.Match[str] | None = None
    depth = 0  # curly pairs inside a straight pair
    for mark in DOUBLE.finditer(text, start, end):
        can_open = _can_open(text, mark, start)
        if opened is None:
            if can_open:
                opened, depth = mark, 0
        elif _opens_inside(text, opened, mark, end):
            depth += 1
        elif depth and mark.group() in CLOSING:
            depth -= 1
        elif _closes(text, opened, mark, end):
            yield _closed(opened, mark)
            opened = None
        elif can_open:
            yield _unclosed(text, opened, mark.start())
            opened, depth = mark, 0
    if opened is not None:
        yield _unclosed(text, opened, end, continues=continues)


def _opens_inside(text: str, opened: re.Match[str], mark: re.Match[str], end: int) -> bool:
    if mark.group() not in OPENING or opened.group() in CLOSED_BY:
        return False
    return opened.group() not in OPENING or _is_nested(text, opened, mark, end)


def _is_nested(text: str, opened: re.Match[str], mark: re.Match[str], end: int) -> bool:
    """Return whether a mark opens inside another pair of its kind: “she called it “hell” again”.

    That takes a mark of each kind for each, and a word before it that ends no clause.
    """
    before = char_before(text, mark.start())
    closing = PAIRS.get(mark.group())
    if mark.group() != opened.group() or closing is None or not before.isalnum():
        return False
    rest = text[opened.start() : end]
    if rest.count(mark.group()) != rest.count(closing):
        return False
    first = text.find(closing, mark.end(), end)
    second = text.find(closing, first + 1, end)
    third = text.find(mark.group(), mark.end(), end)
    return second >= 0 and (third < 0 or second < third)


def _closes(text: str, opened: re.Match[str], mark: re.Match[str], end: int) -> bool:
    closers = CLOSED_BY.get(opened.group())
    if closers is None:
        return _can_close(text, mark, end)
    return mark.group() in closers and not text[mark.start() - 1].isspace()


def _can_open(text: str, mark: re.Match[str], start: int) -> bool:
    after = text[mark.end() : mark.end() + 1]
    if not after or after.isspace():
        return False
    if mark.group() in OPENING:
        return True
    before = text[mark.start() - 1] if mark.start() > start else " "
    return before.isspace() or before in BEFORE_OPENING or before in "'‘’"


def _can_close(text: str, mark: re.Match[str], end: int) -> bool:
    before = text[mark.start() - 1]
    after = text[mark.end()] if mark.end() < end else " "
    if mark.group() in OPENING:  # “We will sail,“ she said: the wrong mark, where none can open
        return before in ENDS and after.isspace()
    if mark.group() in CLOSING:
        return not (before.isspace() and after.isalnum())
    if before.isspace():  # “… 'We will sail,' ” she said: a space keeps two marks apart
        return after.isspace()
    return after.isspace() or after in AFTER_CLOSING or not before.isalnum()


def _closed(opening: re.Match[str], closing: re.Match[str]) -> Quoted:
    return Quoted(opening.end(), closing.start(), opening.start(), closing.end(), is_closed=True)


def _unclosed(text: str, opening: re.Match[str], limit: int, *, continues: bool = False) -> Quoted:
    """Return what an opening mark without a partner most likely meant.

    At the head of its paragraph, or after a colon or a comma, it opens speech that runs to the
    limit, and so does one at the head of a sentence where the next paragraph opens with a mark;
    elsewhere it holds up to the end of its clause.
    """
    end = limit
    if not (_opens_speech(text, opening) or (continues and _opens_sentence(text, opening))):
        clause = CLAUSE_END.search(text, opening.end(), limit)
        end = clause.end() if clause else limit
    while end > opening.end() and text[end - 1].isspace():
        end -= 1
    return Quoted(opening.end(), end, opening.start(), end, is_closed=False)


def _opens_speech(text: str, opening: re.Match[str]) -> bool:
    before = char_before(text, opening.start())
    return not before or before in "\n:,"


def _opens_sentence(text: str, opening: re.Match[str]) -> bool:
    is_capital = text[opening.end() : opening.end() + 1].isupper()
    return is_capital and char_before(text, opening.start()) in SENTENCE_ENDS


def find_single(text: str, start: int, end: int, *, continues: bool = False) -> Iterator[Quoted]:
    """Yield passages between single marks: they open after a gap and close before one.

    A plural's apostrophe looks like a closing mark, so a mark beside a comma or full stop is
    taken first. An apostrophe looks like an opening mark too, so only where the next paragraph
    opens with a mark (`continues`) may one stay without a partner.
    """
    marks = list(SINGLE.finditer(text, start, end))
    at = start
    for i, mark in enumerate(marks):
        if mark.start() < at or not _opens_single(text, mark, start):
            continue
        near = marks[i + 1 : i + 1 + MAX_APOSTROPHES]
        closers = [m for m in near if m.start() > mark.end() and _closes_single(text, m, end)]
        firm = [
            m
            for m in closers
            if text[m.start() - 1] in ".,!?" or text[m.end() : m.end() + 1] in AFTER_FIRM
        ]
        may_continue = continues and (_opens_speech(text, mark) or _opens_sentence(text, mark))
        likely = [m for m in closers if text[m.start() - 1] != "s"] if may_continue else closers
        closer = next(iter(firm or likely), None)
        if closer is not None:
            yield _closed(mark, closer)
            at = closer.end()
        elif may_continue:
            yield _unclosed(text, mark, end, continues=True)
            return


def _opens_single(text: str, mark: re.Match[str], start: int) -> bool:
    if mark.group() == "’":
        return False
    before = text[mark.start() - 1] if mark.start() > start else " "
    after = text[mark.end() : mark.end() + 1]
    return (before.isspace() or before in '([—–:"“') and (after.isalpha() or after in "[…")


def _closes_single(text: str, mark: re.Match[str], end: int) -> bool:
    if mark.group() == "‘":
        return False
    before = text[mark.start() - 1]
    after = text[mark.end()] if mark.end() < end else " "
    return not before.isspace() and not after.isalnum()
