"""The whole graph, run for real: bundles in, catalogue out, nothing half-done."""

import json
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from copydesk.commands.summary import write_summary
from copydesk.tables import BUNDLE_TABLES, CORPUS_TABLES, DERIVED_TABLES, PUBLISHED_TABLES
from copydesk.values import COPY_LABELS
from pipelines.definitions import build_definitions
from pipelines.jobs import ingest
from pipelines.resources import CHECKOUT
from tools.cookbook import answer_questions

pytestmark = pytest.mark.model
NUMBER = re.compile(r" *\d+(?:\.\d+)?")
MAX_OTHER_ROWS = 0.03  # of the lines of the cookbook, on a processor that rounds in another way

KEELBY = """\
Lighthouse keeper Ada Quillfeather retires

By Jonas Thackeray

KEELBY, June 2 — Ada Quillfeather, the lighthouse keeper of Keelby, retired on Sunday after \
thirty-one years on the rock.

“The lamp never went out while I was awake,” Quillfeather said. “I cannot speak for the gulls.”

Leave a Reply
"""
MERROW = """\
Merrow bridge opens two days early

Skip to content

Engineer Basil Okonedo said the bridge at Merrow had been finished early because “nobody stopped \
for tea”.

The first lorry crossed at noon on Friday, and the second broke down in the middle of the span.
"""

FRENCH = """\
Les bateaux restent au port

« Nous ne partirons pas », a dit lundi la capitaine Ida Brandt, qui parle au nom des équipages.

Les armateurs ont répondu que les négociations reprendraient mardi, sous la présidence du maire.
"""


def make_bundle(folder: Path, **pages: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    return folder


def rows_of_all_tables(project):
    return {
        table.name: project.ask(f"FROM {table.name} ORDER BY ALL")
        for table in PUBLISHED_TABLES
        if table.name != "bundles"  # it says where the bundle was read from
    }


def test_samples_end_in_every_table(sampled):
    counts = {t.name: sampled.ask(f"SELECT count(*) FROM {t.name}")[0][0] for t in PUBLISHED_TABLES}
    assert counts["raw_articles"] == counts["articles"] == counts["stories"] == 16
    assert counts["rejected_files"] == 1
    assert counts["bundles"] == 1
    nobody_corrected = {"page_corrections", "corpus_corrections"}
    assert {name for name, n in counts.items() if n == 0} == nobody_corrected


def test_broken_file_is_reported_with_its_reason(sampled):
    assert sampled.ask("SELECT source_path, stage FROM rejected_files") == [
        ("harbour-post/05-picture-gallery.html", "decode")
    ]


def test_segments_rebuild_every_page(sampled):
    broken = sampled.ask(
        """
        SELECT count(*) FROM raw_articles AS p JOIN (
            SELECT article_id, string_agg(substr(r.text, s.start + 1, s."end" - s.start), ''
                   ORDER BY s.seq) AS parts
            FROM segments AS s JOIN raw_articles AS r USING (article_id) GROUP BY article_id
        ) USING (article_id) WHERE parts <> p.text
        """
    )
    assert broken == [(0,)]


def test_quotations_come_from_copy_only(sampled):
    zones = {zone for (zone,) in sampled.ask("SELECT DISTINCT zone FROM quotes")}
    assert zones <= {label.value for label in COPY_LABELS}


def test_said_answers_with_speaker_role_and_outlet(sampled):
    said = sampled.ask(
        """
        SELECT speaker, role, outlet, type FROM said
        WHERE content LIKE 'We did not tie up the boats%' ORDER BY outlet
        """
    )
    assert len(said) == 2
    assert {(speaker, kind) for speaker, _, _, kind in said} == {("Tomas Lindqvist", "direct")}


def test_same_statement_in_two_outlets_is_one_group(sampled):
    groups = sampled.ask(
        """
        SELECT count(DISTINCT g.quote_group_id), count(DISTINCT q.article_id)
        FROM quotes AS q JOIN quote_groups AS g USING (quote_id)
        WHERE q.content LIKE 'Every sailing under the new roster has been certified%'
        """
    )
    assert groups[0][1] == 2


def test_reports_of_the_first_day_of_talks_are_one_story(sampled):
    stories = sampled.ask(
        """
        SELECT a.outlet, s.relation, s.rule, s.is_representative, s.is_text_representative
        FROM stories AS s JOIN articles AS a USING (article_id)
        WHERE s.relation <> 'sole' ORDER BY ALL NULLS FIRST
        """
    )
    event = ("same_event", "same_people_words_day")
    assert stories == [
        (None, "near", "agency_copy", False, False),
        (None, *event, True, True),
        ("Saltmarsh Gazette", *event, False, True),
        ("Saltmarsh Gazette", *event, False, True),
    ]
    assert sampled.ask("SELECT count(DISTINCT story_id), count(DISTINCT text_id) FROM stories") == [
        (13, 15)
    ]


def test_removed_text_names_the_rule(sampled):
    removed = sampled.ask("SELECT DISTINCT label, rule FROM removed_text WHERE label = 'comments'")
    assert ("comments", "comment_form") in removed


def is_shown(line, shown):
    """Return whether a line is among those shown, with numbers that are the same or near.

    The model of quotations rounds as the processor does: elsewhere it finds one more or less.
    """
    numbers = [float(n) for n in NUMBER.findall(line)]
    same_words = [each for each in shown if NUMBER.sub("0", each) == NUMBER.sub("0", line)]
    return any(
        [float(n) for n in NUMBER.findall(each)] == pytest.approx(numbers, rel=0.1, abs=2)
        for each in same_words
    )


def test_readme_shows_the_real_report(sampled):
    readme = (CHECKOUT / "README.md").read_text("utf-8").splitlines()
    printed = "\n".join(write_summary(sampled.settings.catalogue, ["ferry-strike"])).splitlines()
    missing = [line for line in printed if not is_shown(line, readme)]
    assert missing == [], "run `make run` and put its output into the README"


def test_cookbook_shows_real_answers(sampled):
    cookbook = (CHECKOUT / "docs" / "cookbook.md").read_text("utf-8")
    with duckdb.connect(str(sampled.settings.catalogue), read_only=True) as connection:
        answered = answer_questions(cookbook, connection).splitlines()
    shown = cookbook.splitlines()
    missing = [line for line in answered if not is_shown(line, shown)]
    assert len(missing) <= MAX_OTHER_ROWS * len(shown), "run `make clean run docs`"


def test_readme_shows_the_real_answer(sampled):
    readme = (CHECKOUT / "README.md").read_text("utf-8")
    query = readme.split('$ .venv/bin/copydesk sql "')[1].split('"')[0]
    with duckdb.connect(str(sampled.settings.catalogue), read_only=True) as connection:
        assert str(connection.sql(query)).strip() in readme


@pytest.mark.parametrize("client", ["python", "command line of DuckDB 1.5"])
def test_catalogue_opens_read_only_from_any_folder(sampled, client, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    catalogue = str(sampled.settings.catalogue)
    query = "SELECT count(*) AS n FROM said"
    if client == "python":
        with duckdb.connect(catalogue, read_only=True) as connection:
            n = connection.sql(query).fetchall()[0][0]
    else:
        command = [Path(sys.executable).with_name("duckdb"), "-readonly", "-json", catalogue, query]
        n = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)[0]["n"]
    asserted = "SELECT count(*) FROM quotes WHERE is_speech AND assertion = 'said'"
    assert n == sampled.ask(asserted)[0][0]


def test_every_view_column_has_a_comment(sampled):
    bare = sampled.ask(
        """
        SELECT table_name, column_name FROM duckdb_columns()
        WHERE NOT internal AND comment IS NULL AND table_name NOT IN ('snapshot', 'origin')
        """
    )
    assert bare == []


def test_second_run_changes_nothing(project, tmp_path, capsys):
    bundle = make_bundle(tmp_path / "isles", keelby=KEELBY)
    assert project.run(bundle) == 0
    first = project.ask("FROM snapshot ORDER BY ALL")
    stamp = project.settings.catalogue.stat().st_mtime_ns
    capsys.readouterr()
    assert project.run(bundle) == 0
    assert "nothing has changed" in capsys.readouterr().err
    assert project.ask("FROM snapshot ORDER BY ALL") == first
    assert project.settings.catalogue.stat().st_mtime_ns == stamp


def test_changed_bundle_replaces_its_rows_and_no_others(project, tmp_path):
    isles = make_bundle(tmp_path / "isles", keelby=KEELBY, merrow=MERROW)
    other = make_bundle(tmp_path / "other", keelby=KEELBY)
    assert project.run(isles, other) == 0
    before = project.ask("FROM articles WHERE bundle = 'other'")
    (isles / "merrow.txt").unlink()
    assert project.run(isles) == 0
    assert project.ask("SELECT bundle, count(*) FROM articles GROUP BY ALL ORDER BY ALL") == [
        ("isles", 1),
        ("other", 1),
    ]
    assert project.ask("FROM articles WHERE bundle = 'other'") == before


def test_rows_do_not_depend_on_order_or_number_of_workers(make_project, tmp_path):
    isles = make_bundle(tmp_path / "isles", keelby=KEELBY)
    bridge = make_bundle(tmp_path / "bridge", merrow=MERROW)
    one, other = make_project(n_workers=1), make_project(n_workers=2)
    assert one.run(isles) == one.run(bridge) == 0
    assert other.run(bridge, isles) == 0
    assert rows_of_all_tables(one) == rows_of_all_tables(other)


def test_run_that_dies_half_way_is_not_published(project, tmp_path):
    isles = make_bundle(tmp_path / "isles", keelby=KEELBY)
    assert project.run(isles) == 0
    before = project.ask("FROM said")
    make_bundle(isles, keelby=KEELBY.replace("gulls", "seals"))
    dead = (
        build_definitions(project.settings)
        .resolve_job_def(ingest.name)
        .execute_in_process(
            instance=project.instance,
            partition_key="isles",
            asset_selection=[
                dg.AssetKey(name)
                for name in ("raw_articles", "rejected_files", "bundles", "segments")
            ],
        )
    )
    assert dead.success
    bridge = make_bundle(tmp_path / "bridge", merrow=MERROW)
    assert project.run(bridge) == 0
    assert project.ask("FROM said WHERE bundle = 'isles'") == before
    assert project.run(isles) == 0
    assert "seals" in project.ask("SELECT content FROM said WHERE bundle = 'isles'")[0][0]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda folder: folder / "nowhere", "no such file or folder"),
        (lambda folder: make_bundle(folder / "empty"), "no files in this folder"),
    ],
    ids=["missing", "empty"],
)
def test_bad_bundle_is_one_clear_line(project, tmp_path, capsys, make, message):
    assert project.run(make(tmp_path)) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert message in lines[0]


def test_bundle_without_articles_harms_nothing_published(project, tmp_path):
    assert project.run(make_bundle(tmp_path / "isles", keelby=KEELBY)) == 0
    before = project.ask("FROM said")
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "empty.txt").write_bytes(b"")
    (broken / "noise.txt").write_bytes(bytes(range(256)) * 8)
    assert project.run(broken) == 0
    assert project.ask("SELECT error FROM rejected_files ORDER BY error") == [
        ("binary",),
        ("empty",),
    ]
    assert project.ask("FROM said") == before


def test_name_of_another_bundle_is_refused(project, tmp_path, capsys):
    assert project.run(make_bundle(tmp_path / "a" / "articles", keelby=KEELBY)) == 0
    other = make_bundle(tmp_path / "b" / "articles", merrow=MERROW)
    assert project.run(other) == 1
    assert "give this one another" in capsys.readouterr().err
    assert "a/articles" in project.ask("SELECT source_uri FROM bundles")[0][0]
    assert project.run(other, name="more-articles") == 0
    assert project.ask("SELECT count(*) FROM bundles") == [(2,)]


def test_missing_bundle_does_not_stop_the_others(project, tmp_path, capsys):
    isles = make_bundle(tmp_path / "isles", keelby=KEELBY)
    assert project.run(tmp_path / "nowhere", isles) == 1
    assert "no such file or folder" in capsys.readouterr().err
    assert project.ask("SELECT bundle FROM bundles") == [("isles",)]


def test_broken_catalogue_is_replaced(project, tmp_path):
    assert project.run(make_bundle(tmp_path / "isles", keelby=KEELBY)) == 0
    project.settings.catalogue.write_text("junk")
    assert project.run(tmp_path / "isles") == 0
    assert project.ask("SELECT count(*) FROM articles") == [(1,)]


def test_lake_put_in_the_place_of_another_is_published(project, tmp_path):
    assert project.run(make_bundle(tmp_path / "isles", keelby=KEELBY)) == 0
    Path(project.settings.lake.uri).rename(tmp_path / "aside")
    assert project.run(make_bundle(tmp_path / "bridge", merrow=MERROW)) == 0
    assert project.ask("SELECT bundle FROM bundles") == [("bridge",)]


def test_single_file_is_a_bundle(project, tmp_path):
    file = make_bundle(tmp_path, keelby=KEELBY) / "keelby.txt"
    assert project.run(file) == 0
    assert project.ask("SELECT bundle, n_files, n_articles FROM bundles") == [("keelby", 1, 1)]


def test_corpus_tables_cover_every_bundle(project, tmp_path):
    isles = make_bundle(tmp_path / "isles", keelby=KEELBY)
    bridge = make_bundle(tmp_path / "bridge", merrow=MERROW)
    assert project.run(isles, bridge) == 0
    tables = (*BUNDLE_TABLES, *CORPUS_TABLES, *DERIVED_TABLES)
    assert len(tables) == len(PUBLISHED_TABLES)
    linked = project.ask(
        """
        SELECT count(*) FROM mentions AS m ANTI JOIN entity_links AS l USING (mention_id)
        WHERE m.chain_id IS NOT NULL
        """
    )
    assert linked == [(0,)]
    assert project.ask("SELECT count(*) FROM stories") == [(2,)]


def test_packed_bundle_of_many_kinds_is_read_to_the_last_table(project, tmp_path):
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("keelby.html", f"<article><p>{'</p><p>'.join(KEELBY.splitlines())}</p>")
        archive.writestr("../merrow.txt", MERROW)
    (tmp_path / "export.csv").write_text(
        f'Title;"Article Text"\nMerrow bridge opens two days early;"{MERROW}"\n', "utf-8"
    )
    bundle = tmp_path / "isles.tar.gz"
    with tarfile.open(bundle, "w:gz") as archive:
        archive.add(inner, "pages/inner.zip")
        archive.add(tmp_path / "export.csv", "export.csv")
    assert project.run(bundle) == 0
    assert set(project.ask("SELECT speaker, source_path FROM said")) == {
        ("Ada Quillfeather", "isles.tar.gz/pages/inner.zip/keelby.html"),
        ("Basil Okonedo", "isles.tar.gz/export.csv#1"),
    }
    assert project.ask("SELECT source_path, error FROM rejected_files") == [
        ("isles.tar.gz/pages/inner.zip/../merrow.txt", "unsafe_path")
    ]


def test_article_in_another_language_is_kept_and_said_to_be_unread(project, tmp_path, capsys):
    folder = make_bundle(tmp_path / "isles", keelby=KEELBY, ferries=FRENCH)
    assert project.run(folder) == 0
    assert "in fr, not read" in capsys.readouterr().out
    assert project.ask("SELECT language, n_words > 20 FROM articles ORDER BY ALL") == [
        ("en", True),
        ("fr", True),
    ]
    assert project.ask(
        "SELECT count(*) FROM quotes JOIN articles USING (article_id) WHERE language = 'fr'"
    ) == [(0,)]
