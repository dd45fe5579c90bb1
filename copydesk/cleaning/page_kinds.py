"""Find pages that are no article: bot walls, errors, consent, paywalls, lists of links, site pages.

Evidence is weighed: the words by which such a page says what it is, against sentences that report.
What such a page shows is kept and labelled, and none of it is copy: it has no headline, names or
quotations of a newsroom. The words are in `lexicons/en/no_article.toml`.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import groupby

from copydesk.cleaning.decisions import Decision, Labelling
from copydesk.cleaning.voice import (
    MAX_LINE_CHARS,
    MIN_SENTENCE_WORDS,
    SpokenLine,
    has_control,
    read_line,
)
from copydesk.cleaning.wording import SENTENCE_END
from copydesk.lexicons.language import Language
from copydesk.lexicons.load import read_lexicon
from copydesk.rows import Segment
from copydesk.values import COPY_LABELS, Label

STRONG, WEAK = 2, 1  # what one of the words counts
ENOUGH = 3
NEVER = 1_000
SITE_TITLE = 20  # it decides between two kinds
MIN_REPEATS = 3  # of a line that lists repeat
SCORE = 0.9
MAX_LINES = 400
MAX_STUB_WORDS = 600
MAX_NOTICE_WORDS = 120  # of a paragraph of consent
MAX_PROMPT_WORDS = 40
MAX_RUNNING = 4  # paragraphs; with more of them a page is an article or a page about its site
TOP_LINES = 4  # among them is the title of a page
FEW_WORDS = 80
VERY_FEW_WORDS = 30
MIN_OWN_SHARE = 0.8  # of the words in sentences on such a page
TINY_WORDS = 14  # a page with no more of them is what one strong word says
MAX_REPORT_WORDS = 9  # of a page shown in place of an article
MAX_TITLED_WORDS = 60
MAX_UNNAMED_WORDS = 20
MIN_NAMED_SHARE = 0.25  # of the words in sentences: those of sentences that say what the page is
MIN_SITE_SHARE = 0.1
MAX_REPORT_SHARE = 0.25  # of a page about its site
MAX_SUMMARY_WORDS = 60
MAX_IN_A_ROW = 1  # of them: links alternate with their summaries
MIN_LINK_WORDS = 3  # of a headline in a list
MIN_LINKS = 2
REST_OF_WALL = "rest_of_wall"
SITE_EDGE = re.compile(r"\s+[|–—:»·-]\s+")
MAX_TITLE_CHARS = 120


class Shape(StrEnum):
    """What a page that is no article looks like."""

    STUB = "stub"
    LIST = "list"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class PageKind:
    """A kind of page that is no article, and the words that give it away."""

    name: str
    shape: Shape
    titles: re.Pattern[str]
    strong: tuple[re.Pattern[str], ...]
    weak: tuple[re.Pattern[str], ...]
    repeated: tuple[re.Pattern[str], ...]
    max_copy_words: int
    may_be_empty: bool
    follows_copy: bool
    needs_control: bool

    def weigh(self, text: str) -> int:
        """Return how much in the words of a page speaks for this kind: each counts once."""
        n_repeated = sum(len(pattern.findall(text)) >= MIN_REPEATS for pattern in self.repeated)
        n_strong = n_repeated + sum(pattern.search(text) is not None for pattern in self.strong)
        n_weak = sum(pattern.search(text) is not None for pattern in self.weak)
        return STRONG * n_strong + WEAK * n_weak

    def names(self, line: str) -> bool:
        """Return whether a line has words of this kind."""
        return any(pattern.search(line) for pattern in (*self.strong, *self.weak))

    def defines(self, line: str) -> bool:
        """Return whether a line has strong words of this kind."""
        return any(pattern.search(line) for pattern in self.strong)

    def claims(self, line: SpokenLine) -> bool:
        """Return whether a line has strong words of this kind, or is short and has others."""
        return self.defines(line.text) or (
            line.n_words < MIN_SENTENCE_WORDS and self.names(line.text)
        )

    def entitles(self, line: str) -> bool:
        """Return whether a line is what pages of this kind are titled."""
        return self.titles.fullmatch(line.strip(" .!?:…-–|")) is not None


@cache
def load_page_kinds(language: Language) -> tuple[PageKind, ...]:
    """Return the kinds in the order in which they are tried."""
    return tuple(
        PageKind(
            name=row["name"],
            shape=Shape(row["shape"]),
            titles=re.compile("|".join(row["titles"]), re.IGNORECASE),
            strong=_compile(row["strong"]),
            weak=_compile(row["weak"]),
            repeated=_compile(row.get("repeated", ())),
            max_copy_words=row["max_copy_words"],
            may_be_empty=row.get("may_be_empty", False),
            needs_control=row.get("needs_control", False),
            follows_copy=row.get("follows_copy", False),
        )
        for row in read_lexicon(language, "no_article")["kind"]
    )


def _compile(patterns: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE | re.MULTILINE) for pattern in patterns)


def mark_no_article(page: Labelling) -> Labelling:
    """Mark all copy of a page that is no article, and its first line, with the kind of the page."""
    kind = find_page_kind(page)
    if kind is None:
        return _mark_rest_of_wall(page)
    copy = {i for i, decision in enumerate(page.decisions) if decision.label in COPY_LABELS}
    return page.mark(dict.fromkeys({0, *copy}, Decision(Label.BOILERPLATE, kind.name, SCORE)))


def _mark_rest_of_wall(page: Labelling) -> Labelling:
    """Mark the prompt of a paywall below the copy that it leaves: only the lede is copy."""
    for kind in load_page_kinds(page.language):
        prompt = _find_prompt(page, kind) if kind.follows_copy else None
        if prompt is not None:
            marked = dict.fromkeys(prompt, Decision(Label.BOILERPLATE, REST_OF_WALL, SCORE))
            return page.mark(_find_lede(page, prompt) | marked)
    return page


def _find_prompt(page: Labelling, kind: PageKind) -> list[int] | None:
    """Return the lines at the end of a page that were taken for copy and are words of a kind.

    Return `None` where a page does not end so.
    """
    prompt: list[int] = []
    words: list[str] = []
    for i in range(len(page.lines) - 1, 0, -1):
        line, decision = page.lines[i][:MAX_LINE_CHARS], page.decisions[i]
        if decision.label in COPY_LABELS:
            read = read_line(page.lines[i], decision, page.language)
            is_short = read.n_words < MIN_SENTENCE_WORDS
            is_prompt = is_short or (read.is_address and read.n_words <= MAX_PROMPT_WORDS)
            if read.is_report or not (is_prompt and kind.claims(read)):
                break
            prompt.append(i)
        words.append(line)
    if not prompt and page.body:
        return None
    is_stated = any(kind.defines(page.lines[i][:MAX_LINE_CHARS]) for i in prompt) or not prompt
    return prompt if is_stated and kind.weigh("\n".join(words)) >= ENOUGH else None


def _find_lede(page: Labelling, prompt: Sequence[int]) -> dict[int, Decision]:
    """Return the summary above a prompt as the lede, where no other copy is left."""
    labels = {i: decision.label for i, decision in enumerate(page.decisions) if i not in prompt}
    if Label.BODY in labels.values():
        return {}
    decks = [i for i, label in labels.items() if label is Label.DECK]
    return {i: page.decisions[i]._replace(label=Label.BODY) for i in decks}


def name_page_kind(segments: Iterable[Segment], language: Language) -> str | None:
    """Return what a labelled page is if it is no article; `mark_no_article` has named it."""
    names = {kind.name for kind in load_page_kinds(language)}
    return next((segment.rule for segment in segments if segment.rule in names), None)


def find_page_kind(page: Labelling) -> PageKind | None:
    """Return what a page is if it is no article: the kind for which most of it speaks."""
    if not page.lines or len(page.lines) > MAX_LINES:
        return None
    kinds = load_page_kinds(page.language)
    top, title = _read_top(page), _read_title(page)
    entitled = {
        kind.name
        for kind in kinds
        if any(map(kind.entitles, title if kind.shape is Shape.SITE else top))
    }
    if len(page.body) > MAX_RUNNING:
        kinds = tuple(k for k in kinds if k.shape is Shape.SITE and k.name in entitled)
    return _weigh_kinds(page, kinds, entitled) if kinds else None


def _weigh_kinds(
    page: Labelling, kinds: Iterable[PageKind], entitled: Collection[str]
) -> PageKind | None:
    """Return the kind for which most speaks, of those that a page can be."""
    lines = [
        read_line(line, decision, page.language)
        for line, decision in zip(page.lines, page.decisions, strict=True)
    ]
    text = "\n".join(line.text for line in lines if not line.is_report)
    best, most = None, 0
    for kind in kinds:
        is_entitled = kind.name in entitled
        if not _has_shape(kind, lines, is_entitled=is_entitled):
            continue
        weight = kind.weigh(text) + (_weigh_title(kind, lines) if is_entitled else 0)
        if weight <= most or weight < _enough(kind, page, lines, is_entitled=is_entitled):
            continue
        if _has_little_copy(kind, lines, is_entitled=is_entitled):
            best, most = kind, weight
    return best


def _read_title(page: Labelling) -> list[str]:
    """Return the title of a page, without the name of its site at either edge."""
    headline = page.headline
    title = page.title or page.lines[0 if headline is None else headline]
    return [title, *SITE_EDGE.split(title)] if len(title) <= MAX_TITLE_CHARS else []


def _read_top(page: Labelling) -> list[str]:
    """Return the lines among which the title of a page is; a menu may be above a given one."""
    if page.title:
        return _read_title(page)
    first = page.headline or 0  # what is above a headline is a menu
    return [*_read_title(page), *(page.lines[i] for i in _find_top(page.lines) if i >= first)]


def _find_top(lines: Sequence[str]) -> list[int]:
    """Return which lines may be a title: the first ones, and those above the first sentence."""
    first = next((i for i, line in enumerate(lines) if SENTENCE_END.search(line)), 0)
    above = range(max(first - TOP_LINES, TOP_LINES), first + 1)
    top = [*range(min(TOP_LINES, len(lines))), *above]
    return [i for i in top if len(lines[i]) <= MAX_TITLE_CHARS]


def _enough(
    kind: PageKind, page: Labelling, lines: Sequence[SpokenLine], *, is_entitled: bool
) -> int:
    """Return how much has to speak for a kind: less where a page looks like a wall."""
    if kind.shape is not Shape.STUB:
        return ENOUGH
    if not kind.follows_copy and any(each.label is Label.BYLINE for each in page.decisions):
        return ENOUGH + STRONG
    n_words = sum(line.n_words for line in lines)
    is_form = has_control(lines, page.language)
    if n_words <= TINY_WORDS:
        return STRONG
    if kind.needs_control and not (is_form or is_entitled):
        return NEVER
    prose = [line for line in lines if line.is_prose]
    n_prose = sum(line.n_words for line in prose)
    n_own = sum(line.n_words for line in prose if line.is_address or kind.defines(line.text))
    if n_words > FEW_WORDS or n_own < MIN_OWN_SHARE * n_prose:
        return ENOUGH
    return STRONG if is_form or n_words <= VERY_FEW_WORDS else ENOUGH


def _weigh_title(kind: PageKind, lines: Sequence[SpokenLine]) -> int:
    """Return what a title counts: that of a page about its site is what it is, and no prompt."""
    is_text = kind.shape is Shape.SITE and any(line.is_prose for line in lines)
    return SITE_TITLE if is_text else STRONG


def _has_shape(kind: PageKind, lines: Sequence[SpokenLine], *, is_entitled: bool) -> bool:
    """Return whether a page looks like those of a kind, whatever its words."""
    if kind.shape is Shape.SITE:
        return is_entitled
    if kind.shape is Shape.LIST:
        return _is_list(lines, may_be_empty=kind.may_be_empty)
    if sum(line.n_words for line in lines) > MAX_STUB_WORDS:
        return False
    if any(line.is_prose and line.n_words > MAX_NOTICE_WORDS for line in lines):
        return False
    n_reported = sum(line.n_words for line in lines if line.is_report)
    is_list = is_entitled and not kind.follows_copy and _is_list(lines, may_be_empty=False)
    return n_reported <= MAX_REPORT_WORDS or is_list


def _is_list(lines: Sequence[SpokenLine], *, may_be_empty: bool) -> bool:
    """Return whether a page has headlines with short summaries, and no running copy."""
    is_long = [line.is_prose and line.n_words >= MIN_SENTENCE_WORDS for line in lines]
    if _longest_run(is_long) > MAX_IN_A_ROW or any(map(_go_on, lines, lines[1:])):
        return False
    if any(line.is_prose and line.n_words > MAX_SUMMARY_WORDS for line in lines):
        return False
    n_shown = Counter(line.text for line in lines)  # what is there twice is of a menu
    n_links = sum(
        line.may_be_link
        and not line.is_prose
        and line.n_words >= MIN_LINK_WORDS
        and n_shown[line.text] == 1
        for line in lines
    )
    n_prose = sum(line.is_prose for line in lines)
    return may_be_empty or (n_links >= MIN_LINKS and n_links >= n_prose)


def _longest_run(flags: Iterable[bool]) -> int:
    return max((sum(run) for is_set, run in groupby(flags) if is_set), default=0)


def _go_on(line: SpokenLine, following: SpokenLine) -> bool:
    """Return whether two lines are sentences of one text; lists have a headline between."""
    pair = (line, following)
    is_running = all(SENTENCE_END.search(each.text) for each in pair)
    is_prose = all(each.is_prose and not each.is_address for each in pair)
    return is_running and (is_prose or any(each.is_report for each in pair))


def _has_little_copy(kind: PageKind, lines: Sequence[SpokenLine], *, is_entitled: bool) -> bool:
    """Return whether hardly any sentence of a page is about something else than the page."""
    if kind.shape is Shape.LIST:
        return True
    if kind.shape is Shape.SITE:
        return _is_of_site(kind, lines)
    named = [line for line in lines if not line.is_report and kind.defines(line.text)]
    speaks = any(line.is_address and not line.is_report for line in lines)
    is_titled = is_entitled or lines[0] in named or not all(line.is_prose for line in named)
    if not (is_titled or speaks):
        return False  # what nobody says of the page, or to its reader, is said of something else
    prose = [line for line in lines if line.is_prose]
    n_prose = sum(line.n_words for line in prose)
    n_named = sum(line.n_words for line in named if line.is_prose)
    n_other = sum(
        line.n_words
        for line in prose
        if not (line.is_report or line.is_address or kind.claims(line))
    )
    n_unnamed = n_prose - n_named
    is_named = n_named >= MIN_NAMED_SHARE * n_prose or n_unnamed <= MAX_UNNAMED_WORDS
    return n_other <= kind.max_copy_words and (
        is_named or (is_titled and n_unnamed <= MAX_TITLED_WORDS)
    )


def _is_of_site(kind: PageKind, lines: Sequence[SpokenLine]) -> bool:
    """Return whether most of a page is about its site, or says what its readers may do."""
    prose = [line for line in lines if line.is_prose]
    n_prose = sum(line.n_words for line in prose)
    named = [line for line in lines if kind.defines(line.text)]
    n_named = sum(line.n_words for line in named)
    n_reported = sum(line.n_words for line in prose if line.is_report and line not in named)
    n_address = sum(line.n_words for line in prose if line.is_address)
    is_to_reader = 2 * n_address >= n_prose and n_named >= MIN_SITE_SHARE * n_prose
    is_of_site = is_to_reader or n_named >= MIN_NAMED_SHARE * n_prose
    return n_reported <= MAX_REPORT_SHARE * n_prose and is_of_site
