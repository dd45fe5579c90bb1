"""Declare what a column may hold beside text and numbers: labels, kinds and spans."""

from enum import StrEnum
from typing import NamedTuple


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
"""What the newsroom wrote to be read: names and quotations are looked for only here."""


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


class OutletKind(StrEnum):
    """How an outlet reaches its readers; an agency does so through others."""

    NEWSPAPER = "newspaper"
    MAGAZINE = "magazine"
    BROADCASTER = "broadcaster"
    AGENCY = "agency"
    ONLINE = "online"


class Stage(StrEnum):
    """The step that refused a file, a record or, from `label` on, the article on a page."""

    OPEN = "open"
    UNPACK = "unpack"
    DECODE = "decode"
    PARSE = "parse"
    EXTRACT = "extract"
    LABEL = "label"
    COMPOSE = "compose"
    ARTICLE = "article"


class ArticleKind(StrEnum):
    """What a page is."""

    ARTICLE = "article"
    NO_ARTICLE = "no_article"


class Precision(StrEnum):
    """How much of a date the page proves."""

    DAY = "day"
    MONTH_DAY = "month_day"


class MentionKind(StrEnum):
    """How a mention refers: by name, by description or by pronoun."""

    NAMED = "named"
    NOMINAL = "nominal"
    PRONOMINAL = "pronominal"


class SourceKind(StrEnum):
    """What the source of a quotation is."""

    PERSON = "person"
    BODY = "body"
    DOCUMENT = "document"
    UNNAMED_PERSON = "unnamed_person"
    NONE = "none"


class QuoteType(StrEnum):
    """How much of a quotation's content is between quotation marks: all, none, or part."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class Assertion(StrEnum):
    """What a quotation asserts of its content: it was said, denied, is only possible, or asked."""

    SAID = "said"
    DENIED = "denied"
    POSSIBLE = "possible"
    ASKED = "asked"


class StoryRelation(StrEnum):
    """What joins an article to its story."""

    SOLE = "sole"
    EXACT = "exact"
    NEAR = "near"
    SAME_EVENT = "same_event"


class StoryRule(StrEnum):
    """Why an article is joined to another one, or to none (docs/stories.md)."""

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
    """A half-open range of characters."""

    start: int
    end: int


class GivenField(NamedTuple):
    """A field delivered with a page, not read from its text."""

    name: str
    value: str


class MarkKind(StrEnum):
    """What the markup of a page proves of a line."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CAPTION = "caption"
    TEASER = "teaser"
    LINK = "link"
    PULL_QUOTE = "pull_quote"
    OFFER = "offer"
    HIDDEN = "hidden"
    CHROME = "chrome"
    APART = "apart"


class Mark(NamedTuple):
    """A line of a page, and what its markup proves of it."""

    start: int
    end: int
    kind: str


class LeftOut(NamedTuple):
    """Lines that a page shows and that are not in its text, and why."""

    reason: str
    n_lines: int
    n_chars: int


class CorrectionKind(StrEnum):
    """What a correction changes."""

    LINE = "line"
    QUOTE = "quote"
    ARTICLE = "article"
    ENTITY = "entity"
    OUTLET = "outlet"


class IdStatus(StrEnum):
    """What became of a row of the list of ids of Wikidata."""

    LINKED = "linked"
    REPEATED = "repeated"
    NO_ENTITY = "no_entity"
    DROPPED = "dropped"
    OTHER_KIND = "other_kind"
    AMBIGUOUS = "ambiguous"
    SEVERAL_IDS = "several_ids"
    SEVERAL_ENTITIES = "several_entities"
    INVALID = "invalid"


class CorrectionStatus(StrEnum):
    """What became of a correction."""

    APPLIED = "applied"
    ALREADY_SO = "already_so"
    MATCHED_NOTHING = "matched_nothing"
    CONFLICTS = "conflicts"
    WAITING = "waiting"
