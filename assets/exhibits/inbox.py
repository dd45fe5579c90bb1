"""Compute what the page of the inbox shows of a bundle, from the files themselves."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import dagster as dg

from assets.exhibits.inert import write_table
from assets.exhibits.pictures import Amount, draw_chart
from assets.exhibits.show import MAX_ROWS
from copydesk.reading.bundles import list_files
from copydesk.reading.places import size_of
from copydesk.storage.paths import AnyPath


def show_files(path: AnyPath) -> Mapping[str, dg.MetadataValue]:
    """Return how many files a bundle has, how large they are, the largest, and their kinds."""
    sizes = {file.source_path: size_of(file.path) for file in list_files(path)}
    largest = sorted(sizes.items(), key=lambda item: (-item[1], item[0]))
    kinds = Counter(Path(name).suffix.lower() or "none" for name in sizes)
    return {
        "files": dg.MetadataValue.int(len(sizes)),
        "bytes": dg.MetadataValue.int(sum(sizes.values())),
        "bytes_per_file": dg.MetadataValue.int(round(sum(sizes.values()) / max(len(sizes), 1))),
        "preview": dg.MetadataValue.md(write_table(["file", "bytes"], largest[:MAX_ROWS])),
        "picture": dg.MetadataValue.md(
            draw_chart("files by ending", [Amount(kind, n) for kind, n in kinds.items()])
        ),
    }
