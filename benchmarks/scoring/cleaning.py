r"""Score cleaned articles against gold: their text, their lines, their headline.

A token is a lower-case run of word characters, so quotation marks of any shape make no
difference. Lines that repeat a known title of the page leave both sides before the texts are
compared: keeping or dropping the headline is neutral.

Text of a page:
    token: precision, recall and F1 of the multiset of tokens (word F1 of the WCXB benchmark, close
        to ROUGE-1); order does not matter.
    shingle: the same over runs of four tokens, so that order matters locally (Zyte's
        article-extraction-benchmark). A text of fewer tokens is one shingle.
    exact: the same tokens in the same order.
Over pages, precision, recall and F1 are each averaged; `zyte_f1` is the harmonic mean of the two
averages for shingles, the figure that the Zyte benchmark reports.

Lines, for systems that keep or remove whole lines; titles are left out, repeats are not:
    removed: precision, recall and F1 of the lines that were removed, pooled over pages.
    removed_words: the same, a line weighing as many as it has tokens, at least one.
    body_loss_share: share of the weight of gold copy that was removed, the harm done.
    residue_share: share of the weight of boilerplate that was kept.
"""

import re
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median
from typing import NamedTuple, TypeVar

from copydesk.scoring.rates import Rates

WORD = re.compile(r"\w+")
SHINGLE_TOKENS = 4  # as in the Zyte benchmark

T = TypeVar("T", bound=Hashable)


class GoldLine(NamedTuple):
    """Range of one line in the scraped text; `is_copy` states whether it belongs to the article."""

    start: int
    end: int
    is_copy: bool
    is_title: bool


@dataclass(frozen=True, slots=True)
class GoldPage:
    """A page as scraped, its lines in reading order, and the article it should become."""

    doc_id: str
    source_dataset: str
    site: str
    is_news: bool
    scraped_text: str
    lines: tuple[GoldLine, ...]
    article_text: str
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoldHtml:
    """The HTML of a page with its article, and what the annotators knew of its metadata."""

    doc_id: str
    url: str
    html: str
    article_text: str
    titles: tuple[str, ...]
    author: str | None
    date: str | None


class PageScores(NamedTuple):
    """How close one cleaned page comes to its article."""

    token: Rates
    shingle: Rates
    is_exact: bool


@dataclass(frozen=True, slots=True)
class TextScores:
    """Averages over pages; the F1 in `token` and `shingle` is the mean of the pages' F1."""

    n_pages: int
    token: Rates
    token_f1_median: float
    shingle: Rates
    shingle_f1_median: float
    zyte_f1: float
    exact_share: float


@dataclass(frozen=True, slots=True)
class LineScores:
    """Figures for the removal of lines, pooled over pages."""

    removed: Rates
    removed_words: Rates
    body_loss_share: float
    residue_share: float


@dataclass(frozen=True, slots=True)
class HeadlineScores:
    """How often the headline is right, of all pages with a title and of those given one."""

    n_titled: int
    n_given: int
    n_right: int
    right_share: float
    right_of_given_share: float


def read_gold_page(row: Mapping[str, object]) -> GoldPage:
    """Return the page of one row with line labels.

    Raises:
        ValueError: if a field is missing or of the wrong kind, or a line is not in the text.
    """
    match row:
        case {
            "doc_id": str(doc_id),
            "source_dataset": str(source_dataset),
            "gold_text": str(article_text),
            "noisy_text": str(scraped_text),
            "lines": [*lines],
            "news": bool(is_news),
        }:
            return GoldPage(
                doc_id=doc_id,
                source_dataset=source_dataset,
                site=str(row.get("domain", "")),
                is_news=is_news,
                scraped_text=scraped_text,
                lines=tuple(_read_line(line, scraped_text) for line in lines),
                article_text=article_text,
                titles=_read_titles(row),
            )
    message = (
        f"gold row {row.get('doc_id')!r}: needs the strings doc_id, source_dataset, gold_text and "
        "noisy_text, the list lines, the truth value news"
    )
    raise ValueError(message)


def read_gold_html(row: Mapping[str, object]) -> GoldHtml:
    """Return the page of one row with HTML.

    Raises:
        ValueError: if a field is missing or of the wrong kind.
    """
    match row:
        case {
            "doc_id": str(doc_id),
            "url": str(url),
            "html": str(html),
            "gold_text": str(article_text),
            "author": str() | None as author,
            "date": str() | None as date,
        }:
            return GoldHtml(
                doc_id=doc_id,
                url=url,
                html=html,
                article_text=article_text,
                titles=_read_titles(row),
                author=author,
                date=date,
            )
    message = (
        f"gold row {row.get('doc_id')!r}: needs the strings doc_id, url, html and gold_text, and "
        "author and date, which may be null"
    )
    raise ValueError(message)


def join_kept_lines(page: GoldPage, is_kept: Sequence[bool]) -> str:
    """Return the text of a page after line-wise cleaning, given one decision per line."""
    return "\n".join(
        page.scraped_text[line.start : line.end]
        for line, kept in zip(page.lines, is_kept, strict=True)
        if kept
    )


def score_page(predicted: str, gold: str, *, titles: Sequence[str] = ()) -> PageScores:
    """Compare the predicted to the gold text of an article."""
    title_tokens = {tuple(_tokens(title)) for title in titles}
    found = _tokens_without(title_tokens, predicted)
    wanted = _tokens_without(title_tokens, gold)
    return PageScores(
        token=_multiset_rates(Counter(found), Counter(wanted)),
        shingle=_multiset_rates(_shingles(found), _shingles(wanted)),
        is_exact=found == wanted,
    )


def aggregate(pages: Sequence[PageScores]) -> TextScores:
    """Average the scores of pages.

    Raises:
        ValueError: if there is no page.
    """
    if not pages:
        message = "no pages to average"
        raise ValueError(message)
    shingle = _mean_rates([page.shingle for page in pages])
    return TextScores(
        n_pages=len(pages),
        token=_mean_rates([page.token for page in pages]),
        token_f1_median=median(page.token.f1 for page in pages),
        shingle=shingle,
        shingle_f1_median=median(page.shingle.f1 for page in pages),
        zyte_f1=Rates.of(shingle.precision, shingle.recall).f1,
        exact_share=mean(float(page.is_exact) for page in pages),
    )


def score_lines(gold: Sequence[GoldPage], is_kept: Sequence[Sequence[bool]]) -> LineScores:
    """Compare decisions to gold: for each page, in the same order, one truth value per line.

    Raises:
        ValueError: if pages or lines differ in number.
    """
    lines: Counter[tuple[bool, bool]] = Counter()  # keyed by (is copy, is kept)
    words: Counter[tuple[bool, bool]] = Counter()
    for page, decisions in zip(gold, is_kept, strict=True):
        for line, kept in zip(page.lines, decisions, strict=True):
            if not line.is_title:
                outcome = (line.is_copy, bool(kept))
                lines[outcome] += 1
                words[outcome] += len(_tokens(page.scraped_text[line.start : line.end])) or 1
    n_copy_words = words[True, True] + words[True, False]
    n_boilerplate_words = words[False, True] + words[False, False]
    return LineScores(
        removed=_removal_rates(lines),
        removed_words=_removal_rates(words),
        body_loss_share=words[True, False] / max(1, n_copy_words),
        residue_share=words[False, True] / max(1, n_boilerplate_words),
    )


def score_headlines(
    predicted: Mapping[str, str | None], titles: Mapping[str, Sequence[str]]
) -> HeadlineScores:
    """Compare one headline per doc_id to the titles known for it, any of which is right.

    Headlines are equal if their tokens are. Pages without a title are not counted; None and a
    missing doc_id mean that no headline was given, while an empty one is given, and wrong.
    """
    n_titled = n_given = n_right = 0
    for doc_id, known in titles.items():
        right = {tuple(_tokens(title)) for title in known} - {()}
        if not right:
            continue
        n_titled += 1
        headline = predicted.get(doc_id)
        if headline is not None:
            n_given += 1
            n_right += tuple(_tokens(headline)) in right
    return HeadlineScores(
        n_titled=n_titled,
        n_given=n_given,
        n_right=n_right,
        right_share=n_right / max(1, n_titled),
        right_of_given_share=n_right / max(1, n_given),
    )


def format_text_scores(scores: Mapping[str, TextScores]) -> str:
    """Return a table with one row per system or file, named by its key."""
    width = max(map(len, ("name", *scores)))
    head = (
        f"{'name':<{width}} {'pages':>6} | {'token P':>7} {'R':>6} {'F1':>6} {'median':>6}"
        f" | {'shingle P':>9} {'R':>6} {'F1':>6} {'median':>6} {'Zyte':>6} | {'exact':>6}"
    )
    lines = [head]
    lines += (
        f"{name:<{width}} {row.n_pages:>6} | {row.token.precision:7.4f} {row.token.recall:6.4f}"
        f" {row.token.f1:6.4f} {row.token_f1_median:6.4f} | {row.shingle.precision:9.4f}"
        f" {row.shingle.recall:6.4f} {row.shingle.f1:6.4f} {row.shingle_f1_median:6.4f}"
        f" {row.zyte_f1:6.4f} | {row.exact_share:6.4f}"
        for name, row in scores.items()
    )
    return "\n".join(lines)


def format_line_scores(scores: Mapping[str, LineScores]) -> str:
    """Return a table of percentages, one row per system or file, named by its key."""
    width = max(map(len, ("name", *scores)))
    head = (
        f"{'name':<{width}} | {'removed P/R/F':^17} | {'by words P/R/F':^17}"
        f" | {'body lost':>9} {'residue':>7}"
    )
    lines = [head]
    for name, row in scores.items():
        by_line = " ".join(f"{100 * rate:5.1f}" for rate in row.removed)
        by_words = " ".join(f"{100 * rate:5.1f}" for rate in row.removed_words)
        lines.append(
            f"{name:<{width}} | {by_line} | {by_words}"
            f" | {100 * row.body_loss_share:9.1f} {100 * row.residue_share:7.1f}"
        )
    return "\n".join(lines)


def format_headline_scores(scores: Mapping[str, HeadlineScores]) -> str:
    """Return a table of counts and percentages, one row per system or file, named by its key."""
    width = max(map(len, ("name", *scores)))
    head = (
        f"{'name':<{width}} {'titled':>7} {'given':>7} {'right':>7}"
        f" | {'% of titled':>11} {'% of given':>10}"
    )
    lines = [head]
    lines += (
        f"{name:<{width}} {row.n_titled:>7} {row.n_given:>7} {row.n_right:>7}"
        f" | {100 * row.right_share:11.1f} {100 * row.right_of_given_share:10.1f}"
        for name, row in scores.items()
    )
    return "\n".join(lines)


def _read_titles(row: Mapping[str, object]) -> tuple[str, ...]:
    titles = []
    match row.get("titles"):
        case None:
            return ()
        case [*values]:
            titles = [value for value in values if isinstance(value, str)]
            if len(titles) == len(values):
                return tuple(titles)
    message = f"gold row {row.get('doc_id')!r}: titles must be a list of strings"
    raise ValueError(message)


def _read_line(value: object, text: str) -> GoldLine:
    match value:
        case {"start": int(start), "end": int(end), "keep": bool(is_copy), **rest} if (
            0 <= start < end <= len(text)
        ):
            return GoldLine(start, end, is_copy, is_title=rest.get("kind") == "title")
    message = f"not a gold line in a text of {len(text)} characters: {value!r}"
    raise ValueError(message)


def _tokens(text: str) -> list[str]:
    return WORD.findall(text.lower())


def _tokens_without(titles: set[tuple[str, ...]], text: str) -> list[str]:
    tokens: list[str] = []
    for line in text.split("\n"):
        of_line = _tokens(line)
        if tuple(of_line) not in titles:
            tokens += of_line
    return tokens


def _shingles(tokens: Sequence[str]) -> Counter[tuple[str, ...]]:
    if 0 < len(tokens) < SHINGLE_TOKENS:
        return Counter([tuple(tokens)])
    n_shingles = len(tokens) - SHINGLE_TOKENS + 1
    return Counter(tuple(tokens[i : i + SHINGLE_TOKENS]) for i in range(n_shingles))


def _multiset_rates(predicted: Counter[T], gold: Counter[T]) -> Rates:
    """A share of nothing is 1: an empty prediction has no wrong token, empty gold no lost one."""
    n_shared = (predicted & gold).total()
    return Rates.of(
        precision=n_shared / predicted.total() if predicted else 1.0,
        recall=n_shared / gold.total() if gold else 1.0,
    )


def _mean_rates(rates: Sequence[Rates]) -> Rates:
    return Rates(*(mean(column) for column in zip(*rates, strict=True)))


def _removal_rates(n: Mapping[tuple[bool, bool], int]) -> Rates:
    """A share of nothing is 1, but F1 is 0 unless some boilerplate was removed."""
    n_right, n_lost, n_left = n[False, False], n[True, False], n[False, True]
    return Rates(
        precision=n_right / (n_right + n_lost) if n_right + n_lost else 1.0,
        recall=n_right / (n_right + n_left) if n_right + n_left else 1.0,
        f1=2 * n_right / (2 * n_right + n_lost + n_left) if n_right else 0.0,
    )
