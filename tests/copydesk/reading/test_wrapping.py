"""Behaviour of `reading.wrapping`: lines are joined only where their widths prove a wrap."""

import re
import textwrap

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from copydesk.reading.wrapping import join_flowed, join_wrapped, unquote

PARAGRAPHS = [
    "The crews of Port Elsa said on Monday that no ferry would sail until the owners had paid.",
    "They met at noon.",
    "“We have waited for a year,” said Ida Brandt. “We will wait no longer, and nor will they.”",
    "The owners told the harbour office that they had asked a court for an order on the strike.",
    "The court is to hear both sides on Friday, according to its spokesman, who gave no hour.",
]
HEAD = "Ferries stand still for a third day\nBy Ida Brandt\nMay 3, 2031"
CONTACT = (
    "Media contact:\nPer Holm\nHarbour Office of Port Elsa, Quay Street 4\n+47 555 0100\n"
    "office@harbour.example"
)
POEM = (
    "The tide came in upon the sand,\nthe boats went out to sea,\n"
    "and nobody upon the land\nhad time for you and me."
)
SMALL_LIST = (
    "bread from the bakery on the quay, two kilos of it\nmilk\n"
    "newspapers of the day before, for those who read\ncoffee and a kilo of sugar"
)
TABLE = (
    "north isle   9.15   12.30   daily but not on Sunday\n"
    "south isle   8.15   11.30   daily but not on Monday\n"
    "port elsa    7.15   10.30   daily but not on Friday"
)
ALIKE = "\n".join(
    f"{place} at nine, at noon and at six" for place in ("north isle", "south isle", "inner isle")
)
APART = [HEAD, CONTACT, POEM, SMALL_LIST, TABLE, ALIKE]
WORDS = st.sampled_from(
    [
        *("ferry", "harbour", "crews", "owners", "strike", "court", "island", "bread", "quay", "a"),
        *("winter", "council", "the", "of", "and", "to", "said", "that", "would", "not", "pays"),
        *("in", "on", "well-known", "office-holders", "41"),
    ]
)


@st.composite
def sentences(draw):
    words = [draw(WORDS) for _ in range(draw(st.integers(20, 50)))]
    return f"{draw(st.sampled_from(['Crews', 'Owners', '“We', 'The']))} {' '.join(words)}."


@pytest.mark.parametrize("width", [40, 60, 72, 100])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_paragraphs_that_were_wrapped_are_whole_again(width, end):
    whole = f"{end}{end}".join(PARAGRAPHS * 2)
    wrapped = f"{end}{end}".join(textwrap.fill(part, width) for part in PARAGRAPHS * 2)
    assert join_wrapped(wrapped.replace("\r\n", "\n").replace("\n", end)) == whole


@given(st.lists(sentences(), min_size=3, max_size=6), st.integers(50, 90))
@example(
    [
        *[f"Crews {'ferry ' * 20}ferry."] * 3,
        (
            f"Crews {'ferry ' * 4}quay of not in office-holders {'ferry ' * 12}"
            "of of of not not in in in in office-holders 41."
        ),
    ],
    59,
)
def test_whatever_width_a_text_was_wrapped_at_its_paragraphs_are_whole_again(parts, width):
    wrapped = "\n\n".join(textwrap.fill(part, width, break_on_hyphens=False) for part in parts)
    assert join_wrapped(wrapped) == "\n\n".join(parts)


@pytest.mark.parametrize("apart", APART, ids=["head", "contact", "poem", "list", "table", "alike"])
@pytest.mark.parametrize("place", ["above", "below", "inside"])
@pytest.mark.parametrize("width", [60, 72, 78])
def test_lines_that_nobody_wrapped_stay_among_paragraphs_that_were(apart, place, width):
    wrapped = [textwrap.fill(part, width) for part in PARAGRAPHS * 2]
    at = {"above": 0, "inside": 5, "below": 10}[place]
    joined = join_wrapped("\n\n".join([*wrapped[:at], apart, *wrapped[at:]]))
    whole = PARAGRAPHS * 2
    assert joined == "\n\n".join([*whole[:at], apart, *whole[at:]])


@pytest.mark.parametrize("bullet", ["- ", "* ", "• ", "1. ", "(b) ", "– "])
@pytest.mark.parametrize("is_hanging", [True, False])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_the_items_of_a_list_are_whole_and_apart(bullet, is_hanging, gap):
    inset = " " * len(bullet) if is_hanging else ""
    items = [bullet + part for part in PARAGRAPHS]
    listed = gap.join(textwrap.fill(item, 66, subsequent_indent=inset) for item in items)
    wrapped = "\n\n".join(textwrap.fill(part, 66) for part in PARAGRAPHS)
    joined = join_wrapped(f"{wrapped}\n\n{listed}\n\n{wrapped}")
    whole = "\n\n".join(PARAGRAPHS)
    assert joined == f"{whole}\n\n{gap.join(items)}\n\n{whole}"


@pytest.mark.parametrize("inset", ["  ", "    ", "\t"])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("width", range(56, 80, 3))
def test_a_first_line_may_have_been_set_in_after_it_was_wrapped(inset, gap, width):
    wrapped = gap.join(inset + textwrap.fill(part, width) for part in PARAGRAPHS * 2)
    joined = [line.strip() for line in join_wrapped(wrapped).split("\n") if line.strip()]
    assert joined == PARAGRAPHS * 2


@pytest.mark.parametrize("inset", ["    ", "\t"])
def test_paragraphs_that_are_set_in_by_their_first_line_are_apart(inset):
    wrapped = [textwrap.fill(f"    {part}", 66) for part in PARAGRAPHS]
    shown = [part.replace("    ", inset, 1) for part in wrapped]
    assert join_wrapped("\n".join(shown)) == "\n".join(inset + part for part in PARAGRAPHS)


@pytest.mark.parametrize("width", range(60, 80, 2))
def test_the_turns_of_a_talk_are_apart(width):
    turns = [f"{name}: {part}" for name, part in zip("ABCDE", PARAGRAPHS, strict=True)]
    talk = [*turns, *(turn.replace(":", " Holm:", 1) for turn in turns)]
    wrapped = "\n".join(textwrap.fill(turn, width) for turn in talk)
    assert join_wrapped(wrapped) == "\n".join(talk)


def test_a_quoted_part_that_is_narrower_is_joined_too():
    inset = " " * 6
    wrapped = [textwrap.fill(part, 72) for part in PARAGRAPHS]
    quoted = [
        textwrap.fill(part, 60, initial_indent=inset, subsequent_indent=inset)
        for part in PARAGRAPHS
    ]
    joined = join_wrapped("\n\n".join([*wrapped, *quoted]))
    assert joined == "\n\n".join([*PARAGRAPHS, *(inset + part for part in PARAGRAPHS)])


def test_lines_with_an_empty_one_after_each_are_joined():
    wrapped = [line for part in PARAGRAPHS for line in (*textwrap.wrap(part, 60), "")]
    joined = join_wrapped("\n\n".join(wrapped))
    assert [line for line in joined.splitlines() if line] == PARAGRAPHS


def test_a_short_text_is_joined_where_all_of_it_is_wrapped():
    wrapped = "\n\n".join(textwrap.fill(part, 66) for part in (PARAGRAPHS[0], PARAGRAPHS[3]))
    assert join_wrapped(f"{HEAD.splitlines()[0]}\n\n{wrapped}").splitlines()[2:] == [
        PARAGRAPHS[0],
        "",
        PARAGRAPHS[3],
    ]


@pytest.mark.parametrize("head", [HEAD, HEAD.splitlines()[0], ""])
def test_without_empty_lines_a_line_that_ends_early_ends_a_paragraph(head):
    wrapped = "\n".join(textwrap.fill(part, 60) for part in PARAGRAPHS)
    lines = join_wrapped(f"{head}\n{wrapped}").strip().split("\n")
    assert lines == [*head.splitlines(), *PARAGRAPHS]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n".join(PARAGRAPHS),
        "\n\n".join(PARAGRAPHS),
        "Home\nNews\nHarbour\nFerries stand still for a third day\nBy Ida Brandt\nMay 3, 2031",
        "\n".join(f"Ferry {n} sails at {n} and carries the post" for n in range(20)),
        "The tide came in,\nthe boats went out,\nand nobody in the town\nsaid what it was about",
        *APART,
        "\n\n".join([POEM] * 4),
        f"{SMALL_LIST}\n{TABLE}\n{ALIKE}.",
    ],
)
def test_lines_that_nobody_wrapped_stay(text):
    assert join_wrapped(text) == text


@pytest.mark.parametrize(
    ("upper", "lower", "joined"),
    [
        ("the crews of the well-", "known ferry", "well-known ferry"),
        ("what the gov-", "ernment of the", "government of"),
        ("what the gov\xad", "ernment of the", "government of"),
        ("the crews waited –", "and so did all", "waited – and so"),
        ("the crews waited -", "and so did all", "waited - and so"),
        ("the crews waited—", "and so did all", "waited—and so"),
        ("the crews waited--", "and so did all", "waited--and so"),
        ("the owners and/", "or the council", "and/or the"),
        ("in the winter of 2030-", "31, they said", "2030-31, they"),
    ],
)
def test_a_word_at_the_end_of_a_line_is_joined_as_it_was_written(upper, lower, joined):
    first = f"{'They wrote of it, and of much else, at length on ' + 'a' * 40}"[: 59 - len(upper)]
    text = f"{first} {upper}\n{lower} for long.\nThe government is silent."
    wrapped = "\n\n".join(textwrap.fill(part, 60) for part in PARAGRAPHS * 2)
    found = join_wrapped(f"{wrapped}\n\n{text}")
    assert joined in found


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        (
            "Crews at the harbour said on Monday sea-\nborne trade ends.\n\nThe seaborne wait.",
            "Crews at the harbour said on Monday seaborne trade ends.\n\nThe seaborne wait.",
        ),
        (
            "Crews said that they were short-\nhanded on Monday.",
            "Crews said that they were short-handed on Monday.",
        ),
        ("Sea-\nborne", "Sea-\nborne"),
        ("Crews said that they were short-\nHanded over on Monday.", None),
        ("Crews said that they would sail on Monday -\nand they did.", None),
    ],
)
def test_a_word_that_is_on_two_lines_is_joined_without_a_proof_of_the_width(text, joined):
    assert join_wrapped(text) == (joined or text)


def test_a_word_with_a_hyphen_is_not_taken_for_one_that_was_cut():
    text = "\n".join(["the crews of the well-", "known ferry said that"] * 6)
    assert "well-known" in join_wrapped(text) or join_wrapped(text) == text


@given(st.text(alphabet="ab .-\n\r“”", max_size=400))
def test_nothing_but_line_ends_and_hyphens_is_changed(text):
    assert re.sub(r"[\s-]", "", join_wrapped(text)) == re.sub(r"[\s-]", "", text)


@given(st.lists(st.sampled_from([*PARAGRAPHS, *APART, "- a b", "> c", ""]), max_size=12))
def test_joining_is_done_once(parts):
    joined = join_wrapped("\n\n".join(textwrap.fill(part, 60) for part in parts))
    assert join_wrapped(joined) == joined


@pytest.mark.parametrize("mark", ["> ", ">", ">> ", "> > "])
def test_quoted_mail_is_read_without_its_marks(mark):
    wrapped = "\n\n".join(textwrap.fill(part, 60) for part in PARAGRAPHS)
    quoted = "\n".join(f"{mark}{line}".rstrip() for line in wrapped.split("\n"))
    assert unquote(f"Per wrote:\n\n{quoted}\n\nThanks") == f"Per wrote:\n\n{wrapped}\n\nThanks"


@pytest.mark.parametrize("text", ["", "> Read more\n> News\n> Harbour", "2 > 1\n3 > 2\n4 > 3"])
def test_other_lines_keep_their_marks(text):
    assert unquote(text) == text


@pytest.mark.parametrize(
    ("text", "deletes_space", "joined"),
    [
        ("The crews \nof Elsa \nwait.\n\nAll day.", False, "The crews of Elsa wait.\n\nAll day."),
        ("The crews \nof Port El \nsa wait.", True, "The crewsof Port Elsa wait."),
        ("> The crews \n> wait.\nThey do.", False, "> The crews wait.\nThey do."),
        ("> The crews \n>> wait.", False, "> The crews \n>> wait."),
        ("Wait. \n-- \nIda", False, "Wait. \n-- \nIda"),
        (" > is more than", False, "> is more than"),
        ("", False, ""),
    ],
)  # fmt: skip
def test_flowed_lines_are_as_they_were_before_they_were_wrapped(text, deletes_space, joined):
    assert join_flowed(text, deletes_space=deletes_space) == joined


@given(st.text(alphabet="ab >\n", max_size=60), st.booleans())
def test_no_word_of_flowed_text_is_lost(text, deletes_space):
    joined = join_flowed(text, deletes_space=deletes_space)
    assert re.sub(r"[\s>]", "", joined) == re.sub(r"[\s>]", "", text)
