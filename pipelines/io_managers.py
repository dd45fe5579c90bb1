"""Write what an asset returns to its Delta table, and read it for the next one."""

import dagster as dg
import pyarrow as pa

from assets.declare import TABLES_BY_NAME, column_schema
from copydesk.lake.delta import (
    CorpusRows,
    Live,
    read_bundle_rows,
    read_corpus_rows,
    write_bundle_rows,
    write_corpus_rows,
)


class BundleTables(dg.ConfigurableIOManager):
    """Tables that hold each bundle's rows apart: a run replaces those of its own bundle."""

    lake: str

    def handle_output(self, context: dg.OutputContext, obj: pa.RecordBatchReader) -> None:
        """Replace the bundle's rows, in one commit."""
        table = TABLES_BY_NAME[context.asset_key.path[-1]]
        live = write_bundle_rows(self.lake, table, obj, bundle=context.partition_key)
        _report(context, live)

    def load_input(self, context: dg.InputContext) -> pa.RecordBatchReader:
        """Return the bundle's rows, in the order of the table's key."""
        table = TABLES_BY_NAME[context.asset_key.path[-1]]
        return read_bundle_rows(self.lake, table, bundle=context.partition_key)


class CorpusTables(dg.ConfigurableIOManager):
    """Tables that are computed over all bundles: a run replaces them whole."""

    lake: str

    def handle_output(self, context: dg.OutputContext, obj: CorpusRows) -> None:
        """Replace all rows, in one commit that names their snapshot."""
        table = TABLES_BY_NAME[context.asset_key.path[-1]]
        _report(context, write_corpus_rows(self.lake, table, obj))

    def load_input(self, context: dg.InputContext) -> pa.RecordBatchReader:
        """Return all rows, in the order of the table's key."""
        return read_corpus_rows(self.lake, TABLES_BY_NAME[context.asset_key.path[-1]])


def _report(context: dg.OutputContext, live: Live) -> None:
    table = TABLES_BY_NAME[context.asset_key.path[-1]]
    context.add_output_metadata(
        {
            "dagster/row_count": live.n_rows,
            "dagster/column_schema": column_schema(table),
            "delta_version": live.version,
        }
    )
