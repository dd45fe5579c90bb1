"""How robust finding quotations is: N random and mutilated texts, by the tagger and by rules.

A text is at fault where something raises, where a row breaks one of its promises, or where the CPU
seconds go beyond a bound. It is read as a page most of whose lines are copy, parsed once together
with others, as the product does. Each text is made from its number alone (and the texts of
`--gold`, else the samples), so that `1 --first NUMBER` with the same files makes it again.
"""

import argparse
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import partial
from heapq import nlargest
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import NamedTuple, TypeVar

from spacy.tokens import Doc

from benchmarks.data.goldfiles import read_rows
from benchmarks.robustness.quote_texts import SEED, MadeText, make_text
from copydesk.cleaning.copytext import Copy, compose_copy
from copydesk.extraction.extract import BATCH_ARTICLES, Extract, extract_article, load_models
from copydesk.extraction.parsing import parse_copies
from copydesk.extraction.workers import map_batches
from copydesk.quotations.methods import QuoteMethod
from copydesk.reading.bundles import read_bundle
from copydesk.reading.pages import page_of_text
from copydesk.rows import Mention, Quote, RawArticle, Segment
from copydesk.text.lines import INVISIBLE, split_lines
from copydesk.values import Label

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
N_PRINTED = 10  # faulty texts
N_SLOWEST = 3
SLOW_SECONDS = 10.0  # CPU; the longest texts made here take 2 to 3 on a busy machine
LONG_SECONDS = 1.0  # CPU for a batch; most take .2
PRINTED_CHARS = 2000

LINE_LABELS = (*[Label.BODY] * 8, Label.HEADLINE, Label.SUBHEAD, Label.PROMO)  # equally likely
UNSEEN = str.maketrans("", "", INVISIBLE)
SPACE = str.maketrans("", "", " \t\n\f\r")

T = TypeVar("T")


class Fault(NamedTuple):
    """Something that must not happen: the step, its name, and what is needed to find it."""

    step: str
    name: str
    detail: str


class Outcome(NamedTuple):
    """What became of a text; the CPU seconds are those of the parse and of both methods."""

    made: MadeText
    n_quotes: int
    faults: tuple[Fault, ...]
    seconds: float


class Step(StrEnum):
    """Where a fault can happen that is not a method's."""

    PARSE = "parse"
    ALL = "all"


def main() -> None:
    """Make texts, find their quotations, print what went wrong; exit 1 if anything did."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.robustness.quote_faults", description=__doc__.splitlines()[0]
    )
    parser.add_argument("n_texts", type=int, metavar="N")
    parser.add_argument("--first", type=int, default=0, help="number of the first text")
    parser.add_argument("--gold", type=Path, nargs="+", default=(), help="texts to mutilate")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    sources = read_gold_texts(options.gold) if options.gold else read_samples()
    numbers = range(options.first, options.first + options.n_texts)
    made = (make_text(number, sources) for number in numbers)
    outcomes = map_batches(try_texts, made, batch_size=BATCH_ARTICLES, n_workers=options.workers)
    is_faulty = report(outcomes)
    sys.exit(1 if is_faulty else 0)


def read_gold_texts(paths: Sequence[Path]) -> list[str]:
    """Return the longest string of each row of gold files: its text, whatever the file is for."""
    rows = (row for path in paths for row in read_rows(path))
    strings = ([value for value in row.values() if isinstance(value, str)] for row in rows)
    return [max(values, key=len) for values in strings if values]


def read_samples() -> list[str]:
    """Return the pages of the sample bundles as text."""
    bundles = sorted(path for path in SAMPLES.iterdir() if path.is_dir())
    rows = (row for path in bundles for row in read_bundle(path, bundle=path.name))
    return [row.text for row in rows if isinstance(row, RawArticle)]


def make_copy(made: MadeText) -> Copy:
    """Return the copy of a page with the text: some lines are headings, some are not copy."""
    rng = Random(f"{SEED}/{made.number}/lines")
    lines = (
        Segment("", i, line.start, line.end, rng.choice(LINE_LABELS), "", 1.0, "")
        for i, line in enumerate(split_lines(made.text))
    )
    return compose_copy(page_of_text(str(made.number), made.text), list(lines))


def try_texts(batch: Sequence[MadeText]) -> list[Outcome]:
    """Return what becomes of texts that are parsed together, in their order.

    The seconds of the parse are shared out by length. Where it raises or takes long, each text is
    tried alone. A text without copy is left alone, as the product does.
    """
    load_models()
    copies = [make_copy(made) for made in batch]
    with_copy = [copy for copy in copies if copy.pieces]
    started = time.process_time()
    docs = attempt(Step.PARSE, lambda: list(parse_copies(with_copy)))
    seconds = time.process_time() - started
    if len(batch) > 1 and (isinstance(docs, Fault) or seconds > LONG_SECONDS):
        return [outcome for made in batch for outcome in try_texts([made])]
    if isinstance(docs, Fault):
        return [Outcome(batch[0], 0, (docs,), seconds)]
    pace = seconds / max(sum(len(copy.text) for copy in with_copy), 1)
    parsed = iter(docs)
    return [
        _try_copy(made, copy, next(parsed), parse_seconds=pace * len(copy.text))
        if copy.pieces
        else Outcome(made, 0, (), 0.0)
        for made, copy in zip(batch, copies, strict=True)
    ]


def _try_copy(made: MadeText, copy: Copy, doc: Doc, *, parse_seconds: float) -> Outcome:
    faults: list[Fault] = []
    n_quotes = 0
    started = time.process_time()
    extracts = {
        method: attempt(method, partial(extract_article, copy, doc, method))
        for method in QuoteMethod
    }
    seconds = time.process_time() - started + parse_seconds
    for method, extract in extracts.items():
        if isinstance(extract, Fault):
            faults.append(extract)
        else:
            n_quotes += len(extract.quotes)
            faults += (Fault(method, *broken) for broken in list_broken(made.text, extract))
    if seconds > SLOW_SECONDS:
        faults.append(Fault(Step.ALL, "slow", f"{seconds:.1f} CPU seconds"))
    return Outcome(made, n_quotes, tuple(faults), seconds)


def attempt(step: str, do: Callable[[], T]) -> T | Fault:
    """Return what `do` returns, or what it raises as a fault with the place."""
    try:
        return do()
    except Exception as error:  # noqa: BLE001 - that nothing is raised, whatever it is, is measured
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}:{place.lineno}"
        return Fault(step, f"{type(error).__name__} in {where}", str(error))


class Broken(NamedTuple):
    """A promise that a row breaks: its name, and the row."""

    name: str
    detail: str


def list_broken(text: str, extract: Extract) -> Iterator[Broken]:
    """Yield the promises that the rows of a text do not keep."""
    mention_ids = Counter(mention.mention_id for mention in extract.mentions)
    quote_ids = Counter(quote.quote_id for quote in extract.quotes)
    for mention in extract.mentions:
        for name, is_kept in _promises_of_mention(text, mention, mention_ids):
            if not is_kept:
                yield Broken(name, repr(mention))
    for quote in extract.quotes:
        for name, is_kept in (
            *_promises_of_words(text, quote),
            *_promises_of_ids(quote, quote_ids, mention_ids),
        ):
            if not is_kept:
                yield Broken(name, repr(quote))


def _promises_of_mention(
    text: str, mention: Mention, mention_ids: Mapping[str, int]
) -> Iterator[tuple[str, bool]]:
    is_there = _is_at(text, mention.text, mention.start, mention.end)
    yield "mention_stands_in_text", is_there
    yield "mention_id_is_unique", mention_ids[mention.mention_id] == 1
    yield "chain_is_a_mention", mention.chain_id is None or mention.chain_id in mention_ids


def _promises_of_words(text: str, quote: Quote) -> Iterator[tuple[str, bool]]:
    spans = quote.content_spans
    yield "content_has_words", bool(quote.content.translate(UNSEEN)) and bool(spans)
    yield "spans_are_in_text", all(0 <= s.start < s.end <= len(text) for s in spans)
    yield "spans_are_in_order", all(one.end <= other.start for one, other in pairwise(spans))
    cut = "".join(text[s.start : s.end] for s in spans)  # without the spaces between lines
    yield "content_is_at_its_spans", cut.translate(SPACE) == quote.content.translate(SPACE)
    is_there = _is_at(text, quote.cue, quote.cue_start, quote.cue_end)
    yield "cue_stands_in_text", is_there
    is_there = _is_at(text, quote.source, quote.source_start, quote.source_end)
    yield "source_stands_in_text", is_there


def _promises_of_ids(
    quote: Quote, quote_ids: Mapping[str, int], mention_ids: Mapping[str, int]
) -> Iterator[tuple[str, bool]]:
    parent, speaker = quote.parent_quote_id, quote.speaker_mention_id
    yield "quote_id_is_unique", quote_ids[quote.quote_id] == 1
    yield "parent_is_another_quote", parent is None or parent in {*quote_ids} - {quote.quote_id}
    yield "speaker_is_a_mention", speaker is None or speaker in mention_ids
    yield "confidence_is_a_share", 0 <= quote.confidence <= 1


def _is_at(text: str, words: str | None, start: int | None, end: int | None) -> bool:
    """Return whether words are there; words that are not stated have no place either."""
    if words is None or start is None or end is None:
        return (words, start, end) == (None, None, None)
    return 0 <= start < end <= len(text) and text[start:end] == words


def report(batches: Iterator[Sequence[Outcome]]) -> bool:
    """Print what became of texts; return whether any was at fault."""
    n_of: Counter[str] = Counter()
    quotes_of: Counter[str] = Counter()
    faults: Counter[tuple[str, str]] = Counter()
    slowest: list[Outcome] = []
    n_faulty = 0
    seconds = 0.0
    for outcome in (outcome for batch in batches for outcome in batch):
        n_of[outcome.made.kind] += 1
        quotes_of[outcome.made.kind] += outcome.n_quotes
        seconds += outcome.seconds
        slowest = nlargest(N_SLOWEST, [*slowest, outcome], key=lambda each: each.seconds)
        faults.update({(fault.step, fault.name) for fault in outcome.faults})
        n_faulty += bool(outcome.faults)
        if outcome.faults and n_faulty <= N_PRINTED:
            _print_faults(outcome)
    for kind, n_texts in n_of.most_common():
        print(f"{kind:<14}{n_texts:>8} texts {quotes_of[kind]:>8} quotations")
    print(f"{n_of.total()} texts, {n_faulty} at fault, {seconds:.0f} CPU seconds")
    for (step, name), n_texts in faults.most_common():
        print(f"{n_texts:>8} {step}: {name}")
    for outcome in slowest:
        made = outcome.made
        print(
            f"slow: #{made.number} {made.kind}, {len(made.text)} characters,"
            f" {outcome.seconds:.2f} CPU seconds"
        )
    return n_faulty > 0


def _print_faults(outcome: Outcome) -> None:
    made = outcome.made
    print(f"#{made.number} {made.kind}, seed {SEED}/{made.number}")
    for fault in outcome.faults:
        print(f"  {fault.step}: {fault.name}: {fault.detail[:PRINTED_CHARS]}")
    print(f"  {made.text[:PRINTED_CHARS]!r}")


if __name__ == "__main__":
    main()
