"""Behaviour of `text.quote_marks`: what is between quotation marks, whatever the marks are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.text.quote_marks import find_quoted

MARKS = "“”„‟«»＂「『\"'‘’‚‛"
TEXTS = st.lists(
    st.sampled_from(
        (
            *("“", "”", "‘", "’", '"', "'", "''", "``", "«", "»", "„", "‟", "＂", "‚", "‛"),
            *(" ", "\n", "\r\n", "\xa0", ",", ".", "!", "—", ":", "(", "We will sail", "said"),
            *("e\u0301", "\u0301", "\0"),
        )
    )
    | st.text(max_size=5),
    max_size=30,
).map("".join)


def words(text):
    """Return the words of each passage between marks."""
    return [text[passage.start : passage.end] for passage in find_quoted(text)]


@pytest.mark.parametrize(
    ("text", "passages"),
    [
        ("Nobody spoke.", []),
        ("“We will sail,” she said.", ["We will sail,"]),
        ('"We will sail," she said.', ["We will sail,"]),
        ("''We will sail,'' she said.", ["We will sail,"]),
        ("``We will sail,'' she said.", ["We will sail,"]),
        ("«We will sail,» she said.", ["We will sail,"]),
        ("‘We will sail,’ she said.", ["We will sail,"]),
        ("'We will sail,' she said.", ["We will sail,"]),
        ("“We will sail,” she said. “All of us.”", ["We will sail,", "All of us."]),
        ('She called it "a start" and "an end".', ["a start", "an end"]),
        ("“We will sail,” she said.\n“So will we.”", ["We will sail,", "So will we."]),
        ('She said: "We will sail".', ["We will sail"]),
        ('("We will sail," she said)', ["We will sail,"]),
        ('—"We will sail," she said', ["We will sail,"]),
        ("She left — “a start”—and came back.", ["a start"]),
    ],
)
def test_passages_between_well_set_marks_are_found(text, passages):
    assert words(text) == passages


@pytest.mark.parametrize(
    ("text", "passages"),
    [
        ("”We will sail,” she said.", ["We will sail,"]),
        ('"We will sail,” she said.', ["We will sail,"]),
        ('“We will sail," she said.', ["We will sail,"]),
        ("“We will sail,'' she said.", ["We will sail,"]),
        ("“We wait.\n\n“We will sail,” she said.", ["We wait.", "We will sail,"]),
        ("She said: “We will sail.\n\nNobody else spoke.", ["We will sail."]),
        ("The “start was slow, she said.", ["start was slow,"]),
        ("We will sail,” she said.", []),
        ("“” she said. “We will sail.”", ["We will sail."]),
        ('He said "we go" and "we stay', ["we go", "we stay"]),
        ('"He said, \'We sail,\' " she said. "No."', ["He said, 'We sail,' ", "No."]),
        ('"We will sail, " she said.', ["We will sail, "]),
    ],
)
def test_marks_that_are_set_oddly_cost_their_own_passage_at_most(text, passages):
    assert words(text) == passages


@pytest.mark.parametrize(
    "text",
    [
        "The crews’ boats don’t sail in the ’30s.",
        "The crews' boats don't sail in the '30s.",
        "The mast is 6'2\" tall.",
        "It's the owners' fault, the crews' leader said.",
    ],
)
def test_apostrophes_and_inches_are_no_quotation_marks(text):
    assert words(text) == []


def test_an_apostrophe_inside_single_marks_does_not_end_them():
    assert words("‘The crews’ boats won’t sail,’ she said.") == ["The crews’ boats won’t sail,"]


def test_single_marks_inside_double_ones_are_part_of_the_passage():
    assert words("“He told me ‘go home’ and left,” she said.") == ["He told me ‘go home’ and left,"]


def test_curly_marks_inside_straight_ones_are_part_of_the_passage():
    assert words('"The “quiet port” is loud," she said.') == ["The “quiet port” is loud,"]


@pytest.mark.parametrize(
    ("text", "is_closed"),
    [("“We will sail,” she said.", True), ("“We will sail,\n\nshe said.", False)],
)
def test_a_passage_knows_whether_it_was_closed(text, is_closed):
    assert [passage.is_closed for passage in find_quoted(text)] == [is_closed]


@given(TEXTS)
def test_passages_in_any_text_come_in_order_and_never_overlap(text):
    at = 0
    for passage in find_quoted(text):
        assert at <= passage.outer_start <= passage.start < passage.end <= passage.outer_end
        at = passage.outer_end
    assert at <= len(text)


@given(TEXTS)
def test_a_passage_in_any_text_is_words_of_one_paragraph_with_its_mark_before_it(text):
    for passage in find_quoted(text):
        inner = text[passage.start : passage.end]
        assert inner.strip()
        assert "\n" not in inner
        assert text[passage.outer_start : passage.start] in {*MARKS, "''", "``"}


@given(TEXTS)
def test_a_closed_passage_ends_with_a_mark_and_an_open_one_without(text):
    for passage in find_quoted(text):
        assert (passage.end < passage.outer_end) == passage.is_closed


@pytest.mark.parametrize(
    ("text", "passages"),
    [
        ("She said: ‘We sail. All of us.\n\n‘They wait.’", ["We sail. All of us.", "They wait."]),
        ("She said: 'We sail.\n\n'All of us.\n\n'So.'", ["We sail.", "All of us.", "So."]),
        ("'The crews' boats sail.\n\n'So do we.'", ["The crews' boats sail.", "So do we."]),
        ("'No,' she said. 'It, so far, is.\n\n'So.'", ["No,", "It, so far, is.", "So."]),
        ("“No,” she said. “It, so far, is.\n\n“So.”", ["No,", "It, so far, is.", "So."]),
        ("‘He said “no”, and left.\n\n‘So did I.’", ["He said “no”, and left.", "So did I."]),
        ("She called it ‘bad and left.\n\n‘So did I.’", ["So did I."]),
        ("It was in the '30s.\n\n'So it was,' she said.", ["So it was,"]),
        ("A “slow start, she said.\n\n“So it was.”", ["slow start,", "So it was."]),
        ("‘Bad’ it was.\n\n‘So,’ she said.", ["Bad", "So,"]),
    ],
)
def test_speech_continues_where_the_next_paragraph_opens_with_a_mark(text, passages):
    assert words(text) == passages


@given(
    st.sampled_from(("“”", "‘’", '""', "''")),
    st.lists(
        st.sampled_from(
            (
                "We sail.",
                "The crews{0} boats, so far, don{0}t sail.",
                "It{0}s ours, and it was the owners{0} harbour.",
            )
        ),
        min_size=1,
        max_size=5,
    ),
)
def test_an_utterance_of_several_paragraphs_gives_a_whole_passage_for_each(marks, paragraphs):
    opening, closing = marks
    apostrophe = "’" if closing in "”’" else "'"
    said = [paragraph.format(apostrophe) for paragraph in paragraphs]
    text = "\n\n".join(f"{opening}{paragraph}" for paragraph in said) + closing
    assert words(f"They met.\n\n{text}\n\nNobody answered.") == said


@given(
    st.lists(
        TEXTS.map(lambda text: text.replace("\n", " ")).filter(
            lambda text: text[:1] not in f"{MARKS}`"
        ),
        max_size=4,
    )
)
def test_what_a_paragraph_holds_does_not_depend_on_others_that_open_without_a_mark(paragraphs):
    alone = [passage for paragraph in paragraphs for passage in words(paragraph)]
    assert words("\n\n".join(paragraphs)) == alone


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("‘He said: “No,” and I did,’ said Ida. ‘So.’", ["He said: “No,” and I did,", "So."]),
        ("»Nobody listens«, said Ida. »Yes.«", ["Nobody listens", "Yes."]),
        ("„Nobody listens“, said Ida. „Yes.“", ["Nobody listens", "Yes."]),
        ("”Nobody listens,” said Ida.", ["Nobody listens,"]),
        ("「Nobody listens」, said Ida.", ["Nobody listens"]),
        ("“In what he calls “hell” we live.” – Ida", ["In what he calls “hell” we live."]),
        ("The owners' “plan” and the crews' “bonus”.", ["plan", "bonus"]),
    ],
)  # fmt: skip
def test_marks_of_all_countries_keep_the_outer_words(text, expected):
    assert [text[passage.start : passage.end] for passage in find_quoted(text)] == expected
