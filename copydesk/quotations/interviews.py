"""Give the open words of an interview to the one who is asked.

An author who asks writes `I say`, leads up to an answer, or leaves a picture between question and
answer. Where a layout shows who answers, nobody else speaks in a paragraph of quoted words.
"""

from collections.abc import Sequence
from dataclasses import replace

from copydesk.lexicons.language import Language
from copydesk.lexicons.load import Pronouns, load_pronouns
from copydesk.quotations.quotation import Quotation
from copydesk.text.spans import char_before
from copydesk.values import QuoteType, Span

ANSWER = "layout_answer"
UNSURE_RULES = ("_other_cue", "_subject")  # who speaks is only near the words
INTERVIEW_SCORE = 0.5  # of a speaker whom only the other answers show
OPEN_MARKS = " “\"'‘«„"


def name_interviewee(
    found: Sequence[Quotation], text: str, *, language: Language
) -> list[Quotation]:
    """Return quotations; open ones have the one speaker whom the answers of an interview have."""
    sources = [each.source for each in found if each.rule == ANSWER and each.source is not None]
    if len({text[slice(*source)] for source in sources}) != 1:
        return list(found)
    words = load_pronouns(language)
    return [_give(each, sources[0]) if _is_open(each, text, words) else each for each in found]


def _give(quotation: Quotation, source: Span) -> Quotation:
    score = min(quotation.score, INTERVIEW_SCORE)
    rule = f"{quotation.rule}_interview"
    return replace(quotation, cue=None, source=source, score=score, rule=rule)


def _is_open(quotation: Quotation, text: str, words: Pronouns) -> bool:
    """Return whether nobody, or only a pronoun near by, is who says a quoted paragraph."""
    if quotation.type is not QuoteType.DIRECT or quotation.rule.startswith("layout"):
        return False
    at = quotation.content[0].start
    while at and text[at - 1] in OPEN_MARKS:
        at -= 1
    is_paragraph = char_before(text, at) in {"", "\n"}
    if quotation.source is None:
        return quotation.cue is None and is_paragraph
    source = text[slice(*quotation.source)].lower()
    if source in words.first_person:  # `…, I say.` above an answer
        return is_paragraph and "\n" in text[quotation.source.end : at]
    return quotation.rule.endswith(UNSURE_RULES) and source in words.people
