"""Behaviour of `cleaning.markup`: what the markup proves decides where no rule does."""

import pytest

from copydesk.cleaning.decisions import LINE_MODEL, Decision, Labelling
from copydesk.cleaning.markup import judge_by_markup
from copydesk.rows import Label, MarkKind

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
