"""Invent a lake in rounds: every row of a round carries its number in its text."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import duckdb

from copydesk.api.catalogue import find_file
from copydesk.lake.contents import find_contents
from copydesk.lake.deliveries import declare_delivery, fingerprint_tables
from copydesk.lake.delta import CorpusRows
from copydesk.lake.lake import Lake
from copydesk.publishing.access import open_unsafe
from copydesk.publishing.catalogue import publish
from copydesk.reading.pages import page_of_text
from copydesk.rows import (
    Article,
    ArticleFact,
    Bundle,
    Entity,
    Mention,
    NameLink,
    Quote,
    QuoteGroup,
    RawArticle,
    RejectedFile,
    Segment,
    Story,
)
from copydesk.tables import BUNDLE_TABLES, CORPUS_TABLES, SEGMENTS
from copydesk.values import (
    Assertion,
    EntityLabel,
    Field,
    GroupRelation,
    Label,
    MentionKind,
    Precision,
    QuoteType,
    SourceKind,
    Span,
    Stage,
    StoryRelation,
    StoryRule,
)

CATALOGUE = "copydesk.duckdb"
VERSIONS = {table.name: "1" for table in BUNDLE_TABLES}
VIEWS_SQL = """
SELECT table_name FROM information_schema.tables
WHERE table_name NOT IN ('snapshot', 'origin') ORDER BY table_name
"""
# A row as text holds all its values: whichever column carries the round, it is found.
ROUNDS_SQL = """
SELECT DISTINCT coalesce(nullif(regexp_extract(seen::VARCHAR, 'round (\\d+)', 1), ''), 'no round')
FROM "{view}" AS seen
"""
DEAD_ROUND = 999_999  # of the runs that die half-way: nobody may ever see it
N_PAGES = 5  # of a bundle


class Place(NamedTuple):
    """Where everything is: a folder, and the lake in it or at an address."""

    data: Path
    address: str = ""

    @property
    def lake(self) -> Lake:
        """The tables."""
        return Lake(self.address or str(self.data / "lake"))

    @property
    def catalogue(self) -> Path:
        """The file that the publisher puts in place."""
        return self.data / CATALOGUE

    def open(self) -> duckdb.DuckDBPyConnection:
        """Return a connection to the newest catalogue, as a reader of the lake finds it."""
        if not self.address:
            return duckdb.connect(str(self.catalogue), read_only=True)
        cache = self.data / f"cache-{os.getpid()}"  # each reader is on a machine of its own
        return open_unsafe(find_file(self.address, cache=cache))


def write_round(place: Place, n: int, *, n_bundles: int) -> int:
    """Make all bundles and the corpus again and publish; return how often that began again."""
    lake = place.lake
    died = list(make_rows("bundle-0", DEAD_ROUND))
    segments = [row for row in died if isinstance(row, Segment)]
    lake.replace(SEGMENTS, SEGMENTS.spool(segments), bundle="bundle-0")
    for i in range(n_bundles):
        bundle = f"bundle-{i}"
        rows = list(make_rows(bundle, n))
        for table in BUNDLE_TABLES:
            mine = [row for row in rows if isinstance(row, table.row_type)]
            lake.replace(table, table.spool(mine), bundle=bundle)
        fingerprints = fingerprint_tables(str(n), VERSIONS)
        declare_delivery(lake, bundle, fingerprints=fingerprints)
    n_again = 0
    while not publish_round(lake, place.catalogue, n, n_bundles=n_bundles):
        n_again += 1
    return n_again


def publish_round(lake: Lake, path: Path, n: int, *, n_bundles: int) -> bool:
    """Make the corpus of the newest snapshot and publish it; False where it was compacted since."""
    snapshot = lake.snapshot()
    rows = list(make_corpus(n, n_bundles=n_bundles))
    for table in CORPUS_TABLES:
        mine = table.spool(row for row in rows if isinstance(row, table.row_type))
        lake.replace_corpus(table, CorpusRows(mine, snapshot.version))
    contents = find_contents(snapshot)
    if contents is None:
        return False
    now = datetime.now(tz=UTC)
    return publish(contents, path=path, code_versions=VERSIONS, published_at=now) is not None


def make_rows(bundle: str, n: int) -> Iterator[object]:
    """Yield the rows of a bundle: pages on which one person says one thing, in round `n`."""
    yield Bundle(bundle, f"inbox of round {n}", "00", N_PAGES, N_PAGES, 1)
    yield RejectedFile(bundle, "broken.txt", Stage.OPEN, "empty", f"nothing in round {n}", None)
    for i in range(N_PAGES):
        page, home = f"{bundle}-{i}", f"Skip to round {n}"
        content = f"We will not sail in round {n},"
        body = f"“{content}” union leader Anna Miller said."
        text = f"{home}\n{body}"
        raw = page_of_text(page, text)
        raw = replace(raw, bundle=bundle, source_path=f"{i}.txt")
        yield raw
        start = len(home) + 1
        rule = f"round {n}"
        yield Segment(page, 0, 0, len(home), Label.NAVIGATION, rule, 0.9, bundle)
        yield Segment(page, 1, len(home), start, Label.BLANK, rule, 1.0, bundle)
        yield Segment(page, 2, start, len(text), Label.BODY, rule, 0.9, bundle)
        yield Article(
            article_id=page,
            bundle=bundle,
            headline=f"Ferries stand still in round {n}",
            deck=None,
            byline=None,
            dateline_place=None,
            agency=None,
            outlet=f"Harbour Post of round {n}",
            url=None,
            published_on=date(2031, 5, 3),
            published_precision=Precision.DAY,
            language="en",
            body=body,
            n_words=len(body.split()),
        )
        headline = f"Ferries of round {n}"
        yield ArticleFact(page, Field.HEADLINE, headline, None, None, "given", 1.0, bundle)
        yield from _make_quotation(raw, content=content, n=n)


def _make_quotation(page: RawArticle, *, content: str, n: int) -> Iterator[Mention | Quote]:
    """Yield the only name and the only quotation of a page."""
    name = page.text.index("Anna")
    said = page.text.index("We")
    cue = page.text.index("said")
    yield Mention(
        mention_id=f"m-{page.article_id}",
        article_id=page.article_id,
        start=name,
        end=name + len("Anna Miller"),
        text="Anna Miller",
        label=EntityLabel.PERSON,
        kind=MentionKind.NAMED,
        title=f"leader of round {n}",
        rule="ner",
        chain_id=f"m-{page.article_id}",
        chain_rule="own_name",
        bundle=page.bundle,
    )
    yield Quote(
        quote_id=f"q-{page.article_id}",
        article_id=page.article_id,
        type=QuoteType.DIRECT,
        is_speech=True,
        assertion=Assertion.SAID,
        content=content,
        content_spans=[Span(said, said + len(content))],
        cue="said",
        cue_start=cue,
        cue_end=cue + len("said"),
        source="Anna Miller",
        source_start=name,
        source_end=name + len("Anna Miller"),
        speaker_mention_id=f"m-{page.article_id}",
        speaker_mention_ids=[f"m-{page.article_id}"],
        rival_mention_id=None,
        source_kind=SourceKind.PERSON,
        speaker_reason="name_in_source",
        confidence=0.95,
        parent_quote_id=None,
        rule="marks_and_cue",
        zone=Label.BODY,
        bundle=page.bundle,
    )


def make_corpus(n: int, *, n_bundles: int) -> Iterator[object]:
    """Yield the rows over all bundles: one person, and every article and quotation by itself."""
    pages = [f"bundle-{i}-{j}" for i in range(n_bundles) for j in range(N_PAGES)]
    name = f"Anna Miller of round {n}"
    yield Entity("e1", name, EntityLabel.PERSON, [name], len(pages), len(pages), None)
    yield NameLink(EntityLabel.PERSON, "Anna Miller", "e1", f"rule of round {n}", 1.0)
    for page in pages:
        yield Story(
            article_id=page,
            story_id=f"story of round {n}",
            text_id=f"text of round {n}",
            relation=StoryRelation.EXACT,
            rule=StoryRule.SAME_TEXT,
            compared_with=pages[0],
            similarity=1.0,
            containment=1.0,
            is_representative=True,
            is_text_representative=True,
        )
        group = f"group of round {n}"
        yield QuoteGroup(
            quote_id=f"q-{page}",
            quote_group_id=group,
            head_quote_id=f"q-{pages[0]}",
            relation=GroupRelation.EXACT,
            rule="same_words",
            similarity=1.0,
            difference="",
            possible_misquote=False,
            attribution_differs=False,
        )
