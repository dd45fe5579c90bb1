"""`copydesk doctor` on a real data folder: damage is named, and made again from the inbox."""

import os
import shutil

import duckdb
import pytest
from typer.testing import CliRunner

from copydesk.commands.app import app
from copydesk.commands.bundles import run_bundles
from copydesk.commands.direct import Direct
from copydesk.commands.progress import Progress
from copydesk.lake.lake import Lake
from copydesk.quotations.methods import QuoteMethod
from copydesk.settings import load_settings
from copydesk.tables import PUBLISHED_TABLES, QUOTES, STORIES, TEXT_FEATURES

pytestmark = pytest.mark.model

PAGE = """\
{place} lighthouse to close

{place} — The lighthouse of {place} will close in the autumn, its keeper {name} said on Tuesday.

“The lamp never went out while I was awake,” {name} said. “I cannot speak for the gulls.”
"""
PLACES = {"may": ("Keelby", "Ada Quillfeather"), "june": ("Sandholm", "Edwin Marrowby")}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Make a data folder that nobody damages; tests copy it."""
    data = tmp_path_factory.mktemp("whole") / "data"
    for bundle, (place, name) in PLACES.items():
        folder = data / "inbox" / bundle
        folder.mkdir(parents=True)
        (folder / "page.txt").write_text(PAGE.format(place=place, name=name), "utf-8")
    settings = load_settings(data=data)
    engine = Direct(
        settings.model_copy(update={"workers": 1, "quotes": QuoteMethod.RULES}), Progress()
    )
    assert run_bundles(sorted(engine.settings.inbox.iterdir()), engine) == 0
    return data


@pytest.fixture
def data(whole, tmp_path, monkeypatch):
    """Copy the data folder, for a test to damage."""
    monkeypatch.setenv("COPYDESK_WORKERS", "1")
    monkeypatch.setenv("COPYDESK_QUOTES", "rules")
    shutil.copytree(whole, tmp_path / "data")
    data = tmp_path / "data"
    ask("--repair", data=data)  # it was moved
    return data


def ask(*options, data, command="doctor"):
    return CliRunner().invoke(app, [command, *options, "--data", str(data)])


def rows_of(data):
    with duckdb.connect(str(data / "copydesk.duckdb"), read_only=True) as connection:
        return {
            table.name: sorted(map(repr, connection.sql(f"FROM {table.name}").fetchall()))
            for table in PUBLISHED_TABLES
            if table.name != "bundles"  # which name the folder that they were read from
        }


def live_file(data, table, bundle=None):
    lake = Lake(str(data.resolve() / "lake"))
    return lake.place(lake.find_live(table, bundle=bundle).files[0])


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_whole_folder_has_exit_code_0(data):
    done = ask(data=data)
    assert (done.exit_code, done.stdout.count("\n")) == (0, 1)
    assert "every file is there and as it was delivered" in done.stdout


@pytest.mark.parametrize("blow", [flip, os.unlink])
def test_a_damaged_bundle_is_named_and_taken_in_again(data, blow):
    before = rows_of(data)
    path = live_file(data, QUOTES, "may")
    blow(path)
    done = ask(data=data)
    assert done.exit_code == 1
    assert f"quotes of bundle may: quotes/bundle=may/{path.name}: " in done.stdout
    assert "`copydesk doctor --repair` takes the bundle in again" in done.stdout
    repaired = ask("--repair", data=data)
    assert repaired.exit_code == 0, repaired.stdout
    assert ask(data=data).exit_code == 0
    assert rows_of(data) == before


def test_a_damaged_bundle_whose_files_are_gone_needs_a_backup(data, whole):
    flip(live_file(data, QUOTES, "may"))
    shutil.rmtree(data / "inbox" / "may")
    read_from, elsewhere = whole / "inbox" / "may", whole / "elsewhere"
    read_from.rename(elsewhere)
    try:
        done = ask("--repair", data=data)
    finally:
        elsewhere.rename(read_from)
    assert done.exit_code == 1, done.stdout
    assert "may: its files are neither where they were read nor in the inbox" in done.stdout


DERIVED = {
    "corpus": lambda data: live_file(data, STORIES),
    "catalogue": lambda data: data / "copydesk.duckdb",
    "log": lambda data: max((data / "lake/segments/_delta_log").glob("*.json")),
    "log of deliveries": lambda data: max((data / "lake/deliveries/_delta_log").glob("*.json")),
    "history": lambda data: max((data / "lake/publications").glob("*.parquet")),
}


@pytest.mark.parametrize(
    ("find", "blow"),
    [
        (DERIVED["corpus"], flip),
        (DERIVED["catalogue"], flip),
        (DERIVED["log"], os.unlink),
        (DERIVED["log of deliveries"], flip),
        (DERIVED["history"], os.unlink),
    ],
    ids=DERIVED,
)
def test_what_is_derived_is_named_and_derived_again(data, find, blow):
    before = rows_of(data)
    path = find(data)
    blow(path)
    done = ask(data=data)
    assert done.exit_code == 1
    assert path.name in done.stdout
    repaired = ask("--repair", data=data)
    assert repaired.exit_code == 0, repaired.stdout
    assert ask(data=data).exit_code == 0
    assert rows_of(data) == before


def kept_articles(data):
    """Return the articles of which something is kept for the next publication."""
    lake = Lake(str(data.resolve() / "lake"))
    query = f"SELECT article_id FROM {lake.relation_sql(TEXT_FEATURES)}"
    return [article_id for (article_id,) in duckdb.sql(query).fetchall()]


def test_a_withdrawn_article_is_gone_from_every_table(data):
    with duckdb.connect(str(data / "copydesk.duckdb"), read_only=True) as connection:
        query = "SELECT article_id FROM articles WHERE bundle = 'may'"
        ((article_id,),) = connection.sql(query).fetchall()
    done = ask(article_id, "--reason", "a request", data=data, command="withdraw")
    assert done.exit_code == 0
    for table, rows in rows_of(data).items():
        assert not any(article_id in row for row in rows), table
    assert article_id not in kept_articles(data)
    assert "a request" in ask(data=data, command="withdraw").stdout
    engine = Direct(load_settings(data=data), Progress())
    assert run_bundles([data / "inbox" / "may"], engine, may_replace=True, is_forced=True) == 0
    assert not any(article_id in row for row in rows_of(data)["articles"])
    assert ask(data=data).exit_code == 0


def test_a_withdrawn_bundle_is_refused_in_one_line(data, capfd):
    assert ask("may", data=data, command="withdraw").exit_code == 0
    engine = Direct(load_settings(data=data), Progress())
    assert run_bundles([data / "inbox" / "may"], engine) == 1
    assert capfd.readouterr().err == (
        "copydesk: may: was withdrawn; `copydesk withdraw --undo may` lets it in again\n"
    )


def take_in(data):
    """Take a bundle in again, in this process: the command becomes Dagster's in a checkout."""
    settings = load_settings(data=data)
    engine = Direct(
        settings.model_copy(update={"workers": 1, "quotes": QuoteMethod.RULES}), Progress()
    )
    return run_bundles([engine.settings.inbox / "may"], engine, may_replace=True)


@pytest.mark.parametrize("damage", ["flipped", "truncated", "empty"])
def test_a_run_makes_a_damaged_catalogue_again_and_says_so(data, capsys, damage):
    before, path = rows_of(data), data / "copydesk.duckdb"
    if damage == "flipped":
        flip(path)
    else:
        os.truncate(path, path.stat().st_size // 2 if damage == "truncated" else 0)
    capsys.readouterr()
    assert take_in(data) == 0
    assert capsys.readouterr().err.count("is not as it was published; publishing it again") == 1
    assert rows_of(data) == before
    assert ask(data=data).exit_code == 0


@pytest.mark.parametrize("table", [QUOTES, STORIES], ids=lambda table: table.name)
def test_a_run_does_not_end_well_over_a_damaged_file(data, capsys, table):
    before = rows_of(data)
    live_file(data, table, None if table is STORIES else "may").write_bytes(b"")
    capsys.readouterr()
    if take_in(data) == 0:
        assert rows_of(data) == before
    else:
        assert "copydesk doctor --repair" in capsys.readouterr().err
