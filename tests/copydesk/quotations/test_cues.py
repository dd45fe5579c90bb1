"""Behaviour of `quotations.cues`: what nobody is named to say is no speech."""

import re

import pytest

from copydesk.lexicons.language import ENGLISH
from copydesk.quotations.cues import is_speech
from copydesk.quotations.quotation import Quotation, type_of_content
from copydesk.text.quote_marks import find_quoted
from copydesk.values import Span

MARKS = re.compile(r"[\[\]{}<>]")


def is_voiced(parse, marked):
    """Return whether a quotation is speech: its <source>, [cue] and {content} are marked."""
    text = MARKS.sub("", marked)
    at = {
        m.group(): m.start() - len(MARKS.findall(marked[: m.start()]))
        for m in MARKS.finditer(marked)
    }
    content = (Span(at["{"], at["}"]),)
    source = Span(at["<"], at[">"]) if "<" in at else None
    kind = type_of_content(content, text, find_quoted(text))
    quotation = Quotation(content, kind, Span(at["["], at["]"]), source, "tagger")
    return is_speech(quotation, parse(text), text=text, language=ENGLISH)


@pytest.mark.model
@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("Paul Lund [is accused of] {taking bribes from the owners}.", False),
        ("<Paul Lund> [was accused of] {taking bribes from the owners}.", False),
        ("<A harbour master> [accused of] {bribery} left the island.", False),
        ("<Paul Lund> [was charged with] {“gross neglect” of the pier}.", False),
        ("<Ida Holm> [accused] {the owners of taking bribes}.", True),
        ("Paul Lund was [accused] by <the owners> {of taking bribes}.", True),
        ("<Ida Holm> [was told] {that the pier would close}.", False),
        ("<Ida Holm> [was quoted as saying] {that the pier would close}.", True),
        ("It [was revealed] {that the pier was old}.", False),
        ("The gap grew, [signalling] {that nobody trusted the plan}.", False),
        ("<Ida Holm>'s [called for] {new rules on the pier}.", True),
    ],
)
def test_who_is_only_spoken_of_says_nothing(parse, marked, expected):
    assert is_voiced(parse, marked) is expected


@pytest.mark.model
@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("<A dive before noon> [revealed] {a crack in the pier}.", False),
        ("<A dive before noon> [revealed] {that the pier had a crack}.", True),
        ("<Ida Holm> [revealed] {a crack in the pier}.", True),
        ("Prices rose. <That> [said], {the port is full}.", False),
        ("<That woman> [said] {the port is full}.", True),
        ("<Ida Holm> [apologised to] {the family of the mate}.", False),
        ("<Ida Holm> [apologised for] {the loss of the mate}.", True),
        ("{“I will never sail,”} <he> [thought].", False),
        ("<Ida Holm> [told] herself: {“You can sail.”}", False),
        ("<He> [said] to himself {that he would never sail}.", False),
        ("One trader, <who> [asked] {not to be named}, left.", False),
        ("<Ida Holm> [asked] {that they be named}.", True),
        ("<Ida Holm> [submitted] {that the owner was guilty}.", True),
        ("<Ida Holm> [welcomed] {the plan as “a lifeline”}.", True),
        ("<Ida Holm> [welcomed] {the news of the sale}.", False),
        ("<Ida Holm> [explained] {the plan for the pier}.", False),
        ("<Ida Holm> [explained] {why the pier was closed}.", True),
        ("<Ida Holm> [described] {the work of the crews}.", False),
        ("<Ida Holm> [described] {the pier as a danger}.", True),
        ("<Ida Holm> [described] {scenes of chaos}.", True),
        ("<Climbers> [tell of] {a storm on the ridge}.", False),
        ("<Ida Holm> renewed her [protests over] {the sale of the pier}.", False),
        ("<Ida Holm> repeated her [claim] {that the pier was sold}.", True),
        ("Here is what <the owners> [had to say]: {here is what}.", False),
        ("The wall, {which} [according to] <Ida Holm> fell, was old.", False),
        ("At the quay <we> [say] {goodbye}.", False),
        ("{The crews are ready for talks}, <the agency> [reported].", True),
        ("<Ida Holm> [swears by] {cold baths and an early night}.", False),
        ("<Ida Holm> [wrote off] {the boat}.", False),
        ("<Ida Holm> [swore] {that the boat was sound}.", True),
        ("<Ida Holm> [reported to] {the police that the boat was gone}.", True),
        ("He suspended {the council} and <he> [ruled] by decree.", False),
    ],
)
def test_words_that_make_no_statement_are_no_speech(parse, marked, expected):
    assert is_voiced(parse, marked) is expected
