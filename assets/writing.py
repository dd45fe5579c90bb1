"""Write what a step makes, and yield what Dagster keeps of it: what it shows, and its checks."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from time import perf_counter
from typing import Any

import dagster as dg
import duckdb
import pyarrow as pa

from assets.declare import BUNDLE_PARTITIONS
from assets.exhibits.inert import write_table
from assets.exhibits.show import load_exhibit, show_rows
from copydesk.lake.checks import Check, Verdict, list_checks, run_check
from copydesk.lake.delta import CorpusRows
from copydesk.lake.lake import Lake
from copydesk.lake.live import Live
from copydesk.tables import RAW_ARTICLES, Table, Tables

Event = dg.MaterializeResult[None] | dg.AssetCheckResult


def declare_checks(tables: Tables) -> list[dg.AssetCheckSpec]:
    """Return the checks of the tables that a step makes, which it runs itself.

    A check of one bundle would hide that of another without partitions, which Dagster offers as a
    preview; its version is pinned.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.PreviewWarning)
        return [
            dg.AssetCheckSpec(
                check.name,
                asset=check.table,
                description=check.description,
                blocking=check.is_blocking,
                partitions_def=BUNDLE_PARTITIONS if table.is_per_bundle else None,
            )
            for table in tables
            for check in list_checks(table)
        ]


def write_bundle(
    lake: Lake, tables: Tables, made: Sequence[pa.RecordBatchReader], *, bundle: str, started: float
) -> Iterator[Event]:
    """Replace the rows of a bundle table by table, and yield what the pages of the assets show.

    `started` is when the step began (`time.perf_counter`).
    """
    lives = [
        lake.replace(table, rows, bundle=bundle) for table, rows in zip(tables, made, strict=True)
    ]
    yield from _show(lake, tables, lives, bundle=bundle, seconds=perf_counter() - started)


def write_corpus(
    lake: Lake, tables: Tables, made: Sequence[CorpusRows], *, started: float
) -> Iterator[Event]:
    """Replace the rows over all bundles, and yield what the pages of the assets show."""
    lives = [lake.replace_corpus(table, rows) for table, rows in zip(tables, made, strict=True)]
    ways = {table.name: str(rows.way) for table, rows in zip(tables, made, strict=True) if rows.way}
    for name, way in ways.items():
        dg.get_dagster_logger().info("%s: %s", name, way)
    seconds = perf_counter() - started
    for event in _show(lake, tables, lives, bundle=None, seconds=seconds):
        yield _say_way(event, ways)


def _say_way(event: Event, ways: Mapping[str, str]) -> Event:
    """Add to what is kept of a table whether all its rows were made or what changed, and why."""
    if not isinstance(event, dg.MaterializeResult) or event.asset_key is None:
        return event
    way = ways.get(dg.AssetKey.from_coercible(event.asset_key).to_user_string())
    return event if way is None else event._replace(metadata={**(event.metadata or {}), "way": way})


def _show(
    lake: Lake, tables: Tables, lives: Sequence[Live], *, bundle: str | None, seconds: float
) -> Iterator[Event]:
    checks = [check for table in tables for check in list_checks(table)]
    queries = [query for check in checks for query in (check.failed, check.total)]
    queries += [query for table in tables for query in load_exhibit(table.name).queries]
    cost = _cost(lake, bundle, seconds)
    with lake.connect(queries, bundle=bundle) as connection:
        for table, live in zip(tables, lives, strict=True):
            yield dg.MaterializeResult(
                asset_key=table.name,
                metadata={
                    "dagster/row_count": live.n_rows,
                    **show_rows(table.name, connection),
                    **_total(lake, table, bundle),
                    **cost,
                    "delta_version": str(live.version),  # an address, which nobody plots
                },
            )
        for check in checks:
            yield report_check(check, connection)


def _total(lake: Lake, table: Table[Any], bundle: str | None) -> dict[str, int]:
    """Return how many rows a table has over all bundles, beside those of this one."""
    return {} if bundle is None else {"rows_of_all_bundles": lake.find_live(table).n_rows}


def _cost(lake: Lake, bundle: str | None, seconds: float) -> dict[str, float]:
    """Return how long the step took, for a bundle also by article."""
    cost = {"seconds": round(seconds, 3)}
    if bundle is not None:
        n_articles = lake.find_live(RAW_ARTICLES, bundle=bundle).n_rows
        cost["seconds_per_article"] = round(seconds / max(n_articles, 1), 4)
    return cost


def report_check(check: Check, connection: duckdb.DuckDBPyConnection) -> dg.AssetCheckResult:
    """Return how a check went, with its value, its threshold and the first rows that break it."""
    verdict = run_check(check, connection)
    return dg.AssetCheckResult(
        asset_key=check.table,
        check_name=check.name,
        passed=verdict.is_passed,
        severity=dg.AssetCheckSeverity.ERROR if check.is_blocking else dg.AssetCheckSeverity.WARN,
        description=None if verdict.is_passed else _explain(check, verdict),
        metadata={
            "rows_that_fail": verdict.n_failed,
            "rows": verdict.n_rows,
            "share": round(verdict.share, 4),
            "threshold": verdict.most,
            **_list_failed(verdict),
        },
    )


def _explain(check: Check, verdict: Verdict) -> str:
    return (
        f"{check.table}: {verdict.n_failed:,} of {verdict.n_rows:,} rows break {check.name} "
        f"({verdict.share:.1%}; {verdict.most:.0%} may)"
    )


def _list_failed(verdict: Verdict) -> dict[str, dg.MetadataValue]:
    if not verdict.examples:
        return {}
    return {"first_that_fail": dg.MetadataValue.md(write_table(verdict.columns, verdict.examples))}
