"""The commands about corrections: a look before a row is written, reasons by id, a comparison."""

import json
import os
import subprocess
import sys

import duckdb
import pytest
from typer.testing import CliRunner

from copydesk.commands.app import app
from copydesk.commands.complete import complete_target
from copydesk.corrections.files import append_correction, read_corrections
from copydesk.corrections.kinds import LineRow
from copydesk.values import CorrectionKind

SPEECH = "the council would publish the accounts in May"


@pytest.fixture
def call(project):
    """Return a function that calls the command on a project that has been published."""
    project.run()

    def run_command(*arguments, answer=None):
        options = ["--data", str(project.settings.data)]
        return CliRunner().invoke(app, [*arguments, *options], input=answer)

    return run_command


def written(project):
    return [placed.row for placed in read_corrections(project.settings.decisions.corrections)]


@pytest.mark.model
def test_corrections_are_written_explained_and_evaluated(project, call, tmp_path):
    query = f"SELECT quote_id FROM quotes WHERE content = '{SPEECH}'"
    ((quote_id,),) = project.rows(query)
    ferry, bridge = project.id_of("ferry"), project.id_of("bridge")

    asked = call("correct", "quote", quote_id[:12], "--speaker", "Orla Venn", answer="n\n")
    assert "before  speaker: Jon Kell" in asked.stdout
    assert "after   speaker: Orla Venn" in asked.stdout
    assert "of      Bridge opens in spring" in asked.stdout
    assert written(project) == []  # no was the answer

    note = ("--note", "she has the accounts", "--author", "ib", "--yes")
    done = call("correct", "quote", quote_id[:12], "--speaker", "Orla Venn", *note)
    assert (done.exit_code, "may.jsonl` applies it" in done.stdout) == (0, True)
    (row,) = written(project)
    assert (row.content, row.article, row.author) == (SPEECH, bridge, "ib")
    assert row.url == "https://courier.example/bridge"

    newsletter = "Sign up for our newsletter and never miss a tide."
    of_post = ("--outlet", "Saltport Post", "--published-on", "2031-05-02")
    for arguments in [
        ("line", f"{ferry[:10]}:11", "--restore"),
        ("line", ferry, newsletter, "--label", "legal"),
        ("article", bridge[:10], *of_post),
        ("entity", "Ida Rolf", "--rename-to", "Ida M. Rolf"),
        ("outlet", "courier.example", "--name", "Keelby Courier", "--country", "NO"),
    ]:  # fmt: skip
        made = call("correct", *arguments, "--yes")
        assert made.exit_code == 0, made.output
    assert {row.kind_of for row in written(project)} == set(CorrectionKind)
    assert len(written(project)) == 6

    for arguments, message in [
        (("quote", "ffff", "--reject"), "ffff: no quotation has an id that begins so"),
        (("quote", quote_id, "--speaker", "Nobody Known"), "not written: the article does not"),
        (("quote", quote_id), "change needs one of speaker, type, assertion and becomes"),
        (("line", ferry, "No such line", "--remove"), "not written: the page has no line"),
        (("line", ferry, "--remove"), "say which line: PAGE:POSITION"),
        (("line", f"{ferry}:99", "--remove"), "the page has lines 0 to"),
        (("line", f"{ferry}:0"), "say what to do with the line"),
        (("article", ferry, "--speaker", "x"), "--speaker is nothing that a correction of"),
        (("article", ferry, "--published-on", "3 May"), "'3 May' is not a day as 2031-05-03"),
        (("entity", "Nobody", "--drop"), "not written: no entity is called 'Nobody'"),
        (("entity", "Jon Kell", "--drop", "--split"), "--split and --drop do not go together"),
        (("outlet", "x.example", "--name", "X"), "not written: no article states this host"),
        (("outlet", "courier.example"), "give --name"),
        (("entity", "Jon Kell", "--merge-into", "Jon Kel"), "no entity is called 'Jon Kel'; --ren"),
        (("entity", "Jon Kell", "--merge-into", "jon kell"), "merges 'Jon Kell' into itself"),
        (("quote", quote_id[:3], "--reject"), "give at least 4 characters of the id"),
    ]:  # fmt: skip
        refused = call("correct", *arguments, "--yes")
        assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1), refused.output
        assert message in refused.stderr
    assert len(written(project)) == 6
    check_rows_beside(project, call)

    project.run()
    ((quote_id,),) = project.rows(query)
    shown = call("explain", quote_id[:12])
    assert "correction: a person has decided it" in shown.stdout
    assert "she has the accounts" in shown.stdout
    assert "made with: segments" in shown.stdout
    removed = call("explain", f"{ferry}:11")
    assert "decided by  correction" in removed.stdout
    assert "teaser (related_story) → body" in removed.stdout
    assert "Saltport Post (correction, 1.00" in call("explain", bridge[:12]).stdout
    refused = call("explain", "0000")
    assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)

    check_evaluated(project, call, tmp_path / "gold.jsonl")
    check_gold_refused(call, tmp_path / "gold.jsonl")

    check_completion(project)


def check_evaluated(project, call, gold):
    """Check that corrections, gold and what would change are counted, and what is not compared."""
    gold.write_text(json.dumps({"doc_id": "1", "text": "“No,” said Ida.", "quotes": []}) + "\n")
    lost = {"article": "f" * 40, "action": "remove", "line": "Gone", "author": "ib"}
    append_correction(
        project.settings.decisions.corrections,
        LineRow.model_validate(lost | {"date": "2031-05-05"}),
    )
    scored = call("evaluate", str(gold), "--quotes", "rules")
    assert scored.exit_code == 0, scored.output
    assert "not compared: " in scored.stdout
    assert "lines.csv:4: remove line “Gone”" in scored.stdout
    assert "end to end" in scored.stdout
    assert "quote           0 of 1 (0%)" in scored.stdout
    assert "line            0 of 2 (0%)" in scored.stdout
    assert "entity          0 of 1 (0%)" in scored.stdout
    assert "outlet          0 of 1 (0%)" in scored.stdout
    assert "What a run would change in 0 of 3 articles compared:\n  nothing" in scored.stdout


def check_gold_refused(call, gold):
    """Check that a gold file that holds nothing, or something else, is named in one line."""
    for text, reason in [("", "is empty; a gold"), ("\n \n", "is empty"), ("{}\n", ":1: gold row")]:
        gold.write_text(text)
        refused = call("evaluate", str(gold), "--quotes", "rules")
        assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)
        assert reason in refused.stderr


def check_rows_beside(project, call):
    """Check that rows about the same thing are shown, and that none is written twice."""
    again = call("correct", "entity", "ida rolf", "--drop", answer="n\n")
    assert "entities.csv:2: rename “Ida Rolf”" in " ".join(again.stdout.split())
    same = call("correct", "entity", "Ida Rolf", "--rename-to", "Ida M. Rolf", "--yes")
    assert (same.exit_code, "entities.csv:2 says so already" in same.stdout) == (0, True)
    assert len(written(project)) == 6


def check_completion(project):
    """Check that a shell completes the names of what was published."""

    class Given:
        params = {"what": "entity", "data": str(project.settings.data)}  # noqa: RUF012

    assert complete_target(Given, "jon") == [("Jon Kell", "PERSON, 2 mentions")]

    words = {"COMP_WORDS": "copydesk correct entity J", "COMP_CWORD": "3"}
    places = {"COPYDESK_DATA": str(project.settings.data), "_COPYDESK_COMPLETE": "complete_bash"}
    code = "from copydesk.commands.app import app; app(prog_name='copydesk')"
    shell = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **words, **places},
        capture_output=True,
        text=True,
        check=False,
    )
    assert shell.stdout.split("\n")[0] == "Jon Kell"


def test_completion_is_silent_without_a_catalogue(tmp_path):
    class Given:
        params = {"what": "quote", "data": str(tmp_path)}  # noqa: RUF012

    assert complete_target(Given, "a") == []


ENTITIES = [
    ("a1" * 16, "Jon Kell", "PERSON", ["Kell"], 7),
    ("b2" * 16, "Jon Kell", "ORG", [], 3),
    ("c3" * 16, "Ida Rolf", "PERSON", [], 5),
    ("d4" * 16, "Paul Tamm", "PERSON", [], 2),
]


@pytest.fixture
def entities(tmp_path):
    """Return a function that calls `correct entity` on a catalogue of entities alone.

    It returns what the command wrote to standard output, or to standard error where it failed.
    """
    with duckdb.connect(str(tmp_path / "copydesk.duckdb")) as connection:
        connection.execute(
            "CREATE TABLE entities (entity_id VARCHAR, name VARCHAR, label VARCHAR, "
            "aliases VARCHAR[], n_mentions BIGINT)"
        )
        connection.executemany("INSERT INTO entities VALUES (?, ?, ?, ?, ?)", ENTITIES)
        for table, name in [
            ("quotes", "quote_id"),
            ("raw_articles", "article_id"),
            ("quote_groups", "quote_group_id"),
        ]:
            connection.execute(f"CREATE TABLE {table} ({name} VARCHAR)")
        connection.execute(
            "CREATE TABLE corrections_applied (correction_id VARCHAR, status VARCHAR)"
        )

    def run_command(*arguments):
        options = ["--yes", "--author", "ib", "--data", str(tmp_path)]
        made = CliRunner().invoke(app, ["correct", "entity", *arguments, *options])
        assert made.exit_code == (1 if made.stderr else 0)
        assert made.stderr.count("\n") <= 1
        return made.stderr or " ".join(made.stdout.split())

    return run_command


def test_a_name_of_several_entities_is_refused_with_those_it_may_mean(entities, tmp_path):
    refused = entities("Ida Rolf", "--merge-into", "jon kell")
    assert refused == (
        "copydesk: not written: “jon kell” may be Jon Kell (PERSON, "
        f"{'a1' * 16}, 7 mentions), Jon Kell (ORG, {'b2' * 16}, 3 mentions); "
        "name one with `--merge-into ID`, or with --label\n"
    )
    assert "written to" in entities("Ida Rolf", "--merge-into", "b2b2b2")
    assert "written to" in entities("Paul Tamm", "--merge-into", "Jon Kell", "--label", "PERSON")
    assert "written to" in entities("a1a1a1", "--rename-to", "Jon Kell of Keelby")
    rows = [placed.row for placed in read_corrections(tmp_path / "corrections")]
    assert [(row.name, row.into) for row in rows] == [
        ("Ida Rolf", "b2" * 16),
        ("Paul Tamm", "Jon Kell"),
        ("a1" * 16, "Jon Kell of Keelby"),
    ]


def test_a_merge_that_would_close_a_circle_is_refused(entities, tmp_path):
    entities("Ida Rolf", "--merge-into", "Paul Tamm")
    refused = entities("Paul Tamm", "--merge-into", "ida  rolf")
    at = tmp_path.resolve() / "corrections" / "entities.csv"
    assert refused == (
        "copydesk: not written: it would close a circle "
        f"({at}:2: merge “Ida Rolf” into “Paul Tamm”)\n"
    )
    entities("Paul Tamm", "--merge-into", "Jon Kell", "--label", "PERSON")
    refused = entities("Jon Kell", "--merge-into", "Ida Rolf")
    assert "entities.csv:2" in refused
    assert "entities.csv:3" in refused


def test_rows_that_wait_and_touch_the_same_are_shown(entities, tmp_path):
    entities("Ida Rolf", "--merge-into", "Paul Tamm")
    shown = entities("Paul Tamm", "--rename-to", "Paul B. Tamm")
    assert "entities.csv:2: merge “Ida Rolf” into “Paul Tamm” (ib)" in shown
    assert " waits " in shown
    assert "before and after are without them" in shown
    (first, _) = read_corrections(tmp_path / "corrections")
    with duckdb.connect(str(tmp_path / "copydesk.duckdb")) as connection:
        connection.execute(
            "INSERT INTO corrections_applied VALUES (?, 'applied')", [first.row.correction_id]
        )
    shown = entities("Ida Rolf", "--drop")
    assert "beside" in shown
    assert "entities.csv:2: merge" in shown
    assert " waits " not in shown
