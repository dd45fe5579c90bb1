"""What tests of the public API share: a pipeline of its own, to add components to."""

import pytest

from copydesk.extraction.parsing import load_pipeline


@pytest.fixture(scope="session")
def load_nlp():
    """Return a function that loads the parser once more: the library's own stays as it is."""
    return load_pipeline.__wrapped__
