"""Label each line of a scraped page as copy or boilerplate.

Two stages, after jusText (Pomikálek 2011): the first judges a line alone, by the rules of
`lexicons/en/boilerplate.toml` and by the line model; the second judges it by its place on the page,
in a list of passes. Lines are labelled, never dropped: every decision can be audited in `segments`.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from copydesk.cleaning.decisions import LINE_MODEL, Decision, Labelling
from copydesk.cleaning.headlines import (
    find_headline,
    mark_above_headline,
    mark_deck,
    mark_headline,
    mark_names,
)
from copydesk.cleaning.markup import judge_by_markup
from copydesk.cleaning.model import score_lines
from copydesk.cleaning.page_kinds import mark_no_article
from copydesk.cleaning.passes import (
    find_body,
    keep_attributed,
    keep_last_sentences,
    mark_caption_pairs,
    mark_repeats,
    mark_site_repeats,
    mark_subheads,
    mark_tail,
)
from copydesk.cleaning.repeats import LinePages, find_doubled
from copydesk.cleaning.rules import find_rule
from copydesk.cleaning.set_off import keep_set_off_speech
from copydesk.lexicons.boilerplate import Rule
from copydesk.lexicons.language import ENGLISH, Language
from copydesk.values import Label, MarkKind

RULE_SCORE = 0.95  # a rule that matches is right in 19 of 20 cases on the gold pages

Pass = Callable[[Labelling], Labelling]
PASSES: tuple[Pass, ...] = (
    mark_site_repeats,
    keep_attributed,
    keep_last_sentences,
    find_body,
    keep_set_off_speech,
    find_headline,
    mark_headline,
    mark_tail,
    mark_above_headline,
    mark_subheads,
    mark_names,
    mark_deck,
    mark_repeats,
    mark_caption_pairs,
    mark_no_article,
)
"""What is done with the lines of a page once each is judged alone, in this order."""


def label_lines(
    lines: Sequence[str],
    *,
    title: str | None = None,
    pages: LinePages | None = None,
    kinds: Sequence[MarkKind | None] = (),
    language: Language = ENGLISH,
) -> list[Decision]:
    """Return the label of each line of a page, given in reading order, none of them empty.

    `title` is the headline that came with the page: then no other line can be the headline.
    `pages` says on how many pages of the site each line is, `kinds` what the markup of a page of
    HTML proves of each line.
    """
    judged = judge_by_markup(_judge_lines(lines, language), kinds)
    labelling = replace(judged, title=title, pages=pages)
    for mark in PASSES:
        labelling = mark(labelling)
    return list(labelling.decisions)


def _judge_lines(lines: Sequence[str], language: Language) -> Labelling:
    """Return the lines of a page, each judged alone.

    A page that has its paragraphs twice is judged as if they were there once: to the model, what is
    repeated is boilerplate.
    """
    doubled = find_doubled(lines)
    once = [i for i in range(len(lines)) if i not in doubled]
    scores = score_lines([lines[i] for i in once], language=language)
    place = {i: at for at, i in enumerate(once)}
    place |= {i: place[first] for i, first in doubled.items()}
    rules = [find_rule(line, language) for line in lines]
    return Labelling(
        lines=lines,
        rules=rules,
        decisions=[
            _judge_line(
                rule,
                is_copy=scores.is_copy[place[i]],
                copy_score=scores.copy_score[place[i]],
            )
            for i, rule in enumerate(rules)
        ],
        likeliest_headline=None if scores.headline is None else once[scores.headline],
        language=language,
    )


def _judge_line(rule: Rule | None, *, is_copy: bool, copy_score: float) -> Decision:
    """Return what a line is by the rule that matches it, else by the model."""
    if rule is not None:
        return Decision(rule.label, rule.name, RULE_SCORE)
    if is_copy:
        return Decision(Label.BODY, LINE_MODEL, round(copy_score, 3))
    return Decision(Label.BOILERPLATE, LINE_MODEL, round(1 - copy_score, 3))
