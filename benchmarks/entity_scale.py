"""How long the names of N mentions take to resolve: `python -m benchmarks.entity_scale 1000000`.

The names are invented, syllable by syllable, and as unevenly frequent as names are (Zipf). Some are
written with an initial, with a typing error or as the bare surname, so that every rule has work.
What is timed is from the Parquet files of `mentions` to the last row of entities and links.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from copydesk.entities import resolve_entities
from copydesk.lake import Snapshot, connect
from copydesk.model import Delivery
from copydesk.tables import MENTIONS

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
COPY (
    SELECT md5('m' || i) AS mention_id, md5('a' || article) AS article_id, i AS start,
           i + length(text) AS "end", text, label, 'named' AS kind, NULL::VARCHAR AS title,
           'ner' AS rule, md5('m' || head) AS chain_id,
           CASE WHEN i = head THEN 'own_name' ELSE 'surname' END AS chain_rule, 'may' AS bundle
    FROM made ORDER BY i
) TO '{path}' (FORMAT parquet)
"""


def main() -> None:
    """Make mentions, resolve them, and print seconds and memory."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.entity_scale", description=__doc__)
    parser.add_argument("n_mentions", type=int, nargs="?", default=1_000_000)
    n_mentions = parser.parse_args().n_mentions
    with tempfile.TemporaryDirectory(prefix="copydesk-") as folder:
        snapshot = make_snapshot(folder, n_mentions)
        before = _peak_mb()
        started = time.perf_counter()
        cpu_started = time.process_time()
        resolution = resolve_entities(snapshot)
        n_entities = sum(batch.num_rows for batch in resolution.entities)
        n_links = sum(batch.num_rows for batch in resolution.links)
        seconds = time.perf_counter() - started
        cpu_seconds = time.process_time() - cpu_started
    print(
        f"{n_links} mentions, {n_entities} entities: {seconds:.1f} s, {cpu_seconds:.1f} CPU s, "
        f"peak {_peak_mb()} MB ({before} MB before)"
    )


def make_snapshot(lake: str, n_mentions: int) -> Snapshot:
    """Return a snapshot of one bundle with invented mentions, written below `lake`."""
    path = Path(lake) / "mentions" / "bundle=may" / "part.parquet"
    path.parent.mkdir(parents=True)
    connection = connect()
    connection.register("made", make_mentions(n_mentions))
    connection.execute(IDS_SQL.format(path=path))
    n_rows = pq.read_metadata(path).num_rows
    file = str(path.relative_to(lake))
    return Snapshot(lake, 0, (Delivery("may", MENTIONS.name, 0, [file], n_rows, ""),))


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
    given = _invent_words(random, N_GIVEN, n_syllables=2)
    surnames = _invent_words(random, N_SURNAMES, n_syllables=3)
    first = given[(N_GIVEN ** random.random(n)).astype(np.int64) - 1]
    last = surnames[random.integers(N_SURNAMES, size=n)]
    kind = np.array(KINDS, dtype=object)[random.integers(len(KINDS), size=n)]
    other = surnames[random.integers(N_SURNAMES, size=n)]
    is_body = random.random(n) < ORGANISATION_SHARE
    full = np.where(is_body, other + " " + last + " " + kind, first + " " + last)
    short = np.where(is_body, other + " " + last, last)
    return full, short, np.where(is_body, "ORG", "PERSON")


def _invent_words(random: np.random.Generator, n: int, *, n_syllables: int) -> "np.ndarray":
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


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
