"""How long it takes to publish the entities of N mentions, and again after a bundle more.

The names are invented, syllable by syllable, and as unevenly frequent as names are (Zipf). Some are
written with an initial, with a typing error or as the bare surname, so that every rule has work.
What is timed is what the product does at a publish: open the snapshot, read `mentions`, resolve
them all, write `entities` and `name_links`.
"""

import argparse
import tempfile
import time

import numpy as np
import pyarrow as pa

from benchmarks.processes.apart import read_peak_mb, run_apart
from copydesk.entities.resolve import resolve_entities
from copydesk.lake.delta import CorpusRows
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import DELIVERIES, Delivery
from copydesk.lake.sql import connect
from copydesk.tables import ENTITIES, MENTIONS, NAME_LINKS
from copydesk.values import EntityLabel

BATCH_ROWS = 65_536  # of the Arrow stream that is written
MENTIONS_PER_ARTICLE = 20
CHAINS_PER_ARTICLE = 8  # 40 % of the mentions head a chain, as in the samples
MENTIONS_PER_ENTITY = 4  # entities there are to write about
SHORT_SHARE = 0.08  # of the chains: the bare surname
INITIAL_SHARE = 0.02
MISSPELT_SHARE = 0.01
N_GIVEN = 600
N_SURNAMES = 30_000
ORGANISATION_SHARE = 0.4
SEED = 7
ONSETS = ("b", "br", "d", "f", "g", "h", "k", "kr", "l", "m", "n", "p", "r", "s", "st", "t", "v")
VOWELS = ("a", "e", "i", "o", "u", "ei", "ou")
CODAS = ("", "", "n", "l", "r", "sk", "m", "t", "nd")
KINDS = (
    "Airways",
    "Bank",
    "Board",
    "Group",
    "Institute",
    "Ministry",
    "Union",
    "Party",
    "Inc",
    "Ltd",
)
IDS_SQL = """
SELECT md5('m' || i) AS mention_id, md5('a' || article) AS article_id, i AS start,
       i + length(text) AS "end", text, label, 'named' AS kind, NULL::VARCHAR AS title,
       'ner' AS rule, md5('m' || head) AS chain_id,
       CASE WHEN i = head THEN 'own_name' ELSE 'surname' END AS chain_rule, $bundle AS bundle
FROM made ORDER BY i
"""


def main() -> None:
    """Make mentions, publish them, add a bundle, publish again; print seconds and memory."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed.entity_scale", description=__doc__
    )
    parser.add_argument("n_mentions", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--bundle", type=int, default=10_000, help="mentions that come in later")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="copydesk-") as folder:
        lake = Lake(folder)
        # In a process of its own, so that the memory for inventing names is not counted.
        deliveries = run_apart(write_mentions, lake, options.n_mentions, options.bundle)
        for delivery in deliveries:
            lake.replace(DELIVERIES, DELIVERIES.spool([delivery]), bundle=delivery.bundle)
            print(f"{delivery.n_rows} mentions more: {publish(lake)}")


def publish(lake: Lake) -> str:
    """Make the tables of entities from all mentions, as the product does; return what it took."""
    started, cpu_started = time.perf_counter(), time.process_time()
    snapshot = lake.snapshot()
    entities, names, _ = resolve_entities(snapshot)
    n_entities = lake.replace_corpus(ENTITIES, CorpusRows(entities, snapshot.version)).n_rows
    n_names = lake.replace_corpus(NAME_LINKS, CorpusRows(names, snapshot.version)).n_rows
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
    return (
        f"{n_names} names, {n_entities} entities: "
        f"{seconds:.1f} s, {cpu_seconds:.1f} CPU s, peak {read_peak_mb()} MB"
    )


def write_mentions(lake: Lake, n_mentions: int, n_later: int) -> list[Delivery]:
    """Write invented mentions as two bundles; return their deliveries, not yet declared."""
    made = make_mentions(n_mentions + n_later)
    deliveries = []
    for bundle, part in (("first", made[:n_mentions]), ("later", made[n_mentions:])):
        connection = connect()
        connection.execute("SET enable_progress_bar = false")  # on by default in such a process
        connection.register("made", part)
        rows = connection.sql(IDS_SQL, params={"bundle": bundle}).to_arrow_reader(BATCH_ROWS)
        live = lake.replace(MENTIONS, rows.cast(MENTIONS.schema), bundle=bundle)
        deliveries.append(
            Delivery(bundle, MENTIONS.name, live.version, live.files, live.n_rows, "")
        )
    return deliveries


def make_mentions(n_mentions: int) -> pa.Table:
    """Return mentions as (i, article, head, text, label): a chain's head has its fullest name."""
    random = np.random.default_rng(SEED)
    n_articles = n_mentions // MENTIONS_PER_ARTICLE + 1
    n_entities = max(10, n_mentions // MENTIONS_PER_ENTITY)
    full, short, labels = _invent_entities(random, n_entities)
    shape = (n_articles, CHAINS_PER_ARTICLE)
    chosen = (n_entities ** random.random(shape)).astype(np.int64) - 1  # Zipf's law
    names = _vary(random, full[chosen], short[chosen])
    i = np.arange(n_mentions)
    article, place = np.divmod(i, MENTIONS_PER_ARTICLE)
    chain = place % CHAINS_PER_ARTICLE
    is_head = place < CHAINS_PER_ARTICLE
    entity = chosen[article, chain]
    return pa.table(
        {
            "i": i,
            "article": article,
            "head": article * MENTIONS_PER_ARTICLE + chain,
            "text": np.where(is_head, names[article, chain], short[entity]),
            "label": labels[entity],
        }
    )


def _invent_entities(
    random: np.random.Generator, n: int
) -> tuple["np.ndarray", "np.ndarray", "np.ndarray"]:
    """Return full names, short names and labels of people and organisations."""
    given = invent_names(random, N_GIVEN, n_syllables=2)
    surnames = invent_names(random, N_SURNAMES, n_syllables=3)
    first = given[(N_GIVEN ** random.random(n)).astype(np.int64) - 1]
    last = surnames[random.integers(N_SURNAMES, size=n)]
    kind = np.array(KINDS, dtype=object)[random.integers(len(KINDS), size=n)]
    other = surnames[random.integers(N_SURNAMES, size=n)]
    is_body = random.random(n) < ORGANISATION_SHARE
    full = np.where(is_body, other + " " + last + " " + kind, first + " " + last)
    short = np.where(is_body, other + " " + last, last)
    return full, short, np.where(is_body, EntityLabel.ORG, EntityLabel.PERSON)


def invent_names(random: np.random.Generator, n: int, *, n_syllables: int) -> "np.ndarray":
    """Return invented names, each of so many syllables."""
    words = np.full(n, "", dtype=object)
    for _ in range(n_syllables):
        for parts in (ONSETS, VOWELS, CODAS):
            words = words + np.array(parts, dtype=object)[random.integers(len(parts), size=n)]
    return np.array([word.capitalize() for word in words], dtype=object)


def _vary(random: np.random.Generator, full: "np.ndarray", short: "np.ndarray") -> "np.ndarray":
    """Return the names as articles have them: a few shortened, with an initial, or misspelt."""
    draw = random.random(full.shape)
    initials = np.array(
        [f"{name[0]}. {rest}" for name, rest in zip(full.flat, short.flat, strict=True)],
        dtype=object,
    )
    misspelt = np.array([f"{name[:5]}{name[6:]}" for name in full.flat], dtype=object)
    names = np.where(draw < SHORT_SHARE, short, full)
    draw -= SHORT_SHARE
    names = np.where((draw > 0) & (draw < INITIAL_SHARE), initials.reshape(full.shape), names)
    draw -= INITIAL_SHARE
    return np.where((draw > 0) & (draw < MISSPELT_SHARE), misspelt.reshape(full.shape), names)


if __name__ == "__main__":
    main()
