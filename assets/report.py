"""Write the catalogue as pages for people."""

from collections.abc import Iterator
from time import perf_counter

import dagster as dg

from assets.declare import OWNERS
from assets.failures import explained
from assets.publishing import CATALOGUE
from copydesk.publishing.versions import catalogue_version
from copydesk.report.site import write_report
from copydesk.settings import Settings

REPORT = "report"


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            REPORT,
            deps=[CATALOGUE],
            description="Pages to read, without a server: who said what, with the page it is from.",
            group_name="report",
            kinds={"html"},
            code_version=catalogue_version(),
            owners=OWNERS,
            tags={"copydesk/rows_of": "all-bundles"},
        )
    ]
)
def write_pages(settings: dg.ResourceParam[Settings]) -> Iterator[dg.MaterializeResult[None]]:
    """Write the pages whose rows have changed since the last time."""
    started = perf_counter()
    with explained():
        written = write_report(
            settings.catalogue, settings.report_folder, n_workers=settings.workers
        )
    yield dg.MaterializeResult(
        asset_key=REPORT,
        metadata={
            "path": dg.MetadataValue.path(str(written.folder / "index.html")),
            "pages_written": written.n_written,
            "pages_kept": written.n_kept,
            "pages_removed": written.n_removed,
            "seconds": round(perf_counter() - started, 3),
        },
    )
