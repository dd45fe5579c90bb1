"""Whether readers ever see an error or half a run, while others publish, compact and vacuum.

A writer makes all bundles again and again; every row of a round carries the number of the
round in its text. In each round a run dies half-way, and then everything is published. A process of
its own compacts and vacuums all the time. Meanwhile readers, in processes of their own, query every
view: most open the catalogue for each look, one keeps its connection open over several rounds.
What is seen through one connection must be of one round, in all views.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import duckdb
from deltalake.exceptions import DeltaError

from benchmarks.data.store import BUCKET, start_store, variables
from copydesk.api.catalogue import find_file
from copydesk.errors import CopydeskError
from copydesk.lake.compaction import compact
from copydesk.lake.contents import find_contents
from copydesk.lake.deliveries import describe_delivery, fingerprint_tables
from copydesk.lake.delta import CorpusRows
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import DELIVERIES
from copydesk.lake.vacuum import Retention, plan_vacuum, vacuum
from copydesk.publishing.access import open_unsafe
from copydesk.publishing.catalogue import publish, read_number
from copydesk.publishing.shared import remove_older
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
KEPT_SNAPSHOTS = 10
KEPT_OPEN = 6  # snapshots over which a connection stays open: fewer than are kept
GRACE_HOURS = 60 / 3600  # longer than a round takes here
MAX_PRINTED = 5  # errors that are printed


class Seen(NamedTuple):
    """What one reader has seen."""

    reader: str
    n_looks: int
    n_queries: int
    n_snapshots: int
    errors: list[str]
    mixed: list[str]
    slowest_seconds: float


class Kept(NamedTuple):
    """What was done to keep the lake small."""

    n_packs: int
    n_vacuums: int
    n_removed: int
    n_given_up: int
    errors: list[str]


class Written(NamedTuple):
    """What the writer did."""

    n_published: int
    n_again: int  # times that a compaction came between corpus and catalogue
    n_files: int  # in the lake at the end


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


def main() -> int:
    """Write, keep and read at once; say what was seen, and fail where it was ever wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.robustness.readers", description=__doc__
    )
    parser.add_argument("rounds", type=int, nargs="?", default=50, help="times to publish")
    parser.add_argument("--readers", type=int, default=3, help="which open the catalogue each time")
    parser.add_argument("--bundles", type=int, default=4)
    parser.add_argument("--store", action="store_true", help="the lake in an object store")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="copydesk-"))
        place = Place(Path(folder))
        if options.store:
            store = stack.enter_context(start_store())
            stack.enter_context(variables(store.environment()))
            place = Place(Path(folder), f"s3://{BUCKET}/lake")
        started = time.perf_counter()
        written, kept, seen = run(
            place, options.rounds, n_readers=options.readers, n_bundles=options.bundles
        )
        seconds = time.perf_counter() - started
    print(f"{written.n_published} snapshots published in {seconds:.0f} s; {written.n_files} files")
    print(
        f"{kept.n_packs} packs made, {kept.n_vacuums} vacuums removed {kept.n_removed} files and "
        f"gave up {kept.n_given_up} snapshots; {written.n_again} times a publish run began again"
    )
    for each in seen:
        print(
            f"{each.reader}: {each.n_looks} looks, {each.n_queries} queries, {each.n_snapshots} "
            f"snapshots seen, {len(each.errors)} errors, {len(each.mixed)} mixed, slowest look "
            f"{each.slowest_seconds:.1f} s"
        )
    faults = [*kept.errors, *(fault for each in seen for fault in each.errors + each.mixed)]
    for fault in faults[:MAX_PRINTED]:
        print(fault)
    return int(bool(faults))


def run(
    place: Place, n_rounds: int, *, n_readers: int, n_bundles: int
) -> tuple[Written, Kept, list[Seen]]:
    """Publish a first round, then write, keep and read at once, until all rounds are published."""
    stop = place.data / "stop"
    write_round(place, 0, n_bundles=n_bundles)
    with ProcessPoolExecutor(n_readers + 2, mp_context=get_context("spawn")) as pool:
        try:
            keeper = pool.submit(keep, place, stop)
            readers = [pool.submit(read, place, stop, looks=1) for _ in range(n_readers)]
            readers.append(pool.submit(read, place, stop, looks=None))
            n_again = sum(write_round(place, i + 1, n_bundles=n_bundles) for i in range(n_rounds))
        finally:
            stop.touch()
        seen = [reader.result() for reader in readers]
        kept = keeper.result()
    n_files = sum(each.file.endswith(".parquet") for each in place.lake.files.walk())
    return Written(n_rounds + 1, n_again, n_files), kept, seen


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
        delivery = describe_delivery(lake, bundle, fingerprints=fingerprints)
        lake.replace(DELIVERIES, DELIVERIES.spool(delivery), bundle=bundle)
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


def keep(place: Place, stop: Path) -> Kept:
    """Compact and vacuum until `stop` is there; return what that did."""
    lake = place.lake
    retention = Retention(days=0, snapshots=KEPT_SNAPSHOTS, grace_hours=GRACE_HOURS)
    n_packs = n_vacuums = n_removed = n_given_up = 0
    errors = []
    while not stop.exists():
        try:
            n_packs += len(compact(lake))
            plan = plan_vacuum(
                lake,
                retention=retention,
                now=datetime.now(tz=UTC),
                shown=read_number(place.catalogue),
            )
            vacuum(lake, plan)
            remove_older(lake, before=retention.grace_start(datetime.now(tz=UTC)))
        except (ValueError, OSError, DeltaError, duckdb.Error, CopydeskError) as error:
            errors.append(f"upkeep: {error!r}")
            continue
        n_vacuums += 1
        n_removed += len(plan.files)
        n_given_up += len(plan.given_up)
    return Kept(n_packs, n_vacuums, n_removed, n_given_up, errors)


def read(place: Place, stop: Path, *, looks: int | None) -> Seen:
    """Look at every view until `stop` is there.

    A connection is used for so many looks; for None until it is `KEPT_OPEN` snapshots old.
    """
    lake = place.lake
    n_looks = n_queries = 0
    slowest = 0.0
    snapshots: set[int] = set()
    errors: list[str] = []
    mixed: list[str] = []
    while not stop.exists():
        try:
            with place.open() as connection:
                number = int(connection.execute("SELECT number FROM origin").fetchall()[0][0])
                snapshots.add(number)
                rounds: set[str] = set()
                for _ in _count_looks(lake, stop, number=number, looks=looks):
                    started = time.perf_counter()
                    views = [view for (view,) in connection.execute(VIEWS_SQL).fetchall()]
                    for view in views:
                        found = connection.execute(ROUNDS_SQL.format(view=view)).fetchall()
                        rounds.update(found_round for (found_round,) in found)
                    n_looks += 1
                    n_queries += len(views)
                    slowest = max(slowest, time.perf_counter() - started)
                if len(rounds) != 1:
                    mixed.append(f"snapshot {number}: rounds {sorted(rounds)}")
        except (duckdb.Error, CopydeskError) as error:
            errors.append(f"reader: {error}")
    name = "connection kept open" if looks is None else "catalogue opened anew"
    return Seen(name, n_looks, n_queries, len(snapshots), errors, mixed, slowest)


def _count_looks(lake: Lake, stop: Path, *, number: int, looks: int | None) -> Iterator[int]:
    """Yield once for each look that a connection is used for, at least once."""
    for i in count():
        yield i
        if stop.exists() or (looks is not None and i + 1 >= looks):
            return
        # Asked of the lake: through a second connection DuckDB gives a process the file again that
        # its first one has open.
        if looks is None and lake.history()[-1].number >= number + KEPT_OPEN:
            return


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


if __name__ == "__main__":
    sys.exit(main())
