"""Score the quotations of the code of today on gold files."""

import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from copydesk.cleaning.copytext import copy_of_text
from copydesk.errors import GoldError
from copydesk.extraction.extract import BATCH_ARTICLES, extract_batch
from copydesk.extraction.workers import cut_batches
from copydesk.quotations.methods import QuoteMethod
from copydesk.rows import Quote
from copydesk.scoring.quotes import (
    GoldArticle,
    PredictedQuote,
    QuoteScores,
    Span,
    read_gold,
    score_quotes,
)

INSIDE = "nested_"  # rules that find quotations inside others, of which gold has none


def read_gold_file(path: Path) -> Iterator[GoldArticle]:
    """Yield the articles of a gold file: JSON Lines, plain or gzipped.

    Raises: GoldError: naming file and line, and what is wrong there.
    """
    try:
        content = path.read_bytes()
        if path.suffix == ".gz":
            content = gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        msg = f"{path}: cannot be read: {error}"
        raise GoldError(msg) from error
    if not content.strip():
        msg = f"{path}: is empty; a gold file has one JSON object on each line"
        raise GoldError(msg)
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                msg = "no JSON object"
                raise ValueError(msg)  # noqa: TRY301, TRY004 - said as json says it
            yield read_gold(row)
        except ValueError as error:
            msg = f"{path}:{number}: {error}"
            raise GoldError(msg) from error


def score_gold(gold: Sequence[GoldArticle], method: QuoteMethod) -> dict[str, QuoteScores]:
    """Return how good the quotations of the code of today are, of all types and of each."""
    found: dict[str, list[PredictedQuote]] = {article.doc_id: [] for article in gold}
    for batch in cut_batches(gold, BATCH_ARTICLES):
        copies = [copy_of_text(article.doc_id, article.text) for article in batch]
        for quote in extract_batch(copies, method).quotes:
            if not quote.rule.startswith(INSIDE):
                found[quote.article_id].append(predict(quote))
    return score_quotes(gold, found)


def predict(quote: Quote) -> PredictedQuote:
    """Return a quotation as scoring compares it."""
    source = (
        ()
        if quote.source_start is None or quote.source_end is None
        else (Span(quote.source_start, quote.source_end),)
    )
    return PredictedQuote(content=tuple(Span(*span) for span in quote.content_spans), source=source)
