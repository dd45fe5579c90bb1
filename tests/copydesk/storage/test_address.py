"""Addresses are told from paths, and those that mean nothing are refused in one line."""

import pytest

from copydesk.errors import SettingsError, StoreError
from copydesk.settings import load_settings
from copydesk.storage import address
from copydesk.storage.address import check_address, is_remote, name_of, split_address


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("s3://bucket/lake", True),
        ("gs://bucket", True),
        ("abfss://container@account.dfs.example/lake", True),
        ("/srv/lake", False),
        ("data/lake", False),
        ("s3:/bucket/lake", False),
        ("c:/lake", False),
        ("https://example.org/lake", False),
    ],
)
def test_addresses_are_told_from_paths(text, expected):
    assert is_remote(text) is expected


@pytest.mark.parametrize(
    ("uri", "root", "path", "name"),
    [
        ("s3://bucket/a/lake", "s3://bucket", "a/lake", "lake"),
        ("s3://bucket", "s3://bucket", "", ""),
        ("abfss://box@account.example/lake", "abfss://box@account.example", "lake", "lake"),
    ],
)
def test_an_address_has_a_bucket_and_a_path(uri, root, path, name):
    assert split_address(uri) == (root, path)
    assert name_of(uri) == name


@pytest.mark.parametrize(
    "uri", ["s3:///lake", "s3://key:hidden@bucket/lake", "s3://bucket/lake?key=hidden"]
)
def test_an_address_is_a_place_and_nothing_else(uri):
    with pytest.raises(StoreError, match="credentials are set elsewhere") as raised:
        check_address(uri)
    assert "hidden" not in str(raised.value)


def test_what_reads_stores_is_named_where_it_is_not_installed(monkeypatch):
    monkeypatch.setattr(address, "find_spec", lambda _: None)
    with pytest.raises(StoreError, match=r"pip install copydesk\[remote\]"):
        check_address("s3://bucket/lake")
    monkeypatch.setenv("COPYDESK_LAKE_URI", "s3://bucket/lake")
    with pytest.raises(SettingsError, match=r"pip install copydesk\[remote\]"):
        load_settings()


def test_a_lake_may_be_in_another_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("COPYDESK_LAKE_URI", str(tmp_path / "large" / ".." / "lake"))
    assert load_settings().lake.uri == str(tmp_path / "lake")
