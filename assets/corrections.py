"""What people have corrected: an asset of its own, which tables are made with."""

from collections import Counter
from pathlib import Path

import dagster as dg

from assets.declare import OWNERS
from copydesk.corrections.files import read_corrections
from copydesk.settings import Settings
from copydesk.stages import Progress, Stages
from copydesk.values import CorrectionKind

CORRECTIONS = "corrections"

corrections = dg.AssetSpec(
    CORRECTIONS,
    description="What people have corrected: rows of CSV files in the folder `corrections`.",
    group_name="reading",
    kinds={"csv"},
    owners=OWNERS,
    tags={"copydesk/rows_of": "all-bundles"},
)


def show_corrections(folder: Path) -> dict[str, int]:
    """Return how many corrections of each kind there are, as the page of the asset shows them."""
    counts = Counter(placed.row.kind_of for placed in read_corrections(folder))
    return {str(kind): counts[kind] for kind in CorrectionKind}


def open_stages(settings: Settings, progress: Progress, bundle: str) -> Stages:
    """Return the stages of a bundle, with all corrections as they are now.

    Raises: CorrectionError: naming file and line of what cannot be understood.
    """
    return Stages(progress, settings.lake, bundle, read_corrections(settings.decisions.corrections))
