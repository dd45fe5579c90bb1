"""Invent a lake of millions of quotations in minutes, as columns: no loop over rows.

Everything follows from the number of an article or quotation, by hashes: a rendering writes the
words of its origin again without looking it up, so any part of the lake can be made by itself.
Words and names are as unevenly frequent as they are (Zipf). Of the quotations, a tenth have the
words of another one, 8 % are a stretch of one, 4 % have words changed, 2 % are passages of speeches
that are quoted very often; one entity has a twentieth of all. Every twentieth article is printed
again with words changed.
"""

from collections import defaultdict
from functools import cache
from random import Random
from typing import Any, TypeAlias, cast

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.data.invented_lake import (
    QUOTES_PER_ARTICLE,
    VERSIONS,
    name_bundle,
    read_rows,
)
from benchmarks.quality.quote_groups import invent_words
from benchmarks.speed.entity_scale import (
    CHAINS_PER_ARTICLE,
    KINDS,
    MENTIONS_PER_ARTICLE,
    MENTIONS_PER_ENTITY,
    N_GIVEN,
    N_SURNAMES,
    invent_names,
)
from copydesk.lake.deliveries import fingerprint_tables
from copydesk.lake.delta import append_rows
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import DELIVERIES, Delivery
from copydesk.lake.live import group_files
from copydesk.lake.sql import connect
from copydesk.lake.sums import sum_file
from copydesk.lexicons.language import ENGLISH
from copydesk.lexicons.load import load_stock_words
from copydesk.tables import BUNDLE_TABLES
from copydesk.text.arrays import Doubles, Flags, Hashes, Numbers
from copydesk.values import EntityLabel

Column: TypeAlias = "pa.Array[Any]"

SEED = 17
MEAN_WORDS, MIN_WORDS, MAX_WORDS = 22, 6, 90  # of a quotation
ARTICLE_WORDS, MIN_ARTICLE_WORDS, MAX_ARTICLE_WORDS = 300, 60, 900
CONTENT_SHARE = 0.45  # of all words, as in the samples
EXACT_SHARE, EXCERPT_SHARE, VARIANT_SHARE, SPEECH_SHARE = 0.10, 0.08, 0.04, 0.02
CHANGED_SHARE = 0.15  # of the words of a variant
GREAT_SHARE = 0.05  # of the quotations are of one entity
OTHER_SHARE = 0.03  # of the renderings have another speaker
STOCK_SHARE, N_STOCK, STOCK_WORDS = 0.03, 12, 6  # quotations with a phrase that everybody uses
MIN_EXCERPT = 8
SPEECH_WORDS, MAX_PASSAGE, QUOTES_PER_SPEECH = 600, 60, 3_000
ORIGINAL_EVERY = 4  # quotations of an article, of which one renders no other
COPY_EVERY = 20  # articles, of which one is printed again …
COPY_CHANGED_SHARE = 1 / 15  # … with so many of its words changed
SHORT_SHARE, INITIAL_SHARE, MISSPELT_SHARE = 0.08, 0.02, 0.01
ORGANISATION_SHARE = 0.4
CHUNK_ARTICLES = 50_000  # made at a time
# Numbers of what is made of words; those of quotations are below.
SPEECHES, STOCK, ARTICLES = 1 << 50, 1 << 51, 1 << 52
LABELS = (EntityLabel.PERSON.value, EntityLabel.ORG.value)
MARKS = ("", ",", ".", " –", "…")


def write_large_lake(
    lake: Lake, numbers: range, *, n_articles: int, n_all: int, mean_words: int = MEAN_WORDS
) -> None:
    """Deliver the bundles of these numbers, each with `n_articles`.

    `n_all` is how many articles the whole lake has; the entities to write about follow from it.
    """
    delivered: dict[str, list[Delivery]] = defaultdict(list)
    step = max(1, CHUNK_ARTICLES // n_articles)
    for first in numbers[::step]:
        part = range(first, min(first + step, numbers.stop))
        with connect() as connection:
            _make(connection, part, n_articles, n_all, mean_words)
            for table in BUNDLE_TABLES:
                rows = read_rows(connection, table)
                append_rows(lake.create(table), rows, transactions=())
        _declare(lake, part, delivered)
    rows = DELIVERIES.spool(each for parts in delivered.values() for each in parts)
    append_rows(lake.create(DELIVERIES), rows, transactions=())


def _declare(lake: Lake, part: range, delivered: dict[str, list[Delivery]]) -> None:
    for table in BUNDLE_TABLES:
        delta = lake.create(table)
        own = group_files(delta, table)
        for bundle in map(name_bundle, part):
            prints = fingerprint_tables(bundle, VERSIONS)
            files = own.get(bundle, [])
            places = [lake.place(file) for file in files]
            n_rows = sum(pq.read_metadata(place).num_rows for place in places)
            delivered[bundle].append(
                Delivery(
                    bundle, table.name, delta.version(), files, n_rows, prints[table.name],
                    [sum_file(place) for place in places],
                )
            )  # fmt: skip


def _make(
    connection: duckdb.DuckDBPyConnection,
    part: range,
    n_articles: int,
    n_all: int,
    mean_words: int,
) -> None:
    """Make what the rows of some bundles are made from, as `invented_lake` names it."""
    articles = np.arange(part.start * n_articles, part.stop * n_articles, dtype=np.uint64)
    made = {
        "bodies": pa.table({"i": articles.view(np.int64), "body": write_articles(articles)}),
        "given_names": write_names(articles, n_all=n_all),
        "given_said": write_quotations(articles, mean_words=mean_words),
    }
    for name, table in made.items():
        connection.register(name, table)
    connection.execute("CREATE TABLE names AS FROM given_names")
    connection.execute("CREATE TABLE said AS FROM given_said")
    connection.execute(
        "CREATE TABLE made AS SELECT i, md5('a' || i) AS article_id, "
        f"printf('bundle-%06d', i // {n_articles}) AS bundle, body FROM bodies"
    )


def write_quotations(articles: Hashes, *, mean_words: int = MEAN_WORDS) -> pa.Table:
    """Return the quotations of articles as (number, content)."""
    numbers = _number_quotations(articles, QUOTES_PER_ARTICLE)
    spoken = _Spoken(numbers)
    lengths = _draw_lengths(spoken.statements, mean_words, MIN_WORDS, MAX_WORDS)
    lengths[spoken.is_passage] = SPEECH_WORDS
    is_part = spoken.is_excerpt | spoken.is_passage
    most = np.where(spoken.is_passage, MAX_PASSAGE, lengths - 1)
    least = np.minimum(MIN_EXCERPT, most)
    cut = least + (_share(numbers, 11) * (most - least + 1)).astype(np.int64)
    begun = (_share(numbers, 12) * (lengths - cut + 1)).astype(np.int64)
    taken = np.where(is_part, cut, lengths)
    starts = np.where(is_part, begun, 0)
    changed = np.where(spoken.is_variant, CHANGED_SHARE, 0.0)
    text = _write(spoken.statements, numbers, starts, taken, changed=changed)
    is_capital = _share(numbers, 13) < 0.5  # noqa: PLR2004 - a half
    marks = pa.array(MARKS).take((_share(numbers, 14) * len(MARKS)).astype(np.int64))
    text = _choose(is_capital, pc.utf8_capitalize(text), text)
    content = _join(text, marks, by="")
    return pa.table({"number": numbers.view(np.int64), "content": content})


def write_names(articles: Hashes, *, n_all: int) -> pa.Table:
    """Return mentions as (i, article, head, text, label): the head of a chain has the full name."""
    n_entities = max(10, n_all * MENTIONS_PER_ARTICLE // MENTIONS_PER_ENTITY)
    heads = _number_quotations(articles, CHAINS_PER_ARTICLE)
    entities = _find_entities(heads, n_entities)
    full, short, is_body = _name(heads, entities)
    place = np.arange(MENTIONS_PER_ARTICLE)
    chain = np.arange(len(articles))[:, None] * CHAINS_PER_ARTICLE + place % CHAINS_PER_ARTICLE
    is_head = np.tile(place < CHAINS_PER_ARTICLE, len(articles))
    first = articles.view(np.int64)[:, None] * MENTIONS_PER_ARTICLE
    taken = chain.ravel()
    label = pa.array([EntityLabel.PERSON.value, EntityLabel.ORG.value]).take(
        is_body.astype(np.int64)
    )
    return pa.table(
        {
            "i": (first + place).ravel(),
            "article": np.repeat(articles.view(np.int64), MENTIONS_PER_ARTICLE),
            "head": (first + place % CHAINS_PER_ARTICLE).ravel(),
            "text": _choose(is_head, full.take(taken), short.take(taken)),
            "label": label.take(taken),
        }
    )


def write_articles(articles: Hashes) -> Column:
    """Return the text of articles; every twentieth is an earlier one, with words changed."""
    is_copy = (articles % COPY_EVERY == 0) & (articles > COPY_EVERY)
    origins = _mix(articles, 21) % np.maximum(articles, 1)
    origins = np.where(is_copy, origins + (origins % COPY_EVERY == 0), articles)
    texts = origins + np.uint64(ARTICLES)
    lengths = _draw_lengths(texts, ARTICLE_WORDS, MIN_ARTICLE_WORDS, MAX_ARTICLE_WORDS)
    changed = np.where(is_copy, COPY_CHANGED_SHARE, 0.0)
    writers = articles + np.uint64(ARTICLES)
    return _write(texts, writers, np.zeros_like(lengths), lengths, changed=changed)


class _Spoken:
    """What quotations render: the number of the statement, and how."""

    def __init__(self, numbers: Hashes) -> None:
        """Decide by hashes of their numbers."""
        place = numbers % QUOTES_PER_ARTICLE
        article = numbers // QUOTES_PER_ARTICLE
        n_rest = ORIGINAL_EVERY / (ORIGINAL_EVERY - 1)
        draw = np.where(place % ORIGINAL_EVERY == 0, 1.0, _share(numbers, 1))
        draw = np.where(article == 0, 1.0, draw)
        edges = np.cumsum([EXACT_SHARE, EXCERPT_SHARE, VARIANT_SHARE, SPEECH_SHARE]) * n_rest
        is_rendering = draw < edges[2]
        self.is_excerpt = (draw >= edges[0]) & (draw < edges[1])
        self.is_variant = (draw >= edges[1]) & is_rendering
        self.is_passage = (draw >= edges[2]) & (draw < edges[3])
        origin = _mix(numbers, 2) % np.maximum(article, 1) * QUOTES_PER_ARTICLE
        origin += (_mix(numbers, 3) % 2) * ORIGINAL_EVERY
        n_speeches = np.maximum(numbers * SPEECH_SHARE / QUOTES_PER_SPEECH, 1)
        speech = (_share(numbers, 4) * n_speeches).astype(np.uint64) + np.uint64(SPEECHES)
        self.statements = np.where(is_rendering, origin, numbers)
        self.statements = np.where(self.is_passage, speech, self.statements)


def _find_entities(heads: Hashes, n_entities: int) -> Hashes:
    """Return who speaks the quotation that has the number of a chain; others are only named."""
    statements = _Spoken(heads).statements
    is_other = _share(heads, 31) < OTHER_SHARE
    whose = np.where(is_other, heads, statements)
    drawn = (n_entities ** _share(whose, 32)).astype(np.uint64) - np.uint64(1)  # Zipf's law
    return np.where(_share(whose, 33) < GREAT_SHARE, np.uint64(0), drawn)


def _name(heads: Hashes, entities: Hashes) -> tuple[Column, Column, Flags]:
    """Return full and short names of entities, and which are bodies."""
    given, initials, surnames = _name_parts()
    first = (N_GIVEN ** _share(entities, 41)).astype(np.int64) - 1
    last = surnames.take((_mix(entities, 42) % N_SURNAMES).view(np.int64))
    other = surnames.take((_mix(entities, 43) % N_SURNAMES).view(np.int64))
    kind = pa.array(KINDS).take((_mix(entities, 44) % len(KINDS)).view(np.int64))
    is_body = _share(entities, 45) < ORGANISATION_SHARE
    draw = _share(heads, 46)
    is_initial = (draw >= SHORT_SHARE) & (draw < SHORT_SHARE + INITIAL_SHARE)
    is_misspelt = (draw > 1 - MISSPELT_SHARE) & ~is_body
    forename = _choose(is_initial, initials.take(first), given.take(first))
    bodies = _join(other, last)
    short = _choose(is_body, bodies, last)
    full = _choose(is_body, _join(bodies, kind), _join(forename, last))
    start, end = pc.utf8_slice_codeunits(full, 0, 5), pc.utf8_slice_codeunits(full, 6)
    full = _choose(is_misspelt, _join(start, end, by=""), full)
    return _choose(draw < SHORT_SHARE, short, full), short, is_body


def _choose(flags: Flags, one: Column, other: Column) -> Column:
    return cast("Column", pc.if_else(pa.array(flags), one, other))


def _join(*parts: Column, by: str = " ") -> Column:
    joined: Column = pc.binary_join_element_wise(*parts, pa.scalar(by))  # type: ignore[call-overload] # the stubs know no scalar beside arrays
    return joined


@cache
def _name_parts() -> tuple[Column, Column, Column]:
    random = np.random.default_rng(SEED)
    given = invent_names(random, N_GIVEN, n_syllables=2).tolist()
    surnames = invent_names(random, N_SURNAMES, n_syllables=3).tolist()
    return pa.array(given), pa.array([f"{name[0]}." for name in given]), pa.array(surnames)


@cache
def _load_words() -> tuple[Column, int]:
    """Return all words, those of content first, and how many these are."""
    content = invent_words(Random(SEED))  # noqa: S311 - invented words
    return pa.array([*content, *sorted(load_stock_words(ENGLISH).function)]), len(content)


def _write(
    texts: Hashes, writers: Hashes, starts: Numbers, lengths: Numbers, *, changed: Doubles
) -> Column:
    """Return stretches of texts, each with a share of its words replaced by its writer."""
    offsets = np.append(0, np.cumsum(lengths))
    place = np.arange(offsets[-1]) - np.repeat(offsets[:-1] - starts, lengths)
    which = np.repeat(texts, lengths)
    # A phrase that many use opens some statements.
    stock = STOCK + _mix(texts, 52) % N_STOCK
    has_stock = (_share(texts, 51) < STOCK_SHARE) & (texts < SPEECHES)
    in_stock = np.repeat(has_stock, lengths) & (place < STOCK_WORDS)
    which = np.where(in_stock, np.repeat(stock, lengths), which)
    if changed.any():
        who = np.repeat(writers, lengths)
        drawn = _share(who * np.uint64(1_000_003) + place.astype(np.uint64), 53)
        which = np.where(drawn < np.repeat(changed, lengths), who + np.uint64(1 << 53), which)
    words, n_content = _load_words()
    key = which * np.uint64(1_000_003) + place.astype(np.uint64)
    ranked = (n_content ** _share(key, 54)).astype(np.int64) - 1  # Zipf's law
    n_function = len(words) - n_content
    function = n_content + (_mix(key, 55) % n_function).view(np.int64)
    chosen = np.where(_share(key, 56) < CONTENT_SHARE, ranked, function)
    lists = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), words.take(chosen))
    return cast("Column", pc.binary_join(lists, " "))


def _draw_lengths(texts: Hashes, mean: int, least: int, most: int) -> Numbers:
    """Return how many words texts have: a gamma distribution, cut at both ends."""
    drawn = -np.log1p(np.stack([-_share(texts, 60 + i) for i in range(3)])).sum(axis=0) * mean / 3
    lengths: Numbers = np.clip(drawn.astype(np.int64), least, most)
    return lengths


def _number_quotations(articles: Hashes, n_first: int) -> Hashes:
    """Return the numbers of the first quotations of articles, one after the other."""
    first = articles * np.uint64(QUOTES_PER_ARTICLE)
    numbers: Hashes = np.add.outer(first, np.arange(n_first, dtype=np.uint64)).ravel()
    return numbers


def _share(numbers: Hashes, salt: int) -> Doubles:
    """Return for each number a share in [0, 1) that looks random; another salt, other shares."""
    return (_mix(numbers, salt) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def _mix(numbers: Hashes, salt: int) -> Hashes:
    """Return a hash of each number (splitmix64)."""
    z = numbers.astype(np.uint64) + np.uint64((salt + 1) * 0x9E3779B97F4A7C15 % 2**64)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
