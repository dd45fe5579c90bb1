"""Score predicted quotations against gold: what was said, who said it, and both at once.

A span is compared by its tokens: the runs of word characters in it, each known by its first
offset. Quotation marks and full stops are not tokens, so it does not matter whether a span takes
them in; the strict mode adds every punctuation mark, as the PARC and PolNeAR papers do. A
quotation without any token is not scored.

Content (Pareti et al. 2013, "Automatically detecting and attributing indirect quotations"):
    exact: all content spans together hold the same tokens; every quotation is used once.
    partial: the mean share of a quotation's tokens that lie in any content of the other side
        (overlap after Hollingsworth and Teufel); precision over predictions, recall over gold.
    token: the same, pooled over all tokens.
    match: the pairs of a one-to-one pairing. Two contents may pair if they share at least half of
        the shorter one; the pairs with the highest Jaccard index go first.

Attribution, over the matched pairs whose gold has a source:
    head: the predicted source holds the head of the gold source. The head is the last token
        before the first comma, bracket, dash, preposition or relative pronoun: "Miller" in
        "Matthew Miller, a spokesman", "spokesman" in "a spokesman for Mr. Trump".
    overlap: the two sources share a token.

End to end: a matched pair whose predicted source holds the head of the gold source, or is empty
where gold has none.

By type: recall and attribution go by the type in gold, precision by the type of the prediction,
which is worked out here from the quotation marks in the text.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from copydesk.scoring.rates import Rates, mean, ratio

WORD = re.compile(r"\w+")
WORD_OR_MARK = re.compile(r"\w+|[^\w\s]")
QUOTE_MARK = re.compile("[\n\u201c\u201d\"]|'(?=')")  # two single quotes are typewriter marks
HEAD_END = re.compile(
    r"[,;:()\[\]\u2013\u2014]"
    r"|\b(?:of|in|for|at|from|on|to|with|by)\b"
    r"|\b(?:who|which|that|whose)\b",
    re.IGNORECASE,
)
MIN_MATCH_SHARE = 0.5  # of the tokens of the shorter content; part of the definition, not tuned
ALL_TYPES = "all"


class Span(NamedTuple):
    """Half-open range of code points in the text of an article."""

    start: int
    end: int


class QuoteType(StrEnum):
    """How much of the content is in double quotation marks: all, a part, nothing."""

    DIRECT = "direct"
    MIXED = "mixed"
    INDIRECT = "indirect"


@dataclass(frozen=True, slots=True)
class PredictedQuote:
    """A quotation as a system found it; no source means unattributed."""

    content: tuple[Span, ...]
    source: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldQuote:
    """A quotation as an annotator marked it; `is_speech` is false for thoughts and beliefs."""

    content: tuple[Span, ...]
    source: tuple[Span, ...]
    type: QuoteType
    is_speech: bool


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An article with all its gold quotations; offsets are into `text`."""

    doc_id: str
    text: str
    quotes: tuple[GoldQuote, ...]


@dataclass(frozen=True, slots=True)
class QuoteScores:
    """Figures for one type of quotation, or for all; the module docstring defines them.

    `n_attributed` counts the matched pairs whose gold has a source; the two shares are of these.
    """

    n_gold: int
    n_predicted: int
    exact: Rates
    partial: Rates
    token: Rates
    match: Rates
    end_to_end: Rates
    n_attributed: int
    head_share: float
    overlap_share: float


class _Attribution(NamedTuple):
    """How the source of a matched prediction compares to that of its gold quotation."""

    has_gold_source: bool
    is_right: bool
    is_overlapping: bool


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What the other side says about one quotation, of gold or predicted."""

    type: QuoteType
    is_speech: bool
    n_tokens: int
    n_shared_tokens: int
    is_exact: bool
    attribution: _Attribution | None  # None: not matched

    @property
    def shared_share(self) -> float:
        return self.n_shared_tokens / self.n_tokens

    @property
    def is_matched(self) -> bool:
        return self.attribution is not None

    @property
    def is_end_to_end(self) -> bool:
        return self.attribution is not None and self.attribution.is_right


def read_gold(row: Mapping[str, object]) -> GoldArticle:
    """Return the article of one gold row; a quotation without a type gets it from the text.

    Raises:
        ValueError: if a field is missing or of the wrong kind, or a span is not in the text.
    """
    match row:
        case {"doc_id": str(doc_id), "text": str(text), "quotes": [*quotes]}:
            return GoldArticle(doc_id, text, tuple(_read_quote(quote, text) for quote in quotes))
    message = f"gold row {row.get('doc_id')!r}: needs the strings doc_id and text, the list quotes"
    raise ValueError(message)


def score_quotes(
    gold: Sequence[GoldArticle],
    predicted: Mapping[str, Sequence[PredictedQuote]],
    *,
    is_strict: bool = False,
    is_speech_only: bool = False,
) -> dict[str, QuoteScores]:
    """Return the scores of all quotations, then of direct, mixed and indirect ones.

    `predicted` is keyed by doc_id; an article it lacks has no predictions, one that gold lacks is
    left out. With `is_strict`, punctuation marks are tokens of contents, never of sources. With
    `is_speech_only`, gold that is no speech leaves recall and attribution but stays a partner for
    predictions, so that precision keeps its meaning.
    """
    token = WORD_OR_MARK if is_strict else WORD
    gold_verdicts: list[_Verdict] = []
    predicted_verdicts: list[_Verdict] = []
    for article in gold:
        of_gold, of_predicted = _judge_article(article, predicted.get(article.doc_id, ()), token)
        gold_verdicts += (v for v in of_gold if v.is_speech or not is_speech_only)
        predicted_verdicts += of_predicted
    scores = {ALL_TYPES: _summarise(gold_verdicts, predicted_verdicts)}
    for quote_type in QuoteType:
        scores[quote_type.value] = _summarise(
            [v for v in gold_verdicts if v.type is quote_type],
            [v for v in predicted_verdicts if v.type is quote_type],
        )
    return scores


def format_quote_scores(scores: Mapping[str, QuoteScores]) -> str:
    """Return a table of percentages, one row per type."""
    blocks = ("exact", "partial", "token", "match", "end to end")
    head = "".join(f" | {f'{block} P/R/F':^17}" for block in blocks)
    lines = [f"{'type':<8} {'gold':>6} {'pred':>6}{head} | {'attr':>5} {'head':>5} {'over':>5}"]
    for name, row in scores.items():
        rates = (row.exact, row.partial, row.token, row.match, row.end_to_end)
        cells = "".join(" | " + " ".join(f"{100 * rate:5.1f}" for rate in each) for each in rates)
        lines.append(
            f"{name:<8} {row.n_gold:>6} {row.n_predicted:>6}{cells} | {row.n_attributed:>5}"
            f" {100 * row.head_share:5.1f} {100 * row.overlap_share:5.1f}"
        )
    return "\n".join(lines)


def _read_quote(quote: object, text: str) -> GoldQuote:
    match quote:
        case {"content": [*content], "source": [*source], **rest}:
            spans = _read_spans(content, text)
            given = rest.get("type") or _type_of(spans, text, _quoted_offsets(text))
            return GoldQuote(
                content=spans,
                source=_read_spans(source, text),
                type=QuoteType(str(given)),
                is_speech=bool(rest.get("speech", True)),
            )
    message = f"not a gold quotation with the lists content and source: {quote!r}"
    raise ValueError(message)


def _read_spans(values: Sequence[object], text: str) -> tuple[Span, ...]:
    spans = []
    for value in values:
        match value:
            case [int(start), int(end)] if 0 <= start < end <= len(text):
                spans.append(Span(start, end))
            case _:
                message = f"not a span [start, end] in a text of {len(text)} characters: {value!r}"
                raise ValueError(message)
    return tuple(spans)


def _judge_article(
    article: GoldArticle, predictions: Sequence[PredictedQuote], token: re.Pattern[str]
) -> tuple[list[_Verdict], list[_Verdict]]:
    text = article.text
    gold = [(q, tokens) for q in article.quotes if (tokens := _tokens(q.content, text, token))]
    predicted = [(q, tokens) for q in predictions if (tokens := _tokens(q.content, text, token))]
    gold_contents = [tokens for _, tokens in gold]
    predicted_contents = [tokens for _, tokens in predicted]

    equal = _pair_equal(gold_contents, predicted_contents)
    attributions = {
        (i, j): _compare_sources(gold[i][0].source, predicted[j][0].source, text)
        for i, j in _pair_similar(gold_contents, predicted_contents)
    }
    quoted = _quoted_offsets(text)
    return (
        _judge_side(
            [(quote.type, quote.is_speech) for quote, _ in gold],
            gold_contents,
            others=predicted_contents,
            exact={i for i, _ in equal},
            attributions={i: found for (i, _), found in attributions.items()},
        ),
        _judge_side(
            [(_type_of(quote.content, text, quoted), True) for quote, _ in predicted],
            predicted_contents,
            others=gold_contents,
            exact={j for _, j in equal},
            attributions={j: found for (_, j), found in attributions.items()},
        ),
    )


def _judge_side(
    kinds: Sequence[tuple[QuoteType, bool]],
    contents: Sequence[frozenset[int]],
    *,
    others: Sequence[frozenset[int]],
    exact: set[int],
    attributions: Mapping[int, _Attribution],
) -> list[_Verdict]:
    covered = frozenset[int]().union(*others)
    return [
        _Verdict(
            type=quote_type,
            is_speech=is_speech,
            n_tokens=len(tokens),
            n_shared_tokens=len(tokens & covered),
            is_exact=i in exact,
            attribution=attributions.get(i),
        )
        for i, ((quote_type, is_speech), tokens) in enumerate(zip(kinds, contents, strict=True))
    ]


def _pair_equal(
    gold: Sequence[frozenset[int]], predicted: Sequence[frozenset[int]]
) -> list[tuple[int, int]]:
    waiting: dict[frozenset[int], list[int]] = defaultdict(list)
    for j, tokens in enumerate(predicted):
        waiting[tokens].append(j)
    return [(i, waiting[tokens].pop()) for i, tokens in enumerate(gold) if waiting[tokens]]


def _pair_similar(
    gold: Sequence[frozenset[int]], predicted: Sequence[frozenset[int]]
) -> list[tuple[int, int]]:
    candidates = []
    for i, left in enumerate(gold):
        for j, right in enumerate(predicted):
            n_shared = len(left & right)
            if n_shared and n_shared / min(len(left), len(right)) >= MIN_MATCH_SHARE:
                candidates.append((-n_shared / len(left | right), i, j))
    pairs: list[tuple[int, int]] = []
    taken_gold: set[int] = set()
    taken_predicted: set[int] = set()
    for _, i, j in sorted(candidates):
        if i not in taken_gold and j not in taken_predicted:
            pairs.append((i, j))
            taken_gold.add(i)
            taken_predicted.add(j)
    return pairs


def _compare_sources(gold: Iterable[Span], predicted: Iterable[Span], text: str) -> _Attribution:
    gold_spans = tuple(gold)
    head = _head_of(gold_spans, text)
    found = _tokens(predicted, text, WORD)
    if head is None:
        return _Attribution(has_gold_source=False, is_right=not found, is_overlapping=False)
    return _Attribution(
        has_gold_source=True,
        is_right=head in found,
        is_overlapping=not found.isdisjoint(_tokens(gold_spans, text, WORD)),
    )


def _head_of(source: Iterable[Span], text: str) -> int | None:
    """Return where the head token of the first span with any token starts."""
    for span in source:
        cut = HEAD_END.search(text, span.start, span.end)
        before = _tokens([Span(span.start, cut.start())], text, WORD) if cut else None
        # with nothing before the cut, as in "those who fled" marked from "who", take all of it
        tokens = before or _tokens([span], text, WORD)
        if tokens:
            return max(tokens)
    return None


def _tokens(spans: Iterable[Span], text: str, token: re.Pattern[str]) -> frozenset[int]:
    """Return where the tokens in the spans start; a span edge inside a word cuts the word."""
    return frozenset(
        found.start() for span in spans for found in token.finditer(text, span.start, span.end)
    )


def _type_of(content: Iterable[Span], text: str, quoted: set[int]) -> QuoteType:
    tokens = _tokens(content, text, WORD)
    n_quoted = len(tokens & quoted)
    if n_quoted == 0:
        return QuoteType.INDIRECT
    return QuoteType.DIRECT if n_quoted == len(tokens) else QuoteType.MIXED


def _quoted_offsets(text: str) -> set[int]:
    """Return the offsets in double quotation marks; a line end closes whatever is open."""
    offsets: set[int] = set()
    is_open = False
    after_mark = 0
    for mark in QUOTE_MARK.finditer(text):
        if is_open:
            offsets.update(range(after_mark, mark.start()))
        match mark[0]:
            case "\u201c":
                is_open = True
            case "\u201d" | "\n":
                is_open = False
            case _:  # a straight mark opens or closes
                is_open = not is_open
        after_mark = mark.end()
    if is_open:
        offsets.update(range(after_mark, len(text)))
    return offsets


def _summarise(gold: Sequence[_Verdict], predicted: Sequence[_Verdict]) -> QuoteScores:
    def rates(measure: Callable[[_Verdict], float]) -> Rates:
        return Rates.of(mean(map(measure, predicted)), mean(map(measure, gold)))

    attributed = [v.attribution for v in gold if v.attribution and v.attribution.has_gold_source]
    return QuoteScores(
        n_gold=len(gold),
        n_predicted=len(predicted),
        exact=rates(lambda v: v.is_exact),
        partial=rates(lambda v: v.shared_share),
        token=Rates.of(_token_share(predicted), _token_share(gold)),
        match=rates(lambda v: v.is_matched),
        end_to_end=rates(lambda v: v.is_end_to_end),
        n_attributed=len(attributed),
        head_share=mean(found.is_right for found in attributed),
        overlap_share=mean(found.is_overlapping for found in attributed),
    )


def _token_share(verdicts: Sequence[_Verdict]) -> float:
    return ratio(sum(v.n_shared_tokens for v in verdicts), sum(v.n_tokens for v in verdicts))
