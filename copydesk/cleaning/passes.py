"""Label lines by their place on the page: what is repeated, between, below or beside what.

A pass takes the labelling of a page and returns it with more decided; `copydesk.cleaning.labels`
lists the passes in their order, and those around the headline are in `copydesk.cleaning.headlines`.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from copydesk.cleaning.decisions import LINE_MODEL, Decision, Labelling
from copydesk.cleaning.repeats import MIN_PAGES, MIN_REPEATED_WORDS, repeat_along
from copydesk.cleaning.wording import (
    FULL_STOP,
    SENTENCE_END,
    TRUNCATED,
    bracketed_end,
    count_words,
    load_source_note,
    words_of,
)
from copydesk.lexicons.boilerplate import Rule
from copydesk.lexicons.language import Language
from copydesk.lexicons.load import load_line_words
from copydesk.text.quote_marks import find_quoted
from copydesk.values import COPY_LABELS, Label

REPEATABLE = frozenset({*COPY_LABELS, Label.BOILERPLATE})  # what a site prints twice by its layout
SURE_SCORE = 0.9  # of a line of copy that other pages of the site have too
MANY_PAGES = 8
SITE_SHARE = 0.2  # of a site's pages; a disclaimer at the end of pages is on as many
INSIDE_SHARE = 0.8  # between paragraphs: on one topic a fifth of the pages repeat the background
MAX_REPEATED_COPY = 0.5  # of a page's words: more of it is elsewhere only if all of it is
MIN_BODY_CHARS = 80  # a shorter sentence may be a caption or a deck: it does not span the copy
MIN_BODY_WORDS = 4  # a shorter sentence needs running copy on both sides
MAX_SUBHEAD_WORDS = 12
MIN_QUOTED_SCORE = 0.15  # of a sentence with a quotation and who says it
MIN_QUOTED_CHARS = 17
MIN_QUOTING_WORDS = 12
MIN_NEIGHBOUR_SCORE = 0.25  # of a sentence right after running copy; the model asks for more


def mark_site_repeats(page: Labelling) -> Labelling:
    """Mark as boilerplate the lines that belong to the site: other pages have them too.

    Between paragraphs that only this page has, a line is boilerplate where most of the site has it:
    background is repeated, and agencies repeat their paragraphs. Elsewhere a good part of the site
    is enough, or a few pages where the model is in doubt. Where a few others have most of a page's
    copy, it is an article delivered again.
    """
    if page.pages is None or max(page.pages.n_pages, default=1) < MIN_PAGES:
        return page
    n_pages, n_site_pages = page.pages.n_pages, page.pages.n_site_pages
    copy = [
        i
        for i, decision in enumerate(page.decisions)
        if decision.rule == LINE_MODEL and decision.label is Label.BODY
    ]
    if not page.pages.has_site and _is_delivered_again(page.lines, n_pages, copy):
        return page  # many papers print one agency's report
    paragraphs = [i for i in copy if count_words(page.lines[i]) >= MIN_REPEATED_WORDS]
    own = [i for i in paragraphs if n_pages[i] < MIN_PAGES]
    is_wide = [n >= MANY_PAGES and n >= SITE_SHARE * n_site_pages for n in n_pages]
    is_again = _is_delivered_again(page.lines, n_pages, [i for i in copy if not is_wide[i]])
    marked = {}
    for i in copy:
        n = n_pages[i]
        if own and own[0] < i < own[-1]:
            is_of_site = is_wide[i] and n >= INSIDE_SHARE * n_site_pages
        else:
            is_doubtful = page.decisions[i].score < SURE_SCORE and not is_again
            is_of_site = is_wide[i] or (n >= MIN_PAGES and is_doubtful)
        if is_of_site:
            marked[i] = Decision(Label.BOILERPLATE, "on_other_pages", round(1 - 1 / n, 3))
    return page.mark(marked)


def _is_delivered_again(lines: Sequence[str], n_pages: Sequence[int], copy: Sequence[int]) -> bool:
    """Return whether other pages have most words of a page's copy."""
    n_words = {i: count_words(lines[i]) for i in copy}
    n_again = sum(n for i, n in n_words.items() if n_pages[i] >= MIN_PAGES)
    return n_again > MAX_REPEATED_COPY * sum(n_words.values())


def keep_last_sentences(page: Labelling) -> Labelling:
    """Keep a doubtful sentence right after running copy.

    The last paragraph of an article is often short, and the model is trained on long ones.
    """
    kept = list(page.decisions)
    for i, line in enumerate(page.lines):
        score = 1 - kept[i].score
        if i == 0 or kept[i].rule != LINE_MODEL or kept[i].label is Label.BODY:
            continue
        is_sentence = count_words(line) >= MIN_BODY_WORDS and FULL_STOP.search(line)
        follows_copy = _is_running(page.lines[i - 1], kept[i - 1], page.language)
        if is_sentence and score >= MIN_NEIGHBOUR_SCORE and follows_copy:
            kept[i] = Decision(Label.BODY, "sentence_behind_copy", round(score, 3))
    return replace(page, decisions=kept)


def keep_attributed(page: Labelling) -> Labelling:
    """Keep a doubtful sentence in which somebody is quoted and named as saying it."""
    kept = {}
    for i, (line, decision) in enumerate(zip(page.lines, page.decisions, strict=True)):
        is_doubtful = decision.rule == LINE_MODEL and decision.label is Label.BOILERPLATE
        score = 1 - decision.score
        if is_doubtful and score >= MIN_QUOTED_SCORE and _is_attributed(line, page.language):
            kept[i] = Decision(Label.BODY, "quoted_and_attributed", round(score, 3))
    return page.mark(kept)


def _is_attributed(line: str, language: Language) -> bool:
    """Return whether a long sentence quotes, and has a verb of saying outside of the marks."""
    quoted = find_quoted(line)
    if not quoted or count_words(line) < MIN_QUOTING_WORDS or not FULL_STOP.search(line):
        return False
    ends = [0, *(each.end for each in quoted)]
    starts = [*(each.start for each in quoted), len(line)]
    around = " ".join(line[end:start] for end, start in zip(ends, starts, strict=True))
    reporting = load_line_words(language).reporting
    is_long = max(each.end - each.start for each in quoted) >= MIN_QUOTED_CHARS
    return is_long and any(word in reporting for word in words_of(around).split())


def find_body(page: Labelling) -> Labelling:
    """Find the lines of running copy, and where the comment section below them begins."""
    pairs = zip(page.lines, page.decisions, strict=True)
    running = [
        i for i, (line, decision) in enumerate(pairs) if _is_running(line, decision, page.language)
    ]
    tail = _find_tail(page.rules, running)
    return replace(page, body=[i for i in running if i < tail], tail=tail)


def _is_running(line: str, decision: Decision, language: Language) -> bool:
    """Return whether a line is running copy beyond doubt: a long sentence that is kept."""
    if decision.label is not Label.BODY:
        return False
    copy = load_source_note(language).sub("", line) if "(" in line else line
    return len(copy) >= MIN_BODY_CHARS and SENTENCE_END.search(copy) is not None


def _find_tail(rules: Sequence[Rule | None], body: Sequence[int]) -> int:
    """Return where the comment section begins: the first form line with no run of copy below it."""
    for i, rule in enumerate(rules):
        if rule is None or not rule.opens_tail:
            continue
        n_below = len(body) - bisect_right(body, i)
        if n_below <= len(body) // 3:
            return i
    return len(rules)


def mark_tail(page: Labelling) -> Labelling:
    """Mark what follows the comment form, where no rule says what it is.

    Names and dates there are those of readers, and of other articles.
    """
    headline = None if page.headline is None else words_of(page.lines[page.headline])
    again = Decision(Label.DUPLICATE, "headline_again", 0.9)
    comment = Decision(Label.COMMENTS, "comment_section", 0.8)
    return page.mark(
        {
            i: again if words_of(page.lines[i]) == headline else comment
            for i in range(page.tail, len(page.lines))
            if i != page.headline and _may_be_comment(page.rules[i])
        }
    )


def _may_be_comment(rule: Rule | None) -> bool:
    return rule is None or rule.label is Label.BYLINE


def mark_subheads(page: Labelling) -> Labelling:
    """Mark the lines of copy that are short and inside the running copy."""
    if not page.body:
        return page
    marked = {}
    for i in range(page.body[0] + 1, page.body[-1]):
        line, decision = page.lines[i], page.decisions[i]
        n_words = count_words(line)
        is_sentence = n_words >= MIN_BODY_WORDS and SENTENCE_END.search(line) is not None
        if decision.label is Label.BODY and not is_sentence and n_words <= MAX_SUBHEAD_WORDS:
            marked[i] = decision._replace(label=Label.SUBHEAD)
    return page.mark(marked)


def mark_repeats(page: Labelling) -> Labelling:
    """Mark copies of the headline and of other copy: the first line of copy is the one that stays.

    A line that is no copy anywhere on the page is no duplicate, however often it is there.
    """
    copies: dict[str, list[int]] = {}
    for i, (line, decision) in enumerate(zip(page.lines, page.decisions, strict=True)):
        if decision.label in REPEATABLE and (words := words_of(line)):
            copies.setdefault(words, []).append(i)
    kept_line = {}
    for same in copies.values():
        copy = [i for i in same if page.decisions[i].label in COPY_LABELS]
        kept = page.headline if page.headline in same else next(iter(copy), None)
        if kept is not None:
            kept_line.update({i: kept for i in same if i != kept})
    sure = {
        i: kept
        for i, kept in kept_line.items()
        if kept == page.headline or count_words(page.lines[i]) >= MIN_REPEATED_WORDS
    }
    again = repeat_along(kept_line, sure)
    return page.mark(dict.fromkeys(again, Decision(Label.DUPLICATE, "line_again", 0.9)))


def mark_caption_pairs(page: Labelling) -> Labelling:
    """Mark captions that are printed twice, the short form too.

    Either the short form is the beginning of the caption, or it ends in the credit that the
    caption has in brackets.
    """
    lines, marked = page.lines, list(page.decisions)
    for i in range(len(lines) - 1):
        if "(" not in lines[i + 1] and marked[i + 1].label is not Label.CAPTION:
            continue
        stub = TRUNCATED.sub("", lines[i])
        short = "" if FULL_STOP.search(stub) else words_of(stub)
        if not short:
            continue
        credit = bracketed_end(lines[i + 1])
        is_caption = marked[i + 1].label is Label.CAPTION
        is_beginning = is_caption and words_of(lines[i + 1]).startswith(short)
        has_own_credit = bracketed_end(stub) is not None
        if credit and not has_own_credit and short.endswith(words_of(credit)):
            marked[i] = marked[i + 1] = Decision(Label.CAPTION, "credit_on_both_lines", 0.9)
        elif is_beginning and marked[i].label is not Label.CAPTION:
            marked[i] = Decision(Label.CAPTION, "caption_cut_off", 0.8)
    return replace(page, decisions=marked)
