"""Behaviour of `cleaning.dateline`: what opens a paragraph as a dateline does, and what not."""

import pytest

from copydesk.cleaning.dateline import match_dateline


@pytest.mark.parametrize(
    ("paragraph", "place", "agency"),
    [
        ("PORT ELSA, May 3 (AP) — Crews said", "PORT ELSA", "AP"),
        ("Port Elsa, May 3 (IANS) Crews said", "Port Elsa", "IANS"),
        ("Port Elsa [Norland], May 3 (ANI): Crews said", "Port Elsa", "ANI"),
        ("(AFP) Port Elsa – Crews said", "Port Elsa", None),
        ("Port Elsa (dpa) - Crews said", "Port Elsa", "dpa"),
        ("Brandt (left) - Crews said", None, None),
        (
            "PORT-ELSA, Norland, May 3, 2031 /PRNewswire/ -- Crews said",
            "PORT-ELSA, Norland",
            "PRNewswire",
        ),
        ("PORT ELSA--(BUSINESS WIRE)--Crews said", "PORT ELSA", "BUSINESS WIRE"),
        ("PORT ELSA, May 3. /TASS/. Crews said", "PORT ELSA", "TASS"),
        ("ELSA. May 3 (Interfax) - Crews said", "ELSA", "Interfax"),
        ("PORT ELSA, 3rd May, 2031 (WAM) -- Crews said", "PORT ELSA", "WAM"),
        ("Port Elsa | May 3: Crews said", "Port Elsa", None),
        ("[PORT ELSA]  Crews said", "PORT ELSA", None),
        ("NEW DELHI: Crews said", "NEW DELHI", None),
        ("New Delhi: Crews said", "New Delhi", None),
        ("BREAKING: Crews said", None, None),
        ("MODERATOR: We begin", None, None),
        ("Port Elsa (Norland) Crews said", None, None),
        ("In Paris Crews said", None, None),
        ("Paris Crews said", None, None),
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
