"""Say how many words two renderings must share to be one statement, for who said them.

Evidence is the weight of the shared words (`stock_words.toml`): 3 for a word of content, 1 for one
that is everywhere, nothing for a function word.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Between(StrEnum):
    """Who said two renderings, and where: the less sure, the more words they must share."""

    SPEAKER = "speaker"  # one known speaker
    ARTICLE = "article"  # one known speaker in one article
    HEADLINE = "headline"  # one article, one of them above its copy, and no two known speakers
    OPEN = "open_speaker"  # the speaker of one of them, or of both, is unknown
    OTHERS = "other_speaker"  # two known speakers


class Threshold(NamedTuple):
    """What the shorter of two renderings must have."""

    min_words: int
    min_evidence: int


Thresholds = Mapping[Between, Threshold]

QUOTED_THRESHOLDS: Thresholds = {
    Between.SPEAKER: Threshold(4, 6),
    Between.ARTICLE: Threshold(3, 3),
    Between.HEADLINE: Threshold(3, 3),
    Between.OPEN: Threshold(6, 9),
    Between.OTHERS: Threshold(10, 12),
}
"""For words between quotation marks."""

REPORT_THRESHOLDS: Thresholds = {
    Between.SPEAKER: Threshold(6, 6),
    Between.ARTICLE: Threshold(6, 6),
    Between.HEADLINE: Threshold(6, 6),
    Between.OPEN: Threshold(9, 12),
    Between.OTHERS: Threshold(12, 15),
}
"""For all words of a quotation, which may be the reporter's."""
