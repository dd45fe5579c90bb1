"""A run takes a changed list of ids of Wikidata in, and makes nothing else again."""

import dagster as dg
import pytest

from assets.publishing import publish_catalogue
from copydesk.commands.bundles import publish_bundles, run_bundles
from copydesk.commands.direct import Direct
from copydesk.commands.progress import Progress
from copydesk.tables import CORPUS_TABLES
from pipelines.resources import build_resources
from pipelines.sensors import delivery_sensor

PAGE = """\
Keelby lighthouse to close

KEELBY — The lighthouse of Keelby will close in the autumn, its keeper Ada Quillfeather said.

“The lamp never went out while I was awake,” Quillfeather said. “I cannot speak for the gulls.”
"""
LINKED = "SELECT name, wikidata_id, status FROM wikidata_ids ORDER BY line"


@pytest.fixture
def keelby(project, tmp_path):
    """Return a project with a page published, and the bundle."""
    bundle = tmp_path / "keelby"
    bundle.mkdir()
    (bundle / "page.txt").write_text(PAGE, "utf-8")
    assert project.run(bundle) == 0
    return project, bundle


def versions(project):
    lake = project.settings.lake
    return {table.name: lake.find_live(table).version for table in CORPUS_TABLES}


def numbers(project):
    return [each.number for each in project.settings.lake.history()]


@pytest.mark.model
def test_a_changed_list_is_published_and_nothing_else_is_made(keelby, capsys):
    project, bundle = keelby
    path, before = project.settings.id_list, versions(project)
    assert project.ask(LINKED) == []
    path.write_text("name,qid,kind\nAda Quillfeather,Q12,person\nKeelby,12,\n", "utf-8")
    assert project.run(bundle) == 0
    said = capsys.readouterr().err
    assert f"{path}:3: qid '12' is no id such as Q42; the row is left out\n" in said
    assert "\npublishing\n" in said
    assert project.ask(LINKED) == [
        ("Ada Quillfeather", "Q12", "linked"),
        ("Keelby", None, "invalid"),
    ]
    assert (versions(project), numbers(project)) == (before, [1, 2])
    assert project.run(bundle) == 0
    assert numbers(project) == [1, 2]
    path.unlink()
    assert publish_bundles(Direct(project.settings, Progress()))
    assert project.ask(LINKED) == []
    assert (versions(project), numbers(project)) == (before, [1, 2, 3])


@pytest.mark.model
def test_the_sensor_asks_for_the_catalogue_alone(keelby):
    project, _ = keelby
    resources = {"settings": build_resources(project.settings)["settings"]}

    def tick():
        return delivery_sensor(
            dg.build_sensor_context(instance=project.instance, resources=resources)
        )

    assert isinstance(tick(), dg.SkipReason)
    project.settings.id_list.write_text("name,qid\nKeelby,Q7\n", "utf-8")
    assert set(tick().asset_selection) == publish_catalogue.keys


@pytest.mark.model
def test_what_is_no_list_ends_a_run_in_a_line(keelby, capsys):
    project, bundle = keelby
    project.settings.id_list.write_text("who,qid\n", "utf-8")
    assert run_bundles([bundle], Direct(project.settings, Progress())) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"copydesk: {project.settings.id_list}:1: the columns must be name")
    assert said.count("\n") == 1
