"""Behaviour of `tools.made_columns`: what is declared of a step is what the step does.

A step is run on an invented page, and again with one column of its input changed. What it makes of
a column must then change if that column is declared as its source, and must not if it is not.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from copydesk.cleaning.articles import Page, compose_articles
from copydesk.cleaning.copytext import compose_copy
from copydesk.cleaning.repeats import LineCounter
from copydesk.cleaning.segments import label_page
from copydesk.extraction.extract import extract_batch
from copydesk.quotations.methods import QuoteMethod
from copydesk.reading.pages import page_of_text
from copydesk.rows import Segment
from copydesk.tables import (
    ARTICLE_FACTS,
    ARTICLES,
    MENTIONS,
    QUOTES,
    RAW_ARTICLES,
    SEGMENTS,
)
from copydesk.text.lines import split_lines
from copydesk.values import Field, GivenField, Label, LeftOut, Mark, MarkKind
from tools.made_columns import Made, Step, find_origins, load_origins
from tools.sql_columns import Source

FOUND = (
    "Divers found cracks in two piers of the bridge on Friday, and lorries are sent over the pass, "
    "which takes an hour longer. (Source: wire.example/2) The school bus does not run at all."
)
NOTED = (
    "The harbour office counted nine ferries at the quay in the morning, and it expects four more "
    "before the weekend begins. (Source: wire.example/1) Nobody at the office could say when the "
    "quay would open again."
)
SPOKEN = (
    "“We will not sail,” union leader Anna Miller told the crews of the ferries. Paul Holm, the "
    "mayor, said the strike was “an insult to everybody” there. “Holm said that the quay will "
    "reopen on Sunday, and we all believed him,” Anna Miller said. "
    "Paul Holm met Carl Lund at noon. “We will sail on Sunday,” he said. "
)
PARTS = [
    ("headline", "Ferries stand still for a third day", 0.9),
    ("headline", "Crews wait", 0.5),
    ("deck", "Nothing sails from Port Elsa", 0.4),
    ("deck", "Owners are silent", 0.3),
    ("byline", "By Ida Brandt", 0.95),
    ("navigation", "Filed June 9", 0.8),
    ("dateline", "PORT ELSA, May 3 (AP) — ", 0.95),
    ("body", SPOKEN, 0.9),
    ("subhead", "No end in sight", 0.8),
    ("legal", "© 2031 Harbour Post. All rights reserved.", 0.95),
]
FRENCH = (
    "Les ferries restent à quai pour le troisième jour et les équipages ont dit lundi qu’aucun "
    "navire ne partirait avant que les armateurs ne les aient payés pour tout l’hiver."
)
OTHER_LABELS = (Label.BODY, Label.BYLINE, Label.HEADLINE, Label.DECK, Label.BOILERPLATE)


def write_page(parts):
    """Return a page and its segments, one a line."""
    text = "".join(f"{part}\n" for _, part, _ in parts)
    raw = replace(
        page_of_text("a1", text),
        left_out=[LeftOut("navigation", 3, 70)],
        bundle="may",
        url="https://post.example/2031/05/03/ferries",
    )
    segments, start = [], 0
    for seq, (label, part, score) in enumerate(parts):
        end = start + len(part)
        segments.append(Segment("a1", seq, start, end, Label(label), "by_hand", score, "may"))
        start = end + 1
    return raw, segments


RAW, CUT = write_page(PARTS)
SITE = [
    replace(
        page_of_text(f"s{i}", f"Report {i} from the quay\n{NOTED}\n"),
        url=f"https://post.example/{i}",
    )
    for i in range(9)
]
LABELLED = replace(
    page_of_text("a1", f"Ferries stand still for a third day\n{FRENCH}\n{FOUND}\n{NOTED}\n"),
    left_out=[LeftOut("navigation", 3, 70)],
    bundle="may",
    url="https://post.example/2031/05/03/ferries",
)

REPLACED = [  # parts of the same length, so that segments still fit
    ("for a third day", "for a third one"),
    ("Nothing sails", "No boat sails"),
    ("Ida Brandt", "Eva Brandt"),
    ("PORT ELSA", "PORT ANNA"),
    ("June 9", "June x"),
    ("May 3", "May 4"),
    ("(AP)", "(PA)"),
    ("2031 Harbour", "2031 Evening"),
    ("Anna Miller", "Anne Miller"),
    ("union leader", "one of those"),
    ("not sail", "not-sail"),
    ("said the strike was", "hoped it would stay"),
    ("“an insult to everybody”", " an insult to everybody "),
    ("told the crews", "saw the crews "),
]


def texts_like(text):
    """Return variants of a text that are as long."""
    variants = [text.replace(old, new) for old, new in REPLACED if old in text]
    at = text.find("“We")
    return [*variants, f"{text[:at]}{FRENCH}{text[at + len(FRENCH) :]}"]


def marks_like(text):
    """Return marks of other kinds, each on all lines of a text."""
    kinds = (MarkKind.CAPTION, MarkKind.PARAGRAPH, MarkKind.LINK)
    lines = split_lines(text)
    return [[Mark(line.start, line.end, kind.value) for line in lines] for kind in kinds]


def pages_like(raw):
    """Yield each column of a page with variants of the page in which it is another one."""
    given = [GivenField(field.value, "Evening Post") for field in Field]
    given.append(GivenField(Field.HEADLINE.value, raw.text.splitlines()[2]))
    given += [GivenField(Field.PUBLISHED_ON.value, day) for day in ("2029-01-09", "January 9")]
    changes = {
        "article_id": ["a2"],
        "bundle": ["june"],
        "source_path": ["other.html"],
        "media_type": ["text/html"],
        "encoding": ["latin-1"],
        "raw_sha256": ["0"],
        "text": [*texts_like(raw.text), f"{raw.text}\n" * 2],
        "comments_start": [1, len(raw.text) // 2],
        "repairs": [["nul"]],
        "url": [None, "https://other.example/2030/01/01/ferries"],
        "retrieved_at": [datetime(2031, 5, 3, tzinfo=UTC)],
        "given": [[field] for field in given],
        "marks": marks_like(raw.text),
        "left_out": [[LeftOut("links", 2, 40)]],
    }
    assert list(changes) == [column.name for column in RAW_ARTICLES.columns]
    for column, values in changes.items():
        yield column, [replace(raw, **{column: value}) for value in values]


def segments_like(segments):
    """Yield each column of segments with variants in which it is another one in one of them."""
    changes = {
        "article_id": lambda _: ["a2"],
        "seq": lambda each: [each.seq + 100],
        "start": lambda each: [each.start + 3, each.end],
        "end": lambda each: [each.end - 3, each.start],
        "label": lambda _: OTHER_LABELS,
        "rule": lambda _: ["other", "error_page"],
        "score": lambda _: [0.01, 0.99],
        "bundle": lambda _: ["june"],
    }
    assert list(changes) == [column.name for column in SEGMENTS.columns]
    for column, values_of in changes.items():
        yield (
            column,
            [
                [*segments[:i], replace(each, **{column: value}), *segments[i + 1 :]]
                for i, each in enumerate(segments)
                for value in values_of(each)
            ],
        )


def label(raw):
    counter = LineCounter()
    list(counter.watch([raw, *SITE]))
    return label_page(raw, counter.repeated())


def compose(raw, segments):
    return list(compose_articles([Page(raw, segments)]))


def extract(raw, segments):
    found = extract_batch([compose_copy(raw, segments)], QuoteMethod.RULES)
    return [*found.mentions, *found.quotes]


@dataclass(frozen=True)
class Run:
    """A step on its invented input, and on all variants of it, by the column that was changed."""

    rows: list
    variants: dict

    def changed(self, table, column):
        """Return the sources that change a column of a table."""

        def values(rows):
            return Counter(
                repr(getattr(row, column)) for row in rows if type(row) is table.row_type
            )

        def is_other(found):
            if column in {"article_id", "bundle"}:  # of whichever rows there are
                return not found.keys() <= before.keys()
            return found != before

        before = values(self.rows)
        return {
            source
            for source, variants in self.variants.items()
            if any(is_other(values(rows)) for rows in variants)
        }


def run_on_pages(step, raw):
    return {
        Source("raw_articles", column): [step(page) for page in pages]
        for column, pages in pages_like(raw)
    }


def run_on_segments(step, segments):
    return {
        Source("segments", column): [step(variant) for variant in variants]
        for column, variants in segments_like(segments)
    }


@pytest.fixture(scope="module")
def labelling():
    return Run(label(LABELLED), run_on_pages(label, LABELLED))


@pytest.fixture(scope="module")
def composing():
    pages = run_on_pages(lambda raw: compose(raw, CUT), RAW)
    return Run(
        compose(RAW, CUT), pages | run_on_segments(lambda segments: compose(RAW, segments), CUT)
    )


@pytest.fixture(scope="module")
def extracting():
    pages = run_on_pages(lambda raw: extract(raw, CUT), RAW)
    return Run(
        extract(RAW, CUT), pages | run_on_segments(lambda segments: extract(RAW, segments), CUT)
    )


def columns_of(*tables):
    return [
        pytest.param(table, column.name, id=f"{table.name}.{column.name}")
        for table in tables
        for column in table.columns
    ]


def declared(table, column):
    """Return the declared sources of a column that are not made by the same step."""
    sources = load_origins()[table.name][column].sources
    return {source for source in sources if source.table in {"raw_articles", "segments"}}


@pytest.mark.parametrize(("table", "column"), columns_of(SEGMENTS))
def test_labelling_makes_a_column_from_its_declared_sources(labelling, table, column):
    assert labelling.changed(table, column) == declared(table, column)


@pytest.mark.parametrize(("table", "column"), columns_of(ARTICLES, ARTICLE_FACTS))
def test_composing_makes_a_column_from_its_declared_sources(composing, table, column):
    assert composing.changed(table, column) == declared(table, column)


@pytest.mark.model
@pytest.mark.parametrize(("table", "column"), columns_of(MENTIONS, QUOTES))
def test_extracting_makes_a_column_from_its_declared_sources(extracting, table, column):
    assert extracting.changed(table, column) == declared(table, column)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (Step(reads=("raw_articles",), made=()), "either passed on or declared"),
        (
            Step(
                reads=("raw_articles",),
                made=[Made(columns=["seq", "start", "end", "label", "rule", "score", "bundle"])],
            ),
            "and that once",
        ),
        (
            Step(
                reads=("raw_articles",),
                made=[
                    Made(
                        columns=["seq", "start", "end", "label", "rule", "score"],
                        sources=["raw_articles.colour"],
                    )
                ],
            ),
            "does not read raw_articles.colour",
        ),
    ],
)
def test_a_wrong_declaration_is_refused(step, said):
    pages = Step(reads=(), made=[Made(columns=[c.name for c in RAW_ARTICLES.columns])])
    steps = {"raw_articles": pages, "segments": step}
    with pytest.raises(ValueError, match=said):
        find_origins([RAW_ARTICLES, SEGMENTS], steps, {})


def test_a_table_without_declaration_is_refused():
    with pytest.raises(ValueError, match="the tables are raw_articles"):
        find_origins([RAW_ARTICLES], {}, {})
