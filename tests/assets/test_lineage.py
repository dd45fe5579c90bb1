"""Behaviour of `assets.lineage`: Dagster learns where each column comes from."""

import pytest

from assets.declare import TABLES_BY_NAME
from assets.lineage import column_lineage
from copydesk.publishing.view import VIEWS


@pytest.mark.parametrize("name", [*TABLES_BY_NAME, *VIEWS])
def test_every_asset_has_a_lineage_that_names_assets(name):
    found = column_lineage(name).deps_by_column
    assets = {dep.asset_key.to_user_string() for deps in found.values() for dep in deps}
    assert found
    assert assets <= {*TABLES_BY_NAME, *VIEWS}


def test_a_column_names_the_asset_and_the_column_that_it_is_made_from():
    sources = column_lineage("said").deps_by_column["speaker"]
    assert {(each.asset_key.to_user_string(), each.column_name) for each in sources} == {
        ("entities", "name"),
        ("quotes", "speaker_mention_ids"),
    }


def test_a_column_that_is_read_from_files_has_no_sources():
    assert column_lineage("raw_articles").deps_by_column["text"] == []


def test_an_unknown_table_is_refused():
    with pytest.raises(ValueError, match="weather: no such table or view"):
        column_lineage("weather")
