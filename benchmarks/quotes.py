"""How good are quotations: content, source and both together, on any gold file.

Gold has one level of quotations. What the product finds inside them (rules `nested_…`) is therefore
counted and left out of the scores; `--nested` takes it in, as if gold had been asked for it. With
`--peers` other tools read the same texts in the same run, and one table compares them.
"""

from benchmarks.data.goldfiles import Stopwatch, format_rate, make_parser, read_rows, write_rows
from benchmarks.quality.cleaning_peers import name_versions
from benchmarks.quality.quote_peers import (
    QUOTE_PACKAGES,
    Compared,
    compare_peers,
    format_comparison,
)
from copydesk.cleaning.copytext import copy_of_text
from copydesk.extraction.extract import BATCH_ARTICLES, extract_batch, load_models
from copydesk.extraction.workers import cut_batches
from copydesk.quotations.methods import QuoteMethod
from copydesk.rows import Quote
from copydesk.scoring.quotes import (
    PredictedQuote,
    Span,
    format_quote_scores,
    read_gold,
    score_quotes,
)


def main() -> None:
    """Run the product's extraction on the texts of a gold file and print the scores."""
    parser = make_parser("quotes", __doc__)
    parser.add_argument("--method", type=QuoteMethod, choices=QuoteMethod, default="tagger")
    parser.add_argument("--nested", action="store_true", help="score quotations inside others too")
    parser.add_argument("--strict", action="store_true", help="count punctuation as tokens")
    parser.add_argument("--peers", action="store_true", help="measure other tools beside it")
    options = parser.parse_args()
    versions = name_versions(QUOTE_PACKAGES) if options.peers else None
    gold = [read_gold(row) for row in read_rows(options.gold)]
    n_nested = 0
    load_models()
    watch = Stopwatch()
    found: dict[str, list[Quote]] = {article.doc_id: [] for article in gold}
    for batch in cut_batches(gold, BATCH_ARTICLES):
        copies = [copy_of_text(article.doc_id, article.text) for article in batch]
        extract = extract_batch(copies, options.method)
        for quote in extract.quotes:
            found[quote.article_id].append(quote)
            n_nested += _is_nested(quote)
    seconds = watch.seconds()
    write_rows(
        (
            {"doc_id": doc_id, "quotes": [_to_row(quote) for quote in quotes]}
            for doc_id, quotes in found.items()
        ),
        options.predictions,
    )
    predicted = {
        doc_id: [_to_predicted(q) for q in quotes if options.nested or not _is_nested(q)]
        for doc_id, quotes in found.items()
    }
    scores = score_quotes(gold, predicted, is_strict=options.strict)
    print(format_quote_scores(scores))
    print(f"{n_nested} inside others, {'scored too' if options.nested else 'not scored'}")
    print(f"{format_rate(len(gold), 'articles', seconds=seconds)}; models were loaded before")
    if versions is not None:
        product = Compared(f"copydesk, {options.method}", scores, 0, len(gold) / seconds)
        peers = compare_peers(gold, is_strict=options.strict)
        print(format_comparison([product, *peers]))
        print(versions)


def _is_nested(quote: Quote) -> bool:
    return quote.rule.startswith("nested_")


def _to_row(quote: Quote) -> dict[str, object]:
    return {
        "content": [list(span) for span in quote.content_spans],
        "cue": [] if quote.cue_start is None else [[quote.cue_start, quote.cue_end]],
        "source": [list(span) for span in _source(quote)],
        "type": quote.type.value,
    }


def _to_predicted(quote: Quote) -> PredictedQuote:
    return PredictedQuote(
        content=tuple(Span(*span) for span in quote.content_spans), source=_source(quote)
    )


def _source(quote: Quote) -> tuple[Span, ...]:
    if quote.source_start is None or quote.source_end is None:
        return ()
    return (Span(quote.source_start, quote.source_end),)


if __name__ == "__main__":
    main()
