"""How sturdy finding quotations is: N random and mutilated texts, by the tagger and by rules.

A text is at fault where something raises, where a row breaks one of its promises, or where the CPU
seconds go beyond a bound. It is read as a page most of whose lines are copy, parsed once together
with others, as the product does. Each text is made from its number alone (and the texts of
`--gold`, else the samples), so that `1 --first NUMBER` with the same files makes it again.
"""

import argparse
import re
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
from copydesk.cleaning.copytext import Copy, compose_copy
from copydesk.extraction.extract import BATCH_ARTICLES, Extract, extract_article, load_models
from copydesk.extraction.parsing import parse_copies
from copydesk.extraction.workers import map_batches
from copydesk.quotes.find import QuoteMethod
from copydesk.reading.bundles import read_bundle
from copydesk.reading.pages import page_of_text
from copydesk.rows import Label, Mention, Quote, RawArticle, Segment
from copydesk.text.lines import INVISIBLE, split_lines

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
SEED = "copydesk"
N_PRINTED = 10  # faulty texts
N_SLOWEST = 3
SLOW_SECONDS = 10.0  # CPU; the longest texts made here take 2 to 3 on a busy machine
LONG_SECONDS = 1.0  # CPU for a batch; most take .2
PRINTED_CHARS = 2000

SHORT_PIECES = 25  # of a text, on average: 40 words
LONG_PIECES = 3000
LONG_WORD_CHARS = 20_000
LINE_LABELS = (*[Label.BODY] * 8, Label.HEADLINE, Label.SUBHEAD, Label.PROMO)  # equally likely
EXCERPT_WORDS = 40
MAX_MUTATIONS = 4
MARKS = '"""“”“”“”\'\'‘’„‟«»‹›`´＂‚‛′″「」'
SIGNS = ".,;:!?…—–-()[]{}/\\|*&%$#@+=<>~^_•·§"
BLANKS = (" ", " ", " ", " ", "  ", "\n", "\n\n", "\t", "\u00a0", "\u2009", "\u3000", "\r\n", "")
NAMES = (
    "Ida Brandt",
    "Brandt",
    "Mayor Ravi Kapoor",
    "Mr. Kapoor",
    "Port Elsa",
    "the Harbour Board",
    "the minister",
    "a spokeswoman for the crews",
    "US State Department",
    "O’Hara-Lindqvist Jr.",
    "Dr. Nguyễn",
    "he",
    "she",
    "they",
    "it",
    "who",
)
CUES = (
    "said",
    "says",
    "told reporters",
    "said that",
    "according to",
    "added",
    "asked whether",
    "believes that",
    "was quoted as saying",
    "hopes to",
    "denied",
    "said:",
    "wrote on X,",
    "in the words of",
    "urged them to",
    "and stressed that",
    "didn't say",
    "reiterated",
)
LINES_OF_WORDS = (
    "the a of to and that we will not no ferry ferries sail until paid quay winter crews",
    "owners have waited long enough islands flour Monday May 3 1,200 percent if when but",
    "isn't crews' '90s U.S. e.g. rock'n'roll well-known http://x.example/a?b=c @ida #strike",
)
WORDS = tuple(word for line in LINES_OF_WORDS for word in line.split())
CODE_POINTS = (  # without NUL and surrogates, which reading never lets through
    range(0x01, 0x20),
    range(0x7F, 0xA1),
    range(0xA1, 0x250),
    range(0x300, 0x370),  # combining
    range(0x370, 0x530),
    range(0x590, 0x700),  # right to left
    range(0x900, 0x980),
    range(0x2000, 0x2070),  # blanks, joiners, directions, marks
    range(0x3000, 0x3100),
    range(0x4E00, 0x4E80),
    range(0xFE00, 0xFE10),
    range(0xFF00, 0xFF60),
    range(0x1D400, 0x1D440),
    range(0x1F300, 0x1F650),  # emoji
    range(0xE0000, 0xE0080),
)
MARK = re.compile(f"[{re.escape(MARKS)}]")
GAP = re.compile(r"\s+")
LINE_BREAK = re.compile(r"\n+")
UNSEEN = str.maketrans("", "", INVISIBLE)
BLANK = str.maketrans("", "", " \t\n\f\r")

T = TypeVar("T")


class MadeText(NamedTuple):
    """A text that was made, and how."""

    number: int
    kind: str
    text: str


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


def make_text(number: int, sources: Sequence[str]) -> MadeText:
    """Return the text of a number: always the same for the same sources."""
    rng = Random(f"{SEED}/{number}")
    (kind,) = rng.choices(list(KINDS), weights=list(KINDS.values()))
    match kind:
        case "mutated":
            text = mutate(cut_excerpt(rng.choice(sources), rng), rng)
        case "mutated_long":
            text = mutate(rng.choice(sources), rng)
        case _:
            text = MAKERS[kind](rng)
    return MadeText(number, kind, text)


KINDS: Mapping[str, int] = {  # texts of each kind in a thousand
    "mutated": 513,
    "phrases": 250,
    "signs": 100,
    "code_points": 80,
    "marks": 50,
    "long_word": 1,
    "mutated_long": 3,
    "long_phrases": 1,
    "many_marks": 1,
    "repeated": 1,
}


def _size(rng: Random) -> int:
    return rng.randint(0, 2 * SHORT_PIECES)


def _join(pieces: Sequence[str], rng: Random) -> str:
    return "".join(piece + rng.choice(BLANKS) for piece in pieces)


def make_phrases(rng: Random, n_pieces: int) -> str:
    """Return names, cues, words, marks and signs in no order."""
    stock = (NAMES, CUES, WORDS, WORDS, MARKS, SIGNS)
    return _join([rng.choice(rng.choice(stock)) for _ in range(n_pieces)], rng)


def make_signs(rng: Random, n_pieces: int) -> str:
    """Return marks, signs, blanks, letters and digits, glued and not."""
    stock: tuple[Sequence[str], ...] = (MARKS, SIGNS, BLANKS, "abcXYZ019éß")
    return "".join(rng.choice(rng.choice(stock)) for _ in range(4 * n_pieces))


def make_code_points(rng: Random, n_pieces: int) -> str:
    """Return words of characters from all over Unicode, between marks and cues."""
    pieces = []
    for _ in range(n_pieces):
        points = rng.choice(CODE_POINTS)
        odd = "".join(chr(rng.choice(points)) for _ in range(rng.randint(1, 4)))
        pieces.append(rng.choice((odd, odd, rng.choice(MARKS), rng.choice((*CUES, *NAMES)))))
    return _join(pieces, rng)


def make_marks(rng: Random, n_pieces: int) -> str:
    """Return nothing but marks and blanks."""
    return _join([rng.choice(MARKS) for _ in range(n_pieces)], rng)


def make_long_word(rng: Random) -> str:
    """Return a sentence with one word, number or address that never ends."""
    part = rng.choice(("a", "Ab", "ab-", "9,", "x.", "it's", "“", "’", "http://a/", "é", "@a", "א"))
    word = part * rng.randint(1, LONG_WORD_CHARS // len(part))
    return make_phrases(rng, SHORT_PIECES) + word + make_phrases(rng, SHORT_PIECES)


def make_repeated(rng: Random) -> str:
    """Return a short text over and over."""
    return make_phrases(rng, rng.randint(1, SHORT_PIECES)) * rng.randint(2, SHORT_PIECES)


MAKERS: Mapping[str, Callable[[Random], str]] = {
    "phrases": lambda rng: make_phrases(rng, _size(rng)),
    "signs": lambda rng: make_signs(rng, _size(rng)),
    "code_points": lambda rng: make_code_points(rng, _size(rng)),
    "marks": lambda rng: make_marks(rng, _size(rng)),
    "long_word": make_long_word,
    "long_phrases": lambda rng: make_phrases(rng, LONG_PIECES),
    "many_marks": lambda rng: make_marks(rng, LONG_PIECES),
    "repeated": make_repeated,
}


def cut_excerpt(text: str, rng: Random) -> str:
    """Return some lines that follow each other, about `EXCERPT_WORDS` words of them."""
    lines = [line for line in LINE_BREAK.split(text) if line.strip()]
    first = rng.randrange(len(lines)) if lines else 0
    kept: list[str] = []
    for line in lines[first:]:
        kept.append(line)
        if sum(len(line.split()) for line in kept) >= EXCERPT_WORDS:
            break
    words = re.findall(r"\S+\s*", "\n\n".join(kept))
    start = rng.randint(0, max(0, len(words) - EXCERPT_WORDS))
    return "".join(words[start : start + EXCERPT_WORDS])


def mutate(text: str, rng: Random) -> str:
    """Return a text with up to `MAX_MUTATIONS` kinds of damage."""
    for damage in rng.sample(MUTATIONS, rng.randint(1, MAX_MUTATIONS)):
        text = damage(text, rng)
    return text


def _drop_marks(text: str, rng: Random) -> str:
    return MARK.sub(lambda mark: rng.choice(("", mark[0])), text)


def _double_marks(text: str, rng: Random) -> str:
    return MARK.sub(lambda mark: mark[0] * rng.choice((1, 1, 2, 3)), text)


def _replace_marks(text: str, rng: Random) -> str:
    return MARK.sub(lambda mark: rng.choice((mark[0], rng.choice(MARKS))), text)


def _swap_marks(text: str, rng: Random) -> str:
    marks = MARK.findall(text)
    rng.shuffle(marks)
    return MARK.sub(lambda _: marks.pop(), text)


def _add_marks(text: str, rng: Random) -> str:
    return GAP.sub(lambda gap: rng.choice((gap[0],) * 5 + (gap[0] + rng.choice(MARKS),)), text)


def _join_lines(text: str, rng: Random) -> str:
    return LINE_BREAK.sub(lambda found: rng.choice((found[0], " ", "", "\n")), text)


def _cut_lines(text: str, rng: Random) -> str:
    return GAP.sub(lambda gap: rng.choice((gap[0],) * 5 + ("\n", "\n\n")), text)


def _shuffle_lines(text: str, rng: Random) -> str:
    lines = text.split("\n")
    rng.shuffle(lines)
    return "\n".join(lines)


def _delete_signs(text: str, rng: Random) -> str:
    share = rng.choice((0.01, 0.05, 0.2))
    return "".join(sign for sign in text if rng.random() > share)


def _add_odd_signs(text: str, rng: Random) -> str:
    return GAP.sub(lambda gap: rng.choice((gap[0],) * 5 + (make_code_points(rng, 1),)), text)


def _shuffle_words(text: str, rng: Random) -> str:
    words = re.findall(r"\S+\s*", text)
    rng.shuffle(words)
    return "".join(words)


def _repeat_part(text: str, rng: Random) -> str:
    start, end = sorted(rng.randint(0, len(text)) for _ in range(2))
    return text[:end] + text[start:end] + text[end:]


def _change_case(text: str, rng: Random) -> str:
    return rng.choice((str.upper, str.lower, str.title, str.swapcase))(text)


MUTATIONS: Sequence[Callable[[str, Random], str]] = (
    _drop_marks,
    _double_marks,
    _replace_marks,
    _swap_marks,
    _add_marks,
    _join_lines,
    _cut_lines,
    _shuffle_lines,
    _delete_signs,
    _add_odd_signs,
    _shuffle_words,
    _repeat_part,
    _change_case,
)


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
    is_there = _stands_at(text, mention.text, mention.start, mention.end)
    yield "mention_stands_in_text", is_there
    yield "mention_id_is_unique", mention_ids[mention.mention_id] == 1
    yield "chain_is_a_mention", mention.chain_id is None or mention.chain_id in mention_ids


def _promises_of_words(text: str, quote: Quote) -> Iterator[tuple[str, bool]]:
    spans = quote.content_spans
    yield "content_has_words", bool(quote.content.translate(UNSEEN)) and bool(spans)
    yield "spans_are_in_text", all(0 <= s.start < s.end <= len(text) for s in spans)
    yield "spans_are_in_order", all(one.end <= other.start for one, other in pairwise(spans))
    cut = "".join(text[s.start : s.end] for s in spans)  # without the blanks between lines
    yield "content_is_at_its_spans", cut.translate(BLANK) == quote.content.translate(BLANK)
    is_there = _stands_at(text, quote.cue, quote.cue_start, quote.cue_end)
    yield "cue_stands_in_text", is_there
    is_there = _stands_at(text, quote.source, quote.source_start, quote.source_end)
    yield "source_stands_in_text", is_there


def _promises_of_ids(
    quote: Quote, quote_ids: Mapping[str, int], mention_ids: Mapping[str, int]
) -> Iterator[tuple[str, bool]]:
    parent, speaker = quote.parent_quote_id, quote.speaker_mention_id
    yield "quote_id_is_unique", quote_ids[quote.quote_id] == 1
    yield "parent_is_another_quote", parent is None or parent in {*quote_ids} - {quote.quote_id}
    yield "speaker_is_a_mention", speaker is None or speaker in mention_ids
    yield "confidence_is_a_share", 0 <= quote.confidence <= 1


def _stands_at(text: str, words: str | None, start: int | None, end: int | None) -> bool:
    """Return whether words stand there; words that are not stated have no place either."""
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
