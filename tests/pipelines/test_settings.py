"""Behaviour of `pipelines.settings`: the environment is read once, and nonsense is refused."""

import pytest

from copydesk.lake.vacuum import Retention
from copydesk.publishing.versions import bundle_versions
from copydesk.quotations.methods import QuoteMethod
from pipelines.settings import load_settings


@pytest.mark.parametrize(
    ("stated", "method"),
    [
        (None, QuoteMethod.TAGGER),
        ("tagger", QuoteMethod.TAGGER),
        ("rules", QuoteMethod.RULES),
    ],
)
def test_what_finds_quotations_is_a_setting(monkeypatch, stated, method):
    monkeypatch.delenv("COPYDESK_QUOTES", raising=False)
    if stated is not None:
        monkeypatch.setenv("COPYDESK_QUOTES", stated)
    assert load_settings().quote_method is method


def test_what_upkeep_keeps_is_a_setting(monkeypatch):
    assert load_settings().retention == Retention()
    monkeypatch.setenv("COPYDESK_KEEP_DAYS", "90")
    monkeypatch.setenv("COPYDESK_KEEP_SNAPSHOTS", "3")
    assert load_settings().retention == Retention(days=90, snapshots=3)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COPYDESK_QUOTES", "magic"),
        ("COPYDESK_KEEP_DAYS", "-1"),
        ("COPYDESK_WORKERS", "0"),
        ("COPYDESK_WORKERS", "many"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused_by_name(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=f"{name} is .*, not '{value}'"):
        load_settings()


def test_quotations_and_mentions_are_made_again_when_the_method_changes():
    by_rules, by_tagger = map(bundle_versions, (QuoteMethod.RULES, QuoteMethod.TAGGER))
    changed = {table for table in by_rules if by_rules[table] != by_tagger[table]}
    assert changed == {"mentions", "quotes"}
