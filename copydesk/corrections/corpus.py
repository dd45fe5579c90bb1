"""Record what became of corrections over all bundles, and of those that no page takes up."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from copydesk.corrections.files import Placed
from copydesk.corrections.kinds import Correction, PageRow
from copydesk.corrections.pages import find_touching
from copydesk.lake.lake import Snapshot
from copydesk.rows import CorpusCorrection
from copydesk.tables import PAGE_CORRECTIONS, RAW_ARTICLES
from copydesk.values import CorrectionKind, CorrectionStatus

NO_PAGE = "no page that was delivered has this id, hash or address"
NOT_TAKEN_IN = "written after its bundle was taken in; the next run of the bundle applies it"


class Verdict(NamedTuple):
    """What became of a decision over all bundles."""

    status: CorrectionStatus
    before: str | None = None
    after: str | None = None
    detail: str = ""


class Signed(NamedTuple):
    """What a row says, and who signed it; nobody did in the files of older versions."""

    correction_id: str
    kind: CorrectionKind
    correction: str
    author: str | None = None
    decided_on: date | None = None
    note: str = ""


def read_signed(row: Correction) -> Signed:
    """Return what a row says, and who signed it."""
    return Signed(
        row.correction_id, row.kind_of, row.describe(), row.author, row.decided_on, row.note
    )


def record_verdict(signed: Signed, verdict: Verdict) -> CorpusCorrection:
    """Return the row that says what became of a decision."""
    return CorpusCorrection(
        correction_id=signed.correction_id,
        kind=signed.kind,
        correction=signed.correction,
        before=verdict.before,
        after=verdict.after,
        status=verdict.status,
        detail=verdict.detail,
        author=signed.author,
        decided_on=signed.decided_on,
        note=signed.note,
    )


def list_untaken(
    snapshot: Snapshot, corrections: Iterable[Placed[Correction]]
) -> Iterator[CorpusCorrection]:
    """Yield the corrections of pages that no bundle has applied.

    No page is known by their keys, or their bundle waits to be taken in again.
    """
    about_pages = [each for each in corrections if isinstance(each.row, PageRow)]
    if not about_pages:
        return
    taken: dict[str, set[str]] = {}
    for row in PAGE_CORRECTIONS.to_rows(snapshot.read(PAGE_CORRECTIONS)):
        taken.setdefault(row.correction_id, set()).add(row.bundle)
    waiting: dict[str, list[str]] = {}
    for bundle, touching in find_touching(about_pages, snapshot.relation_sql(RAW_ARTICLES)).items():
        for each in touching:
            waiting.setdefault(each.placed.row.correction_id, []).append(bundle)
    for placed in about_pages:
        wanted = waiting.get(placed.row.correction_id, [])
        missing = sorted(set(wanted) - taken.get(placed.row.correction_id, set()))
        if not wanted:
            verdict = Verdict(CorrectionStatus.MATCHED_NOTHING, detail=NO_PAGE)
            yield record_verdict(read_signed(placed.row), verdict)
        elif missing:
            detail = f"{', '.join(missing)}: {NOT_TAKEN_IN}"
            yield record_verdict(
                read_signed(placed.row), Verdict(CorrectionStatus.WAITING, detail=detail)
            )
