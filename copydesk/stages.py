"""Follow one bundle through its steps: how far it is, what was rejected, what was corrected."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Protocol, TypeVar

from copydesk.corrections.files import Placed
from copydesk.corrections.kinds import Correction
from copydesk.corrections.pages import Touching, find_touching
from copydesk.lake.checks import count_unread
from copydesk.lake.lake import Lake
from copydesk.rows import PageCorrection, RejectedFile
from copydesk.tables import ARTICLES, PAGE_CORRECTIONS, RAW_ARTICLES, REJECTED_FILES
from copydesk.values import CorrectionKind, Stage

ItemT = TypeVar("ItemT")


class Progress(Protocol):
    """Where a run says how far its stages are."""

    def track(
        self,
        items: Iterable[ItemT],
        *,
        stage: str,
        total: int | None = None,
        n_pages: Callable[[ItemT], int] = ...,
    ) -> Iterator[ItemT]:
        """Yield `items` and show how many pages of `total` are done."""
        ...


class Stages:
    """The progress of one bundle, stage by stage, and what people have corrected in it."""

    def __init__(
        self,
        progress: Progress,
        lake: Lake,
        bundle: str,
        corrections: Sequence[Placed[Correction]] = (),
    ) -> None:
        """Show the stages of `bundle`; how many pages it has is in `lake` once it is read.

        Of all `corrections`, those that are about its pages are applied.
        """
        self._progress = progress
        self._corrections = corrections
        self.lake = lake
        self.bundle = bundle

    @cached_property
    def touching(self) -> Sequence[Touching]:
        """The corrections of the pages that were read."""
        pages = self.lake.relation_sql(RAW_ARTICLES, bundle=self.bundle)
        return find_touching(self._corrections, pages).get(self.bundle, [])

    def reading(self, rows: Iterable[ItemT]) -> Iterator[ItemT]:
        """Count pages while nobody knows yet how many there are."""
        return self._progress.track(rows, stage=f"{self.bundle}: reading")

    def labelling(self, pages: Iterable[ItemT]) -> Iterator[ItemT]:
        """Count the pages whose lines are labelled."""
        return self._progress.track(
            pages, stage=f"{self.bundle}: labelling", total=self._count_pages()
        )

    def composing(self, pages: Iterable[ItemT]) -> Iterator[ItemT]:
        """Count the pages that an article is composed from."""
        return self._progress.track(
            pages, stage=f"{self.bundle}: composing", total=self._count_pages()
        )

    def extracting(
        self, batches: Iterable[ItemT], n_articles: Callable[[ItemT], int]
    ) -> Iterator[ItemT]:
        """Count the articles that names and quotations were extracted from."""
        unread = count_unread(self.lake.relation_sql(ARTICLES, bundle=self.bundle))
        total = self._count_pages() - sum(unread.values())
        stage = f"{self.bundle}: extracting"
        return self._progress.track(batches, stage=stage, total=total, n_pages=n_articles)

    def reject(self, stage: Stage, rejected: Sequence[RejectedFile]) -> None:
        """Keep what a stage rejects beside what the other stages do.

        The rows of an earlier run of the stage are replaced. Without any, nothing is written.
        """
        known = self.list_rejected()
        others = [row for row in known if row.stage is not stage]
        if rejected or len(others) < len(known):
            rows = REJECTED_FILES.spool([*others, *rejected])
            self.lake.replace(REJECTED_FILES, rows, bundle=self.bundle)

    def list_rejected(self) -> list[RejectedFile]:
        """Return what the stages have rejected so far."""
        rows = self.lake.read(REJECTED_FILES, bundle=self.bundle)
        return list(REJECTED_FILES.to_rows(rows))

    def record(self, kind: CorrectionKind, corrected: Sequence[PageCorrection]) -> None:
        """Keep what became of the corrections of a kind beside what became of the others.

        The rows of an earlier run are replaced. Where nothing differs, nothing is written.
        """
        known = self.list_corrected()
        others = [row for row in known if row.kind is not kind]
        if corrected or len(others) < len(known):
            rows = PAGE_CORRECTIONS.spool([*others, *corrected])
            self.lake.replace(PAGE_CORRECTIONS, rows, bundle=self.bundle)

    def list_corrected(self) -> list[PageCorrection]:
        """Return what became of the corrections so far."""
        rows = self.lake.read(PAGE_CORRECTIONS, bundle=self.bundle)
        return list(PAGE_CORRECTIONS.to_rows(rows))

    def _count_pages(self) -> int:
        return self.lake.find_live(RAW_ARTICLES, bundle=self.bundle).n_rows
