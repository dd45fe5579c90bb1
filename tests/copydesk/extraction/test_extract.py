"""Behaviour of `extraction.extract`: rows of mentions and quotations that point into the page."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, replace

import pytest

from copydesk.cleaning.articles import Page, compose_articles
from copydesk.cleaning.copytext import Copy, Piece, compose_copy, copy_of_text
from copydesk.cleaning.segments import label_page
from copydesk.extraction.extract import Extract, extract_batch, extract_batches, select_copies
from copydesk.quotations.methods import QuoteMethod
from copydesk.quotations.quotation import Quotation
from copydesk.reading.pages import page_of_text
from copydesk.rows import Article
from copydesk.system.allowance import Allowance
from copydesk.values import Label, MentionKind, QuoteType, Span, Stage

pytestmark = pytest.mark.model

PAGE = """Skip to content
Ferries stand still for a third day
By Ida Brandt | May 3, 2031

PORT ELSA, May 3 (AP) — “We will not sail,” union leader Anna Miller told the crews on Monday.
See also  “We will never pay,” says the owner
“Not one ferry will leave the quay 👩‍✈️,” she said on the radio. “And nobody will\xa0return to work.”
Paul Holm, the mayor of the town, said the strike was “an insult to everybody” on the islands.
“The quay will reopen before the weekend begins, whatever it may cost us,” the mayor said.

Leave a Reply
“I agree,” said Tom.
"""
FRENCH = """Les ferries restent à quai pour le troisième jour
Les équipages ont dit lundi qu’aucun ferry ne partirait avant que les armateurs ne les aient payés.
La capitainerie a compté neuf ferries au quai dans la matinée, et elle en attend quatre autres.
"""


@pytest.fixture(scope="module")
def extract():
    raw = page_of_text("a1", PAGE)
    return extract_batch([compose_copy(raw, label_page(raw))])


def mention_of(extract, quote):
    return next(
        (m for m in extract.mentions if m.mention_id == quote.speaker_mention_id),
        None,
    )


def speaker_of(extract, quote):
    """Return the best name in the article of who speaks."""
    mention = mention_of(extract, quote)
    heads = {m.mention_id: m.text for m in extract.mentions}
    return mention and heads[mention.chain_id]


def test_quotations_of_a_page_are_those_of_its_copy(extract):
    found = [(q.type.value, q.content, q.cue, speaker_of(extract, q)) for q in extract.quotes]
    assert found == [
        ("direct", "We will not sail,", "told", "Anna Miller"),
        (
            "direct",
            "Not one ferry will leave the quay 👩‍✈️, And nobody will\xa0return to work.",
            "said",
            "Anna Miller",
        ),
        (
            "mixed",
            "the strike was “an insult to everybody” on the islands",
            "said",
            "Paul Holm",
        ),
        (
            "direct",
            "The quay will reopen before the weekend begins, whatever it may cost us,",
            "said",
            "Paul Holm",
        ),
    ]


def test_the_content_of_a_quotation_is_on_the_page_where_it_says(extract):
    for quote in extract.quotes:
        found = " ".join(PAGE[s.start : s.end] for s in quote.content_spans)
        assert found.split() == quote.content.split()


def test_cue_and_source_are_on_the_page_where_they_say(extract):
    for quote in extract.quotes:
        assert PAGE[quote.cue_start : quote.cue_end] == quote.cue
        assert PAGE[quote.source_start : quote.source_end] == quote.source


def test_mentions_are_on_the_page_where_they_say(extract):
    assert extract.mentions
    for mention in extract.mentions:
        assert PAGE[mention.start : mention.end] == mention.text


def test_boilerplate_holds_no_mentions(extract):
    named = {mention.text for mention in extract.mentions}
    assert named.isdisjoint({"Ida Brandt", "Tom", "AP", "PORT ELSA"})


def test_a_pronoun_and_a_title_that_speak_are_mentions_of_a_name(extract):
    heads = {m.mention_id: m.text for m in extract.mentions}
    found = {
        (m.text, m.kind, heads[m.chain_id])
        for m in extract.mentions
        if m.kind is not MentionKind.NAMED
    }
    assert found == {
        ("she", MentionKind.PRONOMINAL, "Anna Miller"),
        ("the mayor", MentionKind.NOMINAL, "Paul Holm"),
        ("the mayor of the town", MentionKind.NOMINAL, "Paul Holm"),
    }


def test_a_description_that_nobody_speaks_as_is_a_mention_too():
    text = "Mayor Paul Holm left. The crews blamed the mayor. Holm Lines Ltd blamed no one."
    found = [
        (m.text, m.kind, m.chain_rule)
        for m in extract_batch([copy_of_text("a1", text)]).mentions
        if m.kind is not MentionKind.NAMED
    ]
    assert found == [("the mayor", MentionKind.NOMINAL, "title")]


def test_a_title_beside_a_name_is_kept(extract):
    titles = {m.text: m.title for m in extract.mentions if m.title}
    assert titles == {"Anna Miller": "union leader", "Paul Holm": "mayor of the town"}


def test_ids_are_unique_and_every_link_leads_somewhere(extract):
    mention_ids = [m.mention_id for m in extract.mentions]
    quote_ids = [q.quote_id for q in extract.quotes]
    assert len(set(mention_ids)) == len(mention_ids)
    assert len(set(quote_ids)) == len(quote_ids)
    assert {m.chain_id for m in extract.mentions} - {None} <= set(mention_ids)
    assert {q.speaker_mention_id for q in extract.quotes} - {None} <= set(mention_ids)


def test_dates_and_sums_are_in_no_chain(extract):
    values = [m for m in extract.mentions if m.label in {"DATE", "MONEY"}]
    assert values
    assert {(m.chain_id, m.chain_rule) for m in values} == {(None, "value")}


def test_rows_come_in_the_order_of_the_page(extract):
    starts = [m.start for m in extract.mentions]
    assert starts == sorted(starts)
    contents = [q.content_spans for q in extract.quotes]
    assert contents == sorted(contents)


def test_a_quotation_knows_the_kind_of_segment_it_is_in():
    text = "“We will not sail,” says Anna Miller\n" + PAGE.split("\n\n")[1] + "\n"
    raw = page_of_text("a1", text)
    quotes = extract_batch([compose_copy(raw, label_page(raw))]).quotes
    assert [q.zone for q in quotes][:2] == [Label.HEADLINE, Label.BODY]


def test_a_headline_in_capitals_keeps_the_names_that_the_article_confirms():
    text = "Miller Urges Ceasefire And Hostage Release In Norway Talks\n" + PAGE.split("\n\n")[1]
    raw = page_of_text("a1", text)
    copy = compose_copy(raw, label_page(raw))
    assert copy.piece_at(0).label is Label.HEADLINE
    names = [m.text for m in extract_batch([copy]).mentions if m.end < text.index("\n")]
    assert set(names) <= {"Miller", "Norway"}
    assert "Miller" in names


def test_a_source_note_is_cut_out_of_the_quotation_around_it():
    text = PAGE.replace("the strike was", "the strike (Source: x.example) was")
    raw = page_of_text("a1", text)
    quotes = extract_batch([compose_copy(raw, label_page(raw))]).quotes
    (quote,) = (q for q in quotes if q.type is QuoteType.MIXED)
    assert quote.content == "the strike was “an insult to everybody” on the islands"
    assert [text[s.start : s.end].strip() for s in quote.content_spans] == [
        "the strike",
        "was “an insult to everybody” on the islands",
    ]


def test_a_quotation_inside_another_names_it_as_its_parent():
    text = "Anna Miller said the mayor had told her: “The quay will reopen.”"
    quotes = extract_batch([copy_of_text("a1", text)]).quotes
    ids = {quote.quote_id for quote in quotes}
    assert {quote.parent_quote_id for quote in quotes} <= ids | {None}


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "“We carry water for days,” another diver, Lipolo Potebe, said on Monday.",
            "Lipolo Potebe",
        ),
        ("Another villager, Lipolo Potebe, said the wells were dry.", "Lipolo Potebe"),
        ("“It was never proven,” said her advocate Dalo Mpefu.", "Dalo Mpefu"),
        ("“The wells are dry,” said a farmer, who asked not to be named.", None),
    ],
)
def test_a_person_beside_a_trade_is_the_speaker(text, speaker):
    found = extract_batch([copy_of_text("a1", text)])
    names = {mention.mention_id: mention.text for mention in found.mentions}
    assert [names.get(quote.speaker_mention_id) for quote in found.quotes][:1] == [speaker]


def test_what_is_found_in_an_article_does_not_depend_on_its_batch(extract):
    raw = page_of_text("a1", PAGE)
    copy = compose_copy(raw, label_page(raw))
    others = [copy_of_text(f"b{i}", "“We will sail,” Paul Holm said. " * i) for i in (1, 3)]
    together = extract_batch([others[0], copy, others[1]])
    assert [q for q in together.quotes if q.article_id == "a1"] == extract.quotes
    assert [m for m in together.mentions if m.article_id == "a1"] == extract.mentions


def test_the_same_rows_come_from_one_worker_and_from_two():
    copies = [
        copy_of_text(f"a{i}", f"“We will sail {i} times,” Paul Holm said.") for i in range(40)
    ]
    results = [list(extract_batches(copies, n_workers=n_workers)) for n_workers in (1, 2)]
    assert results[0] == results[1]
    rows = [row for extract in results[0] for row in (*extract.mentions, *extract.quotes)]
    assert len({row.article_id for row in rows}) == len(copies)
    assert sum(extract.n_articles for extract in results[0]) == len(copies)


@pytest.mark.parametrize(
    "text",
    ["", " \n", "“”", "…\n\n…", "👩‍✈️ e\u0301 \u0301", "\x00", "\u200b\u200b", "\u200b\n\n\u200b"],
)
def test_a_text_that_says_nothing_gives_no_rows(text):
    extract = extract_batch([copy_of_text("a1", text)])
    assert (extract.mentions, extract.quotes) == ([], [])


def test_a_batch_may_be_empty():
    assert extract_batch([]) == Extract([], [], 0)


@pytest.mark.parametrize(("text", "is_selected"), [(PAGE, True), (FRENCH, False), ("\n", False)])
def test_only_copy_that_the_parser_can_read_is_selected(text, is_selected):
    raw = page_of_text("a1", text)
    page = Page(raw, label_page(raw))
    articles = [row for row in compose_articles([page]) if isinstance(row, Article)]
    assert [copy.article_id for copy in select_copies([page], articles)] == ["a1"] * is_selected


def test_the_marks_of_a_quotation_decide_its_type(extract):
    for quote in extract.quotes:
        has_marks = any(mark in quote.content for mark in "“”")
        assert has_marks == (quote.type is QuoteType.MIXED)


@dataclass(frozen=True)
class Shouting:
    """An invented method: the first words of an article say what is in capitals."""

    preload: str | None = None

    def find_quotations(self, doc, text, *, language):
        """Return one quotation for each word in capitals."""
        assert (doc.text, language.code) == (text, "en")
        source = Span(0, len("Anna Miller"))
        return [
            Quotation((Span(found.start(), found.end()),), QuoteType.DIRECT, None, source, "shouts")
            for found in re.finditer(r"\b[A-Z]{4,}\b", text)
        ]


def test_a_method_is_one_class():
    copies = [copy_of_text("a1", "Anna Miller met the crews on Monday and would NEVER pay.")]
    found = extract_batch(copies, Shouting())
    mentions, quotes = found.mentions, found.quotes
    names = {mention.mention_id: mention.text for mention in mentions}
    assert [(q.content, q.rule, names[q.speaker_mention_id]) for q in quotes] == [
        ("NEVER", "shouts", "Anna Miller")
    ]
    assert list(extract_batches(copies, n_workers=1, method=Shouting())) == [found]


def test_every_method_that_has_a_name_finds_quotations():
    copies = [copy_of_text("a1", "“We will not sail today,” Paul Holm said.")]
    for method in QuoteMethod:
        (quote,) = extract_batch(copies, method).quotes
        assert quote.content == "We will not sail today,"


RULES_ONLY = """
import sys
from copydesk.cleaning.copytext import copy_of_text
from copydesk.extraction.extract import extract_batches, load_models
from copydesk.quotations.methods import QuoteMethod
load_models(QuoteMethod.RULES)
copies = [copy_of_text("a1", "“We will not sail,” Paul Holm said.")]
assert len(list(extract_batches(copies, n_workers=1, method=QuoteMethod.RULES))) == 1
found = [name for name in sys.modules if name.startswith(("onnxruntime", "copydesk.quotes.tagge"))]
sys.exit(f"loaded: {found}" if found else 0)
"""


def test_rules_load_nothing_of_the_tagger():
    done = subprocess.run(
        [sys.executable, "-c", RULES_ONLY], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_imported_is_not_loaded():
    code = "import copydesk.extraction.extract as e; print(e.load_pipeline.cache_info().currsize)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "0\n"


class Poison(Copy):
    """An article that ends the worker that unpacks it."""

    __slots__ = ()

    def __reduce__(self):
        return os._exit, (3,)


class Faulty(str):
    """A text that cannot be read because of a fault of ours."""

    __slots__ = ()

    def __reduce__(self):
        return Faulty, (str(self),)

    def __len__(self):
        raise RecursionError


def copies_with(bad, *, n_before):
    good = [
        replace(copy_of_text(f"a{n}", f"“I saw {n} ferries,” said Paul Holm."), bundle="may")
        for n in range(20)
    ]
    return [*good[:n_before], bad, *good[n_before:]]


def extract_apart(copies, *, n_workers, **allowed):
    allowance = Allowance(**{"seconds": 300, "mib": 4_096, **allowed})
    extracts = list(extract_batches(copies, n_workers=n_workers, allowance=allowance))
    return (
        [quote.content for extract in extracts for quote in extract.quotes],
        [row for extract in extracts for row in extract.rejected],
        sum(extract.n_articles for extract in extracts),
    )


@pytest.mark.model
@pytest.mark.parametrize("n_workers", [1, 2])
@pytest.mark.parametrize(
    ("bad", "allowed", "message"),
    [
        (Poison("bad", "may", "x", (), "b.txt", "0"), {}, "ends the process"),
        (
            Copy("bad", "may", Faulty("x"), (Piece(0, 1, 0, Label.BODY),), "b.txt", "0"),
            {},
            "RecursionError in test_extract.py",
        ),
        (
            replace(copy_of_text("bad", "Berg said that " * 4_000), source_path="b.txt"),
            {"seconds": 2},
            "more than 2 CPU seconds",
        ),
        (
            replace(copy_of_text("bad", "a\n" * 8_000), source_path="b.txt"),
            {"mib": 64},
            "",
        ),
    ],
    ids=["ends_worker", "fault", "time", "memory"],
)
def test_an_article_costs_itself_alone(bad, allowed, message, n_workers):
    quotes, rejected, n_articles = extract_apart(
        copies_with(bad, n_before=3), n_workers=n_workers, **allowed
    )
    assert quotes == [f"I saw {n} ferries," for n in range(20)]
    assert n_articles == 21
    assert [(row.source_path, row.stage) for row in rejected] == [("b.txt", Stage.ARTICLE)]
    assert message in rejected[0].message


def test_without_an_allowance_a_fault_is_a_fault():
    with pytest.raises(AttributeError):
        list(extract_batches([None], n_workers=1))
