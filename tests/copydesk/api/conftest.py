"""What tests of the public API share: a pipeline of its own, to add components to."""

from functools import partial

import pytest

from copydesk.extraction.parsing import load_pipeline
from copydesk.lexicons.language import ENGLISH


@pytest.fixture(scope="session")
def load_nlp():
    """Return a function that loads the parser once more: the library's own stays as it is."""
    return partial(load_pipeline.__wrapped__, ENGLISH)
