"""What the service makes good by itself: real bundles, real runs, and a fault for each case."""

import shutil

import dagster as dg
import pytest

from copydesk.commands.progress import Progress
from pipelines.command import QUIET_LOGGERS
from pipelines.definitions import build_definitions
from pipelines.reasons import explain_failure
from pipelines.resources import build_resources
from pipelines.sensors import delivery_sensor, inbox_sensor

pytestmark = pytest.mark.model

PAGE = """\
Lighthouse keeper retires

KEELBY, June 2 — Ada Quillfeather, the lighthouse keeper of Keelby, retired on Sunday.

“{said},” Quillfeather said. “I cannot speak for the gulls.”
"""
LAMP, FOG = "The lamp never went out while I was awake", "The fog came in every single night"
MAX_TICKS = 8


class Service:
    """The sensors of a project, and the runs that they ask for."""

    def __init__(self, project):
        self.project = project
        self.definitions = build_definitions(project.settings, Progress())
        self.failures = []

    def settle(self):
        """Look, and run what is asked for, until nothing is; return how many runs there were."""
        n_runs = 0
        for _ in range(MAX_TICKS):
            requests = [*self.tick(inbox_sensor), *self.tick(delivery_sensor)]
            grown = [*self.tick(inbox_sensor)] if not requests else []
            if not requests and not grown:
                return n_runs
            for job, request in [*requests, *grown]:
                self.run(job, request)
                n_runs += 1
        pytest.fail("the sensors never come to rest")

    def tick(self, sensor):
        resources = build_resources(self.project.settings)
        context = dg.build_sensor_context(
            instance=self.project.instance,
            resources={"settings": resources["settings"]},
        )
        asked = sensor(context)
        if isinstance(asked, dg.SkipReason):
            return
        if isinstance(asked, dg.RunRequest):
            yield "publish", asked
            return
        for change in asked.dynamic_partitions_requests or ():
            self.project.instance.add_dynamic_partitions("bundles", change.partition_keys)
        yield from (("ingest", request) for request in asked.run_requests)

    def run(self, job, request):
        result = self.definitions.resolve_job_def(job).execute_in_process(
            instance=self.project.instance,
            run_config={**request.run_config, "loggers": QUIET_LOGGERS},
            partition_key=request.partition_key,
            asset_selection=request.asset_selection,
            tags={k: v for k, v in request.tags.items() if not k.startswith("dagster/")},
            raise_on_error=False,
        )
        if not result.success:
            self.failures.append(explain_failure(result))

    def said(self):
        contents = " ".join(content for (content,) in self.project.ask("SELECT content FROM said"))
        return [said for said in (LAMP, FOG) if said in contents]


@pytest.fixture(scope="module")
def service(make_project):
    """Return a service whose inbox has one bundle, which is published."""
    made = Service(make_project())
    settings = made.project.settings
    settings.inbox.mkdir(parents=True)
    (settings.inbox / "keelby.txt").write_text(PAGE.format(said=LAMP), "utf-8")
    assert made.settle() == 2
    assert made.said() == [LAMP]
    return made


@pytest.fixture
def without_waiting(monkeypatch):
    """Let no try wait after the last one."""
    monkeypatch.setattr("pipelines.tries.FIRST_WAIT", 0.0)


@pytest.fixture
def settings(service):
    return service.project.settings


def test_bundle_that_is_put_back_is_published_again(service, settings):
    page = settings.inbox / "keelby.txt"
    kept = shutil.copy2(page, settings.data / "kept.txt")
    page.write_text(PAGE.format(said=FOG), "utf-8")
    assert service.settle() == 2
    assert service.said() == [FOG]
    shutil.copy2(kept, page)
    assert service.settle() == 2
    assert service.said() == [LAMP]


def test_decision_that_is_undone_is_undone_for_readers(service, settings):
    names = "SELECT name FROM entities WHERE name LIKE '%Quill%'"
    before = service.project.ask(names)
    settings.decisions.overrides.parent.mkdir()
    settings.decisions.overrides.write_text(
        "action,name,into,label\nrename,Ada Quillfeather,Ada Quill,PERSON\n", "utf-8"
    )
    assert service.settle() == 1
    assert service.project.ask(names) == [("Ada Quill",)]
    settings.decisions.overrides.unlink()
    assert service.settle() == 1
    assert service.project.ask(names) == before


@pytest.mark.usefixtures("without_waiting")
@pytest.mark.parametrize("damage", ["deleted", "cut off", "other bytes", "one byte"])
def test_lost_catalogue_is_published_again(service, settings, damage):
    if damage == "deleted":
        settings.catalogue.unlink()
    elif damage == "cut off":
        settings.catalogue.write_bytes(settings.catalogue.read_bytes()[:5_000])
    elif damage == "one byte":
        data = bytearray(settings.catalogue.read_bytes())
        data[-1_000] ^= 1
        settings.catalogue.write_bytes(data)
    else:
        settings.catalogue.write_bytes(b"junk")
    assert service.settle() == 1
    assert service.said() == [LAMP]
    assert service.settle() == 0


@pytest.mark.usefixtures("without_waiting")
def test_failed_publish_run_says_why_and_is_made_good(service, settings):
    settings.catalogue.unlink()
    settings.catalogue.mkdir()
    ((job, request),) = service.tick(delivery_sensor)
    service.failures.clear()
    service.run(job, request)
    (said,) = service.failures
    assert "\n" not in said
    assert said.startswith(f"{settings.catalogue}: is a folder")
    assert "move it elsewhere" in said
    settings.catalogue.rmdir()
    assert service.settle() == 1
    assert service.said() == [LAMP]


def test_bundle_that_is_removed_and_dropped_again_is_right(service, settings):
    page = settings.inbox / "keelby.txt"
    text = page.read_text("utf-8")
    page.unlink()
    assert service.settle() == 0
    assert service.said() == [LAMP]
    page.write_text(text, "utf-8")
    assert service.settle() == 0
    page.write_text(PAGE.format(said=FOG), "utf-8")
    assert service.settle() == 2
    assert service.said() == [FOG]


def test_failed_bundle_is_one_failure_with_its_reason(service, settings):
    result = service.definitions.resolve_job_def("ingest").execute_in_process(
        instance=service.project.instance,
        run_config={
            "loggers": QUIET_LOGGERS,
            "ops": {"read_pages": {"config": {"path": str(settings.data / "nowhere")}}},
        },
        partition_key="keelby",
        raise_on_error=False,
    )
    failed = [event for event in result.all_events if event.is_step_failure]
    assert [event.step_key for event in failed] == ["read_pages"]
    assert "\n" not in explain_failure(result)
    assert "nowhere" in explain_failure(result)
