"""Put the copy of a page together as one text, with the way back to the page.

Names and quotations are looked for in copy only, and a parser reads best when nothing is between
two paragraphs; but every offset in the tables is one into the page.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from copydesk.rows import RawArticle, Segment
from copydesk.text.lines import has_line_end, split_lines
from copydesk.values import COPY_LABELS, Label, Span


class Piece(NamedTuple):
    """A segment of copy: where it is in the copy, and where on the page."""

    start: int
    end: int
    raw_start: int
    label: Label


@dataclass(frozen=True, slots=True)
class Copy:
    """The copy of an article; `text` holds its pieces, an empty line between paragraphs."""

    article_id: str
    bundle: str
    text: str
    pieces: tuple[Piece, ...]
    source_path: str = ""
    raw_sha256: str | None = None

    def to_raw(self, start: int, end: int) -> list[Span]:
        """Return where `text[start:end]` is on the page: a span for each piece it touches."""
        spans = []
        at = max(0, bisect_right(self.pieces, start, key=_start_of) - 1)
        for piece in self.pieces[at : bisect_left(self.pieces, end, key=_start_of)]:
            first, last = max(start, piece.start), min(end, piece.end)
            if first < last:
                shift = piece.raw_start - piece.start
                spans.append(Span(first + shift, last + shift))
        return spans

    def piece_at(self, offset: int) -> Piece:
        """Return the piece that `offset` is in, or that it follows."""
        return self.pieces[max(0, bisect_right(self.pieces, offset, key=_start_of) - 1)]


def _start_of(piece: Piece) -> int:
    return piece.start


def copy_of_text(article_id: str, text: str) -> Copy:
    """Return a text that is copy throughout as the copy of an article of its own."""
    pieces = tuple(
        Piece(line.start, line.end, line.start, Label.BODY) for line in split_lines(text)
    )
    return Copy(article_id, "", text, pieces)


def compose_copy(raw: RawArticle, segments: Sequence[Segment]) -> Copy:
    """Return the copy of a page; pieces that shared a line stay in one paragraph."""
    texts: list[str] = []
    end = 0
    pieces: list[Piece] = []
    copied = [segment for segment in segments if segment.label in COPY_LABELS]
    for segment, part in zip(copied, join_segments(raw, copied), strict=True):
        start = end + len(part.before)
        end = start + len(part.text)
        texts += (part.before, part.text)
        pieces.append(Piece(start, end, segment.start + part.n_skipped, segment.label))
    return Copy(
        raw.article_id,
        raw.bundle,
        "".join(texts),
        tuple(pieces),
        source_path=raw.source_path,
        raw_sha256=raw.raw_sha256,
    )


class Part(NamedTuple):
    """The text of a segment, what goes in front of it, and how much white space it lost there."""

    before: str
    text: str
    n_skipped: int


def join_segments(raw: RawArticle, segments: Sequence[Segment]) -> Iterator[Part]:
    """Yield the texts of segments as they follow each other when all else is left out.

    An empty line goes between two lines of the page, one space between what shared a line.
    """
    last_end = 0
    for i, segment in enumerate(segments):
        text = raw.text[segment.start : segment.end]
        n_skipped = len(text) - len(text.lstrip())
        gap = raw.text[last_end : segment.start]
        before = "" if i == 0 else "\n\n" if has_line_end(gap) else " "
        yield Part(before, text.strip(), n_skipped)
        last_end = segment.end
