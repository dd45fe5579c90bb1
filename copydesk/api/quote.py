"""Show quotations and mentions as a person reads them: the library's rows, with names resolved.

Rows refer to each other by ids, as tables do. A view holds its row and what the ids lead to.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape
from typing import Any, NamedTuple

from copydesk.lexicons.language import ENGLISH
from copydesk.lexicons.load import load_titles
from copydesk.rows import Mention as MentionRow
from copydesk.rows import Quote as QuoteRow
from copydesk.values import Assertion, Label, MentionKind, QuoteType, SourceKind, Span

MAX_REPR_CHARS = 60  # of a text inside a repr


@dataclass(frozen=True, slots=True, repr=False)
class Mention:
    """Words of the copy that name or refer to a person, an organisation, a place or a value.

    >>> page = copydesk.clean("Anna Miller lives in Port Elsa. Miller sails, and she is ill.")
    >>> for mention in page.mentions:
    ...     print(mention.text, "->", mention.name)
    Anna Miller -> Anna Miller
    Port Elsa -> Port Elsa
    Miller -> Anna Miller
    she -> Anna Miller
    """

    row: MentionRow
    """The row of the table `mentions`."""
    name: str | None
    """The fullest name that the article gives it; None for a value, such as a date."""
    role: str | None
    """Title or role of a person, as the article writes it: `union leader`; never `Mr` or `Dr`."""

    @property
    def text(self) -> str:
        """The words as written."""
        return self.row.text

    @property
    def start(self) -> int:
        """Where the words start in `page.text`, in code points."""
        return self.row.start

    @property
    def end(self) -> int:
        """Where the words end in `page.text`: `page.text[mention.start : mention.end]`."""
        return self.row.end

    @property
    def label(self) -> str:
        """What it is: PERSON, ORG, GPE (a country or town), …; the names of OntoNotes 5."""
        return str(self.row.label)

    @property
    def kind(self) -> MentionKind:
        """How it refers: `named`, `nominal` (the mayor) or `pronominal` (she)."""
        return self.row.kind

    def to_dict(self) -> dict[str, object]:
        """Return the mention as a flat record that JSON and pandas take."""
        return {
            "text": self.text,
            "name": self.name,
            "label": self.label,
            "kind": self.kind.value,
            "role": self.role,
            "start": self.start,
            "end": self.end,
            "mention_id": self.row.mention_id,
            "article_id": self.row.article_id,
        }

    def __repr__(self) -> str:
        """Return the words, whom they refer to, and what that is."""
        refers = "" if self.name == self.text else f", name={self.name!r}"
        return f"Mention({shorten(self.text)!r}, {self.label}{refers})"


@dataclass(frozen=True, slots=True, repr=False)
class Quote:
    """A quotation: what is said, who says it, and where.

    >>> [quote] = copydesk.quotes("“We will not sail,” union leader Anna Miller warned on Monday.")
    >>> quote.content, quote.speaker, quote.role, quote.cue
    ('We will not sail,', 'Anna Miller', 'union leader', 'warned')

    A DataFrame of the quotations of many pages:

    >>> pages = copydesk.pipe(["“I am tired,” said Paul Holm.", "“So am I,” said Ida Brandt."])
    >>> pd.DataFrame(q.to_dict() for page in pages for q in page.quotes)[["speaker", "content"]]
          speaker      content
    0   Paul Holm  I am tired,
    1  Ida Brandt     So am I,
    """

    row: QuoteRow
    """The row of the table `quotes`."""
    speaker: str | None
    """Who speaks, by the fullest name that the article gives; None where that cannot be proven."""
    role: str | None
    """Title or role of the speaker, as the article writes it; None where it gives none."""
    parent: "Quote | None"
    """The quotation that this one is inside: what somebody reports of another's words."""

    @property
    def content(self) -> str:
        """What is said, without the outer quotation marks; parts are joined by a space."""
        return self.row.content

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where the content is: `[page.text[s.start : s.end] for s in quote.spans]`.

        A quotation that its cue splits has several spans. Offsets are code points, half-open.
        """
        return tuple(self.row.content_spans)

    @property
    def type(self) -> QuoteType:
        """How much of the content is between quotation marks: `direct` is all, `indirect` none."""
        return self.row.type

    @property
    def is_speech(self) -> bool:
        """Whether somebody voices it; False for what somebody only thinks, wants or finds."""
        return self.row.is_speech

    @property
    def assertion(self) -> Assertion:
        """Whether it is `said`, `denied`, `possible` or `asked`: only the first is a statement."""
        return self.row.assertion

    @property
    def cue(self) -> str | None:
        """The words that introduce it: `said`, `according to`; None where there are none."""
        return self.row.cue

    @property
    def cue_span(self) -> Span | None:
        """Where the cue is in `page.text`."""
        return _span_of(self.row.cue_start, self.row.cue_end)

    @property
    def source(self) -> str | None:
        """The phrase that says who speaks, as written: `she`, `the mayor of Port Elsa`."""
        return self.row.source

    @property
    def source_span(self) -> Span | None:
        """Where the source is in `page.text`."""
        return _span_of(self.row.source_start, self.row.source_end)

    @property
    def speaker_reason(self) -> str:
        """How the speaker was found (`name_in_source`, `pronoun`), or why there is none.

        All reasons: docs/quotes.md.
        """
        return self.row.speaker_reason

    @property
    def source_kind(self) -> SourceKind:
        """What the source is: a person, a body, a document, an unnamed person or none."""
        return self.row.source_kind

    @property
    def confidence(self) -> float:
        """How likely content and speaker are both right, 0 to 1."""
        return self.row.confidence

    def to_dict(self) -> dict[str, object]:
        """Return the quotation as a flat record that JSON and pandas take."""
        return {
            "content": self.content,
            "type": self.type.value,
            "is_speech": self.is_speech,
            "assertion": self.assertion.value,
            "speaker": self.speaker,
            "role": self.role,
            "source_kind": self.source_kind.value,
            "speaker_reason": self.speaker_reason,
            "cue": self.cue,
            "source": self.source,
            "confidence": self.confidence,
            "spans": [list(span) for span in self.spans],
            "cue_span": None if self.cue_span is None else list(self.cue_span),
            "source_span": None if self.source_span is None else list(self.source_span),
            "zone": self.row.zone.value,
            "quote_id": self.row.quote_id,
            "parent_id": self.row.parent_quote_id,
            "article_id": self.row.article_id,
        }

    def __repr__(self) -> str:
        """Return the beginning of the content, and who speaks or why nobody is named."""
        speaker = repr(self.speaker) if self.speaker else f"None ({self.speaker_reason})"
        return (
            f"Quote({shorten(self.content)!r}, speaker={speaker}, {self.type.value}, "
            f"confidence={self.confidence:.2f})"
        )

    def _repr_html_(self) -> str:
        """Return the quotation as a notebook shows it."""
        speaker = self.speaker or f"unknown ({self.speaker_reason.replace('_', ' ')})"
        parts = [speaker, *([self.role] if self.role else []), *([self.cue] if self.cue else [])]
        marks = ("“", "”") if self.type is QuoteType.DIRECT else ("", "")
        return (
            '<blockquote style="border-left:3px solid rgba(128,128,128,.5);margin:.5em 0;'
            'padding:.1em 1em;font-family:Georgia,serif">'
            f"<div>{marks[0]}{escape(self.content)}{marks[1]}</div>"
            f'<small style="opacity:.7;font-family:sans-serif">— {escape(" · ".join(parts))}'
            f" · {self.type.value} · {self.confidence:.2f}</small></blockquote>"
        )


def view_mentions(rows: Sequence[MentionRow]) -> list[Mention]:
    """Return the mentions of one article with the names and roles of what they refer to."""
    names = {row.mention_id: row.text for row in rows}
    roles = _find_roles(rows)
    return [Mention(row, names.get(row.chain_id or ""), roles.get(row.chain_id)) for row in rows]


def view_quotes(rows: Sequence[QuoteRow], mentions: Iterable[Mention]) -> list[Quote]:
    """Return the quotations of one article with the names of speakers and their parents."""
    by_id = {mention.row.mention_id: mention for mention in mentions}
    return _link_parents([_name_speaker(row, by_id) for row in rows])


def pack_quotes(quotes: Iterable[Quote]) -> list[dict[str, object]]:
    """Return the quotations of one article as plain values, which any serializer takes."""
    return [
        {
            **asdict(quote.row),
            "type": quote.type.value,
            "zone": quote.row.zone.value,
            "source_kind": quote.row.source_kind.value,
            "speaker": quote.speaker,
            "role": quote.role,
        }
        for quote in quotes
    ]


def unpack_quotes(records: Iterable[Mapping[str, object]]) -> list[Quote]:
    """Return the quotations of one article that were packed as `records`."""
    return _link_parents([_unpack_quote(dict(record)) for record in records])


class _Spoken(NamedTuple):
    """A quotation and its speaker."""

    row: QuoteRow
    speaker: str | None
    role: str | None


def _name_speaker(row: QuoteRow, mentions: Mapping[str, Mention]) -> _Spoken:
    found = [mentions[i] for i in row.speaker_mention_ids if i in mentions]
    if not found:
        return _Spoken(row, None, None)
    together = dict.fromkeys(mention.name or mention.text for mention in found)
    return _Spoken(row, "; ".join(together), found[0].role)


def _unpack_quote(record: dict[str, Any]) -> _Spoken:
    speaker, role = record.pop("speaker"), record.pop("role")
    record["type"] = QuoteType(record["type"])
    record["assertion"] = Assertion(record["assertion"])
    record["zone"] = Label(record["zone"])
    record["source_kind"] = SourceKind(record["source_kind"])
    record["speaker_mention_ids"] = list(record["speaker_mention_ids"])
    record["content_spans"] = [Span(*span) for span in record["content_spans"]]
    return _Spoken(QuoteRow(**record), speaker, role)


def _link_parents(spoken: Sequence[_Spoken]) -> list[Quote]:
    by_id = {quotation.row.quote_id: quotation for quotation in spoken}
    return [_link_parent(quotation, by_id, inside=frozenset()) for quotation in spoken]


def _link_parent(
    quotation: _Spoken, others: Mapping[str, _Spoken], *, inside: frozenset[str]
) -> Quote:
    """Return a quotation with its parents; `inside` are those that lead to it, against circles."""
    seen = inside | {quotation.row.quote_id}
    parent = others.get(quotation.row.parent_quote_id or "")
    is_new = parent is not None and parent.row.quote_id not in seen
    return Quote(
        *quotation,
        parent=_link_parent(parent, others, inside=seen) if parent and is_new else None,
    )


def _find_roles(rows: Iterable[MentionRow]) -> dict[str | None, str]:
    """Return the role of each chain: the one written most often; of several, the fullest."""
    honorifics = load_titles(ENGLISH).honorifics
    counts: dict[str | None, dict[str, int]] = defaultdict(dict)
    for row in rows:
        words = [] if row.title is None else [w.strip(".").lower() for w in row.title.split()]
        if row.title and row.chain_id and not all(word in honorifics for word in words):
            n_before = counts[row.chain_id].get(row.title, 0)
            counts[row.chain_id][row.title] = n_before + 1
    return {
        chain: max(titles, key=lambda title: (titles[title], len(title)))
        for chain, titles in counts.items()
    }


def _span_of(start: int | None, end: int | None) -> Span | None:
    return None if start is None or end is None else Span(start, end)


def shorten(text: str) -> str:
    """Return the beginning of a text on one line, for a repr."""
    line = " ".join(text.split())
    return line if len(line) <= MAX_REPR_CHARS else f"{line[: MAX_REPR_CHARS - 1]}…"


def count(n: int, what: str) -> str:
    """Return `1 line`, `2 lines`, for a repr."""
    return f"{n:,} {what}{'' if n == 1 else 's'}"
