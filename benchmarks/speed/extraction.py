"""How fast names and quotations are extracted, beside spaCy as it comes on the same texts.

Both work in this process on one core, batch by batch in turn, after one batch of each that is not
counted. Articles are those of files that copydesk reads, or are made from the samples; spaCy gets
their copy.

    python -m benchmarks.speed.extraction [FILE …] [--articles 100]
"""

import argparse
import json
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain, islice
from pathlib import Path

import spacy
from spacy.tokens import Doc
from threadpoolctl import threadpool_limits

from benchmarks.throughput import make_articles
from copydesk.api.calls import read
from copydesk.api.extract import extract_pages
from copydesk.api.make import make_page
from copydesk.api.page import Page
from copydesk.extraction.extract import BATCH_ARTICLES
from copydesk.extraction.parsing import find_pipeline
from copydesk.lexicons.language import ENGLISH

N_ARTICLES = 100


def main() -> None:
    """Measure both, and print one line of JSON."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed.extraction",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE")
    parser.add_argument("--articles", type=int, default=N_ARTICLES, metavar="N", help="at most")
    options = parser.parse_args()
    found_pages = read_pages(options.files) if options.files else map(make_page, make_articles())
    pages = list(islice(found_pages, options.articles))
    bodies = [page.body for page in pages]
    nlp = load_as_it_comes()
    extraction = spacy_alone = 0.0
    with threadpool_limits(1):
        extract_pages(pages[:BATCH_ARTICLES])
        parse(nlp, bodies[:BATCH_ARTICLES])
        for first in range(0, len(pages), BATCH_ARTICLES):
            some = slice(first, first + BATCH_ARTICLES)
            extraction += time_cpu(partial(extract_pages, pages[some]))
            spacy_alone += time_cpu(partial(parse, nlp, bodies[some]))
    found = {
        "articles": len(pages),
        "extraction_cpu_s": round(extraction, 1),
        "spacy_cpu_s": round(spacy_alone, 1),
        "articles_per_cpu_s": round(len(pages) / extraction, 2),
        "extraction_to_spacy": round(spacy_alone / extraction, 3),
    }
    print(json.dumps(found))


def read_pages(paths: Sequence[Path]) -> Iterator[Page]:
    """Yield the articles of files."""
    for page in chain.from_iterable(map(read, paths)):
        if isinstance(page, Page) and page.body:
            yield page


def load_as_it_comes() -> spacy.language.Language:
    """Return the pipeline that copydesk parses with, with all its parts and spaCy's own settings.

    Raises: ModuleNotFoundError: if its package is not installed.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        return spacy.load(find_pipeline(ENGLISH))


def parse(nlp: spacy.language.Language, texts: Sequence[str]) -> list[Doc]:
    """Return texts as spaCy annotates them."""
    return list(nlp.pipe(texts))


def time_cpu(task: Callable[[], Sequence[object]]) -> float:
    """Return the CPU seconds of a task."""
    started = time.process_time()
    task()
    return time.process_time() - started


if __name__ == "__main__":
    main()
