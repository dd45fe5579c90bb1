"""A catalogue to export, with texts that files of all kinds get wrong."""

from datetime import date

import pytest

AWKWARD = [
    "=SUM(A1:A9)",
    "He said \"no\", twice; 'so'",
    "line\nline\r\nline\ttab",
    "",
    " spaces around ",
    "<r>&amp;</r>",
    "naïve “Ω” 🚢",
    "_x0041_ and \x01",
    "NULL",
    "007",
]


@pytest.fixture(scope="session")
def awkward():
    """Return texts that have to come back as they were."""
    return AWKWARD


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory, page_of, quote_in, publish_rows):
    """Return a catalogue with quotations of three months and of no month."""
    days = {"a1": date(2031, 5, 3), "a2": date(2031, 5, 9), "a3": date(2031, 6, 1), "a4": None}
    rows = [
        row
        for key, day in days.items()
        for row in page_of("[Ada] and [Zoe]", key, published_on=day)
    ]
    speakers = {"Zoe": "01-Zoe", "Ada": "00-Ada"}
    rows += [
        quote_in(key, n, speaker=f"{key}-{speakers[name]}", content=f"{name} {key}")
        for key in days
        for n, name in enumerate(speakers)
    ]
    rows += [quote_in("a2", 50, speaker="a2-01-Zoe", reason="thought")]
    rows += [quote_in("a1", 100 + n, content=content) for n, content in enumerate(AWKWARD)]
    return publish_rows(tmp_path_factory.mktemp("published"), rows)
