"""Join the lines of a text that was wrapped at a width, where the widths prove that it was.

Wherever a program broke a line, the first word of the next one would not have fitted. A width is
proven by breaks inside sentences that nearly all are so, and each paragraph is then judged by
itself: a headline, a list, a table or a poem among wrapped paragraphs keeps its lines.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from copydesk.text.lines import split_lines

WIDTHS = range(38, 121)  # characters of a line; programs wrap between 40 and 120
MAX_WIDTHS = 3  # in one text: what it quotes is narrower
MIN_BREAKS = 4  # that prove a width; fewer come about by chance
MIN_SURE_BREAKS = 2  # where all are so, or the text is wrapped at another width beside this
MIN_FOUND_SHARE = 0.5  # of the breaks inside sentences; lines of verse end where they like
MIN_EXPLAINED_SHARE = 0.7  # of the breaks: the next word would not have fitted, or a sentence ends
MIN_INSIDE_SHARE = 0.5  # of those: inside a sentence
MIN_LOWER_SHARE = 0.4  # of those: the next line begins with a small letter, which lists do not
MIN_EQUAL_LINES = 3  # all of one length: rows of a table
MIN_CUT_CHARS = 30  # of a line that ends inside a word; verse and tables have shorter ones
MIN_QUOTED_LINES = 3
MIN_QUOTED_WORDS = 5  # of a line of quoted mail, in the mean; "> Read more" is a link
SENTENCE_END = re.compile(r"[.!?:][\"'”’)\]]*$")
FULL_STOP = re.compile(r"[.!?][\"'”’)\]]*$")
QUOTE_MARKS = re.compile(r"^[ \t]{0,3}>(?:[ \t]?>)*[ \t]?", re.MULTILINE)
BULLET = re.compile(r"[-*+•·‣▪◦●○]\s+\S|[–—]\s+[^\sa-z]|\(?(?:\d{1,3}|[a-zA-Z])[.)]\s+\S")
NUMBERED = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z])[.)]\s")
SPEAKER = re.compile(r"[A-Z][\w.'’ -]{0,30}:\s")
CELLS = re.compile(r"\S(?: {3,}|\t|\s*\|\s*)\S|^\|")
CUT_WORD = re.compile(r"(?P<word>[^\W\d_]+)-$")
WORD_START = re.compile(r"[^\W\d_]+")
JOINT = re.compile(r"\w(?:-|--|—|/)$")  # after which a program breaks a line without a space
SIGNATURE = "-- "


class _Row(NamedTuple):
    """A line: where its words are, how far from the margin it begins and ends."""

    start: int
    end: int
    indent: int
    width: int
    text: str

    @property
    def ends_sentence(self) -> bool:
        return SENTENCE_END.search(self.text) is not None

    @property
    def begins_small(self) -> bool:
        return self.text[0].islower()


class _Break(NamedTuple):
    """The end of a line inside a block, and the range of widths at which it had to be there."""

    row: _Row
    following: _Row
    first: int
    last: int

    def is_full(self, width: int) -> bool:
        """Return whether the first word of the next line would not have fitted on this one."""
        return self.first <= width <= self.last

    @property
    def is_inside(self) -> bool:
        """Return whether a sentence surely continues on the next line."""
        return not self.row.ends_sentence and self.following.begins_small

    @property
    def is_in_word(self) -> bool:
        """Return whether a long line ends with a hyphen in a word: it needs no width as a proof."""
        is_cut = CUT_WORD.search(self.row.text) is not None and self.following.begins_small
        return is_cut and len(self.row.text) >= MIN_CUT_CHARS


Block = Sequence[_Break]  # the ends of lines that follow each other without an empty line


def join_wrapped(text: str) -> str:
    """Return `text` with its wrapped lines joined, or as it is where nothing proves a width."""
    left = [block for block in _list_blocks(text) if block and not _is_table(block)]
    joined: list[_Break] = []
    for _ in range(MAX_WIDTHS):
        width = _find_width(left)
        if width is None or not _is_proven(left, width, is_second=bool(joined)):
            break
        found = [(block, _find_joints(block, width)) for block in left]
        joined += [each for _, joints in found for each in joints]
        left = [block for block, joints in found if not joints]
    joined += [each for block in left for each in block if each.is_in_word]
    return _join(text, sorted(joined)) if joined else text


def unquote(text: str) -> str:
    """Return `text` without the marks of quoted mail, or as it is where hardly a line has them."""
    quoted = [line for line in text.splitlines() if QUOTE_MARKS.match(line)]
    n_words = sum(len(line.split()) for line in quoted)
    is_mail = len(quoted) >= MIN_QUOTED_LINES and n_words >= MIN_QUOTED_WORDS * len(quoted)
    return QUOTE_MARKS.sub("", text) if is_mail else text


def join_flowed(text: str, *, deletes_space: bool) -> str:
    """Return the lines of mail in `format=flowed` as they were before its program wrapped them.

    A space at the end of a line says that it continues, and `deletes_space` that it is no part of
    the text. Lines have as many `>` before them as in the mail. Method: RFC 3676.
    """
    lines: list[str] = []
    flowing_depth: int | None = None  # of the line that continues
    for line in text.splitlines():
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        if flowing_depth == depth and content != SIGNATURE:
            lines[-1] += content
        else:
            lines.append(f"{'>' * depth} {content}" if depth else content)
        is_flowing = content.endswith(" ") and content != SIGNATURE
        flowing_depth = depth if is_flowing else None
        if is_flowing and deletes_space:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)


def _list_blocks(text: str) -> Iterator[Block]:
    """Yield the breaks of each run of lines that nothing but their ends sets apart."""
    rows = [*_list_rows(text), None]
    if not any(row and after for row, after in pairwise(rows)):  # an empty line after every line
        rows = [row for row, before in zip(rows, [None, *rows], strict=False) if row or not before]
    block: list[_Row] = []
    for row, after in zip(rows, [*rows[1:], None], strict=True):
        if block and (row is None or _is_apart(block, row, after)):
            yield [_measure(*pair) for pair in pairwise(block)]
            block = []
        block += [row] if row else []


def _list_rows(text: str) -> Iterator[_Row | None]:
    """Yield the lines of a text; None for an empty one, and for one without a word."""
    start = 0
    for whole in text.splitlines(keepends=True):
        line = next(iter(split_lines(whole)), None)
        if line is None or not any(map(str.isalnum, line.text)):
            yield None
        else:
            indent = len(whole[: line.start].expandtabs())
            width = indent + len(line.text)
            yield _Row(start + line.start, start + line.end, indent, width, line.text)
        start += len(whole)


def _is_apart(block: Sequence[_Row], row: _Row, after: _Row | None) -> bool:
    """Return whether a line does not continue the block above it, whatever their widths."""
    above = block[-1]
    is_item = BULLET.match(above.text) is not None
    if BULLET.match(row.text):
        is_number = (
            NUMBERED.match(row.text) is not None
        )  # or the end of a sentence: "on June | 12."
        return above.ends_sentence or is_item or not is_number
    is_in_item = BULLET.match(block[0].text) is not None
    is_set_in = row.indent > above.indent + 1 and not is_item
    is_first_set_in = after is not None and after.indent < row.indent and not is_in_item
    is_set_out = row.indent < above.indent and len(block) > 1
    is_turn = above.ends_sentence and SPEAKER.match(row.text) is not None
    has_cells = any(CELLS.search(each.text) for each in (above, row))
    return is_set_in or is_first_set_in or is_set_out or is_turn or has_cells


def _measure(row: _Row, following: _Row) -> _Break:
    """Return the break between two lines; only a word alone may be longer than a width.

    The first line of a paragraph may have been set in before it was wrapped or after that.
    """
    word, *more = following.text.split(maxsplit=1)
    space = 0 if JOINT.search(row.text) else 1
    set_in = max(row.indent - following.indent, 0)
    first = max(row.width - set_in, following.width if more else 0)
    return _Break(row, following, first, row.width + space + len(word) - 1)


def _is_table(block: Block) -> bool:
    """Return whether all lines of a block have the same length, and no sentence ends with it."""
    widths = {each.following.width for each in block} | {each.row.width for each in block[:1]}
    is_text = FULL_STOP.search(block[-1].following.text) is not None
    return len(widths) == 1 and len(block) + 1 >= MIN_EQUAL_LINES and not is_text


def _find_width(blocks: Sequence[Block]) -> int | None:
    """Return the width that most breaks inside sentences had to be at; of those, most breaks."""
    inside = _count_at(each for block in blocks for each in _in_prose(block) if each.is_inside)
    most = max((inside[width] for width in WIDTHS), default=0)
    if not most:
        return None
    full = _count_at(each for block in blocks for each in block)
    widths = [width for width in WIDTHS if inside[width] == most]
    return max(widths, key=lambda width: (full[width], -width))


def _count_at(breaks: Iterable[_Break]) -> Counter[int]:
    """Return how many breaks had to be at each width."""
    steps: Counter[int] = Counter()
    for each in breaks:
        if each.first < min(each.last + 1, WIDTHS.stop):
            steps[each.first] += 1
            steps[min(each.last + 1, WIDTHS.stop)] -= 1
    widths = range(min(steps, default=0), WIDTHS.stop)
    return Counter(dict(zip(widths, accumulate(steps[width] for width in widths), strict=True)))


def _in_prose(block: Block) -> Block:
    """Return the breaks of a block up to the last sentence that ends with a line.

    There are none where all lines begin with a small letter: a list.
    """
    texts = (each.following.text for each in block)
    ends = [i for i, text in enumerate(texts, start=1) if FULL_STOP.search(text)]
    is_list = block[0].row.begins_small and all(each.following.begins_small for each in block)
    return [] if is_list or not ends else block[: ends[-1]]


def _is_proven(blocks: Sequence[Block], width: int, *, is_second: bool) -> bool:
    """Return whether blocks of prose show that this is a width that a text was wrapped at."""
    inside = [each for block in blocks for each in _in_prose(block) if each.is_inside]
    n_found = sum(each.is_full(width) for each in inside)
    prose = [prose for block in blocks if (prose := _in_prose(block)) and _is_wrapped(prose, width)]
    breaks = [each for block in prose for each in block]
    full = [each for each in breaks if each.is_full(width)]
    n_explained = sum(each.is_full(width) or each.row.ends_sentence for each in breaks)
    n_early = sum(not each.row.ends_sentence for block in blocks for each in block) - len(full)
    is_sure = is_second or (n_found == len(inside) and n_early <= len(full))
    return (
        len(full) >= (MIN_SURE_BREAKS if is_sure else MIN_BREAKS)
        and n_found >= MIN_FOUND_SHARE * len(inside)
        and n_explained >= MIN_EXPLAINED_SHARE * len(breaks)
        and sum(not each.row.ends_sentence for each in full) >= MIN_INSIDE_SHARE * len(full)
        and sum(each.following.begins_small for each in full) >= MIN_LOWER_SHARE * len(full)
    )


def _is_wrapped(block: Block, width: int) -> bool:
    """Return whether a block has as many lines that end at a width as lines that just end."""
    n_full = sum(each.is_full(width) for each in block)
    n_early = sum(not each.is_full(width) and not each.row.ends_sentence for each in block)
    return n_full > 0 and n_early <= n_full


def _find_joints(block: Block, width: int) -> list[_Break]:
    """Return the breaks of a block that a program made at a width.

    Lines that are full by chance, such as a headline above a name, are no sentence together.
    """
    is_wrapped = _is_wrapped(block, width)
    joints: list[_Break] = []
    run: list[_Break] = []
    for each, after in zip(block, [*block[1:], None], strict=True):
        if not each.is_full(width):
            continue
        run.append(each)
        if after is None or not after.is_full(width):
            is_whole = each.following.ends_sentence and not run[0].row.begins_small
            is_inside = any(one.is_inside for one in run)
            if (is_wrapped and (is_whole or is_inside)) or (is_whole and is_inside):
                joints += run
            run = []
    return joints


def _join(text: str, breaks: Sequence[_Break]) -> str:
    """Return a text with a space for each of these breaks; a word that was cut stays one."""
    words = Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.casefold()))
    parts: list[str] = []
    at = 0
    for each in breaks:
        row, following = each.row, each.following
        is_cut = row.text.endswith("\xad") or _is_cut(row, following, words)
        parts += (text[at : row.end - is_cut], "" if is_cut or JOINT.search(row.text) else " ")
        at = following.start
    return "".join([*parts, text[at:]])


def _is_cut(row: _Row, following: _Row, words: Counter[str]) -> bool:
    """Return whether the hyphen at the end of a line is none of the word's own.

    The word is elsewhere in the text without one, and nowhere with it.
    """
    before, after = CUT_WORD.search(row.text), WORD_START.match(following.text)
    if before is None or after is None or not following.begins_small:
        return False
    first, second = before["word"].casefold(), after.group().casefold()
    return words[first + second] > 0 and words[f"{first}-{second}"] == 0
