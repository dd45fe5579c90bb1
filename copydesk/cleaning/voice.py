"""Say how the lines of a page speak: whether they report, and whether they speak to its reader.

An article reports: somebody did or said something. What a site shows in place of one speaks of
itself, or to its reader. What is between quotation marks is left out: it is not the page that
speaks there.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from copydesk.cleaning.decisions import LINE_MODEL, Decision
from copydesk.cleaning.wording import SENTENCE_END, TRUNCATED, count_words
from copydesk.lexicons.language import Language
from copydesk.lexicons.load import read_lexicon
from copydesk.text.quote_marks import find_quoted
from copydesk.values import COPY_LABELS, Label

MAX_LINE_CHARS = 1_000
MAX_CONTROL_WORDS = 6
MIN_PROSE_WORDS = 6
MIN_REPORT_WORDS = 10  # a shorter sentence without "she said" may be a notice
MIN_SENTENCE_WORDS = 12  # of two sentences in one line, whatever it ends with
MIN_PARAGRAPH_WORDS = 25
INNER_STOP = re.compile(r"[a-z][.!?] [A-Z]")


class Voice(NamedTuple):
    """The patterns that show how a sentence speaks."""

    reader: re.Pattern[str]
    report: re.Pattern[str]
    specific: re.Pattern[str]
    person: re.Pattern[str]
    first_person: re.Pattern[str]
    attribution: re.Pattern[str]
    control: re.Pattern[str]

    def reports(self, said: str) -> bool:
        """Return whether somebody speaks in the first person, or is quoted."""
        return self.person.search(said) is not None or self.attribution.search(said) is not None

    def narrates(self, said: str) -> bool:
        """Return whether a sentence says what happened to somebody named, or at some time."""
        is_cut = TRUNCATED.search(said) is not None
        is_past = self.report.search(said) is not None
        return not is_cut and is_past and self.specific.search(said) is not None


class SpokenLine(NamedTuple):
    """A line without what is between quotation marks, and how it speaks."""

    text: str
    n_words: int
    may_be_link: bool
    is_prose: bool
    is_report: bool
    is_address: bool


@cache
def load_voice(language: Language) -> Voice:
    """Return the words by which a page speaks of itself, and those of a report."""
    table = read_lexicon(language, "no_article")
    return Voice(
        reader=re.compile(table["reader"], re.IGNORECASE),
        report=re.compile(table["report"]),
        specific=re.compile(table["specific"]),
        person=re.compile(table["person"]),
        first_person=re.compile(table["first_person"], re.IGNORECASE),
        attribution=re.compile(table["attribution"]),
        control=re.compile(table["control"], re.IGNORECASE),
    )


def read_line(line: str, decision: Decision, language: Language) -> SpokenLine:
    """Return how a line speaks outside quotation marks."""
    n_words = count_words(line)
    line = line[:MAX_LINE_CHARS]
    is_judged = decision.rule == LINE_MODEL or decision.label in COPY_LABELS
    may_be_link = is_judged or decision.label is Label.TEASER
    if not is_judged or n_words < MIN_PROSE_WORDS:
        return SpokenLine(
            line, n_words, may_be_link, is_prose=False, is_report=False, is_address=False
        )
    said = _leave_out_quoted(line)
    is_prose = (
        SENTENCE_END.search(line) is not None
        or n_words >= MIN_PARAGRAPH_WORDS
        or (n_words >= MIN_SENTENCE_WORDS and INNER_STOP.search(line) is not None)
    )
    voice = load_voice(language)
    is_address = voice.reader.search(said) is not None
    is_report = is_prose and (
        voice.reports(said)
        or (voice.first_person.search(said) is not None and not is_address)
        or (n_words >= MIN_REPORT_WORDS and not is_address and voice.narrates(said))
    )
    return SpokenLine(said, n_words, may_be_link, is_prose, is_report, is_address)


def _leave_out_quoted(line: str) -> str:
    for start, end in reversed([(each.start, each.end) for each in find_quoted(line)]):
        line = f"{line[:start]} {line[end:]}"
    return line


def has_control(lines: Sequence[SpokenLine], language: Language) -> bool:
    """Return whether a page has a button, a link or a field below its first line."""
    control = load_voice(language).control
    return any(
        line.n_words <= MAX_CONTROL_WORDS and not line.is_prose and control.match(line.text)
        for line in lines[1:]
    )
