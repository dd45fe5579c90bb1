"""How robust reading is: N mutated files of all formats, and what becomes of each.

A file is at fault where something raises, where it gives neither a page nor a refusal, or where the
CPU seconds go beyond a bound. Each file is one of some invented ones, mutated by its number alone:
bytes flipped, cut, doubled, moved, replaced by those of another file, or by numbers that mean a
size. What is read is labelled and composed too, and every `--bundle` files are read as one bundle.
"""

import argparse
import bz2
import gzip
import io
import json
import lzma
import sys
import tarfile
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from benchmarks.robustness.containers import make_containers, pack_zip
from copydesk.cleaning.articles import compose_articles, pair_pages
from copydesk.cleaning.segments import label_page
from copydesk.errors import BundleError
from copydesk.reading.bundles import read_bundle
from copydesk.rows import Bundle, RawArticle, RejectedFile

SEED = "mutations"
SLOW_SECONDS = 10.0  # CPU
N_PRINTED = 10
MAX_MUTATIONS = 4
NUMBERS = (0, 1, 0x7F, 0xFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 2**63 - 1)
TEXT = (
    "Ferries stand still for a third day\n"
    "By Ida Brandt | May 3, 2031\n\n"
    "“We will not sail,” union leader Anna Miller said at the quay on Monday, and nobody did.\n"
    "Paul Holm, the mayor of Port Elsa, said that the strike was an insult to the islands.\n"
)


class Outcome(NamedTuple):
    """What became of a file: rows, and the faults."""

    name: str
    n_pages: int
    n_rejected: int
    faults: tuple[str, ...]
    seconds: float


def main() -> None:
    """Read mutated files, print what became of them; exit 1 if anything was at fault."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.robustness.mutations", description=__doc__.splitlines()[0]
    )
    parser.add_argument("n_files", type=int, metavar="N")
    parser.add_argument("--first", type=int, default=0, help="number of the first file")
    parser.add_argument("--bundle", type=int, default=50, help="files of one bundle")
    options = parser.parse_args()
    files = make_files()
    counts: Counter[str] = Counter()
    faulty: list[Outcome] = []
    last = options.first + options.n_files
    for first in range(options.first, last, options.bundle):
        numbers = range(first, min(first + options.bundle, last))
        for outcome in read_together(dict(mutate(number, files) for number in numbers)):
            counts["files"] += 1
            counts["pages"] += outcome.n_pages
            counts["rejected"] += outcome.n_rejected
            counts.update(fault.partition(":")[0] for fault in outcome.faults)
            faulty += [outcome] if outcome.faults else []
    sys.stdout.write(json.dumps({**counts, "at_fault": len(faulty)}) + "\n")
    for outcome in faulty[:N_PRINTED]:
        sys.stdout.write(f"{outcome.name}: {'; '.join(outcome.faults)}\n")
    sys.exit(1 if faulty else 0)


def make_files() -> dict[str, bytes]:
    """Return an invented file of each format and packing, by name."""
    page = "".join(f"<p>{line}</p>" for line in TEXT.splitlines())
    html = f"<html><head><title>Ferries</title></head><body>{page}</body></html>"
    records = [{"headline": "Ferries", "text": TEXT, "date": f"2031-05-0{n}"} for n in (1, 2, 3)]
    lines = "".join(f"{json.dumps(record)}\n" for record in records)
    rows = "".join(f'"{n}","{TEXT}"\n' for n in (1, 2, 3))
    table = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(records), table)
    plain = {
        "a.txt": TEXT.encode(),
        "b.html": html.encode(),
        "c.json": json.dumps(records).encode(),
        "d.jsonl": lines.encode(),
        "e.csv": f'"id","text"\n{rows}'.encode(),
        "f.tsv": f'"id"\t"text"\n"1"\t"{TEXT}"\n'.encode("utf-16"),
        "g.parquet": table.getvalue(),
        "h.warc": _pack_warc(html),
    }
    packed = {
        "i.txt.gz": gzip.compress(plain["a.txt"]),
        "j.html.bz2": bz2.compress(plain["b.html"]),
        "k.json.xz": lzma.compress(plain["c.json"]),
        "l.jsonl.zst": zstandard.compress(plain["d.jsonl"]),
        "m.zip": pack_zip(plain),
        "n.tar": _pack_tar(plain),
        "o.tar.gz": gzip.compress(_pack_tar(plain)),
        "p.warc.gz": gzip.compress(plain["h.warc"]),
    }
    return {**plain, **packed, **make_containers(html, TEXT)}


def _pack_warc(html: str) -> bytes:
    body = html.encode()
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://post.example/a\r\n"
        f"Content-Length: {len(http)}\r\n\r\n"
    )
    return (head.encode() + http + b"\r\n\r\n") * 2


def _pack_tar(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in files.items():
            header = tarfile.TarInfo(name)
            header.size = len(data)
            header.pax_headers = {"comment": name}
            archive.addfile(header, io.BytesIO(data))
    return packed.getvalue()


def mutate(number: int, files: Mapping[str, bytes]) -> tuple[str, bytes]:
    """Return the name and the bytes of a mutated file, which depend on its number alone."""
    rng = Random(f"{SEED}/{number}")  # noqa: S311 - nothing is secret
    name = sorted(files)[number % len(files)]
    data = bytearray(files[name])
    for _ in range(rng.randint(1, MAX_MUTATIONS)):
        rng.choice(MUTATIONS)(data, rng, files)
    return f"{number:06}-{name}", bytes(data)


def _flip(data: bytearray, rng: Random, _: Mapping[str, bytes]) -> None:
    n_flips = rng.choice((1, 1, 4, 32)) if data else 0
    for _n in range(n_flips):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _cut(data: bytearray, rng: Random, _: Mapping[str, bytes]) -> None:
    del data[rng.randint(0, len(data)) :]


def _remove(data: bytearray, rng: Random, _: Mapping[str, bytes]) -> None:
    at = rng.randint(0, len(data))
    del data[at : at + rng.choice((1, 7, 512))]


def _double(data: bytearray, rng: Random, _: Mapping[str, bytes]) -> None:
    at = rng.randint(0, len(data))
    data[at:at] = data[at : at + rng.choice((1, 16, 512, 4_096))] * rng.choice((1, 2, 64))


def _number(data: bytearray, rng: Random, _: Mapping[str, bytes]) -> None:
    width = rng.choice((1, 2, 4, 8))
    value = rng.choice(NUMBERS) & ((1 << 8 * width) - 1)
    at = rng.randint(0, len(data))
    data[at : at + width] = value.to_bytes(width, rng.choice(("little", "big")))


def _digits(data: bytearray, rng: Random, _: Mapping[str, bytes]) -> None:
    places = [i for i, byte in enumerate(data) if chr(byte).isdigit()]
    if places:
        at = rng.choice(places)
        data[at : at + 1] = rng.choice((b"-", b"1e9", b"9" * 4_300, b"0", b"7777777777777"))


def _splice(data: bytearray, rng: Random, files: Mapping[str, bytes]) -> None:
    other = files[rng.choice(sorted(files))]
    start = rng.randint(0, len(other))
    at = rng.randint(0, len(data))
    data[at : at + rng.choice((0, 64, 512))] = other[start : start + rng.choice((8, 512, 4_096))]


MUTATIONS: Sequence[Callable[[bytearray, Random, Mapping[str, bytes]], None]] = (
    _flip,
    _cut,
    _remove,
    _double,
    _number,
    _digits,
    _splice,
)


def read_together(files: Mapping[str, bytes]) -> Iterator[Outcome]:
    """Yield what becomes of files that are one bundle; where it stops, each is tried alone."""
    started = time.process_time()
    rows, fault = _read_all(files)
    seconds = time.process_time() - started
    if len(files) > 1 and (fault or seconds > SLOW_SECONDS):
        for name, data in files.items():
            yield from read_together({name: data})
        return
    pages, rejected = Counter[str](), Counter[str]()
    for row in rows:
        path = row.source_path.split("/")[0].split("#")[0]
        (pages if isinstance(row, RawArticle) else rejected)[path] += 1
    for name in files:
        faults = [fault] if fault else []
        faults += ["lost"] if not fault and not pages[name] + rejected[name] else []
        faults += [f"slow: {seconds:.1f} CPU seconds"] if seconds > SLOW_SECONDS else []
        yield Outcome(name, pages[name], rejected[name], tuple(faults), seconds)


def _read_all(files: Mapping[str, bytes]) -> tuple[list[RawArticle | RejectedFile], str]:
    """Return the rows of files, and what went wrong with them together."""
    rows: list[RawArticle | RejectedFile] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        try:
            for row in read_bundle(Path(folder), bundle="may"):
                if isinstance(row, Bundle):
                    continue
                rows.append(row)
                if isinstance(row, RawArticle):
                    list(compose_articles(pair_pages([row], label_page(row))))
        except BundleError as error:
            return rows, f"stopped: {error}"
        except Exception as error:  # noqa: BLE001 - that nothing is raised, whatever it is, is measured
            place = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{Path(place.filename).name}:{place.lineno}"
            return rows, f"exception: {type(error).__name__} in {where}: {error}"
    return rows, ""


if __name__ == "__main__":
    main()
