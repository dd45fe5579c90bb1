"""Name the steps from the files of a bundle to what readers see, one function each.

Dagster's assets and a `copydesk run` outside a checkout call the same functions, so both make the
same rows. A step takes streams of rows and returns streams; where they are kept is not its concern.
"""

from collections.abc import Container, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path

import pyarrow as pa

from copydesk.cleaning.articles import Page, compose_articles, make_empty_article, pair_pages
from copydesk.cleaning.copytext import Copy
from copydesk.cleaning.neighbours import NeighbourCounter
from copydesk.cleaning.repeats import LineCounter
from copydesk.cleaning.segments import label_page, leave_unlabelled
from copydesk.cluster.address import Cluster
from copydesk.cluster.extract import extract_on_cluster
from copydesk.corrections.articles import correct_article
from copydesk.corrections.corpus import list_untaken, record_verdict
from copydesk.corrections.kept import Extracted, find_extracted
from copydesk.corrections.kinds import ArticleRow, LineRow, QuoteRow
from copydesk.corrections.lines import correct_lines
from copydesk.corrections.pages import (
    group_by_page,
    print_ids,
    record_outcomes,
)
from copydesk.corrections.streams import QuoteCorrections
from copydesk.decided import read_decided
from copydesk.entities.counts import READ as READ_FOR_NAMES
from copydesk.entities.counts import kept_sql
from copydesk.entities.id_list import read_list
from copydesk.entities.overrides import Action
from copydesk.entities.update import update_entities
from copydesk.entities.wikidata import Named, link_ids
from copydesk.lake.contents import Contents, find_contents, find_resolved
from copydesk.lake.deliveries import describe_delivery, fingerprint_tables
from copydesk.lake.delta import CorpusRows
from copydesk.lake.kept import forget_parts, number_parts
from copydesk.lake.lake import Lake, Snapshot
from copydesk.lake.ledger import DELIVERIES, Publication
from copydesk.lake.sql import count_differing
from copydesk.lake.verify import refuse_damage, refuse_older
from copydesk.outlets.resolve import judge_outlets
from copydesk.outlets.resolve import resolve_outlets as outlets_of
from copydesk.publishing.catalogue import publish
from copydesk.publishing.people import READ as READ_FOR_PEOPLE
from copydesk.publishing.versions import (
    bundle_versions,
    catalogue_version,
    hash_corpus_code,
    published_versions,
    table_version,
)
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
from copydesk.statements.update import READ as READ_FOR_GROUPS
from copydesk.statements.update import update_groups
from copydesk.storage.paths import AnyPath
from copydesk.stories.facts import READ as READ_FOR_FACTS
from copydesk.stories.features import READ as READ_FOR_STORIES
from copydesk.stories.update import update_stories
from copydesk.system.allowance import Fault, attempt
from copydesk.tables import (
    ARTICLE_FACTS,
    ARTICLES,
    BUNDLES,
    CORPUS_CORRECTIONS,
    CORPUS_TABLES,
    ENTITIES,
    MENTIONS,
    NAME_COUNTS,
    NAME_LINKS,
    OUTLETS,
    PAGE_CORRECTIONS,
    PEOPLE_COUNTS,
    QUOTE_FEATURES,
    QUOTE_GROUPS,
    QUOTES,
    RAW_ARTICLES,
    REJECTED_FILES,
    REPORT_FEATURES,
    SEGMENTS,
    STORIES,
    TEXT_FEATURES,
    Tables,
    spool,
)
from copydesk.values import CorrectionKind, Stage

READ_TABLES = (BUNDLES, RAW_ARTICLES, REJECTED_FILES)
ARTICLE_TABLES = (ARTICLE_FACTS, ARTICLES)
EXTRACTED_TABLES = (MENTIONS, QUOTES, PAGE_CORRECTIONS)
ENTITY_TABLES: Tables = (ENTITIES, NAME_LINKS, CORPUS_CORRECTIONS)
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
    # It imports spaCy, which takes a second, and most runs find nothing new to read.
    from copydesk.extraction.extract import extract_batches, select_copies  # noqa: PLC0415

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


def resolve_mentions(
    lake: Lake, *, overrides_path: Path, is_whole: bool = False
) -> tuple[CorpusRows, CorpusRows, CorpusRows]:
    """Return the rows of `ENTITY_TABLES`; what people have decided comes last.

    The third table says what became of it, and of the corrections that no page takes up.

    Raises: LakeError: where a file is not as it was delivered, or lacks columns that are read;
        nothing is made of it.
    """
    refuse_older(lake)
    snapshot = lake.snapshot()
    refuse_damage(snapshot)
    code = hash_corpus_code(overrides_path)
    decided = read_decided(overrides_path)
    resolved, way = update_entities(
        snapshot,
        version=table_version(NAME_COUNTS),
        overrides=[each for _, each in decided.entities],
        is_whole=is_whole,
    )
    of_outlets = judge_outlets(snapshot, [each for _, each in decided.outlets])
    signed = [signed for signed, _ in (*decided.entities, *decided.outlets)]
    judged = {  # a row that is there twice is one
        by.correction_id: record_verdict(by, verdict)
        for by, verdict in zip(signed, (*resolved.verdicts, *of_outlets), strict=True)
    }
    untaken = list_untaken(snapshot, decided.all_rows)
    corrections = CORPUS_CORRECTIONS.spool(chain(judged.values(), untaken))
    return (
        CorpusRows(resolved.entities, snapshot.version, code, way=way),
        CorpusRows(resolved.names, snapshot.version, code, way=way),
        CorpusRows(corrections, snapshot.version, code),
    )


def resolve_outlets(lake: Lake, *, overrides_path: Path) -> CorpusRows:
    """Return the outlets, each with its one name; what people have decided comes last."""
    snapshot = find_resolved(lake)
    code = hash_corpus_code(overrides_path)
    overrides = [each for _, each in read_decided(overrides_path).outlets]
    return CorpusRows(outlets_of(snapshot, overrides=overrides), snapshot.version, code)


def cluster_articles(lake: Lake, *, overrides_path: Path, is_whole: bool = False) -> CorpusRows:
    """Return the stories: the articles that are one text, and the texts that report one event."""
    snapshot = find_resolved(lake)
    code = hash_corpus_code(overrides_path)
    version = table_version(STORIES)
    return update_stories(snapshot, code=code, version=version, is_whole=is_whole)


def group_statements(lake: Lake, *, overrides_path: Path, is_whole: bool = False) -> CorpusRows:
    """Return the quotations that render one statement, by group."""
    snapshot = find_resolved(lake)
    code = hash_corpus_code(overrides_path)
    version = table_version(QUOTE_GROUPS)
    return update_groups(snapshot, code=code, version=version, is_whole=is_whole)


def publish_catalogue(
    lake: Lake,
    *,
    path: Path,
    overrides_path: Path,
    published_at: datetime,
    id_list: Path | None = None,
) -> Publication | None:
    """Put the catalogue of the resolved snapshot at `path`, or return None where it is out of date.

    Then a decision changed after the entities were made, or another run published something newer.
    `id_list` has the ids of Wikidata that the user provides, if there is such a file.

    Raises: ListError: if that file cannot be read.
    """
    contents = find_contents(find_resolved(lake), code=hash_corpus_code(overrides_path))
    if contents is None:
        return None
    published = publish(
        contents,
        path=path,
        code_versions=published_versions(overrides_path, id_list=id_list),
        published_at=published_at,
        ids=link_ids(
            read_list(id_list),
            contents.relation_sql(ENTITIES),
            dropping=_find_dropping(contents, overrides_path),
        ),
    )
    if lake.withdrawals():
        forget_withdrawn(find_resolved(lake))
    return published


def _find_dropping(contents: Contents, overrides_path: Path) -> Named | None:
    """Return where the names of dropped entities are found; None where no decision drops one."""
    if not any(each.action is Action.DROP for _, each in read_decided(overrides_path).entities):
        return None
    snapshot = contents.snapshot
    parts = number_parts(snapshot, READ_FOR_NAMES, code=table_version(NAME_COUNTS))
    return Named(kept_sql(snapshot.lake, parts), contents.relation_sql(NAME_LINKS))


def compare_with_whole(lake: Lake, *, overrides_path: Path) -> dict[str, int] | None:
    """Make all rows over all bundles again; return how many rows of each table were others before.

    There should be none. None is returned where the tables are not those of the newest snapshot and
    of this code: then the next publication comes first.

    Raises: LakeError: as `resolve_mentions` does.
    """
    code = hash_corpus_code(overrides_path)
    contents = find_contents(lake.snapshot(), code=code)
    if contents is None:
        return None
    before = {table: contents.relation_sql(table) for table in CORPUS_TABLES}
    resolved = resolve_mentions(lake, overrides_path=overrides_path, is_whole=True)
    for table, rows in zip(ENTITY_TABLES, resolved, strict=True):
        lake.replace_corpus(table, rows)
    lake.replace_corpus(OUTLETS, resolve_outlets(lake, overrides_path=overrides_path))
    stories = cluster_articles(lake, overrides_path=overrides_path, is_whole=True)
    lake.replace_corpus(STORIES, stories)
    groups = group_statements(lake, overrides_path=overrides_path, is_whole=True)
    lake.replace_corpus(QUOTE_GROUPS, groups)
    return {
        table.name: count_differing(rows, lake.relation_sql(table))
        for table, rows in before.items()
    }


def forget_withdrawn(snapshot: Snapshot) -> None:
    """Remove what is kept of bundles as they were before the last withdrawals.

    What a later run compares with is the snapshot that has just been published.
    """
    read_from = (
        (NAME_COUNTS, READ_FOR_NAMES, table_version(NAME_COUNTS)),
        (QUOTE_FEATURES, READ_FOR_GROUPS, table_version(QUOTE_GROUPS)),
        (TEXT_FEATURES, READ_FOR_STORIES, table_version(STORIES)),
        (REPORT_FEATURES, READ_FOR_FACTS, table_version(STORIES)),
        (PEOPLE_COUNTS, READ_FOR_PEOPLE, catalogue_version()),
    )
    for kept, tables, code in read_from:
        parts = number_parts(snapshot, tables, code=code)
        if snapshot.lake.open(kept) is not None:
            forget_parts(snapshot.lake, kept, parts)
