"""Behaviour of `cleaning.dateline`: what opens a paragraph as a dateline does, and what not."""

import pytest

from copydesk.cleaning.dateline import match_dateline


@pytest.mark.parametrize(
    ("paragraph", "place", "agency"),
    [
        ("PORT ELSA, May 3 (AP) — Crews said", "PORT ELSA", "AP"),
        ("Port Elsa, May 3 (IANS) Crews said", None, None),
        ("PORT ELSA — Crews said", "PORT ELSA", None),
        ("Port Elsa [Reuters] – Crews said", "Port Elsa", "Reuters"),
        ("Port Elsa, 3 May 2031 (ANI): Crews said", "Port Elsa", "ANI"),
        ("PORT ELSA, Norland (AP) -- Crews said", "PORT ELSA, Norland", "AP"),
        ("Crews said on Monday — and again on Friday", None, None),
        ("Brandt: We will not sail", None, None),
        ("Monday was cold.", None, None),
    ],
)
def test_a_dateline_is_a_place_with_a_date_an_agency_or_a_dash(paragraph, place, agency):
    found = match_dateline(paragraph)
    assert (found and found["place"], found and found["agency"]) == (place, agency)
