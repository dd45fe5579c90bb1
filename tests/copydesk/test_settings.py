"""Behaviour of `copydesk.settings`: one reader of the environment, and nonsense is refused."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from copydesk.cluster.address import Cluster
from copydesk.errors import SettingsError
from copydesk.lake.vacuum import Retention
from copydesk.quotations.methods import QuoteMethod
from copydesk.reading.limits import Limits
from copydesk.settings import Settings, describe_settings, load_settings


@pytest.fixture(autouse=True)
def no_variables(monkeypatch):
    """Start without a setting, whatever the machine has."""
    for setting in describe_settings():
        monkeypatch.delenv(setting.variable, raising=False)


def test_a_list_of_ids_that_is_named_is_there(tmp_path, monkeypatch):
    path = tmp_path / "ids.csv"
    monkeypatch.setenv("COPYDESK_WIKIDATA", str(path))
    with pytest.raises(SettingsError, match=r"COPYDESK_WIKIDATA: .*ids.csv: no such file"):
        load_settings()
    path.write_text("name,qid\n")
    assert load_settings().id_list == path.resolve()


def test_nothing_stated_gives_the_defaults_of_the_library():
    settings = load_settings()
    assert settings.data == Path("data").resolve()
    assert settings.workers >= 1
    assert settings.quotes is QuoteMethod.TAGGER
    assert settings.retention == Retention()
    assert settings.limits == Limits()


@pytest.mark.parametrize("method", QuoteMethod)
def test_what_finds_quotations_is_a_setting(monkeypatch, method):
    monkeypatch.setenv("COPYDESK_QUOTES", method.value)
    assert load_settings().quotes is method


def test_half_a_day_may_be_kept(monkeypatch):
    monkeypatch.setenv("COPYDESK_KEEP_DAYS", "0.5")
    monkeypatch.setenv("COPYDESK_KEEP_SNAPSHOTS", "3")
    assert load_settings().retention == Retention(days=0.5, snapshots=3)


@pytest.mark.parametrize("limit", [field.name for field in fields(Limits)])
def test_every_limit_is_a_setting(monkeypatch, limit):
    monkeypatch.setenv(f"COPYDESK_MAX_{limit.upper()}", "3")
    assert getattr(load_settings().limits, limit) == 3


@pytest.mark.parametrize(
    ("variable", "value", "allowed"),
    [
        ("COPYDESK_QUOTES", "magic", "must be tagger or rules"),
        ("COPYDESK_ENGINE", "magic", "must be local or dask"),
        ("COPYDESK_KEEP_DAYS", "-1", "must be a number from 0 to 36,500"),
        ("COPYDESK_KEEP_DAYS", "nan", "must be a number from 0 to 36,500"),
        ("COPYDESK_KEEP_DAYS", "inf", "must be a number from 0 to 36,500"),
        ("COPYDESK_KEEP_SNAPSHOTS", "0", "must be a whole number from 1 to 1,000,000,000"),
        ("COPYDESK_WORKERS", "0", "must be a whole number from 1 to 1,000"),
        ("COPYDESK_WORKERS", "many", "must be a whole number from 1 to 1,000"),
        ("COPYDESK_MAX_DEPTH", "1.5", "must be a whole number from 1 to 1,000,000,000"),
    ],
)
def test_value_that_means_nothing_is_refused_with_what_is_allowed(
    monkeypatch, variable, value, allowed
):
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=f"^{variable} {re.escape(allowed)}, not '{value}'$"):
        load_settings()


def test_a_cluster_is_used_only_where_that_is_stated(monkeypatch):
    monkeypatch.setenv("COPYDESK_SCHEDULER", "tcp://127.0.0.1:8786")
    assert load_settings().cluster is None
    monkeypatch.setenv("COPYDESK_ENGINE", "dask")
    assert load_settings().cluster == Cluster("tcp://127.0.0.1:8786")


@pytest.mark.parametrize(
    ("scheduler", "message"),
    [("", "needs COPYDESK_SCHEDULER"), ("tcp://10.0.0.5:8786", "use tls://")],
)
def test_a_cluster_that_cannot_be_used_is_refused_at_once(monkeypatch, scheduler, message):
    monkeypatch.setenv("COPYDESK_ENGINE", "dask")
    monkeypatch.setenv("COPYDESK_SCHEDULER", scheduler)
    with pytest.raises(SettingsError, match=message):
        load_settings()


def test_all_wrong_settings_are_stated_in_one_line(monkeypatch):
    monkeypatch.setenv("COPYDESK_QUOTES", "magic")
    monkeypatch.setenv("COPYDESK_WORKERS", "many\n")
    with pytest.raises(SettingsError) as refused:
        load_settings()
    message = str(refused.value)
    assert "\n" not in message
    assert "COPYDESK_QUOTES" in message
    assert "COPYDESK_WORKERS" in message


def test_misspelt_setting_is_not_passed_over(monkeypatch):
    monkeypatch.setenv("COPYDESK_WORKER", "4")
    with pytest.raises(SettingsError, match=r"COPYDESK_WORKER: .* did you mean COPYDESK_WORKERS"):
        load_settings()


def test_empty_variable_is_not_stated(monkeypatch):
    monkeypatch.setenv("COPYDESK_DATA", "")
    monkeypatch.setenv("COPYDESK_WORKERS", "")
    assert load_settings(default_data=Path("/srv/news")).data == Path("/srv/news")


def test_data_folder_of_the_command_line_comes_first(monkeypatch, tmp_path):
    default = tmp_path / "default"
    assert load_settings(default_data=default).data == default
    monkeypatch.setenv("COPYDESK_DATA", str(tmp_path / "variable"))
    assert load_settings(default_data=default).data == tmp_path / "variable"
    stated = tmp_path / "option"
    assert load_settings(data=stated, default_data=default).data == stated


def test_places_lie_in_the_data_folder(tmp_path):
    settings = Settings(data=tmp_path)
    lake, decisions = Path(settings.lake.uri), settings.decisions
    places = (settings.inbox, lake, settings.catalogue, decisions.overrides, decisions.corrections)
    assert all(place.is_relative_to(tmp_path) for place in places)
