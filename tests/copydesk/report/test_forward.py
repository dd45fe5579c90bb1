"""A report brought forward over random deliveries is, byte by byte, that of a new folder."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copydesk.report.site import write_report
from tests.copydesk.conftest import NOON
from tests.copydesk.report.conftest import Corpus, Page, Said
from tests.copydesk.report.test_site import contents_of

PEOPLE = ("Anna Miller", "Bo Holm", "Cy Dunn")
KEYS = tuple(f"page {n}" for n in range(6))


@st.composite
def said_by(draw, names):
    """Return quotations of people who are named on a page, or of nobody."""
    speakers = draw(st.lists(st.none() | st.sampled_from(names), max_size=3))
    return tuple(
        Said(
            20 + 9 * n,
            speaker,
            draw(st.sampled_from(["No boat sails", "No ferry", "It is late"])),
            draw(st.sampled_from([None, "boats"])),
            draw(st.sampled_from(["", "No [-boat-] {+ferry+}"])),
        )
        for n, speaker in enumerate(speakers)
    )


@st.composite
def pages(draw, key):
    """Return a page; what a correction or a new delivery changes is drawn."""
    names = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True))
    return Page(
        key,
        " met ".join(f"[{name}]" for name in names) + " and said: No boat sails today.",
        headline=draw(st.sampled_from(["Ferries stand still", "A clock", ""])),
        outlet=draw(st.sampled_from(["Harbour Post", "Island Wire", None])),
        day=draw(st.sampled_from([date(2031, 5, 3), date(2031, 4, 1), None])),
        story=draw(st.sampled_from([None, "strike"])),
        said=draw(said_by(names)),
        removed=draw(st.sampled_from(["Subscribe to our newsletter", "Share this"])),
    )


@st.composite
def histories(draw):
    """Return a corpus after each of some deliveries, replacements and withdrawals."""
    published = {}
    states = []
    for _ in range(3):
        for key in draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True)):
            if key in published and draw(st.booleans()):
                del published[key]
            elif key in published and draw(st.booleans()):  # a correction of one thing
                new = draw(pages(key))
                name = draw(st.sampled_from(["headline", "outlet", "day", "story", "removed"]))
                published[key] = replace(published[key], **{name: getattr(new, name)})
            else:
                published[key] = draw(pages(key))
        states.append(Corpus(list(published.values())))
    return states


@given(history=histories())
@settings(max_examples=2, suppress_health_check=[HealthCheck.too_slow])
def test_it_is_that_of_a_new_folder_after_each_delivery(history, tmp_path_factory, publish_corpus):
    folder = tmp_path_factory.mktemp("forward")
    for number, corpus in enumerate(history):
        at = NOON + timedelta(hours=number)
        catalogue = publish_corpus(folder, corpus, at=at)
        write_report(catalogue, folder / "report")
        write_report(catalogue, folder / f"new-{number}")
        assert contents_of(folder / "report") == contents_of(folder / f"new-{number}")
