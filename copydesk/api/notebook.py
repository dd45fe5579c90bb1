"""Show a page in a notebook: the copy with its quotations and speakers, and what was removed.

Everything that comes from the page is escaped. Colours are transparent, so that the page is as
readable on a dark background as on a light one; there is no script, and nothing is fetched.
"""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby, pairwise
from typing import NamedTuple

from copydesk.api.quote import Quote
from copydesk.rows import Article, RawArticle, Segment
from copydesk.text.lines import has_line_end
from copydesk.values import COPY_LABELS, Label, QuoteType

MAX_SHOWN_CHARS = 60_000  # of a page: ten times a long article; a browser shows them at once
MAX_OPEN_LINES = 3  # removed lines in a row that are shown; more are folded away
STOPS = ".,;:!?"  # they belong to the words before the speaker
OPENING_MARKS, CLOSING_MARKS = "“\"‘'«„", "”\"’'»“"
STYLE = """<style>
.copydesk{max-width:46em;font:15px/1.65 Charter,Georgia,'Times New Roman',serif;
padding:1.1em 1.5em;border:1px solid rgba(128,128,128,.3);border-radius:8px}
.copydesk .cd-meta,.copydesk .cd-tag,.copydesk .cd-who,.copydesk summary{
font-family:system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif}
.copydesk .cd-meta{font-size:12px;opacity:.7;margin:.2em 0 .8em}
.copydesk .cd-p{margin:.65em 0;white-space:pre-line;overflow-wrap:anywhere}
.copydesk .cd-headline{font-size:1.45em;line-height:1.25;font-weight:700;margin:.15em 0 .3em}
.copydesk .cd-deck{font-size:1.08em;font-style:italic;opacity:.85}
.copydesk .cd-subhead{font-weight:700;margin-top:1.1em}
.copydesk .cd-q{background:rgba(255,190,0,.2);border-radius:2px}
.copydesk .cd-indirect{background:none;border-bottom:2px solid rgba(255,180,0,.55)}
.copydesk .cd-thought{border-bottom-style:dotted}
.copydesk .cd-q2{background:rgba(255,150,0,.34)}
.copydesk .cd-source{text-decoration:underline;text-decoration-color:rgba(60,140,255,.8);
text-decoration-thickness:1.5px;text-underline-offset:3px}
.copydesk .cd-cue{text-decoration:underline dotted;text-decoration-color:rgba(128,128,128,.9);
text-underline-offset:3px}
.copydesk .cd-who{font-size:11px;line-height:1.5;font-style:normal;font-weight:500;
white-space:nowrap;padding:1px 7px;margin:0 3px;border-radius:9px;background:rgba(60,140,255,.18)}
.copydesk .cd-open{background:rgba(128,128,128,.18)}
.copydesk .cd-gone{font-size:13px;margin:.15em 0;overflow-wrap:anywhere}
.copydesk .cd-gone s,.copydesk s.cd-in{opacity:.5;text-decoration-color:rgba(128,128,128,.8)}
.copydesk .cd-tag{font-size:10px;opacity:.65;letter-spacing:.02em;padding:1px 5px;margin-right:6px;
border-radius:3px;background:rgba(128,128,128,.2)}
.copydesk details{margin:.4em 0}
.copydesk summary{font-size:12px;opacity:.65;cursor:pointer}
.copydesk .cd-foot{border-top:1px solid rgba(128,128,128,.25);padding-top:.6em;margin:1em 0 0}
</style>"""


class Mark(NamedTuple):
    """A stretch of the page that is marked, and how."""

    start: int
    end: int
    style: str
    title: str


class Chip(NamedTuple):
    """Who speaks, shown after the last words of a quotation."""

    at: int
    html: str


def show_page(
    raw: RawArticle, segments: Sequence[Segment], article: Article, quotes: Sequence[Quote]
) -> str:
    """Return a page as HTML for a notebook, in the order of its lines."""
    marks = sorted(mark for quote in quotes for mark in _marks_of(quote, raw.text))
    chips = sorted(_chip_of(quote, raw.text) for quote in quotes)
    shown = [segment for segment in segments if segment.end <= MAX_SHOWN_CHARS]
    parts = [STYLE, '<div class="copydesk">']
    if article.headline and not any(s.label is Label.HEADLINE for s in shown):
        parts.append(f'<div class="cd-p cd-headline">{escape(article.headline)}</div>')
    parts.append(_show_facts(article))
    lines = groupby(_split_lines(raw.text, shown), key=_has_copy)
    for is_copy, group in lines:
        if is_copy:
            parts.extend(_show_line(raw.text, line, marks, chips) for line in group)
        else:
            parts.append(_show_removed(raw.text, list(group)))
    n_left = len(segments) - len(shown)
    parts.extend([f'<div class="cd-meta">… and {n_left:,} lines more</div>'] if n_left else [])
    parts.append(_show_legend(segments, quotes))
    parts.append("</div>")
    return "\n".join(part for part in parts if part)


def _show_facts(article: Article) -> str:
    """Return who published a page, when, and who wrote it."""
    day = article.published_on
    facts = [
        article.outlet,
        None if day is None else day.isoformat(),
        article.byline,
        article.agency,
        None if article.language in {"en", "und"} else f"language: {article.language}",
    ]
    stated = " · ".join(escape(fact) for fact in facts if fact)
    return f'<div class="cd-meta">{stated}</div>' if stated else ""


def _show_legend(segments: Sequence[Segment], quotes: Sequence[Quote]) -> str:
    """Return how much was found, and what the marks mean."""
    n_removed = sum(s.label not in COPY_LABELS and s.label is not Label.BLANK for s in segments)
    return (
        f'<div class="cd-meta cd-foot">{len(quotes):,} quotations: '
        '<span class="cd-q">between marks</span>, '
        '<span class="cd-q cd-indirect">reported</span>, '
        '<span class="cd-q cd-indirect cd-thought">thought</span>; '
        '<span class="cd-source">source</span>, <span class="cd-cue">cue</span>, '
        '<span class="cd-who">speaker</span> or <span class="cd-who cd-open">why none</span>; '
        f"{n_removed:,} lines <s>removed</s></div>"
    )


def _split_lines(text: str, segments: Sequence[Segment]) -> Iterator[list[Segment]]:
    """Yield the segments of each line of a page."""
    line: list[Segment] = []
    for segment in segments:
        if segment.label is Label.BLANK:
            if line and has_line_end(text[segment.start : segment.end]):
                yield line
                line = []
            continue
        if line and has_line_end(text[line[-1].end : segment.start]):
            yield line
            line = []
        line.append(segment)
    if line:
        yield line


def _has_copy(line: Sequence[Segment]) -> bool:
    return any(segment.label in COPY_LABELS for segment in line)


def _show_line(
    text: str, line: Sequence[Segment], marks: Sequence[Mark], chips: Sequence[Chip]
) -> str:
    """Return a paragraph with its marks; what was removed inside it is struck out."""
    label = next(segment.label for segment in line if segment.label in COPY_LABELS)
    shown = []
    for segment in line:
        if segment.label in COPY_LABELS:
            shown.append(_show_copy(text, segment, marks, chips))
        else:
            inner = escape(text[segment.start : segment.end].strip())
            shown.append(f'<span class="cd-tag">{segment.label}</span><s class="cd-in">{inner}</s>')
    return f'<div class="cd-p cd-{label}">{" ".join(shown)}</div>'


def _show_copy(text: str, segment: Segment, marks: Sequence[Mark], chips: Sequence[Chip]) -> str:
    """Return the copy of a segment, cut where a mark begins or ends."""
    start, end = segment.start, segment.end
    mine = [mark for mark in marks if mark.start < end and start < mark.end]
    here = [chip for chip in chips if start < chip.at <= end]
    cuts = {start, end, *(chip.at for chip in here)}
    cuts |= {edge for mark in mine for edge in mark[:2] if start < edge < end}
    shown = []
    for first, last in pairwise(sorted(cuts)):
        around = [mark for mark in mine if mark.start <= first and last <= mark.end]
        shown.append(_show_piece(text[first:last], around))
        shown.extend(chip.html for chip in here if chip.at == last)
    return "".join(shown)


def _show_piece(text: str, marks: Sequence[Mark]) -> str:
    if not marks:
        return escape(text)
    contents = [mark for mark in marks if mark.title]
    styles = dict.fromkeys(style for mark in marks for style in mark.style.split())
    if len(contents) > 1:
        styles["cd-q2"] = None
    title = f' title="{escape(contents[-1].title)}"' if contents else ""
    return f'<span class="{" ".join(styles)}"{title}>{escape(text)}</span>'


def _show_removed(text: str, lines: Sequence[Sequence[Segment]]) -> str:
    """Return lines that are not copy, struck out and with their labels; many are folded away."""
    shown = "\n".join(
        f'<div class="cd-gone"><span class="cd-tag">{segment.label}</span>'
        f"<s>{escape(text[segment.start : segment.end].strip())}</s></div>"
        for line in lines
        for segment in line
    )
    if len(lines) <= MAX_OPEN_LINES:
        return shown
    labels = dict.fromkeys(segment.label.value for line in lines for segment in line)
    summary = f"{len(lines):,} lines removed: {', '.join(labels)}"
    return f"<details><summary>{summary}</summary>\n{shown}\n</details>"


def _marks_of(quote: Quote, text: str) -> Iterator[Mark]:
    """Yield where the content, cue and source of a quotation stand."""
    speaker = quote.speaker or f"no speaker ({quote.speaker_reason})"
    title = f"{speaker} · {quote.type} · confidence {quote.confidence:.2f}"
    style = "cd-q"
    if quote.type is QuoteType.INDIRECT:
        style = "cd-q cd-indirect" if quote.is_speech else "cd-q cd-indirect cd-thought"
    for start, end in quote.spans:
        if quote.type is not QuoteType.INDIRECT:
            is_open = start > 0 and text[start - 1] in OPENING_MARKS
            yield Mark(start - is_open, _after_mark(end, text), style, title)
        else:
            yield Mark(start, end, style, title)
    if quote.cue_span is not None:
        yield Mark(*quote.cue_span, "cd-cue", "")
    if quote.source_span is not None:
        yield Mark(*quote.source_span, "cd-source", "")


def _chip_of(quote: Quote, text: str) -> Chip:
    at = quote.spans[-1].end
    if quote.type is not QuoteType.INDIRECT:
        at = _after_mark(at, text)
    at += text[at : at + 1] != "" and text[at] in STOPS
    if quote.speaker is None:
        reason = escape(quote.speaker_reason.replace("_", " "))
        return Chip(at, f'<span class="cd-who cd-open">{reason}</span>')
    role = f' title="{escape(quote.role)}"' if quote.role else ""
    return Chip(at, f'<span class="cd-who"{role}>{escape(quote.speaker)}</span>')


def _after_mark(end: int, text: str) -> int:
    """Return where a quotation ends with its closing mark."""
    return end + (text[end : end + 1] != "" and text[end] in CLOSING_MARKS)
