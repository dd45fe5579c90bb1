"""The functions that `import copydesk` offers for pages: clean, quotes, read and pipe."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from copydesk.api.make import Source, clean_row, is_missing, make_page
from copydesk.api.page import Page, Rejected, view_rejected
from copydesk.api.quote import Quote, view_mentions, view_quotes
from copydesk.errors import BundleError
from copydesk.reading.bundles import read_pages
from copydesk.reading.encodings import replace_unstorable
from copydesk.rows import RejectedFile

BATCH_TEXTS = 16  # parsed together; larger batches are no faster


def clean(source: Source) -> Page:
    """Return the article in a scraped page: its headline, its copy, what was removed, who spoke.

    >>> page = copydesk.clean('''Skip to content
    ... Ferries stand still for a third day
    ... By Ida Brandt | May 3, 2031
    ... “We will not sail,” union leader Anna Miller said at the quay on Monday.
    ... Paul Holm, the mayor of Port Elsa, said that the strike was an insult to the islands.''')
    >>> page
    Page('Ferries stand still for a third day', 2031-05-03, 31 words, 2 lines removed)
    >>> page.byline
    'Ida Brandt'
    >>> page.removed
    [RemovedLine(navigation: 'Skip to content'), RemovedLine(byline: 'By Ida Brandt | May 3, 2031')]
    >>> [quote.speaker for quote in page.quotes]
    ['Anna Miller', 'Paul Holm']

    A `str` is the page itself, never a path: plain text, or HTML if it begins as HTML does.
    `bytes` are decoded and unpacked as files are (docs/reading.md). A `Path` is a file that holds
    one page; `read` is for files and folders of many. A page that shows no text is a `Page` without
    one. In a notebook a page shows itself, with quotations, speakers and removed lines marked.

    No model is loaded before `quotes` or `mentions` of the page are asked for.

    Raises:
        TypeError: if `source` is of another type, None and NaN included: no page is not a page.
        UnreadableError: if it is not a page: a picture, bytes in no known encoding, broken HTML.
        BundleError: if the path leads nowhere, or to several pages.
    """
    return make_page(source)


def quotes(source: Source | None, *, is_copy: bool = False) -> list[Quote]:
    """Return the quotations in a page: who says what, in the order of the page.

    >>> copydesk.quotes("“We will not sail,” union leader Anna Miller warned on Monday.")
    [Quote('We will not sail,', speaker='Anna Miller', direct, confidence=0.9...)]

    Where nobody can be proven to be the speaker, the quotation says why:

    >>> [quote] = copydesk.quotes("“We will never pay,” officials said on Monday.")
    >>> quote.source, quote.speaker, quote.speaker_reason
    ('officials', None, 'anonymous_source')

    `source` is what `clean` takes, and the result is `clean(source).quotes`: menus, teasers and
    readers' comments are not searched. With `is_copy`, a text is taken as running copy from end to
    end. The first call in a process loads the parser, which takes some seconds.

    A missing value (None, NaN, `pandas.NA`) has no quotations, so a column can be mapped whole:

    >>> df = pd.DataFrame({"text": ["“I am tired,” said Paul Holm.", None]})
    >>> df["quotes"] = df.text.map(copydesk.quotes)
    >>> df.quotes.map(len).tolist()
    [1, 0]

    For many texts, `pipe` is faster. Errors are those of `clean`.
    """
    if is_missing(source):
        return []
    if is_copy:
        if not isinstance(source, str):
            msg = f"running copy is a str, not {type(source).__name__}"
            raise TypeError(msg)
        return _quotes_in_copy(source)
    return make_page(source).quotes


def read(path: str | Path) -> Iterator[Page | Rejected]:
    """Yield the pages of a file, a folder or an archive, and what could not be read.

    >>> for page in copydesk.read("dump.zip"):
    ...     print(page)
    Page('Ferries stand still for a third day', Harbour Post, 13 words, 1 line removed)
    Rejected('dump.zip/logo.png', unknown_type: no reader for .png files)

    It streams: one page is in memory at a time. Files are read in the order of their paths, at any
    depth; docs/reading.md lists the formats, from plain text and HTML to JSON Lines, Parquet, WARC
    and archives of all of them.

    Each page is judged by itself. `copydesk run` also compares the pages of a site with each other,
    so it removes a little more. `pipe(read(path), workers=4)` computes the quotations in parallel.

    Raises:
        BundleError: if there is nothing at `path`, or it changes while it is read.
        ValueError: if `path` is an empty string, which would be the folder that one is in.
    """
    if path == "":
        msg = "the path is empty"
        raise ValueError(msg)
    place = Path(path)
    if not place.exists():
        msg = f"{place}: no such file or folder"
        raise BundleError(msg)
    return _read(place)


def pipe(
    texts: Iterable[Source | Page | Rejected | None],
    *,
    workers: int = 1,
    batch_size: int = BATCH_TEXTS,
) -> Iterator[Page | Rejected]:
    """Yield the page of each text, in their order, with quotations and mentions computed.

    >>> texts = ["“I am tired,” said Paul Holm.", "“So am I,” said Ida Brandt."]
    >>> for page in copydesk.pipe(texts):
    ...     print(page.quotes[0].speaker)
    Paul Holm
    Ida Brandt

    `texts` can be any iterable of what `clean` takes, or of pages that `read` yields. It is read as
    results are taken, a few batches ahead, so it may be endless.

    There is one result for each text. For a text that cannot be read, for a missing value and for
    one that ends the process that reads it, the result is a `Rejected`; its `path` is `#n` for the
    n-th text. All others are not affected.

    With several `workers`, processes share the work, and end with the iterator; the models take
    400 MB once, each worker 100 MB more. In a script, call it below `if __name__ == "__main__":`,
    as everything that starts processes in Python; in a notebook there is no need to.

    Raises:
        TypeError: if a text is of another type.
        CopydeskError: if no worker process can start.
    """
    if workers < 1 or batch_size < 1:
        msg = "workers and batch_size are at least 1"
        raise ValueError(msg)
    # It imports spaCy, which the other functions do without.
    from copydesk.api.batches import make_pages

    return make_pages(texts, n_workers=workers, batch_size=batch_size)


def _read(path: Path) -> Iterator[Page | Rejected]:
    for row in read_pages(path):
        yield view_rejected(row) if isinstance(row, RejectedFile) else clean_row(row)


def _quotes_in_copy(text: str) -> list[Quote]:
    from copydesk.api.extract import extract_text  # imports spaCy, as above

    found = extract_text(replace_unstorable(text)[0])
    return view_quotes(found.quotes, view_mentions(found.mentions))
