"""How many kinds of damage to the files of a lake are named, repaired, or published as other rows.

A data folder is made from invented pages. Each kind of file is then deleted, truncated, filled with
zeros, and changed by one bit. After each, three things are tried: to publish, which must give the
same rows or a sentence; `copydesk doctor`, which must name the file; and its repair.

    python -m benchmarks.robustness.damage
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import duckdb
from deltalake import DeltaTable

from copydesk.commands.bundles import find_wanted, ingest_bundle
from copydesk.commands.direct import Direct
from copydesk.commands.progress import Progress
from copydesk.commands.repair import examine_data, repair_data
from copydesk.errors import CopydeskError
from copydesk.lake.compaction import compact
from copydesk.lake.lake import Lake
from copydesk.quotations.methods import QuoteMethod
from copydesk.settings import load_settings
from copydesk.tables import PUBLISHED_TABLES

PAGE = """\
{place} lighthouse to close

{upper} — The lighthouse of {place} will close in the autumn, its keeper {name} said on Tuesday.

“The lamp never went out while I was awake,” {surname} said. “I cannot speak for the gulls.”

The mayor of {place}, Edwin Marrowby, said that the council would keep the tower.
"""
PLACES = ("Keelby", "Sandholm", "Eastwick", "Norby", "Hallam")
NAMES = ("Ada Quillfeather", "Peter Sandberg", "Iris Calloway", "Tom Berrow", "Mary Oakden")
PACKED, OWN = ("april", "march"), ("may", "june")


class Blow(StrEnum):
    """What happens to a file."""

    DELETED = "deleted"
    TRUNCATED = "truncated"
    ZEROED = "zeroed"
    FLIPPED = "flipped"


class Case(NamedTuple):
    """A kind of file, and how one of them is found."""

    kind: str
    find: Callable[[Path], Path]


def newest(pattern: str) -> Callable[[Path], Path]:
    """Return what finds the last file of a pattern by its name."""
    return lambda data: max(data.glob(pattern))


def live(table: str) -> Callable[[Path], Path]:
    """Return what finds a live file of a table."""

    def find(data: Path) -> Path:
        lake = Lake(str(data / "lake"))
        tables = {each.name: each for each in PUBLISHED_TABLES}
        return lake.place(lake.find_live(tables[table]).files[0])

    return find


def delivered(data: Path) -> Path:
    """Return the file that delivers a bundle."""
    lake = Lake(str(data / "lake"))
    files = DeltaTable(lake.path_of("deliveries")).file_uris()
    return Path(next(file for file in files if "bundle=may" in file))


CASES = (
    Case("pages of a bundle", live("raw_articles")),
    Case("quotations of a bundle", live("quotes")),
    Case("bundle table", live("bundles")),
    Case("pack", newest("lake/packs/quotes/*.parquet")),
    Case("corpus table", live("name_links")),
    Case("log of a bundle table", newest("lake/segments/_delta_log/*.json")),
    Case("log of a corpus table", newest("lake/stories/_delta_log/*.json")),
    Case("checkpoint of a bundle table", newest("lake/mentions/_delta_log/*.checkpoint.parquet")),
    Case("log of deliveries", newest("lake/deliveries/_delta_log/*.json")),
    Case("checkpoint of deliveries", newest("lake/deliveries/_delta_log/*.checkpoint.parquet")),
    Case("deliveries", delivered),
    Case("log of publications", newest("lake/publications/_delta_log/*.json")),
    Case("publications", newest("lake/publications/*.parquet")),
    Case("catalogue", lambda data: data / "copydesk.duckdb"),
)


def strike(path: Path, blow: Blow) -> None:
    """Damage a file."""
    whole = path.read_bytes()
    if blow is Blow.DELETED:
        path.unlink()
    elif blow is Blow.TRUNCATED:
        path.write_bytes(whole[: len(whole) // 2])
    elif blow is Blow.ZEROED:
        path.write_bytes(bytes(len(whole)))
    else:
        middle = len(whole) // 2
        path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])


def make_data(data: Path) -> Direct:
    """Make a data folder with bundles in a pack, bundles of their own, and three snapshots."""
    settings = load_settings(data=data).model_copy(
        update={"workers": 1, "quotes": QuoteMethod.RULES}
    )
    engine = Direct(settings, Progress())
    for month, (place, name) in zip((*PACKED, *OWN), zip(PLACES, NAMES, strict=True), strict=False):
        folder = settings.data / "inbox" / month
        folder.mkdir(parents=True)
        page = PAGE.format(place=place, upper=place.upper(), name=name, surname=name.split()[-1])
        (folder / "page.txt").write_text(page, "utf-8")
    for month in PACKED:
        take_in(month, engine)
    require(engine.publish())
    compact(settings.lake)
    for month in OWN:
        take_in(month, engine)
    require(engine.publish())
    for table in ("mentions", "deliveries"):
        DeltaTable(settings.lake.path_of(table)).create_checkpoint()
    take_in("june", engine, force=True)
    require(engine.publish())
    return engine


def take_in(month: str, engine: Direct, *, force: bool = False) -> None:
    """Take a bundle of the inbox in."""
    wanted = find_wanted(engine.settings.data / "inbox" / month, engine.settings, name=None)
    if not ingest_bundle(wanted, engine, is_forced=force):
        sys.exit(f"{month}: not taken in")


def require(problem: str | None) -> None:
    """Stop where a step of the preparation fails."""
    if problem is not None:
        sys.exit(problem)


def read_rows(catalogue: Path) -> dict[str, list[str]]:
    """Return all rows that readers see."""
    with duckdb.connect(str(catalogue), read_only=True) as connection:
        names = connection.sql(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_name NOT IN ('origin', 'snapshot')"
        ).fetchall()
        return {
            name: sorted(map(repr, connection.sql(f'FROM "{name}"').fetchall()))
            for (name,) in names
        }


def publish_damaged(engine: Direct) -> str:
    """Try to publish; return a sentence where that is refused, or nothing."""
    try:
        return engine.publish() or ""
    except CopydeskError as error:
        return str(error)


def try_case(case: Case, blow: Blow, base: Path, engine: Direct) -> Iterator[str]:
    """Yield what one blow comes to."""
    data = engine.settings.data
    lake = engine.settings.lake
    restore(base, data)
    expected = read_rows(base / "copydesk.duckdb")
    path = case.find(data)
    strike(path, blow)
    name = str(path.relative_to(data)).removeprefix("lake/")
    found = examine_data(data, lake)
    hit = [each for each in found if each.damage.file == name]
    if hit or any(name.startswith(f"{each.damage.file}/") for each in found):
        yield "named"
    before = (data / "copydesk.duckdb").stat().st_ino if path.name != "copydesk.duckdb" else 0
    refused = publish_damaged(engine)
    is_new = (data / "copydesk.duckdb").exists() and (
        (data / "copydesk.duckdb").stat().st_ino != before
    )
    if is_new and not refused:
        yield "published the same" if _reads_as(data, expected) else "published as other rows"
    elif refused:
        yield "refused with a sentence" if "\n" not in refused else "refused with a traceback"
    lines = repair_data(data, lake, examine_data(data, lake), engine=engine)
    left = examine_data(data, lake)
    is_same = _reads_as(data, expected)
    if not left and is_same:
        yield "repaired"
    elif lines:
        yield "left to a backup with a sentence"
    else:
        yield "not repaired"
        sys.stderr.write(f"{case.kind}, {blow}: {refused} {[str(each) for each in left]}\n")
    if not hit:
        sys.stderr.write(f"{case.kind}, {blow}: {name} in {[str(each) for each in found]}\n")


def _reads_as(data: Path, expected: dict[str, list[str]]) -> bool:
    try:
        return read_rows(data / "copydesk.duckdb") == expected
    except duckdb.Error:
        return False


def restore(base: Path, data: Path) -> None:
    """Put the undamaged data folder back."""
    shutil.rmtree(data)
    shutil.copytree(base, data)


def main() -> None:
    """Run all cases and print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kinds", nargs="*", help="only these kinds of file")
    parser.add_argument("--blows", nargs="*", type=Blow, help="only these kinds of damage")
    options = parser.parse_args()
    started = time.monotonic()
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        data, base = Path(folder).resolve() / "data", Path(folder).resolve() / "base"
        engine = make_data(data)
        shutil.copytree(data, base)
        for case in CASES:
            if options.kinds and case.kind not in options.kinds:
                continue
            for blow in options.blows or Blow:
                outcomes = list(try_case(case, blow, base, engine))
                counts["cases"] += 1
                counts.update(outcomes)
                sys.stderr.write(f"{case.kind}, {blow}: {', '.join(outcomes)}\n")
    report = {**counts, "seconds": round(time.monotonic() - started)}
    sys.stdout.write(json.dumps(report) + "\n")


if __name__ == "__main__":
    main()
