"""Behaviour of `import copydesk`: it loads nothing, and offers its public names."""

import subprocess
import sys
from importlib import import_module
from importlib.metadata import version

import pytest

import copydesk

HEAVY = {"numpy", "pandas", "spacy", "duckdb", "pyarrow", "trafilatura", "onnxruntime"}


def run(code):
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_importing_the_package_loads_nothing():
    loaded = run("import copydesk, sys; print(*sys.modules)").split()
    assert HEAVY.isdisjoint(loaded)
    assert not any(name.startswith("copydesk.") for name in loaded)


def test_cleaning_a_page_needs_no_parser():
    code = "import copydesk, sys; copydesk.clean('Ferries stand still'); print(*sys.modules)"
    assert {"spacy", "onnxruntime"}.isdisjoint(run(code).split())


@pytest.mark.parametrize("name", copydesk.__all__)
def test_a_public_name_is_there_is_listed_and_is_explained(name):
    value = getattr(copydesk, name)
    assert name in dir(copydesk)
    assert value.__doc__


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'clear'"):
        copydesk.clear  # noqa: B018 -- is the test


def test_quotes_stays_the_function_when_modules_are_imported():
    assert import_module("copydesk.quotations.rules").find_quotations
    assert copydesk.quotes is import_module("copydesk.api.calls").quotes
    code = "import copydesk.quotations.rules; from copydesk import quotes; print(quotes.__name__)"
    assert run(code).strip() == "quotes"


def test_the_version_is_that_of_the_distribution():
    assert copydesk.__version__ == version("copydesk")
