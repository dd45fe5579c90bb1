"""The two jobs: take one bundle in, and publish what has come in."""

import dagster as dg

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
