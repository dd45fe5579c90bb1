"""How time and memory grow with a text: each kind of text at three lengths, in all stages.

One line of JSON for each kind: its lengths, CPU seconds of each stage (the least of several runs),
how much longer each length takes than the one before, and the peak memory of the process. A stage
that grows with the square of the text takes four times as long at twice the length. Every run has a
process of its own, forked from one that has loaded the models; one that takes longer than
`--limit` CPU seconds is ended and has no figures.
"""

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple, TypeVar

from benchmarks.processes.apart import read_peak_mb
from copydesk.cleaning.articles import compose_articles, pair_pages
from copydesk.cleaning.copytext import copy_of_text
from copydesk.cleaning.repeats import LineCounter
from copydesk.cleaning.segments import label_page
from copydesk.extraction.extract import extract_article, load_models
from copydesk.extraction.parsing import parse_copies
from copydesk.quotations.methods import QuoteMethod
from copydesk.reading.bundles import read_pages
from copydesk.rows import RawArticle
from copydesk.system.parent import follow_parent

LENGTHS = (12_000, 24_000, 48_000)  # characters
MAX_GROWTH = 2.3  # from one length to twice as much
MAX_MEMORY_MIB = 1_024
MIN_SECONDS = 0.3  # shorter runs are noise: their growth is not judged
LIMIT_SECONDS = 120
N_RUNS = 2

T = TypeVar("T")

UNITS: Mapping[str, str] = {
    "said_that": "Berg said that ",
    "spaces": " ",
    "short_lines": "a:\n",
    "no_said": "“No,” said Hallam. ",
    "opening_marks": "“",
    "attributes": ' a{n}="b"',
    "closing_marks": "”",
    "straight_marks": '"',
    "apostrophes": "'tis ’",
    "single_marks": "‘No,’ said Hallam. ",
    "nested_single": "“He said: ‘Go,’ Berg said. ",
    "full_stops": ".",
    "brackets": "(",
    "sources": "(Source: ",
    "digits": "7 ",
    "capitals": "Berg Lund ",
    "names": "Ida Berg{n} met Paul Lund{n}. ",
    "surnames": "Ida{n} Berg met Berg. ",
    "acronyms": "The B{n} Ferry Line met. ",
    "pronouns": "He saw her. ",
    "people_and_pronouns": "Ida Berg{n} said he saw her. ",
    "ministers": "The minister, Ida Berg{n}, met the minister. ",
    "commas": "mayor, ",
    "hyphens": "a-",
    "no_spaces": "a",
    "tabs": "\t",
    "invisible": "\u200b",
    "according_to": "according to Berg ",
    "whose": "who said ",
    "paragraphs": "“We sail,” Berg said.\n\n",
    "open_paragraphs": "“We sail and sail.\n\n",
    "words": "ferry ",
    "mojibake": "â€™ ",
    "dates": "May 3 ",
    "month": "May ",
}  # `{n}` is the number of the unit


class Cost(NamedTuple):
    """CPU seconds of each stage of one text, and the peak memory of its process."""

    seconds: Mapping[str, float]
    memory_mib: int


def main() -> None:
    """Measure the kinds that are named, or all; exit 1 where one grows faster than its text."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.robustness.growth", description=__doc__.splitlines()[0]
    )
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(UNITS))
    parser.add_argument("--limit", type=int, default=LIMIT_SECONDS, help="CPU seconds of a run")
    parser.add_argument("--runs", type=int, default=N_RUNS, help="runs of which the least counts")
    options = parser.parse_args()
    load_models()
    measure_text("words", 1_000)
    is_faulty = False
    for kind in options.kinds or UNITS:
        costs = [measure(kind, n, limit=options.limit, n_runs=options.runs) for n in LENGTHS]
        line = describe(kind, costs)
        is_faulty |= not line["ok"]
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
    sys.exit(1 if is_faulty else 0)


def make_text(kind: str, n_chars: int) -> str:
    """Return a text of one kind, not longer than `n_chars` unless one unit is."""
    unit = UNITS[kind]
    n_units = n_chars // len(unit.format(n=10_000))
    repeated = (
        "".join(unit.format(n=n) for n in range(n_units)) if "{n}" in unit else unit * n_units
    )
    if kind == "attributes":
        return f"<html><body><p{repeated}>Berg said that the ferry will sail.</p></body></html>"
    if unit.isspace() or kind == "invisible":
        return f"Berg said{repeated}that the ferry will sail."
    return repeated


def measure(kind: str, n_chars: int, *, limit: int, n_runs: int) -> Cost | None:
    """Return the least cost of several runs of one text, or None where one is ended."""
    costs = [_measure_apart(kind, n_chars, limit) for _ in range(n_runs)]
    known = [cost for cost in costs if cost is not None]
    if not known:
        return None
    best = {stage: min(cost.seconds[stage] for cost in known) for stage in known[0].seconds}
    return Cost(best, max(cost.memory_mib for cost in known))


def _measure_apart(kind: str, n_chars: int, limit: int) -> Cost | None:
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send_cost, args=(sender, kind, n_chars, limit))
    process.start()
    sender.close()
    try:
        return Cost(*receiver.recv())
    except EOFError:  # it was ended
        return None
    finally:
        process.join()


def _send_cost(sender: Connection, kind: str, n_chars: int, limit: int) -> None:
    follow_parent()
    used = int(time.process_time())
    resource.setrlimit(resource.RLIMIT_CPU, (used + limit, used + limit))
    sender.send(tuple(measure_text(kind, n_chars)))


def measure_text(kind: str, n_chars: int) -> Cost:
    """Return what all stages of one text cost in this process."""
    seconds: dict[str, float] = {}

    def timed(stage: str, do: Callable[[], T]) -> T:
        started = time.process_time()
        result = do()
        seconds[stage] = round(time.process_time() - started, 3)
        return result

    text = make_text(kind, n_chars)
    name = "page.html" if kind == "attributes" else "page.txt"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_text(text)
        rows = timed("read", lambda: list(read_pages(Path(folder))))
    raws = [row for row in rows if isinstance(row, RawArticle)]
    counter = LineCounter()
    list(counter.watch(raws))
    segments = timed("label", lambda: [s for r in raws for s in label_page(r, counter.repeated())])
    timed("compose", lambda: list(compose_articles(pair_pages(iter(raws), iter(segments)))))
    # The whole text, whatever the labels are: another text may have it as its copy.
    copies = [copy for raw in raws if (copy := copy_of_text("", raw.text)).pieces]
    docs = timed("parse", lambda: list(parse_copies(copies)))
    timed(
        "extract",
        lambda: [
            extract_article(copy, doc, QuoteMethod.TAGGER)
            for copy, doc in zip(copies, docs, strict=True)
        ],
    )
    return Cost(seconds, read_peak_mb())


def describe(kind: str, costs: list[Cost | None]) -> dict[str, object]:
    """Return the line of one kind: is it within the bounds, and what it costs."""
    totals = [None if cost is None else round(sum(cost.seconds.values()), 2) for cost in costs]
    growth = [
        None if one is None or other is None else round(other / max(one, MIN_SECONDS), 2)
        for one, other in pairwise(totals)
    ]
    memory = max((cost.memory_mib for cost in costs if cost is not None), default=0)
    is_even = all(step is not None and step <= MAX_GROWTH for step in growth)
    return {
        "kind": kind,
        "ok": is_even and memory <= MAX_MEMORY_MIB,
        "chars": list(LENGTHS),
        "seconds": totals,
        "growth": growth,
        "memory_mib": memory,
        "stages": {
            stage: [None if cost is None else cost.seconds[stage] for cost in costs]
            for stage in next((cost.seconds for cost in costs if cost is not None), {})
        },
    }


if __name__ == "__main__":
    main()
