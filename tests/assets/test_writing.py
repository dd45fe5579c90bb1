"""A step shows how its checks went: value, threshold, and the rows that fail."""

from dataclasses import replace
from time import perf_counter

import dagster as dg
import pytest

from assets.declare import declare_table
from assets.writing import declare_checks, report_check, write_bundle
from copydesk.lake.checks import list_checks
from copydesk.lake.lake import Lake
from copydesk.reading.pages import page_of_text
from copydesk.rows import Bundle, RejectedFile
from copydesk.tables import BUNDLES, RAW_ARTICLES, REJECTED_FILES
from copydesk.values import Stage
from pipelines.reasons import explain_failure

BUNDLE = "may"


def rejected(number):
    return RejectedFile(
        BUNDLE, f"{number} | <b>.jpg", Stage.OPEN, "unknown_type", "no reader", None
    )


@pytest.fixture
def lake(tmp_path):
    return Lake(str(tmp_path / "lake"))


@pytest.fixture
def instance(tmp_path):
    instance = dg.DagsterInstance.ephemeral(tempdir=str(tmp_path))
    yield instance
    instance.dispose()


def deliver(lake, table, rows):
    lake.replace(table, table.spool(rows), bundle=BUNDLE)


@pytest.mark.parametrize(("n_rejected", "is_passed"), [(0, True), (1, True), (2, False)])
def test_a_check_shows_value_threshold_and_rows(lake, n_rejected, is_passed):
    files = [rejected(number) for number in range(n_rejected)]
    deliver(lake, REJECTED_FILES, files)
    deliver(lake, BUNDLES, [Bundle(BUNDLE, "may", "0", 10, 10 - n_rejected, n_rejected)])
    (check,) = (each for each in list_checks(REJECTED_FILES) if each.name == "most_files_are_read")
    with lake.connect([check.failed, check.total], bundle=BUNDLE) as connection:
        found = report_check(check, connection)
    shown = {name: value.value for name, value in found.metadata.items()}
    assert found.passed is is_passed
    assert found.severity is dg.AssetCheckSeverity.WARN
    assert (shown["rows_that_fail"], shown["rows"]) == (n_rejected, 10)
    assert (shown["share"], shown["threshold"]) == (n_rejected / 10, 0.1)
    if n_rejected:
        assert r"0 \| \<b\>.jpg" in shown["first_that_fail"]
    if not is_passed:
        assert found.description == (
            "rejected_files: 2 of 10 rows break most_files_are_read (20.0%; 10% may)"
        )


@pytest.mark.parametrize(("n_times", "is_made"), [(1, True), (2, False)])
def test_a_blocking_check_stops_the_run_with_one_line(lake, instance, n_times, is_made):
    page = replace(page_of_text("a1", "Boats stop."), bundle=BUNDLE)

    @dg.multi_asset(
        specs=[declare_table(RAW_ARTICLES, group="reading", deps=[])],
        check_specs=declare_checks((RAW_ARTICLES,)),
    )
    def read_pages():
        rows = [RAW_ARTICLES.spool([page] * n_times)]
        yield from write_bundle(lake, (RAW_ARTICLES,), rows, bundle=BUNDLE, started=perf_counter())

    @dg.asset(deps=[RAW_ARTICLES.name])
    def later() -> None:
        """Be made of it."""

    instance.add_dynamic_partitions("bundles", [BUNDLE])
    result = dg.materialize(
        [read_pages, later], instance=instance, partition_key=BUNDLE, raise_on_error=False
    )
    assert result.success is is_made
    assert bool(result.asset_materializations_for_node("later")) is is_made
    (evaluation,) = result.get_asset_check_evaluations()
    assert evaluation.passed is is_made
    if not is_made:
        assert explain_failure(result).count("\n") == 0
        assert "key_is_unique" in explain_failure(result)


def test_an_asset_shows_the_rows_and_the_cost_of_its_bundle(lake):
    page = replace(page_of_text("a1", "Boats stop."), bundle=BUNDLE)
    rows = [RAW_ARTICLES.spool([page])]
    events = write_bundle(lake, (RAW_ARTICLES,), rows, bundle=BUNDLE, started=perf_counter())
    shown = next(events).metadata
    assert shown["dagster/row_count"] == shown["rows_of_all_bundles"] == 1
    assert shown["seconds_per_article"] >= 0
    assert "Boats stop." in shown["preview"].value
