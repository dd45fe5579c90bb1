"""Behaviour of `publishing.versions`: an edit makes stale what is made with the file, no more."""

import re
import shutil
import sys

import dagster as dg
import pytest

from assets.declare import BUNDLE_PARTITIONS
from copydesk.cleaning.articles import pair_pages
from copydesk.extraction.extract import extract_batches, select_copies
from copydesk.publishing.versions import (
    PACKAGE,
    Sources,
    bundle_versions,
    table_files,
    table_version,
)
from copydesk.quotations.methods import QuoteMethod
from copydesk.settings import Settings
from copydesk.tables import (
    ARTICLES,
    BUNDLE_TABLES,
    CORPUS_TABLES,
    PUBLISHED_TABLES,
    RAW_ARTICLES,
    SEGMENTS,
)
from pipelines.definitions import build_definitions
from pipelines.jobs import ingest, publish
from pipelines.resources import CHECKOUT

SAMPLE = CHECKOUT / "data" / "samples" / "ferry-strike"
STEPS = (
    ("raw_articles", "rejected_files", "bundles"),
    ("segments",),
    ("articles", "article_facts"),
    ("mentions", "quotes", "page_corrections"),
    ("deliveries",),
    ("entities", "name_links", "corpus_corrections"),
    ("outlets",),
    ("stories",),
    ("quote_groups",),
)
OPENED: set[str] = set()  # data files of the library that Python has opened since the last step
WATCHING: list[bool] = []


def makes_no_row(frame):
    """Return whether a check of the lake or the hash of the files is running."""
    while frame is not None:
        if frame.f_globals.get("__name__") in {
            "copydesk.lake.checks",
            "copydesk.lexicons.models",  # verifies what others then open
            "copydesk.publishing.versions",
        }:
            return True
        frame = frame.f_back
    return False


def note_opened(event, arguments):
    """Remember a data file of the library; an audit hook cannot be removed."""
    if WATCHING and event == "open" and str(arguments[0]).startswith(f"{PACKAGE}/"):
        name = str(arguments[0]).removeprefix(f"{PACKAGE}/")
        if makes_no_row(sys._getframe()):  # noqa: SLF001 - a hook has no other way to know its caller
            return
        if not name.endswith((".py", ".pyc")) and "__pycache__" not in name:
            OPENED.add(name)


def forget_what_was_read():
    """Empty the caches of the library, so that the next step reads its files again."""
    for name, module in list(sys.modules.items()):
        if name.startswith("copydesk."):
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()
    OPENED.clear()


def extract_here(lake):
    """Read the articles in this process too: the hook does not see what workers open."""
    pages = pair_pages(
        RAW_ARTICLES.to_rows(lake.read(RAW_ARTICLES, bundle="ferry-strike")),
        SEGMENTS.to_rows(lake.read(SEGMENTS, bundle="ferry-strike")),
    )
    copies = select_copies(pages, ARTICLES.to_rows(lake.read(ARTICLES, bundle="ferry-strike")))
    assert sum(batch.n_articles for batch in extract_batches(copies, n_workers=1)) > 10


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """Return the library without its weights in a folder of its own."""
    folder = tmp_path_factory.mktemp("edited") / "copydesk"
    ignored = shutil.ignore_patterns("*.onnx", "quotes.tokenizer.json", "__pycache__")
    shutil.copytree(PACKAGE, folder, ignore=ignored)
    return folder


def edited(folder, name):
    """Return the names of the tables that an edit of a file makes stale."""
    before = {t.name: table_version(t, sources=Sources(folder)) for t in PUBLISHED_TABLES}
    text = (folder / name).read_bytes()
    (folder / name).write_bytes(text + b"\n")
    after = {t.name: table_version(t, sources=Sources(folder)) for t in PUBLISHED_TABLES}
    (folder / name).write_bytes(text)
    return {name for name in before if before[name] != after[name]}


@pytest.mark.parametrize(
    ("name", "stale"),
    [
        ("lexicons/en/given_names.toml", {"mentions", "quotes", "entities", "name_links"}),
        ("lexicons/en/cues.toml", {"mentions", "quotes", "quote_groups"}),
        (
            "lexicons/en/boilerplate.toml",
            {"raw_articles", "rejected_files", "bundles", "segments"},
        ),
        ("lexicons/en/facts.toml", {"articles", "article_facts"}),
        ("lexicons/en/spelling.toml", {"quote_groups"}),
        (
            "lexicons/en/countries.toml",
            {
                *("segments", "articles", "article_facts"),
                *("mentions", "quotes", "entities", "name_links"),
            },
        ),
        (
            "lexicons/outlets.toml",
            {
                *("raw_articles", "rejected_files", "bundles", "segments"),
                *("articles", "article_facts", "outlets"),
            },
        ),
        ("lexicons/fields.toml", {"raw_articles", "rejected_files", "bundles"}),
        ("cleaning/lines.npz", {"segments"}),
        ("entities/rules/acronym.sql", {"entities", "name_links"}),
        ("publishing/views/people.sql", set()),
        ("cleaning/lines.md", set()),
    ],
)
def test_an_edit_makes_stale_what_is_made_with_the_file(copied, name, stale):
    assert edited(copied, name) == stale


def test_a_new_use_of_a_list_is_seen_at_once(tmp_path, copied):
    folder = tmp_path / "copydesk"
    shutil.copytree(copied, folder)
    used = folder / "text" / "lines.py"
    used.write_text(
        "from copydesk.lexicons.load import load_stock_words\nSTOCK = load_stock_words\n"
        + used.read_text("utf-8").replace("WORD = ", "WORD = STOCK and "),
        "utf-8",
    )
    assert "segments" in edited(folder, "lexicons/en/stock_words.toml")


def test_only_the_tagger_is_made_with_weights():
    by_rules, by_tagger = map(bundle_versions, (QuoteMethod.RULES, QuoteMethod.TAGGER))
    assert {name for name in by_rules if by_rules[name] != by_tagger[name]} == {
        "mentions",
        "quotes",
    }
    (quotes,) = (table for table in PUBLISHED_TABLES if table.name == "quotes")
    added = table_files(quotes, method=QuoteMethod.TAGGER) - table_files(quotes)
    assert {name.rpartition("/")[2] for name in added} == {
        "quotes.onnx",
        "quotes.links.onnx",
        "quotes.npz",
        "quotes.tokenizer.json",
    }
    assert table_files(quotes, method=QuoteMethod.RULES) == table_files(quotes)


def test_a_version_is_a_revision_and_a_short_hash():
    for table in PUBLISHED_TABLES:
        has_files = bool(table_files(table, method=QuoteMethod.TAGGER))
        pattern = rf"{table.revision}-[0-9a-f]{{8}}" if has_files else str(table.revision)
        assert re.fullmatch(pattern, table_version(table)), table.name


@pytest.mark.model
def test_what_is_opened_while_a_table_is_made_is_declared(tmp_path):
    # A real run, step by step; the network and the tokenizer are opened outside Python.
    settings = Settings(data=tmp_path / "data", workers=1)
    settings.inbox.mkdir(parents=True)
    shutil.copytree(SAMPLE, settings.inbox / "ferry-strike")
    defs = build_definitions(settings)
    made = (*BUNDLE_TABLES, *CORPUS_TABLES)
    declared = {t.name: table_files(t, method=QuoteMethod.TAGGER) for t in made}
    opened = {}
    sys.addaudithook(note_opened)
    WATCHING.append(True)
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance:
        instance.add_dynamic_partitions(str(BUNDLE_PARTITIONS.name), ["ferry-strike"])
        for step in STEPS:
            forget_what_was_read()
            is_corpus = step[0] in {"entities", "outlets", "stories", "quote_groups"}
            job = defs.resolve_job_def((publish if is_corpus else ingest).name)
            result = job.execute_in_process(
                instance=instance,
                partition_key=None if is_corpus else "ferry-strike",
                asset_selection=[dg.AssetKey(name) for name in step],
            )
            assert result.success
            if "quotes" in step:
                extract_here(settings.lake)
            opened |= dict.fromkeys(step, frozenset(OPENED))
    WATCHING.clear()
    # What became of corrections follows from the rows that they are made beside.
    for name in declared.keys() - {"page_corrections", "corpus_corrections"}:
        assert opened[name] <= declared[name], name
    assert "lexicons/en/given_names.toml" in opened["quotes"]
    assert "cleaning/lines.npz" in opened["segments"]
