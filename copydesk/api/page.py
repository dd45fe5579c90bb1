"""Show a page as a person reads it: the article, what was removed, who says what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from copydesk.api.notebook import show_page
from copydesk.api.quote import Mention, Quote, count, shorten, view_mentions, view_quotes
from copydesk.cleaning.articles import is_read
from copydesk.cleaning.copytext import compose_copy
from copydesk.rows import Article, RawArticle, RejectedFile, Segment
from copydesk.values import COPY_LABELS, Label

if TYPE_CHECKING:
    from copydesk.extraction.extract import Extract
    from copydesk.publishing.explanation import Explanation

KEPT_LABELS = COPY_LABELS | {Label.BLANK}


@dataclass(frozen=True, slots=True, repr=False)
class RemovedLine:
    r"""A line of the page that is not copy: a menu, a caption, a byline, a reader's comment.

    >>> page = copydesk.clean("Skip to content\n“I am tired,” said Paul Holm, the mayor.")
    >>> [(line.label.value, line.text) for line in page.removed]
    [('navigation', 'Skip to content')]
    """

    row: Segment
    """The row of the table `segments`."""
    text: str
    """The line as written."""

    @property
    def label(self) -> Label:
        """What it is: `navigation`, `caption`, `byline`, …; all labels: docs/glossary.md."""
        return self.row.label

    @property
    def rule(self) -> str:
        """The rule or model that decided."""
        return self.row.rule

    @property
    def score(self) -> float:
        """How sure the label is, 0 to 1."""
        return self.row.score

    @property
    def start(self) -> int:
        """Where the line starts in `page.text`, in code points."""
        return self.row.start

    @property
    def end(self) -> int:
        """Where the line ends in `page.text`."""
        return self.row.end

    def to_dict(self) -> dict[str, object]:
        """Return the line as a flat record that JSON and pandas take."""
        return {
            "text": self.text,
            "label": self.label.value,
            "rule": self.rule,
            "score": self.score,
            "start": self.start,
            "end": self.end,
            "article_id": self.row.article_id,
        }

    def __repr__(self) -> str:
        """Return the label and the beginning of the line."""
        return f"RemovedLine({self.label.value}: {shorten(self.text)!r})"


@dataclass(frozen=True, slots=True, repr=False)
class Rejected:
    """A file, a record or a text that could not be read, and why; it costs no other.

    >>> [p for p in copydesk.read("dump.zip") if isinstance(p, copydesk.Rejected)]
    [Rejected('dump.zip/logo.png', unknown_type: no reader for .png files)]
    """

    path: str
    """Path inside the bundle and its archives; `#n` is the n-th record of a file."""
    error: str
    """Reason code; all codes: docs/reading.md. `failed` is a fault of ours: please report it."""
    message: str
    """What was wrong, in a sentence."""

    def to_dict(self) -> dict[str, object]:
        """Return the three parts as a flat record that JSON and pandas take."""
        return {"path": self.path, "error": self.error, "message": self.message}

    def __repr__(self) -> str:
        """Return the path, the code and the sentence."""
        return f"Rejected({self.path!r}, {self.error}: {shorten(self.message)})"


@dataclass(frozen=True, repr=False)
class Page:
    """A page, reduced to its article, as `clean`, `read` and `pipe` return it.

    Offsets, here and in quotations and mentions, are code points into `text`, half-open. The rows
    that the page was read from are `raw`, `segments` and `article`.

    `quotes` and `mentions` are computed when they are first asked for, and kept: the first time in
    a process loads the parser, which takes some seconds and half a GB of memory.
    """

    raw: RawArticle
    """The row of the table `raw_articles`: the page as scraped."""
    segments: Sequence[Segment]
    """The rows of the table `segments`: every line of the page, with its label."""
    article: Article
    """The row of the table `articles`: the page, reduced to its copy."""
    extract: "Extract | None" = None
    """The rows of `mentions` and `quotes`, where `copydesk.pipe` has computed them already."""

    @property
    def headline(self) -> str | None:
        """The headline; None where the page has none."""
        return self.article.headline

    @property
    def deck(self) -> str | None:
        """The summary under the headline."""
        return self.article.deck

    @property
    def byline(self) -> str | None:
        """Who wrote it."""
        return self.article.byline

    @property
    def outlet(self) -> str | None:
        """The site or paper that ran it."""
        return self.article.outlet

    @property
    def published_on(self) -> date | None:
        """The day of publication; None unless the page proves year, month and day."""
        return self.article.published_on

    @property
    def url(self) -> str | None:
        """Its address, where the page states it."""
        return self.article.url

    @property
    def language(self) -> str:
        """The ISO 639-1 code of the copy; `und` where there is too little of it."""
        return self.article.language

    @property
    def body(self) -> str:
        """The running copy and subheads, an empty line between paragraphs."""
        return self.article.body

    @property
    def text(self) -> str:
        """The whole page as read, which all offsets point into; of HTML, what a reader sees."""
        return self.raw.text

    @property
    def removed(self) -> list[RemovedLine]:
        """The lines that are not copy, in the order of the page, each with its label."""
        return [
            RemovedLine(row, self.text[row.start : row.end])
            for row in self.segments
            if row.label not in KEPT_LABELS
        ]

    @cached_property
    def mentions(self) -> list[Mention]:
        """The people, organisations and places in the copy, and what refers to them: `she`."""
        return view_mentions(self._rows.mentions)

    @cached_property
    def quotes(self) -> list[Quote]:
        """The quotations in the copy, in the order of the page; none where `unread_reason` is."""
        return view_quotes(self._rows.quotes, self.mentions)

    @property
    def unread_reason(self) -> str | None:
        """Why no quotations and mentions are looked for; None where they are.

        `no_copy`, `not_english`, or `too_long` (200,000 characters of copy, which no article has).
        """
        copy = compose_copy(self.raw, self.segments)
        if not copy.pieces:
            return "no_copy"
        if is_read(self.article, n_chars=len(copy.text)):
            return None
        return "too_long" if is_read(self.article, n_chars=0) else "not_english"

    @cached_property
    def _rows(self) -> "Extract":
        if self.extract is not None:
            return self.extract
        # It imports spaCy, which `copydesk.clean` alone does not need.
        from copydesk.api.extract import extract_pages

        return extract_pages([self])[0]

    def explain(self, what: Quote | RemovedLine | None = None) -> "Explanation":
        """Return why a quotation or a removed line is as it is; without one, the article.

        Printed, it shows the sentence with its spans, the chain from the source to a person, who
        else might have said it, and what the answer was made with. Its parts are fields.

        Raises: TypeError: if it is asked about something else, such as a text.
        """
        if not isinstance(what, Quote | RemovedLine | None):
            msg = f"a page explains a Quote or a RemovedLine of its own, not {type(what).__name__}"
            raise TypeError(msg)
        # It imports DuckDB, which nothing else here needs.
        from copydesk.api.reasons import explain_rows

        return explain_rows(self, self._rows, None if what is None else what.row)

    def to_dict(self) -> dict[str, object]:
        """Return the article as a flat record that JSON and pandas take.

        Without quotations, so that it is fast: they have a `to_dict` of their own.
        """
        return {
            "article_id": self.article.article_id,
            "path": self.raw.source_path,
            "headline": self.headline,
            "deck": self.deck,
            "byline": self.byline,
            "outlet": self.outlet,
            "published_on": None if self.published_on is None else self.published_on.isoformat(),
            "url": self.url,
            "language": self.language,
            "body": self.body,
            "n_words": self.article.n_words,
        }

    def __repr__(self) -> str:
        """Return the headline, else how the copy begins; where and when it ran; and its size."""
        n_removed = len(self.removed)
        facts = [
            *([self.outlet] if self.outlet else []),
            *([self.published_on.isoformat()] if self.published_on else []),
            count(self.article.n_words, "word"),
            *([f"{count(n_removed, 'line')} removed"] if n_removed else []),
            *([count(len(self.quotes), "quote")] if self.extract or "_rows" in vars(self) else []),
        ]
        return f"Page({shorten(self.headline or self.body)!r}, {', '.join(facts)})"

    def _repr_html_(self) -> str:
        """Return the page as a notebook shows it: quotations, speakers and removed lines marked."""
        return show_page(self.raw, self.segments, self.article, self.quotes)


def view_rejected(row: RejectedFile) -> Rejected:
    """Return a row of `rejected_files` as a person reads it."""
    return Rejected(row.source_path, row.error, row.message)
