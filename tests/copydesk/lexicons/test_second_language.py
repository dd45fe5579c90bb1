"""A second language is a folder: an invented one goes through the stations, English unread."""

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest

from copydesk.cleaning.articles import compose_article, is_read
from copydesk.cleaning.copytext import compose_copy
from copydesk.cleaning.evidence import harvest_facts
from copydesk.cleaning.segments import label_page
from copydesk.entities.resolve import Appearance, NameKey, join_names
from copydesk.extraction.extract import extract_batch
from copydesk.lexicons.language import ENGLISH
from copydesk.lexicons.speech import load_cues
from copydesk.publishing.view import load_views
from copydesk.quotations.methods import QuoteMethod
from copydesk.reading.pages import page_of_text
from copydesk.statements.features import QUOTATIONS
from copydesk.statements.groups import join_quotations
from copydesk.statements.words import read_words, report_text
from copydesk.stories.days import find_day
from copydesk.tables import QUOTE_GROUPS
from copydesk.values import Label

LEDE = (
    "The crews of the ferries in the harbour have not worked for three days, and the harbour "
    "office has closed all of the gates until the storm is over."
)
SPOKEN = (
    "“The ferries will not sail before the storm is over and the crews have rested,” brummled "
    "Herr Paul Holm, who has waited for hours in the cold with the other captains of the port."
)
PAGE = "\n\n".join(
    [
        "Crews of the ferries wait for the end of the storm",
        "Vun Ida Brandt",
        f"NORTHREACH, 3 Brumal 2031 (NRP) — {LEDE}",
        f"{SPOKEN} (Kelle: Harbour Post)",
        "Leesh mee",
    ]
)


@pytest.mark.usefixtures("no_english")
def test_english_is_not_read():
    with pytest.raises(AssertionError, match=r"cues\.toml of English"):
        load_cues(ENGLISH)


@pytest.mark.usefixtures("no_english")
def test_a_page_is_cleaned_by_its_words(invented):
    raw = page_of_text("a1", PAGE)
    segments = label_page(raw, language=invented)
    found = {raw.text[s.start : s.end].strip(): s.label for s in segments}
    assert found["Vun Ida Brandt"] is Label.BYLINE
    assert found["Leesh mee"] is Label.PROMO
    assert found["NORTHREACH, 3 Brumal 2031 (NRP) —"] is Label.DATELINE
    assert found["(Kelle: Harbour Post)"] is Label.SOURCE_NOTE
    assert found[LEDE] is Label.BODY
    article = compose_article(
        raw, segments, harvest_facts(raw, segments, language=invented), language=invented
    )
    assert (article.byline, article.published_on) == ("Ida Brandt", date(2031, 1, 3))


@pytest.mark.model
@pytest.mark.usefixtures("no_english")
@pytest.mark.parametrize("method", QuoteMethod)
def test_names_and_quotations_are_found_by_its_words(invented, method):
    raw = page_of_text("a1", PAGE)
    copy = compose_copy(raw, label_page(raw, language=invented))
    found = extract_batch([copy], method, language=invented)
    (quote,) = found.quotes
    (speaker,) = [m for m in found.mentions if m.mention_id == quote.speaker_mention_id]
    assert (quote.cue, speaker.text, speaker.title) == ("brummled", "Paul Holm", "Herr")


@pytest.mark.usefixtures("no_english")
def test_names_are_joined_by_its_words(invented):
    names = [NameKey("GPE", "Brummland"), NameKey("ORG", "Brummland regeer")]
    names += [NameKey("PERSON", "Paul Holm"), NameKey("PERSON", "Paul Holm Sohn")]
    joined = join_names(
        [Appearance(name, f"a{i}", name.name, 9 - i) for i, name in enumerate(names)],
        language=invented,
    )
    assert [joined[name].key for name in names] == [names[0], names[0], names[2], names[3]]


@pytest.mark.usefixtures("no_english")
def test_words_of_quotations_are_read_by_its_spelling(invented):
    assert report_text("datt wi sail", language=invented) == "wi sail"
    words = read_words(["wi'n 2"], language=invented)
    assert [word.forms for word in words] == [("wi", "nich"), ("twee",)]


@pytest.mark.usefixtures("no_english")
def test_quotations_are_grouped_by_its_words(invented):
    content = "brumm stroom haven nacht schipp kaptein vader moder"
    rows = [
        {
            "quote_id": f"q{i}",
            "article_id": f"a{i}",
            "type": "direct",
            "content": content,
            "zone": "body",
            "speaker": "e1",
        }
        for i in range(2)
    ]
    groups = join_quotations(pa.Table.from_pylist(rows, QUOTATIONS), language=invented)
    assert len({row.quote_group_id for row in QUOTE_GROUPS.to_rows(groups.to_batches())}) == 1


@pytest.mark.usefixtures("no_english")
@pytest.mark.parametrize(
    ("lead", "day"),
    [
        ("Holm sailed Tweestag.", date(2031, 5, 6)),
        ("Holm waits bitt Tweestag.", None),
        ("Holm sailed ghestern.", date(2031, 5, 6)),
        ("Holm sailed the 5ste vom Hebbel.", date(2031, 5, 5)),
    ],
)
def test_the_day_of_the_news_is_read_by_its_words(invented, lead, day):
    found = find_day(lead, published_on=date(2031, 5, 7), dateline=None, language=invented)
    assert (found.day if found else None) == day


@pytest.mark.usefixtures("no_english")
def test_views_know_its_forms_of_address(invented):
    assert any("herr" in view.sql for view in load_views(invented))


def test_an_article_in_it_is_read_by_its_parser(invented):
    raw = page_of_text("a1", PAGE)
    article = compose_article(raw, [], [])
    assert is_read(article, n_chars=10, language=invented)
    assert not is_read(replace(article, language="en"), n_chars=10, language=invented)
