"""What a tick of the sensors costs when everything is delivered and published.

python -m benchmarks.robustness.inbox_at_rest [--bundles 1000] [--files 20]
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import dagster as dg
import duckdb

from copydesk.lake.deliveries import fingerprint_tables
from copydesk.lake.delta import write_rows
from copydesk.lake.ledger import DELIVERIES, Delivery
from copydesk.lake.live import group_files
from copydesk.publishing.origin import ORIGIN_COLUMNS, Origin, newest_origin
from copydesk.publishing.versions import bundle_versions
from copydesk.reading.bundles import hash_bundle
from copydesk.rows import Bundle
from copydesk.settings import Settings
from copydesk.tables import BUNDLE_TABLES, BUNDLES
from pipelines.resources import build_resources
from pipelines.sensors import delivery_sensor, inbox_sensor

N_TICKS = 5


def deliver_all(settings: Settings, *, n_bundles: int, n_files: int) -> None:
    """Drop bundles into the inbox, and write that they are delivered and published."""
    versions = bundle_versions(settings.quotes)
    prints, bundles = {}, []
    for number in range(n_bundles):
        folder = settings.data / "inbox" / f"bundle-{number:04}"
        folder.mkdir(parents=True)
        for page in range(n_files):
            (folder / f"{page}.txt").write_text(f"Page {page} of bundle {number}.")
        sha256 = hash_bundle(folder)
        prints[folder.name] = fingerprint_tables(sha256, versions)
        bundles.append(Bundle(folder.name, str(folder.resolve()), sha256, n_files, n_files, 0))
    table = settings.lake.create(BUNDLES)
    write_rows(table, BUNDLES.spool(bundles))
    table.update_incremental()
    files = group_files(table, BUNDLES)
    rows = [
        Delivery(name, table.name, 1, files[name] if table is BUNDLES else [], 1, made[table.name])
        for name, made in prints.items()
        for table in BUNDLE_TABLES
    ]
    write_rows(settings.lake.create(DELIVERIES), DELIVERIES.spool(rows))
    origin = newest_origin(settings.lake, settings.decisions, id_list=settings.id_list)
    with duckdb.connect(str(settings.catalogue)) as connection:
        columns = ", ".join(f"{name} {kind}" for name, (kind, _) in ORIGIN_COLUMNS.items())
        connection.execute(f"CREATE TABLE origin ({columns})")
        made = ", ".join(("number", "published_at", *Origin._fields))
        row = (1, *origin)
        connection.execute(f"INSERT INTO origin ({made}) VALUES (?, now(), ?, ?, ?)", row)


def main() -> int:
    """Print the seconds and the bytes of each tick."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bundles", type=int, default=1_000)
    parser.add_argument("--files", type=int, default=20, help="of a bundle")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="at-rest-") as folder,
        dg.DagsterInstance.ephemeral() as instance,
    ):
        settings = Settings(data=Path(folder))
        deliver_all(settings, n_bundles=options.bundles, n_files=options.files)
        resources = build_resources(settings)
        for sensor in (inbox_sensor, delivery_sensor):
            cursor = None
            for number in range(1, N_TICKS + 1):
                context = dg.build_sensor_context(
                    instance=instance,
                    cursor=cursor,
                    resources={"settings": resources["settings"]},
                )
                started = time.perf_counter()
                result = sensor.evaluate_tick(context)
                seconds = time.perf_counter() - started
                cursor = result.cursor
                n_bytes = len(f"{cursor or ''}{result.skip_message or ''}{result.run_requests}")
                print(
                    f"{sensor.name} tick {number}: {seconds:.2f} s, {n_bytes:,} bytes to keep: "
                    f"{result.skip_message}"
                )
    return 0


if __name__ == "__main__":
    sys.exit(main())
