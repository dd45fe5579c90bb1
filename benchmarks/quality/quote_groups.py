"""How well and how fast renderings of one statement are joined, among N invented quotations.

The words are invented, as unevenly frequent as words are (Zipf), between function words. A part of
the quotations are planted renderings of an earlier one: the same words with other punctuation and
capitals, a stretch of them, with or without an ellipsis, or the same with words changed. One
speaker has a twentieth of all quotations, and thousands share stock phrases. What is timed is what
the product does at a publish: open the snapshot, read `quotes` and the speakers, join, write
`quote_groups`. With `--speech`, one speech is quoted 3,000 times in passages of all lengths among
other quotations, and it is counted into how many groups it falls.
"""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from benchmarks.processes.apart import read_peak_mb, run_apart
from copydesk.lake.delta import CorpusRows
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import DELIVERIES, Delivery
from copydesk.lake.sql import connect
from copydesk.lexicons.language import ENGLISH
from copydesk.lexicons.load import load_stock_words
from copydesk.statements.groups import group_quotes, join_quotations
from copydesk.tables import ENTITY_LINKS, QUOTE_GROUPS, QUOTES
from copydesk.values import GroupRelation

SIZES = (100_000, 300_000, 1_000_000)
BATCH_ROWS = 65_536
SEED = 11
N_WORDS = 40_000
CONTENT_SHARE = 0.45  # of the words of a quotation, as in the samples
MEAN_WORDS, MIN_WORDS, MAX_WORDS = 22, 6, 90
QUOTES_PER_SPEAKER = 12
GREAT_SPEAKER_SHARE = 0.05
QUOTES_PER_ARTICLE = 8
EXACT_SHARE, EXCERPT_SHARE, VARIANT_SHARE = 0.10, 0.08, 0.04
OPEN_SHARE, OTHER_SHARE = 0.10, 0.03  # of the planted ones with the same words: nobody, another
CHANGED_SHARE = (0.08, 0.22)  # of the words of a variant
STOCK_SHARE = 0.03  # of all quotations have one of the stock phrases
N_STOCK = 12
MIN_EXCERPT = 8
SPEECH_WORDS, N_SPEECH, N_BESIDE = 600, 3_000, 5_000
MAX_PASSAGE = 60  # words of the speech that are quoted at once
SPEECH_SPEAKER = 1
SYLLABLES = (
    "ba",
    "kor",
    "lin",
    "da",
    "ves",
    "tu",
    "mar",
    "sho",
    "pel",
    "nik",
    "ra",
    "gon",
    "fi",
    "ost",
)
QUOTES_SQL = """
SELECT quote_id, md5('a' || article) AS article_id, 'direct' AS type, content,
       [{'start': 0::BIGINT, 'end': length(content)::BIGINT}] AS content_spans,
       'said' AS cue, NULL::BIGINT AS cue_start, NULL::BIGINT AS cue_end,
       NULL::VARCHAR AS source, NULL::BIGINT AS source_start, NULL::BIGINT AS source_end,
       CASE WHEN speaker >= 0 THEN quote_id END AS speaker_mention_id,
       CASE WHEN speaker >= 0 THEN [quote_id] ELSE [] END AS speaker_mention_ids,
       NULL::VARCHAR AS rival_mention_id, 'person' AS source_kind,
       'name_in_source' AS speaker_reason, 0.9::DOUBLE AS confidence, true AS is_speech,
       'said' AS assertion,
       NULL::VARCHAR AS parent_quote_id, 'tagger' AS rule, 'body' AS zone, 'b' AS bundle
FROM made ORDER BY quote_id
"""
LINKS_SQL = """
SELECT quote_id AS mention_id, md5('s' || speaker) AS entity_id, 'names' AS rule,
       1.0::DOUBLE AS score
FROM made WHERE speaker >= 0 ORDER BY mention_id
"""


class Planted(NamedTuple):
    """An invented quotation: what it renders, and how; -1 is nobody known."""

    origin: int
    relation: GroupRelation | None
    speaker: int
    content: str


class Cost(NamedTuple):
    """What joining took: seconds by the clock, seconds of computing, and memory in MB."""

    seconds: float
    cpu_seconds: float
    peak_mb: int


def main() -> None:
    """Make quotations, join them and print how well that went and what it took."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quality.quote_groups", description=__doc__
    )
    parser.add_argument("n_quotes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--speech", action="store_true", help="one speech, quoted very often")
    options = parser.parse_args()
    if options.speech:
        for is_whole in (True, False):
            n_groups = count_speech_groups(is_whole=is_whole)
            printed = "is printed too" if is_whole else "is nowhere printed"
            print(f"{n_groups} groups of one speech quoted {N_SPEECH} times, which {printed}")
        return
    for n_quotes in options.n_quotes:
        with tempfile.TemporaryDirectory(prefix="copydesk-") as folder:
            lake = Lake(folder)
            run_apart(write_quotes, lake, n_quotes)
            cost = run_apart(join_lake, lake, n_quotes)
            print(
                f"{n_quotes} quotations: {cost.seconds:.1f} s, {cost.cpu_seconds:.1f} CPU s, "
                f"peak {cost.peak_mb} MB"
            )
            for line in run_apart(score_lake, lake, n_quotes):
                print(f"    {line}")


def join_lake(lake: Lake, _: int) -> Cost:
    """Make the table of groups from all quotations, as the product does; return what it took."""
    started, cpu_started = time.perf_counter(), time.process_time()
    snapshot = lake.snapshot()
    rows = group_quotes(snapshot, links_sql=lake.relation_sql(ENTITY_LINKS))
    lake.replace_corpus(QUOTE_GROUPS, CorpusRows(rows, snapshot.version))
    return Cost(
        time.perf_counter() - started,
        time.process_time() - cpu_started,
        read_peak_mb(),
    )


def score_lake(lake: Lake, n_quotes: int) -> list[str]:
    """Return the lines that state how many planted renderings were found, and how many are right.

    A rendering is found where it is in one group with its origin. A row is right where the
    head of its group renders the same origin.
    """
    made = {_quote_id(i): planted for i, planted in enumerate(invent_quotes(n_quotes))}
    groups = {row.quote_id: row for row in QUOTE_GROUPS.to_rows(lake.read(QUOTE_GROUPS))}
    n_planted: Counter[GroupRelation] = Counter()
    n_found: Counter[GroupRelation] = Counter()
    n_rows: Counter[GroupRelation] = Counter()
    n_right: Counter[GroupRelation] = Counter()
    for quote_id, planted in made.items():
        row = groups[quote_id]
        origin = groups[_quote_id(planted.origin)]
        if planted.relation is not None:
            n_planted[planted.relation] += 1
            n_found[planted.relation] += row.quote_group_id == origin.quote_group_id
        if row.rule not in {"sole", "head"}:
            n_rows[row.relation] += 1
            n_right[row.relation] += made[row.head_quote_id].origin == planted.origin
    return [
        f"{relation.value}: recall {n_found[relation] / max(1, n_planted[relation]):.4f} of "
        f"{n_planted[relation]}, "
        f"precision {n_right[relation] / max(1, n_rows[relation]):.4f} of {n_rows[relation]}"
        for relation in GroupRelation
    ]


def write_quotes(lake: Lake, n_quotes: int) -> None:
    """Write invented quotations and their speakers as one bundle."""
    made = list(invent_quotes(n_quotes))
    random = np.random.default_rng(SEED)
    table = pa.table(
        {
            "quote_id": [_quote_id(i) for i in range(n_quotes)],
            "article": random.permutation(n_quotes) // QUOTES_PER_ARTICLE,
            "content": [planted.content for planted in made],
            "speaker": [planted.speaker for planted in made],
        }
    )
    connection = connect()
    connection.execute("SET enable_progress_bar = false")  # on by default in such a process
    connection.register("made", table)
    names = ", ".join(f'"{column.name}"' for column in QUOTES.columns)
    rows = connection.sql(f"SELECT {names} FROM ({QUOTES_SQL})").to_arrow_reader(BATCH_ROWS)
    live = lake.replace(QUOTES, rows.cast(QUOTES.schema), bundle="b")
    delivery = Delivery("b", QUOTES.name, live.version, live.files, live.n_rows, "")
    lake.replace(DELIVERIES, DELIVERIES.spool([delivery]), bundle="b")
    links = connection.sql(LINKS_SQL).to_arrow_reader(BATCH_ROWS).cast(ENTITY_LINKS.schema)
    lake.replace_corpus(ENTITY_LINKS, CorpusRows(links, lake.snapshot().version))


def count_speech_groups(*, is_whole: bool) -> int:
    """Return into how many groups the quotations of one speech fall.

    `is_whole` says whether the speech is printed as a whole too. Most of the quotations name its
    speaker, some nobody, and a few somebody else.
    """
    random = Random(SEED)  # noqa: S311
    content, function = invent_words(random), sorted(load_stock_words(ENGLISH).function)
    speech = _pick(random, content, function, SPEECH_WORDS)
    passages = [speech] if is_whole else []
    for _ in range(N_SPEECH):
        length = random.randint(MIN_EXCERPT, MAX_PASSAGE)
        start = random.randint(0, SPEECH_WORDS - length)
        passages.append(speech[start : start + length])
    speakers = random.choices([SPEECH_SPEAKER, None, 7], [0.85, 0.1, 0.05], k=len(passages))
    rows = [(_write(random, words), who) for words, who in zip(passages, speakers, strict=True)]
    beside = invent_quotes(N_BESIDE)
    rows += [(planted.content, planted.speaker + N_SPEECH) for planted in beside]
    numbers = range(len(rows))
    quotations = pa.table(
        {
            "quote_id": [_quote_id(i) for i in numbers],
            "article_id": [f"a{i // QUOTES_PER_ARTICLE}" for i in numbers],
            "type": ["direct" for _ in numbers],
            "content": [text for text, _ in rows],
            "fragments": pa.nulls(len(rows), pa.list_(pa.int64())),
            "zone": ["body" for _ in numbers],
            "parent_quote_id": pa.nulls(len(rows), pa.string()),
            "speaker": [None if who is None else f"s{who}" for _, who in rows],
        }
    ).sort_by("quote_id")
    of_speech = {_quote_id(i) for i in range(len(passages))}
    groups = join_quotations(quotations).to_pylist()
    return len({row["quote_group_id"] for row in groups if row["quote_id"] in of_speech})


def _quote_id(number: int) -> str:
    return f"{number * 2654435761 % 2**32:08x}{number:024x}"


def invent_quotes(n_quotes: int) -> Iterator[Planted]:
    """Yield quotations; a planted one comes after its origin."""
    random = Random(SEED)  # noqa: S311
    content = invent_words(random)
    function = sorted(load_stock_words(ENGLISH).function)
    stock = [" ".join(_pick(random, content, function, 6)) for _ in range(N_STOCK)]
    n_speakers = max(10, n_quotes // QUOTES_PER_SPEAKER)
    origins: list[tuple[int, int, list[str]]] = []
    for number in range(n_quotes):
        draw = random.random()
        for relation, share in (
            (GroupRelation.EXACT, EXACT_SHARE),
            (GroupRelation.EXCERPT, EXCERPT_SHARE),
            (GroupRelation.VARIANT, VARIANT_SHARE),
        ):
            if draw < share and origins:
                origin, speaker, words = random.choice(origins)
                yield Planted(
                    origin, relation, _pick_speaker(random, relation, speaker, n_speakers),
                    _render(random, relation, words, content),
                )  # fmt: skip
                break
            draw -= share
        else:
            length = min(MAX_WORDS, max(MIN_WORDS, round(random.gammavariate(3, MEAN_WORDS / 3))))
            words = _pick(random, content, function, length)
            if random.random() < STOCK_SHARE:
                words[random.randrange(length) : 0] = random.choice(stock).split()
            great = random.random() < GREAT_SPEAKER_SHARE
            speaker = 0 if great else int(n_speakers ** random.random())
            origins.append((number, speaker, words))
            yield Planted(number, None, speaker, _write(random, words))


def _pick_speaker(random: Random, relation: GroupRelation, speaker: int, n_speakers: int) -> int:
    draw = random.random()
    if relation is GroupRelation.VARIANT or draw > OPEN_SHARE + OTHER_SHARE:
        return speaker
    return -1 if draw < OPEN_SHARE else random.randrange(n_speakers)


def invent_words(random: Random) -> list[str]:
    """Return invented words, the most frequent first."""
    words = {"".join(random.choices(SYLLABLES, k=random.randint(2, 4))) for _ in range(2 * N_WORDS)}
    chosen = sorted(words)[:N_WORDS]
    random.shuffle(chosen)
    return chosen


def _pick(random: Random, content: list[str], function: list[str], length: int) -> list[str]:
    return [
        content[int(len(content) ** random.random()) - 1]  # Zipf's law
        if random.random() < CONTENT_SHARE
        else random.choice(function)
        for _ in range(length)
    ]


def _render(random: Random, relation: GroupRelation, words: list[str], content: list[str]) -> str:
    """Return words as another paper has them."""
    if relation is GroupRelation.EXACT:
        return _write(random, words)
    if relation is GroupRelation.VARIANT:
        n_changed = max(1, round(random.uniform(*CHANGED_SHARE) * len(words)))
        changed = set(random.sample(range(len(words)), n_changed))
        return _write(
            random,
            [random.choice(content) if i in changed else word for i, word in enumerate(words)],
        )
    length = random.randint(min(MIN_EXCERPT, len(words) - 1), len(words) - 1)
    start = random.randint(0, len(words) - length)
    part = words[start : start + length]
    if length >= 3 * MIN_EXCERPT and random.random() < 0.5:  # noqa: PLR2004
        cut = random.randint(MIN_EXCERPT, length - MIN_EXCERPT)
        part = [*part[:cut], "…", *part[cut + random.randint(1, 4) :]]
    return _write(random, part)


def _write(random: Random, words: list[str]) -> str:
    """Return words as a text, with punctuation and capitals that no other paper has."""
    mark = random.choice(("", ",", ".", " –", "…"))
    text = " ".join(words)
    if random.random() < 0.5:  # noqa: PLR2004
        text = text.capitalize()
    return f"{text}{mark}"


if __name__ == "__main__":
    main()
