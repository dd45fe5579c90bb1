"""Behaviour of `cleaning.dateline`: what opens a paragraph as a dateline does, and what not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        ("PORT ELSA • Crews said", "PORT ELSA", None),
        ("PORT ELSA | Crews said", "PORT ELSA", None),
        ("Oslo | Crews said", "Oslo", None),
        ("PORT ELSA // Crews said", "PORT ELSA", None),
        ("PORT ELSA (AP) _ Crews said", "PORT ELSA", "AP"),
        ("(PORT ELSA) - Crews said", "PORT ELSA", None),
        ("May 3 (Reuters) - Crews said", None, "Reuters"),
        ("3 May 2031 (HPA) — Crews said", None, "HPA"),
        ("PORT ELSA, May 3, 2031 / 09:15 am (AFP). Crews said", "PORT ELSA", "AFP"),
        ("PORT ELSA, 3 May, 14:30 GMT (HPA) - Crews said", "PORT ELSA", "HPA"),
        ("(Bloomberg) -- Crews said", None, "Bloomberg"),
        ("(CNN)Crews said", None, "CNN"),
        ("PORT ELSA — (May 3, 2031) — Crews said", "PORT ELSA", None),
        ("PORT ELSA (May 3) - Crews said", "PORT ELSA", None),
        ("PORT ELSA (PTI) Crews said", "PORT ELSA", "PTI"),
        ("PORT ELSA, Norland (CNN) Crews said", "PORT ELSA, Norland", "CNN"),
        ("OSLO/BERGEN: Crews said", "OSLO/BERGEN", None),
        ("Lahore/Karachi: Crews said", "Lahore/Karachi", None),
        ("OSLO, Norland: Crews said", "OSLO, Norland", None),
        ("PORT ELSA, 3 MAY - Crews said", "PORT ELSA", None),
        ("PORT ELSA, Sat. May 3, 2031 — Crews said", "PORT ELSA", None),
        ("PORT ELSA—Crews said", "PORT ELSA", None),
        ("Port Elsa, Norl. —\N{NO-BREAK SPACE}Crews said", "Port Elsa, Norl.", None),
        ("Brandt—Crews said", None, None),
        ("FAQ | Ferries", None, None),
        ("BREAKING - Crews said", None, None),
        ("EXCLUSIVE — Crews said", None, None),
        ("WATCH • Crews said", None, None),
        ("B-52 — Crews said", None, None),
        ("(Photo) – Crews said", None, None),
        ("(Norland Ferries) - Crews said", None, None),
        ("May 3 - Crews said", None, None),
        ("May 3 was cold. (Reuters) - Crews said", None, None),
        ("Press of Norland (PTI) Crews said", None, None),
        ("Crews | Owners said", None, None),
    ],
)
def test_a_dateline_is_a_place_with_a_date_an_agency_or_a_dash(paragraph, place, agency):
    found = match_dateline(paragraph)
    assert (found and found["place"], found and found["agency"]) == (place, agency)


PLACES = st.sampled_from(["PORT ELSA", "Port Elsa", "ST. ELSA, Norland", "Elsa-sur-Mer"])
DATES = st.sampled_from(
    [", May 3", ", 3 May 2031", ", Saturday, May 3, 2031", ". May 3", " — (May 3)", ", 3 MAY"]
)
AGENCIES = st.sampled_from(["AP", "Reuters", "BUSINESS WIRE", "HPA"])
BRACKETS = st.sampled_from([" ({})", " [{}]", " /{}/"])
DASHES = st.sampled_from([" - ", " – ", "— ", " -- ", ": ", " • ", " | ", " _ "])


@given(PLACES, DATES, AGENCIES, BRACKETS, DASHES)
def test_every_way_to_write_place_date_and_agency_is_read(place, date, agency, bracket, dash):
    dateline = f"{place}{date}{bracket.format(agency)}{dash}"
    found = match_dateline(f"{dateline}Crews said on Monday that no ferry would sail.")
    assert found is not None
    assert (found.group(), found["place"], found["agency"]) == (dateline, place, agency)
