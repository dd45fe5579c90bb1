"""Behaviour of `entities.overrides`: people's decisions are read, and a bad row is named."""

import pytest

from copydesk.entities.overrides import (
    Action,
    Override,
    read_overrides,
)
from copydesk.errors import OverrideError
from copydesk.system.decisions import hash_file

HEADER = "action,name,into,label\n"


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a file of decisions."""

    def write_file(text):
        path = tmp_path / "entities.csv"
        path.write_text(text, "utf-8")
        return path

    return write_file


@pytest.mark.parametrize(
    ("row", "override"),
    [
        ("merge,I. Brandt,Ida Brandt,", Override(Action.MERGE, "I. Brandt", "Ida Brandt")),
        (
            "merge,I. Brandt,Ida Brandt,PERSON",
            Override(Action.MERGE, "I. Brandt", "Ida Brandt", "PERSON"),
        ),
        ("split, Brandt ,,", Override(Action.SPLIT, "Brandt")),
        ("rename,Brandt,Ida Brandt", Override(Action.RENAME, "Brandt", "Ida Brandt")),
        ('drop,"Ferry, The"', Override(Action.DROP, "Ferry, The")),
    ],
)
def test_a_row_is_a_decision(write, row, override):
    assert read_overrides(write(f"{HEADER}{row}\n")) == [override]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("action,name\n", ":1: the columns must be action,name,into,label"),
        (f"{HEADER}\njoin,Brandt,Ida Brandt,\n", ":3: action 'join' is not one of merge, split"),
        (f"{HEADER}drop,,,\n", ":2: no name"),
        (f"{HEADER}merge,Brandt,,\n", ":2: merge needs `into`"),
        (f"{HEADER}merge,Brandt,brandt,\n", ":2: merges 'Brandt' into itself"),
        (f"{HEADER}split,Brandt,Holm,\n", ":2: split takes no `into`"),
        (f"{HEADER}drop,Brandt,,PEOPLE\n", ":2: label 'PEOPLE' is not one of"),
        (f"{HEADER}merge,Brandt,Holm, Ida,PERSON\n", ":2: 5 cells, 4 are wanted"),
    ],
)
def test_a_bad_row_is_reported_with_its_line(write, text, message):
    with pytest.raises(OverrideError, match=r"entities\.csv") as caught:
        read_overrides(write(text))
    assert message in str(caught.value)


def test_a_file_that_is_not_text_is_reported(tmp_path):
    path = tmp_path / "entities.csv"
    path.write_bytes(b"action,name,into,label\ndrop,\xff,,\n")
    with pytest.raises(OverrideError, match="not UTF-8 at byte"):
        read_overrides(path)


def test_no_file_holds_no_decisions(tmp_path):
    assert read_overrides(tmp_path / "entities.csv") == []


def test_an_edit_changes_the_hash(write):
    before = hash_file(write(HEADER))
    assert hash_file(write(f"{HEADER}drop,Brandt,,\n")) != before
