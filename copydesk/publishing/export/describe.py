"""Describe an export beside its files: a manifest for programs, a README for people."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from copydesk.publishing.export.datasets import Written
from copydesk.publishing.export.registry import find_format

MANIFEST = "manifest.json"  # what makes a folder an export, so that another may replace it
README = "README.md"
MADE_BY = "copydesk export"
OFFSETS = (
    "Offsets (`start`, `end`, `…_start`, `…_end`, `content_spans`) count code points of "
    "`raw_articles.text`, half-open."
)


@dataclass(frozen=True, slots=True)
class Export:
    """What an export holds, of which snapshot; `n_cut` texts did not fit into a cell."""

    made_by: str
    format: str
    snapshot: int
    n_cut: int
    tables: list[Written]


def describe_export(export: Export, folder: Path) -> None:
    """Write what the export in `folder` holds: for programs, and for people."""
    manifest = {
        **asdict(export),
        "tables": [
            {**asdict(table), "columns": [column._asdict() for column in table.columns]}
            for table in export.tables
        ],
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False)
    (folder / MANIFEST).write_text(f"{text}\n", "utf-8")
    (folder / README).write_text("\n".join(_describe(export)) + "\n", "utf-8")


def is_export(folder: Path) -> bool:
    """Return whether a folder is an export of copydesk, by its manifest."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("made_by") == MADE_BY


def _describe(export: Export) -> Iterator[str]:
    yield "# Export of copydesk"
    yield ""
    yield (
        f"Format {export.format}, of snapshot {export.snapshot}. "
        "`manifest.json` says the same for programs."
    )
    yield from ("", find_format(export.format).how_to_read)
    if export.n_cut:
        yield from ("", f"{export.n_cut} texts did not fit into a cell: see the sheet `cut cells`.")
    yield from ("", "| table | rows | what one row is | files |", "|---|---|---|---|")
    for table in export.tables:
        files = table.files[0] if len(table.files) == 1 else f"{len(table.files)} files"
        yield f"| {table.name} | {table.n_rows:,} | {table.meaning} | {files} |"
    yield from ("", OFFSETS)
    for table in export.tables:
        yield from ("", f"## {table.name}", "", "| column | type | meaning |", "|---|---|---|")
        yield from (f"| `{c.name}` | {c.type} | {c.meaning} |" for c in table.columns)
