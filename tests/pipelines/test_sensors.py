"""Which bundles and deliveries start a job: whatever differs, until it does not."""

import json
import os
import shutil
import time
from dataclasses import replace
from datetime import UTC, datetime

import dagster as dg
import pytest

from assets.runs import KIND_TAG
from copydesk.corrections.files import append_correction
from copydesk.corrections.kinds import LineRow, QuoteRow
from copydesk.lake.withdrawals import find_target, withdraw
from copydesk.publishing.versions import bundle_versions
from copydesk.reading.bundles import hash_bundle
from copydesk.reading.pages import page_of_text
from copydesk.rows import Bundle
from pipelines import inbox as inbox_module
from pipelines import tries
from pipelines.inbox import NOTES
from pipelines.resources import build_resources
from pipelines.sensors import MAX_QUEUED, delivery_sensor, inbox_sensor
from pipelines.tries import STATE_TAG

ENDED = dg.DagsterRunStatus.FAILURE


def tick(sensor, project, cursor=None):
    """Evaluate a sensor once."""
    resources = build_resources(project.settings)
    wanted = {"settings": resources["settings"]}
    context = dg.build_sensor_context(instance=project.instance, cursor=cursor, resources=wanted)
    return sensor(context)


def settle(project):
    """Look at the inbox twice, so that what has not changed in between counts as complete."""
    tick(inbox_sensor, project)
    return tick(inbox_sensor, project)


def names(result):
    return [request.partition_key for request in result.run_requests]


def start(project, request, *, job="ingest", status=dg.DagsterRunStatus.STARTED):
    """Record a run that a request asked for."""
    tags = {**request.tags, KIND_TAG: job, "dagster/run_key": request.run_key}
    if request.partition_key:
        tags["dagster/partition"] = request.partition_key
    run = dg.DagsterRun(job_name=job, run_id=dg_run_id(project), status=status, tags=tags)
    return project.instance.add_run(run)


def dg_run_id(project):
    return f"{len(project.instance.get_runs()):08x}-run"


@pytest.fixture
def inbox(project):
    project.settings.inbox.mkdir(parents=True)
    return project.settings.inbox


@pytest.fixture
def deliver_as_is(project, deliver):
    """Return a function that delivers a bundle of the inbox with the bytes that it has now."""

    def write(path, bundle=None):
        bundle = bundle or path.stem
        sha256 = hash_bundle(path, limits=project.settings.limits)
        row = Bundle(bundle, str(path.resolve()), sha256, 1, 0, 0)
        versions = bundle_versions(project.settings.quotes)
        return deliver(project.settings.lake, bundle, [row], sha256=sha256, code_versions=versions)

    return write


def test_bundle_is_taken_once_it_has_stopped_growing(project, inbox):
    (inbox / "evening").mkdir()
    (inbox / "evening" / "one.txt").write_text("A page.")
    assert names(tick(inbox_sensor, project)) == []
    (inbox / "evening" / "two.txt").write_text("Another page.")
    assert names(tick(inbox_sensor, project)) == []
    third = tick(inbox_sensor, project)
    assert names(third) == ["evening"]
    assert third.dynamic_partitions_requests[0].partition_keys == ["evening"]


def test_bundle_is_not_asked_for_while_its_run_is_under_way(project, inbox):
    (inbox / "page.txt").write_text("A page.")
    (request,) = settle(project).run_requests
    start(project, request)
    said = tick(inbox_sensor, project)
    assert said.run_requests == []
    assert said.skip_reason.skip_message == "0 of 1 bundles are delivered; 1 under way"


def test_delivered_bundle_is_at_rest_and_costs_nothing(project, inbox, deliver_as_is):
    for number in range(3):
        (inbox / f"b{number}.txt").write_text(f"Page {number}.")
        deliver_as_is(inbox / f"b{number}.txt")
    result = settle(project)
    assert result.run_requests == []
    assert result.cursor is None
    assert result.skip_reason.skip_message == "3 of 3 bundles are delivered"
    notes = (inbox.parent / NOTES).stat()
    tick(inbox_sensor, project)
    after = (inbox.parent / NOTES).stat()
    assert (after.st_ino, after.st_mtime_ns) == (notes.st_ino, notes.st_mtime_ns)  # not written


def test_touched_bundle_is_compared_by_its_bytes(project, inbox, deliver_as_is):
    page = inbox / "page.txt"
    page.write_text("A page.")
    deliver_as_is(page)
    settle(project)
    os.utime(page)
    assert settle(project).run_requests == []


def test_bundle_that_is_put_back_is_read_again(project, inbox, deliver_as_is):
    """A is delivered, then B; whoever puts A back wants A's rows, and its key has been used."""
    page = inbox / "page.txt"
    page.write_text("A page.")
    first = settle(project).run_requests[0]
    start(project, first, status=dg.DagsterRunStatus.SUCCESS)
    shutil.copy2(page, inbox.parent / "kept.txt")
    page.write_text("B page.")
    second = settle(project).run_requests[0]
    start(project, second, status=dg.DagsterRunStatus.SUCCESS)
    deliver_as_is(page)
    shutil.copy2(inbox.parent / "kept.txt", page)
    third = settle(project).run_requests[0]
    assert third.partition_key == "page"
    assert len({each.run_key for each in (first, second, third)}) == 3


def test_bundle_that_is_removed_and_dropped_again_is_delivered_once(project, inbox, deliver_as_is):
    page = inbox / "page.txt"
    page.write_text("A page.")
    deliver_as_is(page)
    settle(project)
    page.unlink()
    assert settle(project).run_requests == []
    page.write_text("A page.")
    assert settle(project).run_requests == []
    page.write_text("Another page.")
    assert names(settle(project)) == ["page"]


def test_new_code_makes_only_what_is_out_of_date(project, inbox, deliver):
    page = inbox / "page.txt"
    page.write_text("A page.")
    sha256 = hash_bundle(page)
    versions = {**bundle_versions(project.settings.quotes), "quotes": "older"}
    row = Bundle("page", str(page), sha256, 1, 0, 0)
    deliver(project.settings.lake, "page", [row], sha256=sha256, code_versions=versions)
    (request,) = settle(project).run_requests
    assert tables_of(request) == ["mentions", "quotes", "page_corrections", "deliveries"]


def tables_of(request):
    return [key.path[-1] for key in request.asset_selection]


def test_a_correction_makes_the_tables_of_its_bundle_from_where_it_applies(project, inbox, deliver):
    for name in ("evening", "morning"):
        page = inbox / f"{name}.txt"
        page.write_text(f"A page of the {name}.")
        sha256 = hash_bundle(page)
        raw = page_of_text(f"{name}-1", page.read_text())
        raw = replace(raw, bundle=name, url=f"https://post.example/{name}")
        rows = [Bundle(name, str(page.resolve()), sha256, 1, 1, 0), raw]
        versions = bundle_versions(project.settings.quotes)
        deliver(project.settings.lake, name, rows, sha256=sha256, code_versions=versions)
    assert settle(project).run_requests == []

    signed = {"author": "ib", "date": "2031-05-03", "url": "https://post.example/evening"}
    folder = project.settings.decisions.corrections
    quote = append_correction(folder, QuoteRow(action="reject", content="A page", **signed))
    (request,) = tick(inbox_sensor, project).run_requests
    assert request.partition_key == "evening"
    assert tables_of(request) == ["mentions", "quotes", "page_corrections", "deliveries"]
    quote.unlink()
    assert tick(inbox_sensor, project).run_requests == []

    line = append_correction(folder, LineRow(action="remove", line="A page", **signed))
    (again,) = tick(inbox_sensor, project).run_requests
    assert tables_of(again)[0] == "segments"
    assert again.run_key != request.run_key

    line.write_text("article,action,line,author,date\na,keep,x,ib,2031-05-03\n")
    said = tick(inbox_sensor, project)
    assert said.run_requests == []
    assert said.skip_reason.skip_message.startswith(f"{line}:2: action 'keep' is not one of")


def test_failed_run_is_tried_again_later_and_later(project, inbox, monkeypatch):
    (inbox / "page.txt").write_text("A page.")
    now = time.time()
    keys, waits = set(), []
    (request,) = settle(project).run_requests
    for _ in range(4):
        keys.add(request.run_key)
        start(project, request, status=ENDED)
        said = tick(inbox_sensor, project)
        assert said.run_requests == []
        assert "page.txt: failed" in said.skip_reason.skip_message
        planned = tries.plan_try(
            project.instance, "ingest", state=request.tags[STATE_TAG], partition="page"
        )
        waits.append(planned.due_at - now)
        monkeypatch.setattr("pipelines.sensors.time.time", lambda at=planned.due_at: at + 1)
        (request,) = tick(inbox_sensor, project).run_requests
        monkeypatch.undo()
    assert len(keys) == 4
    assert waits == sorted(waits)
    assert waits[-1] > 2 * waits[1]


def test_clock_that_was_set_back_makes_nobody_wait():
    planned = tries.Try("key", "state", 3, due_at=1_000_000.0, last_run_id=None)
    assert not planned.is_due(999_990.0)
    assert planned.is_due(1_000_001.0)
    assert planned.is_due(1_000_000.0 - 86_400)


def test_failed_bundle_is_tried_at_once_when_it_changes(project, inbox):
    (inbox / "page.txt").write_text("A page.")
    start(project, settle(project).run_requests[0], status=ENDED)
    assert tick(inbox_sensor, project).run_requests == []
    (inbox / "page.txt").write_text("A better page.")
    assert names(settle(project)) == ["page"]


def test_queue_stays_short_however_many_bundles_are_dropped(project, inbox):
    for number in range(MAX_QUEUED + 5):
        (inbox / f"b{number}.txt").write_text("A page.")
    first = settle(project)
    assert len(first.run_requests) == MAX_QUEUED
    for request in first.run_requests[:3]:
        start(project, request, status=ENDED)
    for request in first.run_requests[3:]:
        start(project, request)
    assert len(tick(inbox_sensor, project).run_requests) == 3


def test_names_that_collide_are_kept_apart_and_stay(project, inbox):
    for name in ("single.txt", "single.html", "été", "été!", "日本語", "README stories"):
        (inbox / name).write_text("A page.")
    first = sorted(names(settle(project)))
    assert len(set(first)) == 6
    assert {"single", "README-stories"} <= set(first)
    (inbox.parent / NOTES).unlink()
    assert sorted(names(settle(project))) == first
    (inbox / "single.html").unlink()
    assert "single" not in names(settle(project))  # single.txt keeps the name it had


def test_bundle_keeps_the_name_that_it_was_delivered_under(project, inbox, deliver_as_is):
    (inbox / "été").write_text("A page.")
    deliver_as_is(inbox / "été", "t")
    assert settle(project).run_requests == []
    (inbox / "été").write_text("Another page.")
    assert names(settle(project)) == ["t"]


def test_name_of_a_bundle_from_elsewhere_is_not_taken(project, inbox, tmp_path, deliver_as_is):
    (tmp_path / "page.txt").write_text("A page from elsewhere.")
    deliver_as_is(tmp_path / "page.txt")
    (inbox / "page.txt").write_text("A page.")
    (name,) = names(settle(project))
    assert name.startswith("page-")


def test_inbox_that_was_moved_keeps_its_names(project, inbox, tmp_path, deliver_as_is):
    old = tmp_path / "inbox"
    old.mkdir()
    (old / "page.txt").write_text("A page.")
    deliver_as_is(old / "page.txt")
    shutil.move(old / "page.txt", inbox / "page.txt")
    (inbox / "page.txt").write_text("Another page.")
    assert names(settle(project)) == ["page"]


@pytest.mark.parametrize("damage", ["", "[]", "{", '{"files": {"page.txt": 3}}', '{"files": []}'])
def test_damaged_notes_are_made_again(project, inbox, deliver_as_is, damage):
    (inbox / "page.txt").write_text("A page.")
    deliver_as_is(inbox / "page.txt")
    settle(project)
    (inbox.parent / NOTES).write_text(damage)
    assert settle(project).run_requests == []
    assert json.loads((inbox.parent / NOTES).read_text())["files"]["page.txt"][0] == "page"


def test_hashing_continues_at_the_next_tick(project, inbox, deliver_as_is, monkeypatch):
    for number in range(2):
        (inbox / f"b{number}.txt").write_text("A page.")
        deliver_as_is(inbox / f"b{number}.txt")
    monkeypatch.setattr(inbox_module, "MAX_HASH_SECONDS", -1.0)
    assert "not compared yet" in settle(project).skip_reason.skip_message
    monkeypatch.undo()
    assert "2 of 2" in tick(inbox_sensor, project).skip_reason.skip_message


@pytest.mark.parametrize("name", ["README.md", "README", ".hidden"])
def test_what_is_no_bundle_is_left_alone(project, inbox, name):
    (inbox / name).write_text("not a page")
    assert settle(project).run_requests == []


def test_withdrawn_bundle_is_not_taken_in_again(project, inbox, deliver_as_is):
    (inbox / "page.txt").write_text("A page.")
    deliver_as_is(inbox / "page.txt")
    lake = project.settings.lake
    withdraw(lake, find_target(lake, "page"), reason="asked to", now=datetime.now(tz=UTC))
    said = settle(project)
    assert said.run_requests == []
    assert "page.txt: withdrawn" in said.skip_reason.skip_message


def test_empty_bundle_is_shown(project, inbox):
    (inbox / "nothing").mkdir()
    assert "nothing: nothing in it" in settle(project).skip_reason.skip_message


def test_empty_and_missing_inbox_ask_for_nothing(project):
    assert tick(inbox_sensor, project).run_requests == []


def test_nothing_is_published_before_the_first_delivery(project):
    assert isinstance(tick(delivery_sensor, project), dg.SkipReason)


def test_failed_publish_run_is_tried_again(project, inbox, deliver_as_is, monkeypatch):
    (inbox / "page.txt").write_text("A page.")
    deliver_as_is(inbox / "page.txt")
    request = tick(delivery_sensor, project)
    start(project, request, job="publish", status=ENDED)
    assert "failed once" in tick(delivery_sensor, project).skip_message
    now = time.time()
    monkeypatch.setattr("pipelines.sensors.time.time", lambda: now + 60)
    again = tick(delivery_sensor, project)
    assert again.tags[STATE_TAG] == request.tags[STATE_TAG]
    assert again.run_key != request.run_key


@pytest.mark.model
def test_what_readers_see_is_published_again_whenever_it_differs(sampled):
    assert isinstance(tick(delivery_sensor, sampled), dg.SkipReason)
    catalogue, overrides = sampled.settings.catalogue, sampled.settings.decisions.overrides
    aside = catalogue.rename(catalogue.with_suffix(".aside"))
    assert isinstance(tick(delivery_sensor, sampled), dg.RunRequest)
    catalogue.write_bytes(aside.read_bytes()[:5_000])
    assert isinstance(tick(delivery_sensor, sampled), dg.RunRequest)
    aside.replace(catalogue)
    overrides.parent.mkdir()
    overrides.write_text("action,name,into,label\n")
    assert isinstance(tick(delivery_sensor, sampled), dg.RunRequest)
    shutil.rmtree(overrides.parent)
    assert isinstance(tick(delivery_sensor, sampled), dg.SkipReason)
