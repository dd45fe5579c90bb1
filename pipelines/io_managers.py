"""Write what an asset returns to its Delta table, and read it for the next one."""

import dagster as dg
import pyarrow as pa

from assets.declare import TABLES_BY_NAME, column_schema
from assets.failures import explained
from copydesk.lake.delta import CorpusRows, Live
from copydesk.lake.lake import Lake


class BundleTables(dg.IOManager):
    """Tables with a part for each bundle: a run replaces the rows of its own bundle."""

    def __init__(self, lake: Lake) -> None:
        """Keep the lake that the tables are in."""
        self._lake = lake

    def handle_output(self, context: dg.OutputContext, obj: pa.RecordBatchReader) -> None:
        """Replace the bundle's rows, in one commit."""
        table = TABLES_BY_NAME[context.asset_key.path[-1]]
        with explained():
            live = self._lake.replace(table, obj, bundle=context.partition_key)
        _report(context, live)

    def load_input(self, context: dg.InputContext) -> pa.RecordBatchReader:
        """Return the bundle's rows, in the order of the table's key."""
        table = TABLES_BY_NAME[context.asset_key.path[-1]]
        with explained():
            return self._lake.read(table, bundle=context.partition_key)


class CorpusTables(dg.IOManager):
    """Tables over all bundles: a run replaces all rows."""

    def __init__(self, lake: Lake) -> None:
        """Keep the lake that the tables are in."""
        self._lake = lake

    def handle_output(self, context: dg.OutputContext, obj: CorpusRows) -> None:
        """Replace all rows, in one commit that names their snapshot."""
        table = TABLES_BY_NAME[context.asset_key.path[-1]]
        with explained():
            live = self._lake.replace_corpus(table, obj)
        _report(context, live)

    def load_input(self, context: dg.InputContext) -> pa.RecordBatchReader:
        """Return all rows, in the order of the table's key."""
        with explained():
            return self._lake.read(TABLES_BY_NAME[context.asset_key.path[-1]])


def _report(context: dg.OutputContext, live: Live) -> None:
    table = TABLES_BY_NAME[context.asset_key.path[-1]]
    context.add_output_metadata(
        {
            "dagster/row_count": live.n_rows,
            "dagster/column_schema": column_schema(table),
            "delta_version": live.version,
        }
    )
