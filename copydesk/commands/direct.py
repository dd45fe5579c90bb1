"""Run the steps in this process, without Dagster: for a data folder outside a checkout."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pyarrow as pa

from copydesk import corpus_steps, steps
from copydesk.commands.bundles import Wanted
from copydesk.corrections.files import read_corrections
from copydesk.errors import LakeError
from copydesk.lake.checks import list_checks, run_check
from copydesk.lake.delta import CorpusRows
from copydesk.lake.ledger import DELIVERIES
from copydesk.settings import Settings
from copydesk.stages import Progress, Stages
from copydesk.system.reasons import EXPECTED, explain_error, store_errors
from copydesk.tables import (
    ARTICLES,
    BUNDLES,
    OUTLETS,
    QUOTE_GROUPS,
    RAW_ARTICLES,
    SEGMENTS,
    STORIES,
    Table,
    Tables,
)


class Direct:
    """The steps of a project, one after the other, with the checks that Dagster would make."""

    def __init__(self, settings: Settings, progress: Progress) -> None:
        """Run with `settings`, and show how far it is."""
        self.settings = settings
        self._lake = settings.lake
        self._progress = progress

    def ingest(self, wanted: Wanted, tables: Sequence[str]) -> str | None:
        """Make `tables` of a bundle and declare it complete; return what went wrong."""
        try:
            with store_errors():
                for made, rows in self._bundle_steps(wanted, frozenset(tables)):
                    for table, stream in zip(made, rows, strict=True):
                        self._lake.replace(table, stream, bundle=wanted.bundle)
                    self._check(made, wanted.bundle)
        except EXPECTED as error:
            return explain_error(error)
        return None

    def publish(self, *, is_resolved: bool = False) -> str | None:
        """Make the tables over all bundles, and the catalogue; return what went wrong."""
        try:
            with store_errors():
                if not is_resolved:
                    self._resolve()
                self._publish()
        except EXPECTED as error:
            return explain_error(error)
        return None

    def _resolve(self) -> None:
        decisions = self.settings.decisions
        self._replace_corpus(
            corpus_steps.ENTITY_TABLES,
            corpus_steps.resolve_mentions(self._lake, decisions=decisions),
        )
        self._replace_corpus(
            (OUTLETS,), (corpus_steps.resolve_outlets(self._lake, decisions=decisions),)
        )
        self._replace_corpus(
            (STORIES,), (corpus_steps.cluster_articles(self._lake, decisions=decisions),)
        )
        self._replace_corpus(
            (QUOTE_GROUPS,), (corpus_steps.group_statements(self._lake, decisions=decisions),)
        )

    def _publish(self) -> None:
        settings = self.settings
        corpus_steps.publish_catalogue(
            self._lake,
            path=settings.catalogue,
            decisions=settings.decisions,
            published_at=datetime.now(tz=UTC),
            id_list=settings.id_list,
        )

    def _bundle_steps(self, wanted: Wanted, tables: frozenset[str]) -> Iterator["_Made"]:
        """Yield the tables of each step that makes one of `tables`, and their rows."""
        settings, bundle = self.settings, wanted.bundle
        stages = Stages(
            self._progress, self._lake, bundle, read_corrections(settings.decisions.corrections)
        )

        def read(table: Table[Any]) -> pa.RecordBatchReader:
            return self._lake.read(table, bundle=bundle)

        def is_due(made: Tables) -> bool:
            return any(table.name in tables for table in made)

        if is_due(steps.READ_TABLES):
            rows = steps.read_pages(
                wanted.path, bundle=bundle, limits=settings.limits, stages=stages
            )
            yield _Made(steps.READ_TABLES, rows)
        if is_due((SEGMENTS,)):
            segments = steps.label_pages(read(RAW_ARTICLES), stages=stages, limits=settings.limits)
            yield _Made((SEGMENTS,), (segments,))
        if is_due(steps.ARTICLE_TABLES):
            articles = steps.clean_articles(
                read(RAW_ARTICLES), read(SEGMENTS), stages=stages, limits=settings.limits
            )
            yield _Made(steps.ARTICLE_TABLES, articles)
        if is_due(steps.EXTRACTED_TABLES):
            found = steps.extract_articles(
                read(RAW_ARTICLES),
                read(SEGMENTS),
                read(ARTICLES),
                n_workers=settings.workers,
                method=settings.quotes,
                stages=stages,
                limits=settings.limits,
                cluster=settings.cluster,
            )
            yield _Made(steps.EXTRACTED_TABLES, found)
        delivery = steps.deliver_bundle(read(BUNDLES), lake=self._lake, method=settings.quotes)
        yield _Made((DELIVERIES,), (delivery,))

    def _replace_corpus(self, tables: Tables, made: Sequence[CorpusRows]) -> None:
        for table, rows in zip(tables, made, strict=True):
            self._lake.replace_corpus(table, rows)
        self._check(tables, None)

    def _check(self, made: Tables, bundle: str | None) -> None:
        """Refuse rows that break an invariant.

        Raises: LakeError: naming the table and what is wrong with it.
        """
        checks = [check for table in made for check in list_checks(table) if check.is_blocking]
        queries = [query for check in checks for query in (check.failed, check.total)]
        with self._lake.connect(queries, bundle=bundle) as connection:
            for check in checks:
                verdict = run_check(check, connection)
                if not verdict.is_passed:
                    message = f"{check.table}: {verdict.n_failed:,} rows break {check.name}"
                    raise LakeError(message)


class _Made(NamedTuple):
    """The tables that a step makes, and their rows."""

    tables: Tables
    rows: Sequence[pa.RecordBatchReader]
