"""What a run through Dagster says when a step fails."""

import dagster as dg
import pytest

from copydesk.errors import BundleError
from pipelines.reasons import explain_failure


class OddBundleError(BundleError):
    """An error below one of ours."""


def fail_with(error: Exception, cause: Exception | None = None) -> str:
    @dg.op
    def step() -> None:
        raise error from cause

    @dg.job
    def job() -> None:
        step()

    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    return explain_failure(job.execute_in_process(run_config=quiet, raise_on_error=False))


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (BundleError("isles: not a folder"), None),
        (OddBundleError("isles: not a folder"), None),
        (BundleError("isles: not a folder"), UnicodeError("byte 7")),
        (FileNotFoundError("isles: not a folder"), None),
    ],
)
def test_expected_error_is_one_line(error, cause):
    assert fail_with(error, cause) == "isles: not a folder"


def test_fault_of_ours_shows_its_traceback():
    said = fail_with(KeyError("speaker"))
    assert "Stack Trace" in said
    assert "test_command.py" in said
    assert "KeyError: 'speaker'" in said
