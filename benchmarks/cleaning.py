"""How good is cleaning: lines kept and removed, headline found, on any gold file.

Rows with `lines` are labelled from their scraped text, rows with `html` go through the product's
own reader first; all rows of a file are one bundle, and `domain` tells their sites apart. Scores
of news pages stand apart where the rows tell them apart. With `--peers` other tools clean the same
pages in the same run, and one table compares them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import compress
from typing import Generic, NamedTuple, TypeVar

from benchmarks.data.goldfiles import Stopwatch, format_rate, make_parser, read_rows, write_rows
from benchmarks.quality.cleaning_peers import (
    HTML_PACKAGES,
    HTML_PEERS,
    LINE_PACKAGES,
    LINE_PEERS,
    name_versions,
)
from benchmarks.scoring.cleaning import (
    GoldHtml,
    GoldLine,
    GoldPage,
    LineScores,
    TextScores,
    aggregate,
    format_headline_scores,
    format_line_scores,
    format_text_scores,
    join_kept_lines,
    read_gold_html,
    read_gold_page,
    score_headlines,
    score_lines,
    score_page,
)
from copydesk.cleaning.articles import compose_article
from copydesk.cleaning.evidence import harvest_facts
from copydesk.cleaning.repeats import LineCounter, RepeatedLines
from copydesk.cleaning.segments import label_page
from copydesk.reading.bundles import read_bytes
from copydesk.reading.pages import page_of_text
from copydesk.rows import RawArticle, Segment
from copydesk.values import COPY_LABELS, Label

KEPT_LABELS = COPY_LABELS | {Label.DATELINE}  # of a line with both, the dateline is copy too
PRODUCT = "copydesk"
MAX_PAGES_PER_SECOND = 10_000  # faster than that, a file is done in a few ticks of the clock
WARM_UP_LINES = (  # an invented page on which each system loads what it needs
    "Ferries stand still for a third day",
    "By Ida Brandt",
    "PORT ELSA, May 3 (HPA) — Crews said on Monday that no ferry would sail until they are paid.",
    "The harbour office said that nine ferries lay at the quay, and that more would come.",
    "Subscribe to our newsletter",
)
WARM_UP_HTML = (
    f"<html><head><title>{WARM_UP_LINES[0]}</title></head>"
    f"<body><article><p>{'</p><p>'.join(WARM_UP_LINES)}</p></article></body></html>"
)

P = TypeVar("P")
R = TypeVar("R")


class Run(NamedTuple, Generic[R]):
    """What a system made of each page, and the CPU seconds that it took for all of them."""

    results: list[R]
    seconds: float


class Cleaned(NamedTuple):
    """What the product makes of a page."""

    segments: list[Segment]
    copy: str
    headline: str | None


class Compared(NamedTuple):
    """A row of the comparison; lines are not scored where pages are HTML."""

    system: str
    pages: str
    text: TextScores
    lines: LineScores | None
    pages_per_second: float


def main() -> None:
    """Run the product's cleaning on the pages of a gold file and print the scores."""
    parser = make_parser("cleaning", __doc__.splitlines()[0])
    parser.add_argument("--peers", action="store_true", help="measure other tools beside it")
    options = parser.parse_args()
    rows = list(read_rows(options.gold))
    if rows and "html" in rows[0]:
        predictions = _score_html([read_gold_html(row) for row in rows], has_peers=options.peers)
    else:
        predictions = _score_lines([read_gold_page(row) for row in rows], has_peers=options.peers)
    write_rows(predictions, options.predictions)


def flag_copy(lines: Iterable[GoldLine], segments: Sequence[Segment]) -> list[bool]:
    """Return of each line whether most of it is copy; segments are in reading order."""
    starts = [segment.start for segment in segments]
    ends = [segment.end for segment in segments]
    return [
        _is_kept(line, segments[bisect_right(ends, line.start) : bisect_left(starts, line.end)])
        for line in lines
    ]


def _is_kept(line: GoldLine, segments: Iterable[Segment]) -> bool:
    n_kept = n_read = 0
    for segment in segments:
        n_shared = min(line.end, segment.end) - max(line.start, segment.start)
        if segment.label is not Label.BLANK:
            n_read += n_shared
            n_kept += n_shared if segment.label in KEPT_LABELS else 0
    return 2 * n_kept > n_read


def _score_lines(gold: Sequence[GoldPage], *, has_peers: bool) -> list[Mapping[str, object]]:
    versions = name_versions(LINE_PACKAGES) if has_peers else None
    pages = [(page.scraped_text, page.site) for page in gold]
    run = _run_product(_read_text, pages, warm_up=("\n".join(WARM_UP_LINES), ""))
    kept = [flag_copy(p.lines, made.segments) for p, made in zip(gold, run.results, strict=True)]
    headlines = {p.doc_id: made.headline for p, made in zip(gold, run.results, strict=True)}
    of_texts, of_lines, of_titles = {}, {}, {}
    for name, chosen in _choose_pages(gold):
        some = list(compress(gold, chosen))
        of_texts[name], of_lines[name] = _score_kept(some, list(compress(kept, chosen)))
        on_page = {p.doc_id: p.titles for p in some if any(line.is_title for line in p.lines)}
        of_titles[name] = score_headlines(headlines, on_page)
    print(format_text_scores(of_texts))
    print(format_line_scores(of_lines))
    print(format_headline_scores(of_titles))
    rate = format_rate(len(gold), "pages", seconds=run.seconds)
    print(f"{rate}, for labels, facts and article; models were loaded before")
    if versions is not None:
        print(_format_comparison(_compare_lines(gold, Run(kept, run.seconds))))
        print(versions)
    return [{"doc_id": p.doc_id, "keep": k} for p, k in zip(gold, kept, strict=True)]


def _score_html(gold: Sequence[GoldHtml], *, has_peers: bool) -> list[Mapping[str, object]]:
    versions = name_versions(HTML_PACKAGES) if has_peers else None
    run = _run_product(read_page, [page.html for page in gold], warm_up=WARM_UP_HTML)
    bodies = [made.copy for made in run.results]
    headlines = {p.doc_id: made.headline for p, made in zip(gold, run.results, strict=True)}
    print(format_text_scores({"html": _score_texts(gold, bodies)}))
    titles = {p.doc_id: p.titles for p in gold if p.titles}
    print(format_headline_scores({"html": score_headlines(headlines, titles)}))
    if versions is not None:
        print(_format_comparison(_compare_html(gold, Run(bodies, run.seconds))))
        print(versions)
    return [{"doc_id": p.doc_id, "text": text} for p, text in zip(gold, bodies, strict=True)]


def _run(system: Callable[[P], R], pages: Iterable[P], *, warm_up: P) -> Run[R]:
    """Return what a system makes of pages; what it loads at its first page is not timed."""
    system(warm_up)
    watch = Stopwatch()
    results = [system(page) for page in pages]
    return Run(results, watch.seconds())


def _run_product(
    read: Callable[[P], RawArticle], pages: Iterable[P], *, warm_up: P
) -> Run[Cleaned]:
    """Return what the product makes of pages that are delivered together, as one bundle."""
    clean_bundle([read(warm_up)])
    watch = Stopwatch()
    results = clean_bundle([read(page) for page in pages])
    return Run(results, watch.seconds())


def _read_text(page: tuple[str, str]) -> RawArticle:
    text, site = page
    return replace(page_of_text("page", text), url=f"https://{site}/" if site else None)


def read_page(html: str) -> RawArticle:
    """Return a page of HTML; one that cannot be read has no text."""
    raw = next(read_bytes(html.encode(), source_path="page.html", bundle="gold"))
    return raw if isinstance(raw, RawArticle) else page_of_text("page", "")


def clean_bundle(raws: Iterable[RawArticle]) -> list[Cleaned]:
    """Return what the product makes of the pages of one bundle, in their order."""
    counter = LineCounter()
    pages = list(counter.watch(raws))
    repeated = counter.repeated()
    return [_clean_page(raw, repeated) for raw in pages]


def _clean_page(raw: RawArticle, repeated: RepeatedLines) -> Cleaned:
    segments = label_page(raw, repeated)
    article = compose_article(raw, segments, harvest_facts(raw, segments))
    kept = [raw.text[s.start : s.end] for s in segments if s.label in KEPT_LABELS]
    return Cleaned(segments, "\n".join(kept), article.headline)


def _choose_pages(gold: Sequence[GoldPage]) -> Iterator[tuple[str, list[bool]]]:
    """Yield the groups of pages that are scored apart: a name, and of each page whether it is in.

    A group without pages is left out.
    """
    groups = {"all": [True for _ in gold], "news": [page.is_news for page in gold]}
    return ((name, chosen) for name, chosen in groups.items() if any(chosen))


def _score_kept(
    gold: Sequence[GoldPage], kept: Sequence[Sequence[bool]]
) -> tuple[TextScores, LineScores]:
    texts = [join_kept_lines(page, flags) for page, flags in zip(gold, kept, strict=True)]
    return _score_texts(gold, texts), score_lines(gold, kept)


def _score_texts(gold: Sequence[GoldPage | GoldHtml], texts: Iterable[str]) -> TextScores:
    return aggregate(
        [
            score_page(text, page.article_text, titles=page.titles)
            for page, text in zip(gold, texts, strict=True)
        ]
    )


def _compare_lines(gold: Sequence[GoldPage], product: Run[list[bool]]) -> Iterator[Compared]:
    pages = [[p.scraped_text[line.start : line.end] for line in p.lines] for p in gold]
    runs = {PRODUCT: product}
    for system, keep in LINE_PEERS.items():
        runs[system] = _run(keep, pages, warm_up=WARM_UP_LINES)
    for name, chosen in _choose_pages(gold):
        some = list(compress(gold, chosen))
        for system, run in runs.items():
            text, lines = _score_kept(some, list(compress(run.results, chosen)))
            yield Compared(system, f"{len(some)} {name}", text, lines, len(gold) / run.seconds)


def _compare_html(gold: Sequence[GoldHtml], product: Run[str]) -> Iterator[Compared]:
    runs = {PRODUCT: product}
    for system, extract in HTML_PEERS.items():
        runs[system] = _run(extract, [page.html for page in gold], warm_up=WARM_UP_HTML)
    for system, run in runs.items():
        text = _score_texts(gold, run.results)
        yield Compared(system, str(len(gold)), text, None, len(gold) / run.seconds)


def _format_comparison(rows: Iterable[Compared]) -> str:
    """Return a Markdown table, ready for `docs/benchmarks.md`; speed is that over all pages."""
    head = (
        "| system | pages | token F1 mean / median | shingle F1 | removed-line F1"
        " | body words lost | pages per CPU second |"
    )
    lines = [head, "|---|---|---|---|---|---|---|"]
    for row in rows:
        removed = lost = ""
        if row.lines is not None:
            removed = _format_share(row.lines.removed.f1)
            lost = f"{100 * row.lines.body_loss_share:.1f} %"
        token = f"{_format_share(row.text.token.f1)} / {_format_share(row.text.token_f1_median)}"
        lines.append(
            f"| {row.system} | {row.pages} | {token} | {_format_share(row.text.shingle.f1)}"
            f" | {removed} | {lost} | {_format_speed(row.pages_per_second)} |"
        )
    return "\n".join(lines)


def _format_share(share: float) -> str:
    return f"{share:.3f}".removeprefix("0")


def _format_speed(pages_per_second: float) -> str:
    is_measured = pages_per_second < MAX_PAGES_PER_SECOND
    return f"{pages_per_second:.0f}" if is_measured else f"over {MAX_PAGES_PER_SECOND}"


if __name__ == "__main__":
    main()
