"""Correct the labels of lines: restore, remove or relabel what the rules and the model decided."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from copydesk.cleaning.articles import CORRECTED
from copydesk.corrections.files import Placed
from copydesk.corrections.kinds import LineRow
from copydesk.corrections.pages import Outcome, read_words
from copydesk.rows import RawArticle, Segment
from copydesk.text.lines import split_lines
from copydesk.values import COPY_LABELS, CorrectionStatus, Label

PARTS_OF_LINES = frozenset({Label.DATELINE, Label.SOURCE_NOTE})


class CorrectedLines(NamedTuple):
    """The segments of a page, and what became of each correction."""

    segments: list[Segment]
    outcomes: list[Outcome]


def correct_lines(
    raw: RawArticle, segments: Sequence[Segment], corrections: Sequence[Placed[LineRow]]
) -> CorrectedLines:
    """Return the segments with the labels that people have decided; the last row decides.

    A line is known by its words. Where it is on the page several times, all are meant, unless the
    row says which.
    """
    found = list(segments)
    known = _index(raw, segments)
    decided: dict[int, int] = {}  # which row decided a segment last
    outcomes: list[Outcome] = []
    for placed in corrections:
        row = placed.row
        places = known.get(read_words(row.line), [])
        if row.occurrence is not None:
            places = places[row.occurrence - 1 : row.occurrence]
        targets = [i for place in places for i in place if _is_meant(segments[i], row.wanted)]
        for i in targets:
            earlier = decided.get(i)
            if earlier is not None and found[i].label is not row.wanted:
                outcomes[earlier] = outcomes[earlier].overruled_by(placed)
            decided[i] = len(outcomes)
        outcomes.append(_judge(placed, segments, targets))
        for i in targets:
            if found[i].label is not row.wanted:
                found[i] = replace(found[i], label=row.wanted, rule=CORRECTED, score=1.0)
    return CorrectedLines(found, outcomes)


def _judge(placed: Placed[LineRow], segments: Sequence[Segment], targets: Sequence[int]) -> Outcome:
    """Return what a row changes of what the code has decided."""
    if not targets:
        detail = "the page has no line of these words"
        return Outcome(placed, CorrectionStatus.MATCHED_NOTHING, detail=detail)
    is_so = all(segments[i].label is placed.row.wanted for i in targets)
    return Outcome(
        placed,
        CorrectionStatus.ALREADY_SO if is_so else CorrectionStatus.APPLIED,
        target=", ".join(str(segments[i].seq) for i in targets),
        before=_show(segments[i] for i in targets),
        after=placed.row.wanted,
        detail="the code decides so by itself" if is_so else "",
    )


def _show(segments: Iterator[Segment]) -> str:
    return ", ".join(dict.fromkeys(f"{each.label} ({each.rule})" for each in segments))


def _is_meant(segment: Segment, wanted: Label) -> bool:
    """Return whether a part of a line is meant with it: a dateline in copy stays one."""
    return not (wanted in COPY_LABELS and segment.label in PARTS_OF_LINES)


def _index(raw: RawArticle, segments: Sequence[Segment]) -> dict[str, list[list[int]]]:
    """Return the places of each line, by its words: the numbers of the segments that it is made of.

    A part of a line, as the code has cut it, is found by its own words too.
    """
    places: defaultdict[str, list[list[int]]] = defaultdict(list)
    shown = [i for i, segment in enumerate(segments) if segment.label is not Label.BLANK]
    parts: defaultdict[str, list[list[int]]] = defaultdict(list)
    at = 0
    for line in split_lines(raw.text):
        inside = []
        while at < len(shown) and segments[shown[at]].start < line.end:
            inside.append(shown[at])
            at += 1
        if inside:
            places[read_words(line.text)].append(inside)
        for i in inside if len(inside) > 1 else ():
            text = raw.text[segments[i].start : segments[i].end]
            parts[read_words(text)].append([i])
    return {**parts, **places}
