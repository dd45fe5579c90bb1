"""Declare every row of every table: one column, one line, with its meaning and unit.

Arrow schemas, checks, Dagster column metadata, DuckDB comments and `docs/tables.md` derive from
these declarations (`copydesk.tables`). A column that may be null says so in its type, and null
means "not stated"; an empty string is a value. Offsets are code points into `raw_articles.text`,
half-open.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, NamedTuple

ID_HEX_CHARS = 32  # 128 bit: no collision to be expected below 10**18 rows


class Label(StrEnum):
    """What a segment of a page is."""

    HEADLINE = "headline"
    DECK = "deck"
    BYLINE = "byline"
    DATELINE = "dateline"
    BODY = "body"
    SUBHEAD = "subhead"
    CAPTION = "caption"
    CREDIT = "credit"
    TEASER = "teaser"
    PROMO = "promo"
    COMMENTS = "comments"
    NAVIGATION = "navigation"
    LEGAL = "legal"
    CORRECTION = "correction"
    CONTRIBUTOR = "contributor"
    SOURCE_NOTE = "source_note"
    DUPLICATE = "duplicate"
    BLANK = "blank"
    BOILERPLATE = "boilerplate"


COPY_LABELS = frozenset({Label.HEADLINE, Label.DECK, Label.SUBHEAD, Label.BODY})
"""Segments that the newsroom wrote to be read: the only place where names and quotations count."""


class EntityLabel(StrEnum):
    """What a name or a value is, in the terms of OntoNotes 5."""

    PERSON = "PERSON"
    ORG = "ORG"
    GPE = "GPE"
    LOC = "LOC"
    NORP = "NORP"
    FAC = "FAC"
    EVENT = "EVENT"
    PRODUCT = "PRODUCT"
    WORK_OF_ART = "WORK_OF_ART"
    LAW = "LAW"
    DATE = "DATE"
    TIME = "TIME"
    MONEY = "MONEY"


NAME_LABELS = frozenset(EntityLabel) - {EntityLabel.DATE, EntityLabel.TIME, EntityLabel.MONEY}
"""What an entity may be; the others are values, which refer to no entity."""


class Field(StrEnum):
    """A column of `articles` that needs evidence."""

    HEADLINE = "headline"
    DECK = "deck"
    BYLINE = "byline"
    DATELINE_PLACE = "dateline_place"
    AGENCY = "agency"
    OUTLET = "outlet"
    URL = "url"
    PUBLISHED_ON = "published_on"


class Stage(StrEnum):
    """The step of reading that refused a file or a record."""

    OPEN = "open"
    UNPACK = "unpack"
    DECODE = "decode"
    PARSE = "parse"
    EXTRACT = "extract"


class Precision(StrEnum):
    """How much of a date the page proves."""

    DAY = "day"
    MONTH_DAY = "month_day"


class MentionKind(StrEnum):
    """How a mention refers: by name, by description or by pronoun."""

    NAMED = "named"
    NOMINAL = "nominal"
    PRONOMINAL = "pronominal"


class QuoteType(StrEnum):
    """How much of a quotation's content stands between quotation marks: all, none, or part."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class StoryRelation(StrEnum):
    """What joins an article to its story."""

    SOLE = "sole"
    EXACT = "exact"
    NEAR = "near"
    SAME_EVENT = "same_event"


class StoryRule(StrEnum):
    """Why an article is joined to another one, or stands by itself (docs/stories.md)."""

    SAME_PAGE = "same_page"
    SAME_TEXT = "same_text"
    AGENCY_COPY = "agency_copy"
    NEAR_TEXT = "near_text"
    CONTAINED_TEXT = "contained_text"
    SAME_ADDRESS = "same_address"
    SAME_PEOPLE_WORDS_DAY = "same_people_words_day"
    SAME_PEOPLE_PLACES_DAY = "same_people_places_day"
    SAME_PEOPLE_PLACES_WEEKDAY = "same_people_places_weekday"
    NOTHING_ALIKE = "nothing_alike"
    SHORT_TEXT = "short_text"
    NO_TEXT = "no_text"


class GroupRelation(StrEnum):
    """What joins a quotation to its group."""

    EXACT = "exact"
    EXCERPT = "excerpt"
    VARIANT = "variant"


class Span(NamedTuple):
    """A stretch of text, half-open."""

    start: int
    end: int


class GivenField(NamedTuple):
    """A field that was delivered with a page, not read in its text."""

    name: str
    value: str


class TableVersion(NamedTuple):
    """A table and its Delta version."""

    table_name: str
    version: int


@dataclass(frozen=True, slots=True)
class Bundle:
    """A batch of scraped pages delivered together."""

    bundle: Annotated[str, "name of the bundle; the partition"]
    source_uri: Annotated[str, "folder or file it was read from"]
    sha256: Annotated[
        str, "hash over the paths and bytes of its files, and the limits of reading where changed"
    ]
    n_files: Annotated[int, "files found"]
    n_articles: Annotated[int, "pages read"]
    n_rejected: Annotated[int, "files or records that could not be read"]


@dataclass(frozen=True, slots=True)
class RawArticle:
    """A page as scraped."""

    article_id: Annotated[str, "hash of bundle, source path and raw bytes"]
    bundle: Annotated[str, "bundle it came with"]
    source_path: Annotated[
        str, "path inside the bundle and its archives; `#n` is the n-th record of the file"
    ]
    media_type: Annotated[str, "what the page or record is, e.g. text/html"]
    encoding: Annotated[str, "encoding the bytes were decoded with"]
    raw_sha256: Annotated[str, "hash of the bytes as delivered"]
    text: Annotated[str, "text of the page; every offset in every table points into it"]
    comments_start: Annotated[int | None, "offset of readers' comments, where the HTML tells"]
    repairs: Annotated[
        list[str], "what reading changed in the text: nul, surrogate, mixed_bytes, mojibake"
    ]
    url: Annotated[str | None, "address delivered with the page"]
    retrieved_at: Annotated[datetime | None, "time of scraping delivered with the page, UTC"]
    given: Annotated[list[GivenField], "fields delivered with the page, e.g. its HTML head"]


@dataclass(frozen=True, slots=True)
class RejectedFile:
    """A file or record that could not be read; the rest of its bundle went on."""

    bundle: Annotated[str, "bundle it came with"]
    source_path: Annotated[str, "path inside the bundle"]
    stage: Annotated[Stage, "step that refused it: open, unpack, decode, parse, extract"]
    error: Annotated[str, "reason code"]
    message: Annotated[str, "what was wrong, for a person"]
    raw_sha256: Annotated[str | None, "hash of the bytes, where they could be read"]


@dataclass(frozen=True, slots=True)
class Segment:
    """A line of a page (or a part of one) with its label; all of a page's segments rebuild it."""

    article_id: Annotated[str, "page it belongs to"]
    seq: Annotated[int, "position on the page, from 0"]
    start: Annotated[int, "offset of the first character"]
    end: Annotated[int, "offset just past the last character"]
    label: Annotated[Label, "what it is"]
    rule: Annotated[str, "rule or model that decided"]
    score: Annotated[float, "confidence of the label, 0 to 1"]
    bundle: Annotated[str, "bundle it came with"]


@dataclass(frozen=True, slots=True)
class Article:
    """A page reduced to its copy, with its metadata."""

    article_id: Annotated[str, "page it was read from"]
    bundle: Annotated[str, "bundle it came with"]
    headline: Annotated[str | None, "headline"]
    deck: Annotated[str | None, "summary under the headline"]
    byline: Annotated[str | None, "who wrote it"]
    dateline_place: Annotated[str | None, "place that opens the first paragraph"]
    agency: Annotated[str | None, "news agency that wrote it"]
    outlet: Annotated[str | None, "site or paper that ran it"]
    url: Annotated[str | None, "address"]
    published_on: Annotated[
        date | None, "date of publication; null unless year, month and day are proven"
    ]
    published_precision: Annotated[
        Precision | None, "what of the date is proven; a yearless date stays in `article_facts`"
    ]
    language: Annotated[str, "ISO 639-1 code of the copy, `und` where there is too little"]
    body: Annotated[str, "running copy and subheads, a blank line between paragraphs"]
    n_words: Annotated[int, "words of the body"]


@dataclass(frozen=True, slots=True)
class ArticleFact:
    """A piece of evidence for a column of `articles`; conflicting ones are kept."""

    article_id: Annotated[str, "page it was found on"]
    field: Annotated[Field, "column of `articles` that it speaks for"]
    value: Annotated[str, "what it says; dates in ISO 8601, `--05-01` is a yearless 1 May"]
    start: Annotated[int | None, "offset of the evidence; null when delivered with the page"]
    end: Annotated[int | None, "offset just past the evidence"]
    rule: Annotated[str, "rule that found it"]
    confidence: Annotated[float, "0 to 1; the highest one fills the column"]
    bundle: Annotated[str, "bundle it came with"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of copy that names or stands for an entity."""

    mention_id: Annotated[str, "hash of article and span"]
    article_id: Annotated[str, "article it stands in"]
    start: Annotated[int, "offset of the first character"]
    end: Annotated[int, "offset just past the last character"]
    text: Annotated[str, "the mention as written"]
    label: Annotated[str, "entity type, OntoNotes 5 names"]
    kind: Annotated[MentionKind, "named, nominal or pronominal"]
    title: Annotated[str | None, "title or role written beside the name"]
    rule: Annotated[str, "what found it"]
    chain_id: Annotated[
        str | None, "best-named mention of the same entity in the article; null when left open"
    ]
    chain_rule: Annotated[str, "what joined it to its chain, or why it was left open"]
    bundle: Annotated[str, "bundle it came with"]


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation: content, cue and source as spans, and who spoke."""

    quote_id: Annotated[str, "hash of article and content spans"]
    article_id: Annotated[str, "article it stands in"]
    type: Annotated[QuoteType, "direct, indirect or mixed"]
    is_speech: Annotated[
        bool, "false for what somebody thinks, wants or finds and is not shown to have voiced"
    ]
    content: Annotated[
        str, "what is said, without outer quotation marks; fragments joined by a blank"
    ]
    content_spans: Annotated[list[Span], "where the content stands; several for a split quotation"]
    cue: Annotated[str | None, "said, according to, …"]
    cue_start: Annotated[int | None, "offset of the cue"]
    cue_end: Annotated[int | None, "offset just past the cue"]
    source: Annotated[str | None, "phrase that names who spoke, as written"]
    source_start: Annotated[int | None, "offset of the source"]
    source_end: Annotated[int | None, "offset just past the source"]
    speaker_mention_id: Annotated[str | None, "mention that the source resolves to"]
    speaker_reason: Annotated[str, "how the speaker was resolved, or why not"]
    confidence: Annotated[float, "0 to 1, for content and speaker together"]
    parent_quote_id: Annotated[str | None, "quotation that this one stands inside"]
    rule: Annotated[str, "what found it"]
    zone: Annotated[Label, "kind of segment it stands in: headline, deck, subhead or body"]
    bundle: Annotated[str, "bundle it came with"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where the rows of a bundle are; written last, so that half a bundle is never read."""

    bundle: Annotated[str, "bundle"]
    table_name: Annotated[str, "table"]
    version: Annotated[int, "Delta version that was read"]
    files: Annotated[list[str], "Parquet files that hold the rows, relative to the lake"]
    n_rows: Annotated[int, "rows in these files"]
    fingerprint: Annotated[str, "hash of the bundle's bytes and of the code that made the rows"]


@dataclass(frozen=True, slots=True)
class Publication:
    """A snapshot that readers could see: the Delta versions of its tables, and how much it held."""

    number: Annotated[int, "number of the snapshot, from 1, as `copydesk sql --as-of` takes it"]
    published_at: Annotated[datetime, "when it was published, UTC"]
    deliveries_version: Annotated[int, "Delta version of `deliveries`, which lists the files"]
    corpus_versions: Annotated[
        list[TableVersion], "Delta version of each table that is computed over all bundles"
    ]
    code: Annotated[list[str], "versions of the code, `table=version`"]
    n_bundles: Annotated[int, "bundles in it"]
    n_articles: Annotated[int, "articles in it"]
    n_quotes: Annotated[int, "quotations in it"]
    n_entities: Annotated[int, "entities in it"]
    is_vacuumed: Annotated[bool, "whether its files were given up to a vacuum"]


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, organisation or place, over all articles."""

    entity_id: Annotated[str, "hash of label and name"]
    name: Annotated[str, "best name: the fullest of the frequent ones"]
    label: Annotated[str, "entity type, OntoNotes 5 names"]
    aliases: Annotated[list[str], "all names it has in the articles, sorted"]
    n_mentions: Annotated[int, "mentions linked to it"]
    n_articles: Annotated[int, "articles with such a mention"]
    country_code: Annotated[str | None, "ISO 3166-1 alpha-2 code of a country"]


@dataclass(frozen=True, slots=True)
class EntityLink:
    """A mention's entity, and why."""

    mention_id: Annotated[str, "mention"]
    entity_id: Annotated[str, "entity it stands for"]
    rule: Annotated[str, "rule that linked it"]
    score: Annotated[float, "confidence, 0 to 1"]


@dataclass(frozen=True, slots=True)
class Story:
    """What an article has in common with others: the story it tells, and the text it is."""

    article_id: Annotated[str, "article"]
    story_id: Annotated[str, "hash of the story's representative"]
    text_id: Annotated[
        str, "hash of the text's representative; copies of one text share it, and their story"
    ]
    relation: Annotated[StoryRelation, "what joins it to `compared_with`; `sole` where nothing is"]
    rule: Annotated[StoryRule, "rule that joined it, or why it stands by itself"]
    compared_with: Annotated[
        str | None,
        "article that joined it: the representative of its text or story, or, where it is one "
        "itself, the nearest that joined it",
    ]
    similarity: Annotated[
        float, "Jaccard similarity of its word shingles to `compared_with`, 0 to 1; 1 alone"
    ]
    containment: Annotated[
        float, "share of the shorter one's shingles that the longer has, 0 to 1; 1 alone"
    ]
    is_representative: Annotated[bool, "the one article to take where each story counts once"]
    is_text_representative: Annotated[bool, "the one article to take where each text counts once"]


@dataclass(frozen=True, slots=True)
class QuoteGroup:
    """A quotation's group of renderings of one statement."""

    quote_id: Annotated[str, "quotation"]
    quote_group_id: Annotated[str, "hash of the quotation at its head"]
    head_quote_id: Annotated[str, "quotation that heads the group: its longest rendering"]
    relation: Annotated[
        GroupRelation,
        "how it relates to the head: exact (same words), excerpt (same words, one or both quote "
        "more), variant (other words)",
    ]
    rule: Annotated[str, "what joined it to the group, or `sole` or `head`"]
    similarity: Annotated[float, "share of its words that the head has in this order, 0 to 1"]
    difference: Annotated[
        str, "words that differ from the head: `won't [-stop-] {+rest+} until`; else empty"
    ]
    possible_misquote: Annotated[
        bool, "whether words differ from the head that both put between quotation marks"
    ]
    attribution_differs: Annotated[
        bool, "whether the group has quotations of more than one known speaker"
    ]


def content_id(*parts: str | int) -> str:
    """Return an id that depends on `parts` alone: the same rows get the same ids everywhere."""
    joined = "\x1f".join(str(part) for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:ID_HEX_CHARS]
