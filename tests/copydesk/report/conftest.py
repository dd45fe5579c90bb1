"""Pages with lines, names and quotations, and catalogues of some of them."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest

from copydesk.lake.contents import find_contents
from copydesk.lake.delta import CorpusRows
from copydesk.lake.lake import Lake
from copydesk.publishing.catalogue import publish
from copydesk.rows import (
    ArticleFact,
    Bundle,
    Entity,
    Mention,
    NameLink,
    QuoteGroup,
    RejectedFile,
    Segment,
    Story,
    content_id,
)
from copydesk.tables import CORPUS_TABLES
from copydesk.values import Field, GroupRelation, Label, Stage, StoryRelation, StoryRule
from tests.copydesk.conftest import NOON

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)//",
    "'; DROP TABLE said; --",
    "</title></style><svg onload=alert(1)>",
    "{{ 7 * 7 }} {% raw %} ${7}",
    "../../../etc/passwd",
    "\u202eevil\u2028line\x0bend",
)


@dataclass(frozen=True)
class Said:
    """A quotation on a page: who said it, and how it is told apart."""

    n: int
    speaker: str | None
    content: str
    group: str | None = None
    difference: str = ""


@dataclass(frozen=True)
class Page:
    """A page as a test describes it; names are in brackets."""

    key: str
    marked: str
    headline: str = "Ferries stand still"
    outlet: str | None = "Harbour Post"
    day: date | None = date(2031, 5, 3)
    url: str | None = "https://harbour.example/1"
    story: str | None = None
    said: tuple[Said, ...] = ()
    removed: str = "Subscribe to our newsletter"
    bundle: str = "may"
    source_path: str = "a.txt"
    agency: str | None = None
    called: str | None = None  # the name of its speakers, where the brackets cannot have it

    @property
    def article_id(self):
        return content_id(self.key)


@dataclass
class Corpus:
    """What a test publishes."""

    pages: list[Page] = field(default_factory=list)

    def but(self, key, **changes):
        """Return the same pages with one changed."""
        return Corpus([replace(p, **changes) if p.key == key else p for p in self.pages])

    def without(self, key):
        return Corpus([page for page in self.pages if page.key != key])


def make_rows(page, page_of, quote_in):
    """Return the rows of a page: its lines, its evidence, its names and quotations."""
    raw, article, *mentions = page_of(
        f"{page.marked}\n{page.removed}", page.article_id, outlet=page.outlet, published_on=page.day
    )
    raw = replace(raw, bundle=page.bundle, source_path=page.source_path, url=page.url)
    article = replace(
        article, bundle=page.bundle, headline=page.headline, url=page.url, agency=page.agency
    )
    yield raw
    yield article
    by_name = {}
    for mention in mentions:
        by_name.setdefault(mention.mention_id.split("-")[-1], mention.mention_id)
        yield replace(mention, bundle=page.bundle)
    at = 0
    lines = raw.text.split("\n")
    for number, line in enumerate(lines):
        label = Label.PROMO if number == len(lines) - 1 else Label.BODY
        end = at + len(line) + (number < len(lines) - 1)
        yield Segment(page.article_id, number, at, end, label, "a_rule", 0.9, page.bundle)
        at = end
    facts = [(Field.HEADLINE, page.headline, 0, 4), (Field.OUTLET, page.outlet or "", None, None)]
    for name, value, start, end in facts:
        yield ArticleFact(page.article_id, name, value, start, end, "a_rule", 0.9, page.bundle)
    for said in page.said:
        speaker = by_name[said.speaker] if said.speaker else None
        quote = quote_in(
            page.article_id,
            said.n,
            speaker=speaker,
            reason="name_in_source" if speaker else "no_source",
            content=said.content,
        )
        yield replace(quote, quote_id=content_id(page.key, said.n), bundle=page.bundle)


def corpus_rows(corpus, rows):
    """Return the rows of the tables over all bundles: an entity for each name."""
    mentions = [row for row in rows if isinstance(row, Mention)]
    names = sorted({(each.text, each.mention_id.split("-")[-1]) for each in mentions})
    called = {s.speaker: page.called for page in corpus.pages if page.called for s in page.said}
    counted = {}
    for page in corpus.pages:
        counted.setdefault(page.story or page.key, []).append(page)
    groups = {}
    for page in corpus.pages:
        for said in page.said:
            group = said.group or f"{page.key} {said.n}"
            groups.setdefault(group, []).append((page, said))
    return {
        "entities": [
            Entity(content_id(name), called.get(name, name), "PERSON", [name], 1, 1, None)
            for name in sorted({name for _, name in names})
        ],
        "name_links": [
            NameLink("PERSON", text, content_id(name), "same_name", 1.0) for text, name in names
        ],
        "stories": [
            Story(
                page.article_id, content_id(story), content_id(page.key), StoryRelation.SAME_EVENT,
                StoryRule.SAME_PEOPLE_WORDS_DAY, None, 0.5, 0.5, page is pages[0],
                is_text_representative=True,
            )
            for story, pages in counted.items()
            for page in pages
        ],
        "quote_groups": [
            QuoteGroup(
                content_id(page.key, said.n), content_id(group),
                content_id(members[0][0].key, members[0][1].n), GroupRelation.VARIANT,
                "head" if page is members[0][0] else "contained", 0.9, said.difference,
                bool(said.difference),
                attribution_differs=False,
            )
            for group, members in groups.items()
            for page, said in members
        ],
        "outlets": [],
    }  # fmt: skip


@pytest.fixture(scope="session")
def publish_corpus(deliver, page_of, quote_in):
    """Return a function that publishes pages into a folder, over what is published there."""

    def make(folder, corpus, *, at=NOON):
        lake, path = Lake(str(folder / "lake")), folder / "copydesk.duckdb"
        rows = [row for page in corpus.pages for row in make_rows(page, page_of, quote_in)]
        rows.append(Bundle("may", "inbox", "0", len(corpus.pages) + 1, len(corpus.pages), 1))
        rows.append(RejectedFile("may", HOSTILE[1], Stage.OPEN, "no_reader", HOSTILE[0], None))
        snapshot = deliver(lake, "may", rows)
        made = corpus_rows(corpus, rows)
        for table in CORPUS_TABLES:
            rows_of = table.spool(made.get(table.name, []))
            lake.replace_corpus(table, CorpusRows(rows_of, snapshot.version))
        publish(find_contents(snapshot), path=path, code_versions={}, published_at=at)
        return path

    return make


@pytest.fixture(scope="session")
def harbour():
    """Return two articles of one story, and one of something else."""
    return Corpus(
        [
            Page(
                "one",
                "[Anna Miller] said: No boat sails. [Bo Holm] was silent.\nMore on [Anna Miller].",
                story="strike",
                said=(Said(20, "Anna Miller", "No boat sails", "boats"),),
            ),
            Page(
                "two",
                "[Anna Miller] said: No ferry sails for [Bo Holm].",
                headline="Nothing sails",
                outlet="Island Wire",
                story="strike",
                said=(Said(20, "Anna Miller", "No ferry", "boats", "No [-boat-] {+ferry+}"),),
            ),
            Page(
                "three",
                "[Cy Dunn] said: The clock is late.",
                headline="A clock",
                outlet="Saltmarsh Gazette",
                day=date(2031, 4, 1),
                said=(Said(15, "Cy Dunn", "The clock is late"),),
            ),
        ]
    )  # fmt: skip


@pytest.fixture(scope="session")
def hostile():
    """Return pages on which every text would do harm in a careless report."""
    pages = [
        Page(
            f"hostile {n}",
            f"[Eve=Eve {n}] said: {text} and more.\n{text}",
            called=text,
            headline=text,
            outlet=text,
            url=text,
            agency=text,
            day=date(2031, 5, 1) + timedelta(days=n),
            source_path=text,
            story="hostile",
            removed=text,
            said=(Said(2, f"Eve {n}", text, "all", f"[-{text}-] {{+{text}+}}"),),
        )
        for n, text in enumerate(HOSTILE)
    ]
    return Corpus([*pages, Page("none", "Nobody said: No.", outlet=None, day=None, url=None)])


@pytest.fixture(scope="session")
def often():
    """Return pages of a year and a half on which one person says one thing each."""
    days = [date(2031, 1, 9) + timedelta(days=31 * n * (n % 4)) for n in range(1, 15)]
    return Corpus(
        [
            Page(
                f"often {n}",
                "[Dora Falk] said: The tide is rising.",
                headline=f"The tide, day {n}",
                day=day,
                said=(Said(15, "Dora Falk", f"The tide is rising, {n} times"),),
            )
            for n, day in enumerate(days)
        ]
    )
