"""How fast HTML is read, beside trafilatura alone on the same pages in the same run.

`reading` is bytes to a row of `raw_articles`: text, marks, what is left out, and the head.
`everything` adds labels, facts, language and the article. Each system reads all pages once in each
round, in turns, and its fastest round counts: the machine is noisy.
"""

from collections.abc import Callable, Sequence

import trafilatura

from benchmarks.cleaning import clean_bundle, read_page
from benchmarks.data.goldfiles import Stopwatch, make_parser, read_rows
from benchmarks.scoring.cleaning import read_gold_html

ROUNDS = 3
SYSTEMS: dict[str, Callable[[Sequence[str]], object]] = {
    "trafilatura": lambda pages: [trafilatura.extract(html) for html in pages],
    "reading": lambda pages: [read_page(html) for html in pages],
    "everything": lambda pages: clean_bundle([read_page(html) for html in pages]),
}


def main() -> None:
    """Print pages per CPU second of each system, and its ratio to trafilatura's."""
    options = make_parser("speed.html_reading", __doc__.splitlines()[0]).parse_args()
    pages = [read_gold_html(row).html for row in read_rows(options.gold)]
    seconds = {name: float("inf") for name in SYSTEMS}
    for system in SYSTEMS.values():
        system(pages[:2])  # what is loaded at the first page is not timed
    for _ in range(ROUNDS):
        for name, system in SYSTEMS.items():
            watch = Stopwatch()
            system(pages)
            seconds[name] = min(seconds[name], watch.seconds())
    print(f"{'':<12}{'pages per CPU second':>22}{'ratio':>8}")
    for name, taken in seconds.items():
        ratio = seconds["trafilatura"] / taken
        print(f"{name:<12}{len(pages) / taken:>22.1f}{ratio:>8.2f}")


if __name__ == "__main__":
    main()
