"""Behaviour of `cleaning.markup`: what the markup proves decides where no rule does."""

import pytest

from copydesk.cleaning.decisions import LINE_MODEL, Decision, Labelling
from copydesk.cleaning.markup import judge_by_markup
from copydesk.values import Label, MarkKind

COPY = Decision(Label.BODY, LINE_MODEL, 0.8)
SURE_COPY = Decision(Label.BODY, LINE_MODEL, 0.97)
DOUBTFUL = Decision(Label.BOILERPLATE, LINE_MODEL, 0.8)
NO_COPY = Decision(Label.BOILERPLATE, LINE_MODEL, 0.99)
RULED = Decision(Label.LEGAL, "copyright", 0.95)


@pytest.mark.parametrize(
    ("decision", "kind", "label"),
    [
        (COPY, None, Label.BODY),
        (COPY, MarkKind.CAPTION, Label.CAPTION),
        (COPY, MarkKind.TEASER, Label.TEASER),
        (COPY, MarkKind.LINK, Label.TEASER),
        (SURE_COPY, MarkKind.LINK, Label.BODY),
        (COPY, MarkKind.PULL_QUOTE, Label.DUPLICATE),
        (COPY, MarkKind.OFFER, Label.PROMO),
        (COPY, MarkKind.HIDDEN, Label.BOILERPLATE),
        (COPY, MarkKind.CHROME, Label.NAVIGATION),
        (COPY, MarkKind.APART, Label.BOILERPLATE),
        (COPY, MarkKind.HEADING, Label.BODY),
        (COPY, MarkKind.PARAGRAPH, Label.BODY),
        (DOUBTFUL, MarkKind.PARAGRAPH, Label.BODY),
        (NO_COPY, MarkKind.PARAGRAPH, Label.BOILERPLATE),
        (RULED, MarkKind.CAPTION, Label.LEGAL),
        (RULED, MarkKind.PARAGRAPH, Label.LEGAL),
    ],
)
def test_a_line_is_what_its_markup_proves_unless_a_rule_has_judged_its_words(decision, kind, label):
    page = Labelling(lines=["a line"], rules=[None], decisions=[decision])
    (judged,) = judge_by_markup(page, [kind]).decisions
    assert judged.label is label


def test_a_page_without_marks_stays_as_it_is():
    page = Labelling(lines=["a line"], rules=[None], decisions=[COPY])
    assert judge_by_markup(page, []).decisions == [COPY]


@pytest.mark.parametrize(
    ("other", "label"), [(MarkKind.CAPTION, Label.BODY), (MarkKind.PARAGRAPH, Label.CAPTION)]
)
def test_a_paragraph_with_the_words_of_a_caption_is_copy_where_captions_are_marked(other, label):
    caption = Decision(Label.CAPTION, "agency_in_brackets", 0.95)
    page = Labelling(lines=["a", "b"], rules=[None, None], decisions=[COPY, caption])
    assert judge_by_markup(page, [other, MarkKind.PARAGRAPH]).decisions[1].label is label


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("£24.99, Holm & Sons", Label.BODY),
        ("Currently €19, Brandt", Label.BODY),
        ("From Rs. 1,200", Label.BODY),
        ("US$3.50", Label.BODY),
        ("Holm & Sons take the dryer back that cost £24.99", Label.TEASER),
        ("Port chief rejects any talks with the crews", Label.TEASER),
        ("Why the owners paid £3m for a pier that nobody wanted to have", Label.TEASER),
    ],
)
def test_a_link_that_is_a_price_is_no_teaser(line, label):
    page = Labelling(lines=[line], rules=[None], decisions=[COPY])
    assert judge_by_markup(page, [MarkKind.LINK]).decisions[0].label is label


RARE = Decision(Label.BOILERPLATE, LINE_MODEL, 0.93)


@pytest.mark.parametrize(
    ("line", "before", "after", "label"),
    [
        ("The hearing is on Friday.", COPY, COPY, Label.BODY),
        ("The hearing is on Friday.", COPY, RARE, Label.BOILERPLATE),
        ("Hearing on Friday", COPY, COPY, Label.BOILERPLATE),
    ],
)
def test_a_doubtful_sentence_between_paragraphs_of_copy_is_copy(line, before, after, label):
    page = Labelling(lines=["One.", line, "Two"], rules=[None] * 3, decisions=[before, RARE, after])
    judged = judge_by_markup(page, [MarkKind.PARAGRAPH] * 3)
    assert judged.decisions[1].label is label


@pytest.mark.parametrize(
    ("lines", "n_kept"),
    [(["tides.example", "www.pier.example/a-2"], 2), (["tides.example", "More news"], 0)],
)
def test_sources_listed_by_their_addresses_are_copy(lines, n_kept):
    page = Labelling(lines=["Sources", *lines], rules=[None] * 3, decisions=[RARE] * 3)
    judged = judge_by_markup(page, [None, MarkKind.LINK, MarkKind.LINK])
    assert sum(decision.label is Label.BODY for decision in judged.decisions) == n_kept


@pytest.mark.parametrize(
    ("kinds", "label"),
    [
        ([MarkKind.PARAGRAPH, MarkKind.PARAGRAPH], Label.BODY),
        ([MarkKind.PARAGRAPH, None], Label.BODY),
        ([MarkKind.PARAGRAPH, MarkKind.LINK], Label.NAVIGATION),
        ([None, MarkKind.PARAGRAPH], Label.NAVIGATION),
    ],
)
def test_a_paragraph_that_introduces_another_is_no_menu(kinds, label):
    menu = Decision(Label.NAVIGATION, "page_furniture", 0.95)
    page = Labelling(
        lines=["More from the Gazette:", "No ferry sailed."],
        rules=[None] * 2,
        decisions=[menu, COPY],
    )
    assert judge_by_markup(page, kinds).decisions[0].label is label


@pytest.mark.parametrize(
    ("decision", "kinds", "label"),
    [
        (DOUBTFUL, [MarkKind.PARAGRAPH, MarkKind.HEADING, MarkKind.PARAGRAPH], Label.BODY),
        (DOUBTFUL, [None, MarkKind.HEADING, MarkKind.PARAGRAPH], Label.BOILERPLATE),
        (DOUBTFUL, [MarkKind.PARAGRAPH, MarkKind.HEADING, MarkKind.LINK], Label.BOILERPLATE),
        (NO_COPY, [MarkKind.PARAGRAPH, MarkKind.HEADING, MarkKind.PARAGRAPH], Label.BOILERPLATE),
    ],
)
def test_a_heading_above_a_paragraph_of_copy_is_copy(decision, kinds, label):
    page = Labelling(
        lines=["One.", "What is next", "Two."], rules=[None] * 3, decisions=[COPY, decision, COPY]
    )
    assert judge_by_markup(page, kinds).decisions[1].label is label
