"""Pages and code are in plain English, without the glossary's retired words, at 100 columns."""

import re
from pathlib import Path

import pytest

from tools.english import (
    PATTERNS,
    Found,
    find_offences,
    find_words,
    list_files,
    read_retired_words,
    search_code,
)

ROOT = Path(__file__).resolve().parent.parent
MAX_COLUMNS = 100

HITS = {
    "sign": [
        "Zero-width signs stay.",
        "Return the last sign.",
        "the signs around it",
        "six signs.",
    ],
    "half a sign": ["Half a sign becomes U+FFFD."],
    "blank": ["Fragments are joined by a blank.", "between two blanks", "the blank that follows"],
    "behind": ["the line behind the headline", "A title stands before or behind a name."],
    "tell": ["The view tells who spoke.", "The column told the reader", "Tell why it was linked."],
    "bearer": ["the one bearer of a title", "Names of two bearers"],
    "bears nothing": ["What is linked bears nothing."],
    "anew": ["The table is made anew."],
    "stand in": ["It stands in the lead.", "where words stand\nbetween marks", "It stood alone."],
    "sex": ["the sex of a person"],
    "bar": ["below the bar", "the model's own bar", "a bar of 0.4"],
    "the way of the data": ["## The way of the data"],
    "go on": ["The sheet goes on.", "The rest went on."],
    "mend": ["Mend what was cut short.", "the mended text"],
    "is none": ["Ages are none.", "what looks like a date and is none"],
    "wait for nobody": ["A reader waits for nobody."],
}
MISSES = {
    "sign": ["a sign of fatigue", "She signs it.", "a plus sign", "They signed a deal.", "`SIGNS`"],
    "half a sign": ["half a page"],
    "blank": ["a blank line", "the first line that is not blank", "the label `blank`"],
    "behind": ["left behind", "behind schedule", "rule `sentence_behind_copy`"],
    "tell": [
        "Nothing tells the two apart.",
        "A version tells one snapshot from another.",
        "a telling detail",
        "“He told me”",
    ],
    "bearer": ["It bears a date."],
    "bears nothing": ["It bears a date."],
    "anew": ["a new table"],
    "stand in": ["A label stands for a role.", "It can stand in for the parser.", "stand still"],
    "sex": ["Essex", "`name_sexes.toml`"],
    "bar": ["a progress bar", "a vertical bar", "a bar chart", "a sidebar", "They drank in bars."],
    "the way of the data": ["in the way of readers"],
    "go on": ["Crews go on strike.", "Tickets went on sale."],
    "mend": ["amend", "recommended"],
    "is none": ["There is none.", "where there are none", "None is given.", "is none of these"],
    "wait for nobody": ["A run waits for the lock."],
}
PAGES = [path for path in list_files() if path.endswith(".md")]
CODE = [path for path in list_files() if not path.endswith(".md")]


def test_every_retired_word_has_a_pattern_with_hits_and_misses():
    assert read_retired_words() == list(PATTERNS) == list(HITS) == list(MISSES)


@pytest.mark.parametrize(("word", "text"), [(w, hit) for w, texts in HITS.items() for hit in texts])
def test_a_retired_word_is_found(word, text):
    assert word in find_words(text)


@pytest.mark.parametrize(
    ("word", "text"), [(w, miss) for w, texts in MISSES.items() for miss in texts]
)
def test_proper_english_passes(word, text):
    assert word not in find_words(text)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('"""Read it anew."""', [Found(1, "anew")]),
        ("x = 1\n# What stands\n# in a line.\n", [Found(2, "stand in")]),
        ("def find_bearer(): pass", [Found(1, "bearer")]),
        ("def f(signs): pass", [Found(1, "sign")]),
        ("class LooseBars: pass", [Found(1, "bar")]),
        ('msg = f"{path} is behind {other}"', [Found(1, "behind")]),
        ('raise ValueError("is none")', [Found(1, "is none")]),
        ('text = "He told reporters."', []),
        ("# `told` is a cue; “it went on” is a quotation", []),
        ("CURRENCY_SIGNS = frozenset()\nprogress_bar = None", []),
    ],
)
def test_code_is_searched_in_names_docstrings_comments_and_messages(code, found):
    assert list(search_code(code, "copydesk/module.py")) == found


def test_every_string_of_a_command_is_a_message():
    assert list(search_code('echo("It is told.")', "copydesk/commands/ask.py")) == [
        Found(1, "tell")
    ]


@pytest.mark.parametrize("path", [*PAGES, *CODE])
def test_no_retired_word_is_used(path):
    assert [str(offence) for offence in find_offences(path)] == []


@pytest.mark.parametrize("path", PAGES)
def test_lines_of_a_page_fit(path):
    text = re.sub(
        r"^\s*```.*?^\s*```",
        lambda match: re.sub(r"[^\n]", "", match[0]),
        (ROOT / path).read_text("utf-8"),
        flags=re.MULTILINE | re.DOTALL,
    )
    too_long = [
        f"{path}:{number}: {len(line)} columns"
        for number, line in enumerate(text.split("\n"), 1)
        if len(line) > MAX_COLUMNS
        and not line.lstrip().startswith("|")  # a table
        and not line.startswith("    ")  # code
        and " " in line.strip()[2:]  # otherwise one word or link, which cannot be broken
    ]
    assert too_long == []
