"""What tests of the views and of exports share: pages with names in them, and their catalogue."""

import re
from datetime import UTC, date, datetime

import pytest

from copydesk.lake.contents import find_contents
from copydesk.lake.delta import CorpusRows
from copydesk.lake.lake import Lake
from copydesk.publishing.catalogue import publish
from copydesk.rows import Article, Entity, Mention, NameLink, Quote, RawArticle, Story
from copydesk.tables import CORPUS_TABLES
from copydesk.values import (
    Assertion,
    Label,
    MentionKind,
    Precision,
    QuoteType,
    SourceKind,
    Span,
    StoryRelation,
    StoryRule,
)

NAME = re.compile(r"\[([^]=]+)(?:=([^]]+))?\]")  # [Anna Miller], [she=Anna Miller]
MAY = date(2031, 5, 3)
THOUGHT = "thought"  # reason of a quotation that nobody voiced
NOON = datetime(2031, 5, 3, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def page_of():
    """Return a function that makes the rows of a page from marked text."""

    def make(marked, article_id, *, outlet="Harbour Post", published_on=MAY):
        """Return the rows of a page whose names are in brackets."""
        text, rows, end = "", [], 0
        for found in NAME.finditer(marked):
            text += marked[end : found.start()]
            name = found[2] or found[1]
            mention_id = f"{article_id}-{len(rows):02}-{name}"
            rows.append(
                Mention(
                    mention_id, article_id, len(text), len(text) + len(found[1]), found[1],
                    "PERSON", MentionKind.NAMED, None, "ner", mention_id, "own_name", "may",
                )
            )  # fmt: skip
            text += found[1]
            end = found.end()
        text += marked[end:]
        raw = RawArticle(
            article_id, "may", "a.txt", "text/plain", "utf-8", "00", text, None, [], None, None, []
        )
        precision = Precision.DAY if published_on else None
        article = Article(
            article_id, "may", "Ferries stand still", None, None, None, None, outlet, None,
            published_on, precision, "en", text, 9,
        )  # fmt: skip
        return [raw, article, *rows]

    return make


@pytest.fixture(scope="session")
def quote_in():
    """Return a function that makes a quotation on such a page."""

    def make(article_id, n, *, speaker=None, reason="", content="No"):
        """Return a quotation of `speaker`, who has to be named on the page."""
        return Quote(
            quote_id=f"{article_id}-{n}",
            article_id=article_id,
            type=QuoteType.DIRECT,
            is_speech=reason != THOUGHT,
            assertion=Assertion.SAID,
            content=content,
            content_spans=[Span(n, n + 2)],
            cue="said",
            cue_start=5,
            cue_end=9,
            source="she",
            source_start=10,
            source_end=13,
            speaker_mention_id=speaker,
            speaker_mention_ids=[] if speaker is None else [speaker],
            rival_mention_id=None,
            source_kind=SourceKind.PERSON,
            speaker_reason=reason,
            confidence=0.9,
            parent_quote_id=None,
            rule="marks_and_cue",
            zone=Label.BODY,
            bundle="may",
        )

    return make


@pytest.fixture(scope="session")
def story_of():
    """Return a function that makes the story of an article: of one text and one article."""

    def make(article_id, text_id, *, is_text_representative=True):
        return Story(
            article_id=article_id,
            story_id=f"story of {text_id}",
            text_id=text_id,
            relation=StoryRelation.SOLE,
            rule=StoryRule.NOTHING_ALIKE,
            compared_with=None,
            similarity=1.0,
            containment=1.0,
            is_representative=is_text_representative,
            is_text_representative=is_text_representative,
        )

    return make


@pytest.fixture(scope="session")
def publish_rows(deliver, story_of):
    """Return a function that publishes such rows as a catalogue of their own."""

    def make(folder, rows, stories=(), *, ids=(), published_at=NOON):
        """Publish pages; a mention's entity is the name that its id ends in."""
        lake, path = Lake(str(folder / "lake")), folder / "copydesk.duckdb"
        snapshot = deliver(lake, "may", rows)
        mentions = [row for row in rows if isinstance(row, Mention)]
        names = {mention.mention_id: mention.mention_id.split("-")[-1] for mention in mentions}
        given = {row.article_id for row in stories}
        pages = [row.article_id for row in rows if isinstance(row, Article)]
        called = {mention.text: names[mention.mention_id] for mention in mentions}
        made = {
            "name_links": [
                NameLink("PERSON", text, name, "same_name", 1.0) for text, name in called.items()
            ],
            "entities": [
                Entity(name, name, "PERSON", [name], 1, 1, None)
                for name in sorted({*names.values()})
            ],
            "stories": [*stories, *(story_of(key, key) for key in pages if key not in given)],
            "quote_groups": [],
            "outlets": [],
            "corpus_corrections": [],
        }
        for table in CORPUS_TABLES:
            lake.replace_corpus(table, CorpusRows(table.spool(made[table.name]), snapshot.version))
        contents = find_contents(snapshot)
        publish(contents, path=path, code_versions={}, published_at=published_at, ids=ids)
        return path

    return make
