"""A project of its own for the tests that run the graph: data and Dagster in a temporary folder."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from dagster._core.remote_origin import (
    GrpcServerCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)

from copydesk.commands.bundles import run_bundles
from copydesk.commands.interrupts import Interrupts
from copydesk.commands.progress import Progress
from copydesk.settings import Settings
from pipelines.command import DagsterEngine
from pipelines.resources import CHECKOUT

SAMPLE = CHECKOUT / "data" / "samples" / "ferry-strike"


@dataclass(frozen=True)
class Project:
    """A data folder with a Dagster instance."""

    settings: Settings
    instance: dg.DagsterInstance

    def run(self, *paths: Path, name: str | None = None) -> int:
        """Take bundles in, as the command line does."""
        engine = DagsterEngine(self.settings, self.instance, Interrupts(), Progress())
        return run_bundles(paths, engine, name=name)

    def ask(self, query: str) -> list[tuple]:
        """Return the rows of a query over the catalogue."""
        with duckdb.connect(str(self.settings.catalogue), read_only=True) as connection:
            return connection.sql(query).fetchall()


@pytest.fixture(scope="session")
def make_project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Project]]:
    """Make projects, each empty and by itself."""
    instances = []

    def make(*, n_workers: int = 1) -> Project:
        folder = tmp_path_factory.mktemp("project")
        instance = dg.DagsterInstance.ephemeral(tempdir=str(folder))
        instances.append(instance)
        return Project(Settings(data=folder / "data", workers=n_workers), instance)

    yield make
    for instance in instances:
        instance.dispose()


@pytest.fixture
def remote_run() -> Callable[..., dg.DagsterRun]:
    """Make runs as a code location, or a command where that is `None`, starts them."""

    def make(
        run_id: str,
        *,
        location: str | None,
        status: dg.DagsterRunStatus = dg.DagsterRunStatus.STARTED,
        tags: dict[str, str] | None = None,
    ) -> dg.DagsterRun:
        origin = None
        if location is not None:
            code = GrpcServerCodeLocationOrigin(host="127.0.0.1", port=1, location_name=location)
            repository = RemoteRepositoryOrigin(code, "__repository__")
            origin = RemoteJobOrigin(repository, "ingest")
        return dg.DagsterRun(
            job_name="ingest",
            run_id=run_id,
            status=status,
            tags=tags or {},
            remote_job_origin=origin,
            job_code_origin=None,
        )

    return make


@pytest.fixture(scope="session")
def sampled(make_project) -> Project:
    """Return a project with the sample bundle published; tests that use it only read."""
    project = make_project(n_workers=2)
    assert project.run(SAMPLE) == 0
    return project


@pytest.fixture
def project(make_project) -> Project:
    """Return an empty project."""
    return make_project()
