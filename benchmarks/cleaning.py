"""How good is cleaning: lines kept and removed, headline found, on any gold file.

Rows with `lines` are labelled from their scraped text alone; rows with `html` go through the
product's own reader first. Scores of news pages stand apart where the rows tell them apart.
"""

from collections.abc import Mapping, Sequence

from benchmarks.goldfiles import Stopwatch, make_parser, read_rows, write_rows
from benchmarks.scoring.cleaning import (
    GoldHtml,
    GoldPage,
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
from copydesk.articles import compose_article, compose_body
from copydesk.boilerplate import label_page
from copydesk.facts import harvest_facts
from copydesk.model import COPY_LABELS, Label, RawArticle, Segment
from copydesk.pages import page_of_text, read_pages

KEPT_LABELS = COPY_LABELS | {Label.DATELINE}  # of a line with both, the dateline is copy too


def main() -> None:
    """Run the product's cleaning on the pages of a gold file and print the scores."""
    options = make_parser("cleaning", __doc__.splitlines()[0]).parse_args()
    rows = list(read_rows(options.gold))
    watch = Stopwatch()
    if rows and "html" in rows[0]:
        predictions = _score_html([read_gold_html(row) for row in rows])
    else:
        predictions = _score_lines([read_gold_page(row) for row in rows], watch)
    write_rows(predictions, options.predictions)


def _score_lines(gold: Sequence[GoldPage], watch: Stopwatch) -> list[Mapping[str, object]]:
    kept, headlines = [], {}
    for page in gold:
        raw = page_of_text(page.doc_id, page.scraped_text)
        segments = label_page(raw)
        kept.append([_is_kept(line.start, line.end, segments) for line in page.lines])
        facts = harvest_facts(raw, segments)
        headlines[page.doc_id] = compose_article(raw, segments, facts).headline
    speed = watch.rate(len(gold), "pages")
    texts, lines, titles = {}, {}, {}
    for name, is_in in (("all", lambda _: True), ("news", lambda page: page.is_news)):
        some = [(p, k) for p, k in zip(gold, kept, strict=True) if is_in(p)]
        if not some:
            continue
        texts[name] = aggregate(
            [score_page(join_kept_lines(p, k), p.article_text, titles=p.titles) for p, k in some]
        )
        lines[name] = score_lines([p for p, _ in some], [k for _, k in some])
        on_page = {p.doc_id: p.titles for p, _ in some if any(line.is_title for line in p.lines)}
        titles[name] = score_headlines(headlines, on_page)
    print(format_text_scores(texts))
    print(format_line_scores(lines))
    print(format_headline_scores(titles))
    print(speed)
    return [{"doc_id": p.doc_id, "keep": k} for p, k in zip(gold, kept, strict=True)]


def _is_kept(start: int, end: int, segments: Sequence[Segment]) -> bool:
    """Return whether most of a line is copy."""
    n_kept = n_read = 0
    for segment in segments:
        n_shared = min(end, segment.end) - max(start, segment.start)
        if n_shared > 0 and segment.label is not Label.BLANK:
            n_read += n_shared
            n_kept += n_shared if segment.label in KEPT_LABELS else 0
    return 2 * n_kept > n_read


def _score_html(gold: Sequence[GoldHtml]) -> list[Mapping[str, object]]:
    texts = {}
    headlines: dict[str, str | None] = {}
    for page in gold:
        read = read_pages(page.html.encode(), source_path="page.html", bundle="gold")
        raw = next(iter(read))
        if not isinstance(raw, RawArticle):
            texts[page.doc_id], headlines[page.doc_id] = "", None
            continue
        segments = label_page(raw)
        article = compose_article(raw, segments, harvest_facts(raw, segments))
        texts[page.doc_id] = compose_body(raw, segments)
        headlines[page.doc_id] = article.headline
    scores = [score_page(texts[p.doc_id], p.article_text, titles=p.titles) for p in gold]
    print(format_text_scores({"html": aggregate(scores)}))
    titles = {p.doc_id: p.titles for p in gold if p.titles}
    print(format_headline_scores({"html": score_headlines(headlines, titles)}))
    return [{"doc_id": doc_id, "text": text} for doc_id, text in texts.items()]


if __name__ == "__main__":
    main()
