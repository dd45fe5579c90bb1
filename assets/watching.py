"""Follow what people watch: a feed and a table of what is said of it."""

from collections.abc import Iterator
from time import perf_counter

import dagster as dg

from assets.declare import OWNERS, column_schema
from assets.exhibits.inert import write_table
from assets.failures import explained
from assets.publishing import CATALOGUE
from copydesk.publishing.versions import table_version
from copydesk.settings import Settings
from copydesk.tables import WATCHED
from copydesk.watching.follow import follow

MAX_ROWS = 8  # of the preview


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            WATCHED.name,
            deps=[CATALOGUE],
            description=f"{WATCHED.meaning} The feed beside it has what is new.",
            group_name="watching",
            kinds={"parquet"},
            code_version=table_version(WATCHED),
            owners=OWNERS,
            tags={"copydesk/rows_of": "all-bundles"},
            metadata={"dagster/column_schema": column_schema(WATCHED)},
        )
    ]
)
def follow_watches(settings: dg.ResourceParam[Settings]) -> Iterator[dg.MaterializeResult[None]]:
    """Write the feed and the table of the watch-list from the newest snapshot."""
    started, files = perf_counter(), settings.watching
    with explained():
        found = follow(settings.catalogue, settings.lake, files)
    newest = [row for row in found.rows if row.snapshot is not None]
    newest.sort(key=lambda row: (-(row.snapshot or 0), row.watch, row.news_id))
    shown = [[row.watch, row.snapshot, row.speaker, row.content] for row in newest[:MAX_ROWS]]
    yield dg.MaterializeResult(
        asset_key=WATCHED.name,
        metadata={
            "dagster/row_count": len(found.rows),
            "new": found.feed.n_new,
            "withdrawn": found.feed.n_withdrawn,
            "left_out": found.feed.n_left_out,
            "feed": dg.MetadataValue.path(str(files.feed)),
            "table": dg.MetadataValue.path(str(files.table)),
            "preview": dg.MetadataValue.md(
                write_table(["watch", "snapshot", "speaker", "content"], shown)
            ),
            "seconds": round(perf_counter() - started, 3),
        },
    )
