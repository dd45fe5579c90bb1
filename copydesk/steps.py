"""Name the steps of a bundle, from its files to its delivery, one function each.

Dagster's assets and a `copydesk run` outside a checkout call the same functions, so both make the
same rows. A step takes streams of rows and returns streams; where they are kept is not its concern.
The steps over all bundles are in `copydesk.corpus_steps`.
"""

from collections.abc import Container, Iterator, Sequence
from functools import partial
from itertools import chain

import pyarrow as pa

from copydesk.cleaning.articles import Page, compose_articles, make_empty_article, pair_pages
from copydesk.cleaning.copytext import Copy
from copydesk.cleaning.neighbours import NeighbourCounter
from copydesk.cleaning.repeats import LineCounter
from copydesk.cleaning.segments import label_page, leave_unlabelled
from copydesk.cluster.address import Cluster
from copydesk.corrections.articles import correct_article
from copydesk.corrections.kept import Extracted, find_extracted
from copydesk.corrections.kinds import ArticleRow, LineRow, QuoteRow
from copydesk.corrections.lines import correct_lines
from copydesk.corrections.pages import (
    group_by_page,
    print_ids,
    record_outcomes,
)
from copydesk.corrections.streams import QuoteCorrections
from copydesk.lake.deliveries import describe_delivery, fingerprint_tables
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import DELIVERIES
from copydesk.publishing.versions import bundle_versions
from copydesk.quotations.methods import QuoteMethod
from copydesk.reading.bundles import read_bundle
from copydesk.reading.limits import Limits
from copydesk.reading.pages import reject_page
from copydesk.rows import (
    Article,
    ArticleFact,
    Mention,
    PageCorrection,
    Quote,
    RawArticle,
    RejectedFile,
    Segment,
)
from copydesk.stages import Stages
from copydesk.storage.paths import AnyPath
from copydesk.system.allowance import Fault, attempt
from copydesk.tables import (
    ARTICLE_FACTS,
    ARTICLES,
    BUNDLES,
    MENTIONS,
    PAGE_CORRECTIONS,
    QUOTES,
    RAW_ARTICLES,
    REJECTED_FILES,
    SEGMENTS,
    spool,
)
from copydesk.values import CorrectionKind, Stage

READ_TABLES = (BUNDLES, RAW_ARTICLES, REJECTED_FILES)
ARTICLE_TABLES = (ARTICLE_FACTS, ARTICLES)
EXTRACTED_TABLES = (MENTIONS, QUOTES, PAGE_CORRECTIONS)
STEPS_PER_BUNDLE = (READ_TABLES, (SEGMENTS,), ARTICLE_TABLES, EXTRACTED_TABLES)


def read_pages(
    path: AnyPath, *, bundle: str, limits: Limits, stages: Stages
) -> tuple[pa.RecordBatchReader, pa.RecordBatchReader, pa.RecordBatchReader]:
    """Return the rows of `READ_TABLES`: every page, and what cannot be read with the reason."""
    rows = stages.reading(read_bundle(path, bundle=bundle, limits=limits))
    bundles, raw_articles, rejected_files = spool(rows, READ_TABLES)
    return bundles, raw_articles, rejected_files


def label_pages(
    raw_articles: pa.RecordBatchReader, *, stages: Stages, limits: Limits
) -> pa.RecordBatchReader:
    """Return the segments: the first pass counts lines that repeat, the second one labels.

    What people have decided about lines comes last. A page that fails costs itself alone: it
    becomes a row of `rejected_files`, without labels.
    """
    counter = LineCounter()
    pages = RAW_ARTICLES.spool(counter.watch(RAW_ARTICLES.to_rows(raw_articles)))
    repeated = counter.repeated()
    rejected: list[RejectedFile] = []
    decided = group_by_page(stages.touching, LineRow)
    corrected: list[PageCorrection] = []

    def label(raw: RawArticle) -> list[Segment]:
        found = attempt(partial(label_page, repeated=repeated), raw, limits.page_allowance)
        if isinstance(found, Fault):
            rejected.append(reject_page(raw, Stage.LABEL, found))
            found = leave_unlabelled(raw)
        if raw.article_id not in decided:
            return found
        made = correct_lines(raw, found, decided[raw.article_id])
        corrected.extend(record_outcomes(raw, made.outcomes))
        return made.segments

    counted = stages.labelling(RAW_ARTICLES.to_rows(pages))
    segments = SEGMENTS.spool(chain.from_iterable(map(label, counted)))
    stages.reject(Stage.LABEL, rejected)
    stages.record(CorrectionKind.LINE, corrected)
    return segments


def clean_articles(
    raw_articles: pa.RecordBatchReader,
    segments: pa.RecordBatchReader,
    *,
    stages: Stages,
    limits: Limits,
) -> tuple[pa.RecordBatchReader, pa.RecordBatchReader]:
    """Return the rows of `ARTICLE_TABLES`: the article of every page, and its evidence.

    The first pass collects what the pages prove about each other, the second one composes. What
    people have decided about articles comes last. A page that fails costs itself alone: it becomes
    a row of `rejected_files`, and its article is empty.
    """
    counter = NeighbourCounter()
    raws = RAW_ARTICLES.spool(counter.watch(RAW_ARTICLES.to_rows(raw_articles)))
    neighbours = counter.settle()
    rejected: list[RejectedFile] = []
    decided = group_by_page(stages.touching, ArticleRow)
    corrected: list[PageCorrection] = []

    def compose(page: Page) -> list[Article | ArticleFact]:
        found = attempt(
            lambda page: list(compose_articles([page], neighbours)), page, limits.page_allowance
        )
        if isinstance(found, Fault):
            rejected.append(reject_page(page.raw, Stage.COMPOSE, found))
            found = [make_empty_article(page.raw)]
        return found if page.raw.article_id not in decided else correct(page.raw, found)

    def correct(
        raw: RawArticle, found: Sequence[Article | ArticleFact]
    ) -> list[Article | ArticleFact]:
        article = next(row for row in found if isinstance(row, Article))
        facts = [row for row in found if isinstance(row, ArticleFact)]
        made = correct_article(article, facts, decided[raw.article_id])
        corrected.extend(record_outcomes(raw, made.outcomes))
        return [made.article, *made.facts]

    pages = pair_pages(RAW_ARTICLES.to_rows(raws), SEGMENTS.to_rows(segments))
    rows = chain.from_iterable(map(compose, stages.composing(pages)))
    article_facts, articles = spool(rows, ARTICLE_TABLES)
    stages.reject(Stage.COMPOSE, rejected)
    stages.record(CorrectionKind.ARTICLE, corrected)
    return article_facts, articles


def extract_articles(  # noqa: PLR0913 - three tables, and how to read them
    raw_articles: pa.RecordBatchReader,
    segments: pa.RecordBatchReader,
    articles: pa.RecordBatchReader,
    *,
    n_workers: int,
    method: QuoteMethod,
    stages: Stages,
    limits: Limits,
    cluster: Cluster | None = None,
) -> tuple[pa.RecordBatchReader, pa.RecordBatchReader, pa.RecordBatchReader]:
    """Return the rows of `EXTRACTED_TABLES`: names and quotations, who speaks, what was corrected.

    What people have decided about quotations comes last. An article whose rows still hold is not
    extracted again. One that fails costs itself alone: it becomes a row of `rejected_files`. With
    a cluster, its workers extract, which read the pages from the lake; the rows are the same.
    """
    # They import spaCy, which takes a second, and most runs find nothing new to read.
    from copydesk.cluster.extract import extract_on_cluster  # noqa: PLC0415 - see above
    from copydesk.extraction.extract import extract_batches, select_copies  # noqa: PLC0415 - see above

    last = find_extracted(stages.lake, stages.bundle, code_versions=bundle_versions(method))
    quotes_of = QuoteCorrections(group_by_page(stages.touching, QuoteRow))
    held: set[str] = set()

    def select() -> Iterator[Copy]:
        """Yield the copies to extract, and note those whose rows hold."""
        pages = pair_pages(RAW_ARTICLES.to_rows(raw_articles), SEGMENTS.to_rows(segments))
        for copy in select_copies(quotes_of.watch(pages), ARTICLES.to_rows(articles)):
            if last is not None and last.holds(copy):
                held.add(copy.article_id)
            else:
                yield copy

    allowance = limits.article_allowance
    if cluster is None:
        batches = extract_batches(select(), n_workers=n_workers, method=method, allowance=allowance)
    else:
        batches = extract_on_cluster(
            select(),
            cluster=cluster,
            lake=stages.lake,
            bundle=stages.bundle,
            method=method,
            allowance=allowance,
        )
    found = stages.extracting(batches, lambda batch: batch.n_articles)
    rejected: list[RejectedFile] = []

    def extracted() -> Iterator[Mention | Quote]:
        for batch in found:
            rejected.extend(batch.rejected)
            yield from batch.mentions
            yield from batch.quotes
        yield from _take_over(last, held)

    others = [row for row in stages.list_corrected() if row.kind is not CorrectionKind.QUOTE]
    rows = chain(quotes_of.apply(extracted()), others)
    mentions, quotes, corrected = spool(rows, EXTRACTED_TABLES)
    stages.reject(Stage.ARTICLE, rejected)
    return mentions, quotes, corrected


def _take_over(last: Extracted | None, held: Container[str]) -> Iterator[Mention | Quote]:
    """Yield the rows of the articles that are as they were extracted last."""
    if last is not None:
        yield from last.read(held)


def deliver_bundle(
    bundles: pa.RecordBatchReader, *, lake: Lake, method: QuoteMethod
) -> pa.RecordBatchReader:
    """Return the rows that declare a bundle complete: with them its rows count.

    Its fingerprints contain the corrections that were applied, whatever was written since.
    """
    row = next(BUNDLES.to_rows(bundles))
    corrected = PAGE_CORRECTIONS.to_rows(lake.read(PAGE_CORRECTIONS, bundle=row.bundle))
    prints = print_ids((each.kind, each.correction_id) for each in corrected)
    fingerprints = fingerprint_tables(row.sha256, bundle_versions(method), prints)
    return DELIVERIES.spool(describe_delivery(lake, row.bundle, fingerprints=fingerprints))
