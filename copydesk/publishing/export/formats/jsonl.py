"""Write JSON Lines: a file for each table, an object a line."""

from pathlib import Path

from copydesk.publishing.export.datasets import Source, written_as
from copydesk.publishing.export.registry import ExportFormat, Outcome
from copydesk.publishing.export.values import copy_rows, select_sql, timed


def write_jsonl(source: Source, folder: Path) -> Outcome:
    """Write a file for each dataset."""
    written = []
    for dataset in source.datasets:
        path = folder / f"{dataset.name}.jsonl"
        n_rows = copy_rows(source, select_sql(dataset, timed), path, options="FORMAT json")
        written.append(written_as(dataset, files=[path.name], n_rows=n_rows))
    return Outcome(written)


FORMAT = ExportFormat(
    name="jsonl",
    how_to_read="UTF-8, one object a line. Days and times are ISO 8601, times in UTC.",
    write=write_jsonl,
)
