"""Every kind of class name hits its examples and misses the others."""

import pytest

from copydesk.lexicons.load import read_toml
from copydesk.lexicons.markup import read_names

KINDS = read_toml("copydesk.lexicons", "markup")
CASES = [
    (kind, name, is_hit)
    for kind, row in KINDS.items()
    for is_hit in (True, False)
    for name in row["hits" if is_hit else "misses"]
]


@pytest.mark.parametrize(("kind", "name", "is_hit"), CASES)
def test_a_kind_of_class_name_hits_its_examples_and_no_others(kind, name, is_hit):
    assert (kind in read_names(name)) is is_hit
