"""The jobs: take one bundle in, publish what has come in, and keep the lake small."""

import dagster as dg

from assets.upkeep import pack_bundles, remove_unneeded

INGESTED = ("reading", "cleaning", "extraction", "delivery")
PUBLISHED = ("resolution", "publishing")

ingest = dg.define_asset_job(
    "ingest",
    selection=dg.AssetSelection.groups(*INGESTED),
    description="Take one bundle in: read it, clean it, extract names and quotations.",
)

publish = dg.define_asset_job(
    "publish",
    selection=dg.AssetSelection.groups(*PUBLISHED),
    description="Resolve entities, stories and quotation groups over all bundles, and publish.",
)


@dg.job
def upkeep() -> None:
    """Keep the lake small: pack small bundles together, and remove the files that nobody needs."""
    remove_unneeded(pack_bundles())
