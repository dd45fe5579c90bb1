"""Find pages that are no article: bot walls, error and consent pages, lists of links, paywalls.

What they show is kept and labelled, and none of it is copy: it has no headline, names or
quotations of a newsroom. The words are in `lexicons/en/no_article.toml`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from copydesk.cleaning.decisions import Decision, Labelling
from copydesk.cleaning.wording import SENTENCE_END, count_words
from copydesk.lexicons.language import Language
from copydesk.lexicons.load import read_lexicon
from copydesk.rows import COPY_LABELS, Label, Segment
from copydesk.text.quote_marks import find_quoted

STRONG, WEAK = 2, 1  # what one of the words counts
ENOUGH = 3
SCORE = 0.9
MAX_LINES = 200  # such pages are short
MAX_LINE_CHARS = 1_000
MIN_PARAGRAPH_WORDS = 25  # of a report that names such a page
MIN_SENTENCE_WORDS = 12  # of a summary below a link
MAX_SUMMARY_WORDS = 60
MAX_IN_A_ROW = 1  # of them: links alternate with their summaries


@dataclass(frozen=True, slots=True)
class PageKind:
    """A kind of page that is no article, and the words that give it away."""

    name: str
    strong: tuple[re.Pattern[str], ...]
    weak: tuple[re.Pattern[str], ...]
    max_copy_words: int
    is_list: bool

    def weigh(self, lines: Sequence[str]) -> int:
        """Return how much speaks for this kind: each of its words counts once."""
        return sum(
            weight
            for patterns, weight in ((self.strong, STRONG), (self.weak, WEAK))
            for pattern in patterns
            if any(pattern.search(line) for line in lines)
        )

    def names(self, line: str) -> bool:
        """Return whether a line has words of this kind."""
        return any(pattern.search(line) for pattern in (*self.strong, *self.weak))


@cache
def load_page_kinds(language: Language) -> tuple[PageKind, ...]:
    """Return the kinds in the order in which they are tried."""
    return tuple(
        PageKind(
            name=row["name"],
            strong=_compile(row["strong"]),
            weak=_compile(row["weak"]),
            max_copy_words=row["max_copy_words"],
            is_list=row.get("is_list", False),
        )
        for row in read_lexicon(language, "no_article")["kind"]
    )


def _compile(patterns: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


def mark_no_article(page: Labelling) -> Labelling:
    """Mark all copy of a page that is no article, and its first line, with the kind of the page."""
    kind = find_page_kind(page)
    if kind is None:
        return page
    copy = {i for i, decision in enumerate(page.decisions) if decision.label in COPY_LABELS}
    return page.mark(dict.fromkeys({0, *copy}, Decision(Label.BOILERPLATE, kind.name, SCORE)))


def name_page_kind(segments: Iterable[Segment], language: Language) -> str | None:
    """Return what a labelled page is if it is no article; `mark_no_article` has named it."""
    names = {kind.name for kind in load_page_kinds(language)}
    return next((segment.rule for segment in segments if segment.rule in names), None)


def find_page_kind(page: Labelling) -> PageKind | None:
    """Return what a page is if it is no article."""
    if not page.lines or len(page.lines) > MAX_LINES:
        return None
    copy = [
        line if decision.label is Label.BODY else ""
        for line, decision in zip(page.lines, page.decisions, strict=True)
    ]
    stated = [page.title or "", *(line[:MAX_LINE_CHARS] for line in page.lines)]
    for kind in load_page_kinds(page.language):
        if _has_little_copy(copy, kind, page.language) and kind.weigh(stated) >= ENOUGH:
            return kind
    return None


def _has_little_copy(copy: Sequence[str], kind: PageKind, language: Language) -> bool:
    """Return whether hardly anything of a page is copy; of an article one line or two show it."""
    if kind.is_list:
        longest = max(map(count_words, copy), default=0)
        return longest <= MAX_SUMMARY_WORDS and _count_in_a_row(copy) <= MAX_IN_A_ROW
    n_words = 0
    for line in sorted(copy, key=len, reverse=True):
        if line and not _is_of_kind(line[:MAX_LINE_CHARS], kind, language):
            n_words += count_words(line)
        if n_words > kind.max_copy_words:
            return False
    return True


def _count_in_a_row(copy: Sequence[str]) -> int:
    """Return how many sentences of running copy follow each other at most."""
    is_sentence = [
        count_words(line) >= MIN_SENTENCE_WORDS and SENTENCE_END.search(line) is not None
        for line in copy
    ]
    return max((sum(run) for is_running, run in groupby(is_sentence) if is_running), default=0)


def _is_of_kind(line: str, kind: PageKind, language: Language) -> bool:
    """Return whether a line has words of a kind and is no report of them.

    What a site shows in place of an article is short, or speaks to its reader. An article does so
    between quotation marks only.
    """
    if _is_paragraph(line):
        reader = _find_reader(language)
        if reader.search(line) is None or reader.search(_leave_out_quoted(line)) is None:
            return False
    return kind.names(line)


def _leave_out_quoted(line: str) -> str:
    for start, end in reversed([(each.start, each.end) for each in find_quoted(line)]):
        line = f"{line[:start]} {line[end:]}"
    return line


def _is_paragraph(line: str) -> bool:
    return count_words(line) >= MIN_PARAGRAPH_WORDS and SENTENCE_END.search(line) is not None


@cache
def _find_reader(language: Language) -> re.Pattern[str]:
    return re.compile(read_lexicon(language, "no_article")["reader"], re.IGNORECASE)
