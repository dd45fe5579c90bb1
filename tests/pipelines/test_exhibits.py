"""What the pages of the assets show of the sample bundle."""

import dagster as dg
import duckdb
import pytest

from assets.declare import TABLES_BY_NAME
from assets.exhibits.show import load_exhibit, show_rows
from assets.publishing import CATALOGUE, VIEWS

pytestmark = pytest.mark.model

NAMES = [*TABLES_BY_NAME, *(view.name for view in VIEWS), CATALOGUE]
LEAST_NUMBERS = 3
CORRECTED = {"page_corrections", "corpus_corrections", "corrections_applied"}
WITHOUT_PICTURE = {"bundles", "passages"}  # one row of a bundle; the same number of each article
PLOTTED = (dg.IntMetadataValue, dg.FloatMetadataValue)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in {"deliveries", *CORRECTED}])
def test_an_asset_shows_numbers_rows_and_a_picture(sampled, name):
    with duckdb.connect(str(sampled.settings.catalogue), read_only=True) as connection:
        shown = show_rows(name, connection)
    numbers = [value for value in shown.values() if isinstance(value, PLOTTED)]
    assert len(numbers) >= LEAST_NUMBERS
    assert shown["preview"].value.startswith("| ")
    assert ("picture" in shown) is (name not in WITHOUT_PICTURE)
    assert all(0 <= shown[key].value <= 1 for key in shown if key.startswith("share_"))


def test_a_delivery_shows_its_tables(sampled):
    lake = sampled.settings.lake
    with lake.connect(load_exhibit("deliveries").queries) as connection:
        shown = show_rows("deliveries", connection)
    assert shown["tables"].value == len(lake.snapshot().deliveries)
    assert "| quotes |" in shown["preview"].value
