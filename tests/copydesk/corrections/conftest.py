"""What tests of corrections share: a bundle of invented pages, and a project that takes it in."""

import json

import pytest

from copydesk.api.catalogue import connect
from copydesk.commands.bundles import run_bundles
from copydesk.commands.direct import Direct
from copydesk.corrections.files import append_correction
from copydesk.extraction import extract
from copydesk.quotations.methods import QuoteMethod
from copydesk.settings import Settings

FERRY = """\
Ferry is late again

KEELBY (Tidewater Wire) — The ferry from Keelby came an hour late on Monday, its captain
 Ida Rolf said at the quay, where two hundred people had waited in the rain.

“The engine stopped twice off the point, and we waited for the tide to turn,” Rolf said.

The mayor, Paul Tamm, said that the town would ask for a second boat before the winter.

“We cannot run a town on one boat,” he said.

Read also: The bridge that nobody wanted

Sign up for our newsletter and never miss a tide.
"""
BRIDGE = """\
Bridge opens in spring

SALTPORT — The bridge over the sound will open in the spring, the engineer Orla Venn told
 the council on Tuesday, two years after the first pier was set.

“It has carried every load that we put on it,” Venn said.
 “I would drive my own children over it.”

Council member Jon Kell denied that the bridge had cost twice as much as planned.

Kell said the council would publish the accounts in May.
"""
MARKET = """\
Fish prices fall

KEELBY — Cod was sold for less than the ice that it lay on, the auctioneer Mads Brun said
 on Wednesday, after the largest catch that the harbour had seen in ten years.

“Nobody remembers a morning like this one,” Brun said.

“I gave the rest to the gulls,” said Tilda Marr, who has sold fish here since she was a girl.
"""


def unwrap(text):
    """Return a text whose lines go on where the next one begins with a space."""
    return text.replace("\n ", " ")


PAGES = {
    "ferry": {"url": "https://courier.example/ferry", "text": unwrap(FERRY)},
    "bridge": {"url": "https://courier.example/bridge", "text": unwrap(BRIDGE)},
    "market": {"url": "https://courier.example/market", "text": unwrap(MARKET)},
}
SIGNED = {"author": "ib", "date": "2031-05-04"}


class Silent:
    """Shows no progress."""

    def track(self, items, *, stage, total=None, n_pages=len):  # noqa: ARG002 - as `Progress` has it
        yield from items


class Project:
    """A data folder with one bundle, its corrections, and what was published of them."""

    def __init__(self, folder):
        self.settings = Settings(data=folder, quotes=QuoteMethod.RULES, workers=1)
        self.bundle = folder / "inbox" / "may.jsonl"
        self.bundle.parent.mkdir(parents=True)
        self.write(PAGES.values())

    def write(self, pages):
        self.bundle.write_text("".join(f"{json.dumps(page)}\n" for page in pages), "utf-8")

    def run(self, **options):
        assert run_bundles([self.bundle], Direct(self.settings, Silent()), **options) == 0

    def pages(self):
        return {name: dict(page) for name, page in PAGES.items()}

    def publish(self):
        assert Direct(self.settings, Silent()).publish() is None

    def correct(self, kind, /, **cells):
        return append_correction(self.settings.decisions.corrections, kind(**SIGNED, **cells))

    def rows(self, query):
        with connect(self.settings.catalogue) as connection:
            return connection.execute(query).fetchall()

    def id_of(self, name):
        return self.rows(f"SELECT article_id FROM raw_articles WHERE url LIKE '%/{name}'")[0][0]


@pytest.fixture
def extracted(monkeypatch):
    """Return a list of the pages that were extracted; it is done in this process."""
    seen = []

    def extract_here(copies, *, method, **_):
        copies = list(copies)
        seen.extend(copy.source_path for copy in copies)
        yield extract.extract_batch(copies, method)

    monkeypatch.setattr(extract, "extract_batches", extract_here)
    return seen


@pytest.fixture
def project(tmp_path, extracted):  # noqa: ARG001 - who runs a project extracts here
    return Project(tmp_path)
