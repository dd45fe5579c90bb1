"""Make the rows of published pages again with the code of today, and apply the corrections."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import duckdb

from copydesk.cleaning.articles import Page, compose_articles
from copydesk.cleaning.neighbours import NeighbourCounter
from copydesk.cleaning.repeats import LineCounter
from copydesk.cleaning.segments import label_page
from copydesk.corrections.articles import CorrectedArticle, correct_article
from copydesk.corrections.kinds import ArticleRow, LineRow, QuoteRow
from copydesk.corrections.lines import CorrectedLines, correct_lines
from copydesk.corrections.pages import Outcome, Touching, group_by_page
from copydesk.corrections.quotes import correct_quotes
from copydesk.corrections.speakers import Copied
from copydesk.extraction.extract import BATCH_ARTICLES, Extract, extract_batch, select_copies
from copydesk.extraction.workers import cut_batches
from copydesk.lake.sql import quote_sql
from copydesk.publishing.published import PublishedPage
from copydesk.quotations.methods import QuoteMethod
from copydesk.rows import Article, ArticleFact, RawArticle
from copydesk.tables import RAW_ARTICLES

BATCH_ROWS = 128  # whole pages


class Remade(NamedTuple):
    """A page as a run would make it, and what became of each correction."""

    page: PublishedPage
    outcomes: list[Outcome]


class _Cleaned(NamedTuple):
    raw: RawArticle
    lines: CorrectedLines
    article: CorrectedArticle


def remake_pages(
    connection: duckdb.DuckDBPyConnection,
    *,
    bundle: str,
    wanted: Collection[str],
    touching: Sequence[Touching],
    method: QuoteMethod,
) -> Iterator[Remade]:
    """Yield the rows that a run would make of some pages of a bundle, in their order.

    All pages of the bundle are read, because they prove things about each other. What became of a
    correction says whether the code of today decides so by itself.
    """
    lines, neighbours = LineCounter(), NeighbourCounter()
    for _ in neighbours.watch(lines.watch(_read_raws(connection, bundle))):
        pass
    repeated, settled = lines.repeated(), neighbours.settle()
    of_lines = group_by_page(touching, LineRow)
    of_articles = group_by_page(touching, ArticleRow)

    def clean(raw: RawArticle) -> _Cleaned:
        decided = of_lines.get(raw.article_id, [])
        cut = correct_lines(raw, label_page(raw, repeated), decided)
        rows = list(compose_articles([Page(raw, cut.segments)], settled))
        article = next(row for row in rows if isinstance(row, Article))
        facts = [row for row in rows if isinstance(row, ArticleFact)]
        made = correct_article(article, facts, of_articles.get(raw.article_id, []))
        return _Cleaned(raw, cut, made)

    raws = (raw for raw in _read_raws(connection, bundle) if raw.article_id in wanted)
    for batch in cut_batches(map(clean, raws), BATCH_ARTICLES):
        yield from _extract(batch, touching, method)


def _extract(
    batch: Sequence[_Cleaned], touching: Sequence[Touching], method: QuoteMethod
) -> Iterator[Remade]:
    """Yield pages with their mentions and quotations, which are found in the corrected copy."""
    of_quotes = group_by_page(touching, QuoteRow)
    pages = [Page(each.raw, each.lines.segments) for each in batch]
    copies = list(select_copies(pages, [each.article.article for each in batch]))
    found = extract_batch(copies, method) if copies else Extract([], [], 0)
    for raw, lines, article in batch:
        said = correct_quotes(
            Copied(raw, lines.segments),
            mentions=[row for row in found.mentions if row.article_id == raw.article_id],
            quotes=[row for row in found.quotes if row.article_id == raw.article_id],
            corrections=of_quotes.get(raw.article_id, []),
        )
        page = PublishedPage(
            raw, article.article, lines.segments, article.facts, said.mentions, said.quotes
        )
        yield Remade(page, [*lines.outcomes, *article.outcomes, *said.outcomes])


def _read_raws(connection: duckdb.DuckDBPyConnection, bundle: str) -> Iterator[RawArticle]:
    columns = ", ".join(f'"{column.name}"' for column in RAW_ARTICLES.columns)
    query = (
        f"SELECT {columns} FROM {RAW_ARTICLES.name} WHERE bundle = {quote_sql(bundle)} "
        "ORDER BY article_id"
    )
    rows = connection.cursor().sql(query).to_arrow_reader(BATCH_ROWS)
    return RAW_ARTICLES.to_rows(rows)
