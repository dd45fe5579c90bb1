"""Find the headline among the lines of a page, and the summary right below it."""

from collections import Counter
from dataclasses import replace

from copydesk.cleaning.decisions import LINE_MODEL, Decision, Labelling
from copydesk.cleaning.repeats import find_doubled
from copydesk.cleaning.wording import (
    FULL_STOP,
    SENTENCE_END,
    TRUNCATED,
    count_words,
    is_byline,
    words_of,
)
from copydesk.lexicons.language import Language
from copydesk.lexicons.load import load_line_words
from copydesk.text.bylines import opens_with_given_name, read_name_line
from copydesk.text.lines import WORD
from copydesk.values import Label

MIN_HEADLINE_WORDS = 3
MAX_HEADLINE_WORDS = 30
MAX_LINES_ABOVE = 8  # above the copy of an article that was cut out; whole pages have dozens
MIN_DECK_OVERLAP = 0.6  # of a summary's words, that one paragraph below repeats
MIN_DECK_WORDS = 6
MAX_DECK_WORDS = 50
MIN_DECK_FUNCTION_WORDS = 2
NAMES_SCORE = 0.8
MAX_CERTAINTY = 0.9  # that a line right after the headline is not copy; surer, it is no deck


def find_headline(page: Labelling) -> Labelling:
    """Find the line that is the title that came with the page, or without one the headline."""
    if page.title is None:
        return replace(page, headline=_choose_headline(page))
    title = words_of(page.title)
    found = next((i for i, line in enumerate(page.lines) if words_of(line) == title), None)
    return replace(page, headline=found)


def _choose_headline(page: Labelling) -> int | None:
    """Return the line that is the headline.

    It is the line that the model names. Else, where few lines are above the running copy, it is the
    one there that the page repeats, as sites print it twice, or a first line without a full stop,
    even where it begins like a pointer elsewhere: "Opinion: …".
    """
    lines, rules, body = page.lines, page.rules, page.body
    likeliest = page.likeliest_headline
    if likeliest is not None and rules[likeliest] is None:
        return likeliest
    if not body or body[0] > MAX_LINES_ABOVE:
        return None
    doubled = find_doubled(lines)  # they are there twice like all the copy
    counts = Counter(words_of(line) for i, line in enumerate(lines) if i not in doubled)
    top = [i for i in range(min(len(lines), body[0] + 1)) if rules[i] is None]
    top = [i for i in top if MIN_HEADLINE_WORDS <= count_words(lines[i]) <= MAX_HEADLINE_WORDS]
    repeated = [i for i in top if counts[words_of(lines[i])] > 1]
    first = [i for i in top[:1] if not FULL_STOP.search(lines[i])]
    labelled = [0] if _is_labelled_headline(page) else []
    return next(iter(repeated + first + labelled), None)


def _is_labelled_headline(page: Labelling) -> bool:
    """Return whether the first line reads like a headline after the name of a section."""
    rule, line = page.rules[0], page.lines[0]
    is_pointer = rule is not None and rule.label is Label.TEASER
    is_short = MIN_HEADLINE_WORDS < count_words(line) <= MAX_HEADLINE_WORDS
    return is_pointer and is_short and FULL_STOP.search(line) is None


def mark_headline(page: Labelling) -> Labelling:
    """Mark the headline."""
    if page.headline is None:
        return page
    return page.mark({page.headline: Decision(Label.HEADLINE, "title_above_body", 0.9)})


def mark_above_headline(page: Labelling) -> Labelling:
    """Mark as boilerplate what would be copy above the headline, unless it is running copy."""
    body = set(page.body)
    return page.mark(
        {
            i: Decision(Label.BOILERPLATE, "above_headline", 0.8)
            for i in range(page.headline or 0)
            if page.decisions[i].label is Label.BODY and i not in body
        }
    )


def mark_names(page: Labelling) -> Labelling:
    """Mark the line right after the headline as the byline where it is nothing but names."""
    below = len(page.lines) if page.headline is None else page.headline + 1
    if below >= len(page.lines) or page.decisions[below].rule != LINE_MODEL:
        return page
    names = read_name_line(page.lines[below], language=page.language)
    if names is None or not opens_with_given_name(names, language=page.language):
        return page
    return page.mark({below: Decision(Label.BYLINE, "names_below_headline", NAMES_SCORE)})


def mark_deck(page: Labelling) -> Labelling:
    """Mark the line right after the headline where it is a summary, not the first paragraph."""
    if page.headline is None or page.headline + 1 >= len(page.lines):
        return page
    below = page.headline + 1
    return page.mark({below: _judge_below_headline(page, below)})


def _judge_below_headline(page: Labelling, i: int) -> Decision:
    """Return the line right after the headline as a deck, where it is one.

    It is cut off, has no full stop, or a paragraph below repeats it; or the model does not keep it,
    and it reads like a sentence all the same.
    """
    line, decision = page.lines[i], page.decisions[i]
    if _may_be_deck(line, decision, page.language):
        return Decision(Label.DECK, "behind_headline", round(1 - decision.score, 3))
    if decision.label is not Label.BODY:
        return decision
    if TRUNCATED.search(line):
        return Decision(Label.DECK, "cut_off_summary", 0.8)
    words = words_of(line).split()
    is_signed = is_byline(words, page.language)
    if len(words) <= MAX_DECK_WORDS and not is_signed and not SENTENCE_END.search(line):
        return Decision(Label.DECK, "no_full_stop", 0.8)
    counted = Counter(words)
    for below in range(i + 1, len(page.lines)):
        is_other = words_of(page.lines[below]) != words_of(line)  # of a page that is there twice
        if page.decisions[below].label is not Label.BODY or not is_other:
            continue
        shared = sum((Counter(words_of(page.lines[below]).split()) & counted).values())
        if words and shared >= MIN_DECK_OVERLAP * len(words):
            return Decision(Label.DECK, "said_again_below", 0.8)
    return decision


def _may_be_deck(line: str, decision: Decision, language: Language) -> bool:
    """Return whether a line after the headline that the model does not keep is a summary.

    Unlike bylines and time stamps it has function words. Sources of gold pages disagree on whether
    a deck is copy, so the model is often in doubt.
    """
    if decision.rule != LINE_MODEL or decision.label is not Label.BOILERPLATE:
        return False
    words = WORD.findall(line.casefold())
    is_long = MIN_DECK_WORDS <= len(words) <= MAX_DECK_WORDS
    function = load_line_words(language).function
    n_function = sum(word in function for word in words)
    is_signed = is_byline(words, language)
    has_function_words = n_function >= MIN_DECK_FUNCTION_WORDS
    return is_long and has_function_words and not is_signed and decision.score < MAX_CERTAINTY
