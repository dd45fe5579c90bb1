"""Declare every row of every table: one column, one line, with its meaning and unit.

Arrow schemas, checks, Dagster column metadata, DuckDB comments and `docs/tables.md` derive from
these declarations (`copydesk.tables`). A column that may be null says so in its type, and null
means "not stated"; an empty string is a value. Offsets are code points into `raw_articles.text`,
half-open.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated

from copydesk.values import (
    ArticleKind,
    Assertion,
    CorrectionKind,
    CorrectionStatus,
    Field,
    GivenField,
    GroupRelation,
    IdStatus,
    Label,
    LeftOut,
    Mark,
    MentionKind,
    OutletKind,
    Precision,
    QuoteType,
    SourceKind,
    Span,
    Stage,
    StoryRelation,
    StoryRule,
)

ID_HEX_CHARS = 32  # 128 bit: no collision is expected below 10**18 rows


@dataclass(frozen=True, slots=True)
class Bundle:
    """A batch of scraped pages delivered together."""

    bundle: Annotated[str, "name of the bundle; the partition"]
    source_uri: Annotated[str, "folder or file it was read from"]
    sha256: Annotated[
        str, "hash of the paths and bytes of its files, and of any changed reading limits"
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
        str,
        "path inside the bundle and its archives; `#n` is the n-th record of the file, or the n-th "
        "story of the page",
    ]
    media_type: Annotated[str, "what the page or record is, e.g. text/html"]
    encoding: Annotated[str, "encoding the bytes were decoded with"]
    raw_sha256: Annotated[str, "hash of the bytes as delivered"]
    text: Annotated[str, "text of the page; every offset in every table points into it"]
    comments_start: Annotated[int | None, "offset of readers' comments, where the HTML marks them"]
    repairs: Annotated[
        list[str],
        "repairs made to the text: nul, surrogate, mixed_bytes, mojibake, lossy_mojibake, "
        "unquoted_lines, joined_lines, split_lines, markdown",
    ]
    url: Annotated[str | None, "address delivered with the page"]
    retrieved_at: Annotated[datetime | None, "time of scraping delivered with the page, UTC"]
    given: Annotated[
        list[GivenField],
        "fields delivered with the page, e.g. its HTML head; `guessed_…`: read from its layout",
    ]
    marks: Annotated[
        list[Mark],
        "lines that the markup says something of: paragraph, heading, caption, teaser, link,"
        " pull_quote, offer, hidden, chrome, apart",
    ] = field(default_factory=list)
    left_out: Annotated[
        list[LeftOut],
        "what the page shows beside its text, by reason: hidden, for_screen_readers,"
        " banner_of_archive, navigation, named_so, links, title_of_links, images, control, graphic,"
        " frame; of files: other_field, other_part, around_documents, above_table, running_head,"
        " annotation, damaged_page",
    ] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RejectedFile:
    """A file, record or article that could not be read; the rest of its bundle was."""

    bundle: Annotated[str, "bundle it came with"]
    source_path: Annotated[str, "path inside the bundle"]
    stage: Annotated[
        Stage,
        "step that refused it: open, unpack, decode, parse, extract, label, compose, article",
    ]
    error: Annotated[str, "code of the reason"]
    message: Annotated[str, "what is wrong, in a sentence"]
    raw_sha256: Annotated[str | None, "hash of the bytes; null when they could not be read"]


@dataclass(frozen=True, slots=True)
class Segment:
    """A line of a page, or part of one, with its label; the segments of a page rebuild it."""

    article_id: Annotated[str, "page it belongs to"]
    seq: Annotated[int, "position on the page, from 0"]
    start: Annotated[int, "offset of the first character"]
    end: Annotated[int, "offset just past the last character"]
    label: Annotated[Label, "role of the segment on the page"]
    rule: Annotated[str, "rule or model that chose the label"]
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
    agency: Annotated[str | None, "news agency that supplied it"]
    outlet: Annotated[str | None, "site or paper that published it"]
    url: Annotated[str | None, "address of the page"]
    published_on: Annotated[
        date | None, "date of publication; null unless year, month and day are proven"
    ]
    published_precision: Annotated[
        Precision | None,
        "how much of the date is proven; a date without a year is in `article_facts` only",
    ]
    language: Annotated[str, "ISO 639-1 code of the copy; `und` when there is too little text"]
    body: Annotated[str, "running copy and subheads, with a blank line between paragraphs"]
    n_words: Annotated[int, "words of the body"]
    kind: Annotated[ArticleKind, "article, or no_article: a page shown in place of one"] = (
        ArticleKind.ARTICLE
    )
    kind_reason: Annotated[
        str | None, "what a page is that is no article: bot_wall, error_page, consent_page, …"
    ] = None
    outlet_id: Annotated[
        str | None, "outlet that published it: hash of its host, or of its name without one"
    ] = None
    text_share: Annotated[
        float, "characters of the page's text, of all characters that the page shows, 0 to 1"
    ] = 1.0


@dataclass(frozen=True, slots=True)
class ArticleFact:
    """A piece of evidence for a column of `articles`; conflicting evidence is kept."""

    article_id: Annotated[str, "page it was found on"]
    field: Annotated[Field, "column of `articles` that it supports"]
    value: Annotated[
        str, "its value; dates in ISO 8601, with `--05-01` for 1 May of an unknown year"
    ]
    start: Annotated[int | None, "offset of the evidence; null when delivered with the page"]
    end: Annotated[int | None, "offset just past the evidence"]
    rule: Annotated[str, "rule that found it"]
    confidence: Annotated[float, "0 to 1; the most confident value fills the column"]
    bundle: Annotated[str, "bundle it came with"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of copy that refers to an entity by name, description or pronoun."""

    mention_id: Annotated[str, "hash of article and span"]
    article_id: Annotated[str, "article it is in"]
    start: Annotated[int, "offset of the first character"]
    end: Annotated[int, "offset just past the last character"]
    text: Annotated[str, "the mention as written"]
    label: Annotated[str, "entity type, OntoNotes 5 names"]
    kind: Annotated[MentionKind, "named, nominal or pronominal"]
    title: Annotated[str | None, "title or role written beside the name"]
    rule: Annotated[str, "rule or model that found it"]
    chain_id: Annotated[
        str | None,
        "mention with the best name of the same entity in the article; null when unresolved",
    ]
    chain_rule: Annotated[str, "rule that joined it to its chain, or why it was left unresolved"]
    bundle: Annotated[str, "bundle it came with"]


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation: its content, cue and source as spans, and who spoke."""

    quote_id: Annotated[str, "hash of article and content spans"]
    article_id: Annotated[str, "article it is in"]
    type: Annotated[QuoteType, "direct, indirect or mixed"]
    is_speech: Annotated[
        bool, "whether it was voiced; false for what somebody only thinks, wants or finds"
    ]
    assertion: Annotated[
        Assertion,
        "whether it was said, denied (`did not say`), is only possible (`could say`), or asked",
    ]
    content: Annotated[
        str, "what is said, without outer quotation marks; fragments are joined by a space"
    ]
    content_spans: Annotated[list[Span], "where the content is; a split quotation has several"]
    cue: Annotated[str | None, "words that report the speech: said, according to, …"]
    cue_start: Annotated[int | None, "offset of the cue"]
    cue_end: Annotated[int | None, "offset just past the cue"]
    source: Annotated[str | None, "phrase that identifies who spoke, as written"]
    source_start: Annotated[int | None, "offset of the source"]
    source_end: Annotated[int | None, "offset just past the source"]
    speaker_mention_id: Annotated[
        str | None, "mention that the source resolves to; null when unresolved"
    ]
    speaker_mention_ids: Annotated[
        list[str], "mentions of all who say it together; the first is speaker_mention_id"
    ]
    rival_mention_id: Annotated[
        str | None, "best name of the person who is next likely; null when nobody else is"
    ]
    speaker_reason: Annotated[str, "how the speaker was resolved, or why not"]
    source_kind: Annotated[SourceKind, "person, body, document, unnamed_person or none"]
    confidence: Annotated[float, "confidence in content and speaker together, 0 to 1"]
    parent_quote_id: Annotated[str | None, "quotation that contains this one"]
    rule: Annotated[str, "rule or model that found it"]
    zone: Annotated[Label, "kind of segment it is in: headline, deck, subhead or body"]
    bundle: Annotated[str, "bundle it came with"]


@dataclass(frozen=True, slots=True)
class PageCorrection:
    """What became of a correction of a line, an article or a quotation, on one page."""

    correction_id: Annotated[str, "hash of the row of the file"]
    article_id: Annotated[str, "page that the row names"]
    kind: Annotated[CorrectionKind, "what it corrects: line, quote or article"]
    correction: Annotated[str, "what the row says, in words"]
    target: Annotated[
        str | None, "what it was found to be about: positions of segments, or ids of quotations"
    ]
    before: Annotated[str | None, "what the code makes of it; null where nothing was found"]
    after: Annotated[str | None, "what it is now; null where nothing was found"]
    status: Annotated[
        CorrectionStatus, "applied, already_so, matched_nothing, or conflicts with another row"
    ]
    detail: Annotated[str, "why, in a sentence; empty where it was applied"]
    author: Annotated[str, "who decided"]
    decided_on: Annotated[date, "when"]
    note: Annotated[str, "why, as the author wrote it"]
    bundle: Annotated[str, "bundle of the page"]


@dataclass(frozen=True, slots=True)
class CorpusCorrection:
    """What became of a correction over all bundles, or of one that no page takes up."""

    correction_id: Annotated[str, "hash of the row of the file"]
    kind: Annotated[CorrectionKind, "what it corrects: entity or outlet, or what no page has"]
    correction: Annotated[str, "what the row says, in words"]
    before: Annotated[str | None, "what the code makes of it; null where nothing was found"]
    after: Annotated[str | None, "what it is now; null where nothing was found"]
    status: Annotated[
        CorrectionStatus,
        "applied, already_so, matched_nothing, conflicts with another row, or waiting for its "
        "bundle to be taken in again",
    ]
    detail: Annotated[str, "why, in a sentence; empty where it was applied"]
    author: Annotated[str | None, "who decided; null in the files of older versions"]
    decided_on: Annotated[date | None, "when; null in the files of older versions"]
    note: Annotated[str, "why, as the author wrote it"]


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, organisation or place, over all articles."""

    entity_id: Annotated[str, "hash of label and name"]
    name: Annotated[str, "canonical name: the fullest of its frequent names"]
    label: Annotated[str, "entity type, OntoNotes 5 names"]
    aliases: Annotated[list[str], "all its names in the articles, sorted"]
    n_mentions: Annotated[int, "mentions linked to it"]
    n_articles: Annotated[int, "articles that mention it"]
    country_code: Annotated[str | None, "ISO 3166-1 alpha-2 code, for a country"]


@dataclass(frozen=True, slots=True)
class WikidataId:
    """A row of the list of ids of Wikidata that the user provides, and what became of it."""

    line: Annotated[int, "line of the file"]
    name: Annotated[str, "name in the list"]
    kind: Annotated[str | None, "kind in the list"]
    wikidata_id: Annotated[str | None, "id of Wikidata; null where the row states none"]
    description: Annotated[str | None, "description in the list"]
    entity_id: Annotated[
        str | None, "entity that has the id, once in the table; null where `status` is not linked"
    ]
    status: Annotated[
        IdStatus,
        "linked, repeated, no_entity, dropped: by a correction, other_kind, ambiguous: the name "
        "may mean several, several_ids: rows give the entity different ones, several_entities: "
        "rows give the id to different ones, or invalid",
    ]
    detail: Annotated[str, "why, in a sentence; empty where it is linked"]
    candidate_ids: Annotated[list[str], "entities of the kind that go by the name"]


@dataclass(frozen=True, slots=True)
class Watched:
    """A statement that a watch is for, and since when: a row for each watch and statement."""

    watch: Annotated[str, "name of the watch"]
    news_id: Annotated[str, "id of the statement: that of its entry in the feed"]
    snapshot: Annotated[
        int | None, "number of the snapshot it came with; null if it was there before"
    ]
    since: Annotated[datetime | None, "when that snapshot was published; null likewise"]
    speaker: Annotated[str | None, "canonical name of who said it"]
    role: Annotated[str | None, "title or role beside the name"]
    content: Annotated[str, "what was said"]
    outlet: Annotated[str | None, "outlet of the article"]
    published_on: Annotated[date | None, "day of the article"]
    headline: Annotated[str | None, "headline of the article"]
    quote_id: Annotated[str, "the quotation in the newest snapshot"]


@dataclass(frozen=True, slots=True)
class NameLink:
    """The entity that a name refers to in all articles, and why."""

    label: Annotated[str, "entity type of the name in these articles"]
    name: Annotated[str, "best name of its entity in these articles, as written"]
    entity_id: Annotated[str, "entity it refers to"]
    rule: Annotated[str, "rule that joined the name to its entity"]
    score: Annotated[float, "confidence, 0 to 1"]


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet, over all articles: count by `name`, which all ids of one publisher share."""

    outlet_id: Annotated[str, "id that articles have"]
    name: Annotated[str, "its one name: decided, known, or the one that most of its pages state"]
    country: Annotated[str | None, "ISO 3166-1 alpha-2 code of the country that it is made in"]
    kind: Annotated[
        OutletKind | None, "newspaper, magazine, broadcaster, agency or online, where known"
    ]
    hosts: Annotated[list[str], "hosts of its pages, sorted"]
    names: Annotated[list[str], "names that its articles state, sorted"]
    n_articles: Annotated[int, "articles that it published"]


@dataclass(frozen=True, slots=True)
class EntityLink:
    """The entity that a mention refers to, and why."""

    mention_id: Annotated[str, "id of the mention"]
    entity_id: Annotated[str, "entity it refers to"]
    rule: Annotated[str, "rule that linked it"]
    score: Annotated[float, "confidence, 0 to 1"]


@dataclass(frozen=True, slots=True)
class Story:
    """The story an article reports and the text it is a copy of."""

    article_id: Annotated[str, "id of the article"]
    story_id: Annotated[str, "hash of the story's representative"]
    text_id: Annotated[
        str, "hash of the text's representative; copies of one text share it and their story"
    ]
    relation: Annotated[
        StoryRelation, "how it relates to `compared_with`; `sole` when nothing is alike"
    ]
    rule: Annotated[StoryRule, "rule that joined it, or why it was joined to nothing"]
    compared_with: Annotated[
        str | None,
        "article it was compared with: the representative of its text or story; for a "
        "representative, the nearest article that was joined to it",
    ]
    similarity: Annotated[
        float,
        "Jaccard similarity of its word shingles and those of `compared_with`, 0 to 1; 1 if sole",
    ]
    containment: Annotated[
        float, "share of the shorter text's shingles that the longer has, 0 to 1; 1 if sole"
    ]
    is_representative: Annotated[bool, "whether to take this article when each story counts once"]
    is_text_representative: Annotated[
        bool, "whether to take this article when each text counts once"
    ]


@dataclass(frozen=True, slots=True)
class QuoteGroup:
    """The group a quotation belongs to: renderings of one statement."""

    quote_id: Annotated[str, "id of the quotation"]
    quote_group_id: Annotated[str, "hash of the quotation that heads the group"]
    head_quote_id: Annotated[str, "quotation that heads the group: its longest rendering"]
    relation: Annotated[
        GroupRelation,
        "how it relates to the head: exact (the same words), excerpt (the same words as far as "
        "both quote), variant (other words)",
    ]
    rule: Annotated[str, "rule that joined it to the group, or `sole` or `head`"]
    similarity: Annotated[float, "share of its words that the head has in the same order, 0 to 1"]
    difference: Annotated[
        str, "words that differ from the head, as in `won't [-stop-] {+rest+} until`; empty if none"
    ]
    possible_misquote: Annotated[
        bool, "whether it differs from the head in words that both put between quotation marks"
    ]
    attribution_differs: Annotated[bool, "whether the group has more than one known speaker"]


@dataclass(frozen=True, slots=True)
class NameCounts:
    """A name that heads chains in a bundle, what else they hold, and which articles have it."""

    part: Annotated[int, "hash of the bundle and of the state that it was read in"]
    label: Annotated[str, "entity type of the name in these articles"]
    name: Annotated[str, "best name of its entity in these articles, as written"]
    aliases: Annotated[list[str], "names in its chains"]
    counts: Annotated[list[int], "how often each of them is there, with what has no name"]
    articles: Annotated[list[int], "hashes of the ids of the articles"]


@dataclass(frozen=True, slots=True)
class PeopleCounts:
    """A name that heads chains in a bundle, and what the row of its person adds up from it."""

    part: Annotated[int, "hash of the bundle and of the state that it was read in"]
    label: Annotated[str, "entity type of the name in these articles"]
    name: Annotated[str, "best name of its entity in these articles, as written"]
    titles: Annotated[list[str], "titles beside the names in its chains, each once"]
    title_counts: Annotated[list[int], "how often each of them is there"]
    outlet_ids: Annotated[list[str], "ids of the outlets of the articles; empty where unknown"]
    outlets: Annotated[list[str], "their names as the articles state them; empty where unknown"]
    first_seen: Annotated[date | None, "first proven day of publication"]
    last_seen: Annotated[date | None, "last proven day of publication"]
    quotes: Annotated[list[int], "hashes of the ids of what was said under the name"]


@dataclass(frozen=True, slots=True)
class QuoteFeatures:
    """What is compared of a quotation, read from its bundle alone; words and ids as hashes."""

    part: Annotated[int, "hash of the bundle and of the state that it was read in"]
    quote_id: Annotated[str, "id of the quotation"]
    quote: Annotated[int, "hash of the id"]
    article: Annotated[int, "hash of the id of its article"]
    parent: Annotated[int, "hash of the id of the quotation it is in; 0 where there is none"]
    name: Annotated[int, "hash of the name of its speaker, with its type; 0 where there is none"]
    is_direct: Annotated[bool, "whether all its words are the speaker's"]
    is_display: Annotated[bool, "whether it is in a headline, deck or subhead"]
    quoted_key: Annotated[int, "hash of the letters between quotation marks; 0 for none"]
    n_words: Annotated[int, "words between quotation marks"]
    weight: Annotated[int, "how much they say"]
    report_key: Annotated[int, "hash of all its letters; 0 for none"]
    report_words: Annotated[int, "all its words"]
    report_weight: Annotated[int, "how much they say"]
    anchors: Annotated[list[int], "hashes of the words in a row that say most: one or two"]
    words: Annotated[list[int], "hash of each word between quotation marks"]
    stems: Annotated[list[int], "hash of how each word begins"]
    marks: Annotated[
        list[int], "weight of each word; 4 is added after a gap, 8 where a sentence begins"
    ]


@dataclass(frozen=True, slots=True)
class QuoteLink:
    """Two renderings that a rule joins; a rendering is the same words by the same speaker."""

    kind: Annotated[str, "what they share"]
    key: Annotated[int, "hash of what they share, or of the shorter one"]
    longer: Annotated[int, "hash of the longer rendering"]
    shorter: Annotated[int, "hash of the shorter rendering"]
    rule: Annotated[str, "name of the rule"]


@dataclass(frozen=True, slots=True)
class StockWords:
    """Words in a row that many speakers have used, so that they are nobody's statement."""

    gram: Annotated[int, "hash of the words"]


@dataclass(frozen=True, slots=True)
class TextFeatures:
    """What is compared of the text of an article, read from its bundle alone."""

    part: Annotated[int, "hash of the bundle and of the state that it was read in"]
    article_id: Annotated[str, "id of the article"]
    agency: Annotated[str | None, "agency that it names"]
    dateline_place: Annotated[str | None, "place of its dateline"]
    address: Annotated[str | None, "its address, without what makes no difference"]
    published_on: Annotated[date | None, "when it was published"]
    raw_sha256: Annotated[str | None, "hash of the page"]
    n_words: Annotated[int, "words of its body"]
    key: Annotated[str, "hash of its words: the same for the same text"]
    bands: Annotated[list[int], "hashes of the bands of its MinHash signature"]
    traces: Annotated[list[int], "last byte of each value of the signature, eight in a number"]


@dataclass(frozen=True, slots=True)
class ReportFeatures:
    """What an article reports of its event, read from its bundle alone; no day, nothing else."""

    part: Annotated[int, "hash of the bundle and of the state that it was read in"]
    article_id: Annotated[str, "id of the article"]
    place: Annotated[str | None, "place of its dateline in small letters"]
    day: Annotated[date | None, "day of its news"]
    reference: Annotated[date | None, "day of its dateline, in no year"]
    weekday: Annotated[int | None, "weekday of its news, 0 for Monday"]
    dates: Annotated[list[int], "dates that it mentions, in no year, as days since 1 January 1"]
    names: Annotated[list[int], "hashes of the names that head its chains, with their types"]
    lead_names: Annotated[list[int], "those of which its first words have some form"]


@dataclass(frozen=True, slots=True)
class ArticleLink:
    """Two articles whose texts are copies of one, or report one event."""

    one: Annotated[str, "id of an article"]
    other: Annotated[str, "id of another one"]
    rule: Annotated[StoryRule, "rule that joins them"]
    similarity: Annotated[float, "Jaccard similarity of their word shingles"]
    containment: Annotated[float, "share of the shorter one's shingles that the longer one has"]


def content_id(*parts: str | int) -> str:
    """Return an id that depends on `parts` alone: the same rows get the same ids everywhere."""
    joined = "\x1f".join(str(part) for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:ID_HEX_CHARS]
