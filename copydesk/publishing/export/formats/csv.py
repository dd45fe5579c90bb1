"""Write CSV: a file for each table, for programs that read nothing else."""

from pathlib import Path

from copydesk.publishing.export.datasets import Source, written_as
from copydesk.publishing.export.registry import ExportFormat, Outcome
from copydesk.publishing.export.values import copy_rows, flat, select_sql

OPTIONS = "FORMAT csv, HEADER, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR ''"


def write_csv(source: Source, folder: Path) -> Outcome:
    """Write a file for each dataset."""
    written = []
    for dataset in source.datasets:
        path = folder / f"{dataset.name}.csv"
        n_rows = copy_rows(source, select_sql(dataset, flat), path, options=OPTIONS)
        written.append(written_as(dataset, files=[path.name], n_rows=n_rows))
    return Outcome(written)


FORMAT = ExportFormat(
    name="csv",
    how_to_read=(
        'UTF-8, comma, double quotes, a header. Nothing between two commas is null, `""` an empty '
        'text. Lists and spans are JSON: `[{"start": 3, "end": 9}]`. Days and times are ISO 8601.'
    ),
    write=write_csv,
)
