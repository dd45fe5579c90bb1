"""The stations have no English words in their code: words are lists of a language.

Looked for are the function words, reporting words, dates and forms of address of the lists. What is
left out: docstrings and messages, which are for people, and names of rules and columns.
"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from copydesk import lexicons
from copydesk.lexicons.language import ENGLISH
from copydesk.lexicons.load import load_date_words, load_line_words, load_titles

PACKAGE = Path(lexicons.__file__).parent.parent
STATIONS = (
    "text",
    "reading",
    "cleaning",
    "mentions",
    "quotations",
    "extraction",
    "entities",
    "stories",
    "statements",
    "training",
)
MODULES = [path for station in STATIONS for path in sorted((PACKAGE / station).rglob("*.py"))]
QUERIES = [path for station in STATIONS for path in sorted((PACKAGE / station).rglob("*.sql"))]
NAME = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+|copydesk\.[.\w:]+")
NOT_WORDS = re.compile(r"\(\?P<\w+>|\\\w|\s#\s[^\n]*")  # groups and classes of a pattern, remarks
WORD = re.compile(r"[^\W\d_]{2,}")
SQL_TEXT = re.compile(r"'([^']*)'")

REASONS = (
    "reading/",
    "entities/counts.py",
    "entities/decisions.py",
    "entities/id_list.py",
    "entities/overrides.py",
    "entities/wikidata.py",
    "extraction/workers.py",
    "statements/update.py",
    "stories/update.py",
    "training/quotes/network.py",
)
"""Modules whose sentences say what cannot be read, or why; there, only lone words are looked at."""
NO_WORDS_OF_A_TEXT = {
    "Any": "a type",
    "From": "a header of mail",
    "be": "part of the name of an encoding",
    "by": "an element of NewsML",
    "explained": "a tag of a change",
    "into": "a column of the overrides",
    "ms": "part of a media type",
    "one": "a column of Arrow",
    "other": "a column of Arrow, and a kind of characters",
    "out": "a part of the network",
    "same": "a tag of a change",
    "Said": "a class",
    "sep": "a parameter in the first line of a CSV file",
    "source": "a role of the tagger, a column of the gold",
    "who": "a gap in an invented text",
}
"""The exceptions, and what they are."""


@cache
def english_words():
    lines, dates = load_line_words(ENGLISH), load_date_words(ENGLISH)
    listed = lines.function | lines.personal | lines.reporting | lines.byline | lines.source_note
    months = {name for names in dates.months for name in names}
    days = {*dates.weekdays, *dates.days_back}
    return listed | months | days | load_titles(ENGLISH).honorifics


def texts_of(code):
    """Yield the texts of a module that are not docstrings or messages."""
    tree = ast.parse(code)
    left_out = set()
    for node in ast.walk(tree):
        is_message = isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "msg" for target in node.targets
        )
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if is_docstring or is_message or isinstance(node, ast.Raise):
            left_out |= {id(inner) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in left_out:
            yield node.value


def words_in(text):
    """Return the English words of a text; words in capitals are SQL or constants."""
    found = [] if NAME.fullmatch(text) else WORD.findall(NOT_WORDS.sub(" ", text))
    return {word for word in found if word.lower() in english_words() and not word.isupper()}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_has_no_words_of_english(path):
    texts = texts_of(path.read_text("utf-8"))
    if path.relative_to(PACKAGE).as_posix().startswith(REASONS):
        texts = (text for text in texts if " " not in text)
    found = {word for text in texts for word in words_in(text)}
    assert found - NO_WORDS_OF_A_TEXT.keys() == set()


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_query_has_no_words_of_english(path):
    code = "\n".join(line.partition("--")[0] for line in path.read_text("utf-8").splitlines())
    assert {word for text in SQL_TEXT.findall(code) for word in words_in(text)} == set()


def test_every_exception_is_one():
    found = {
        word
        for path in MODULES
        for text in texts_of(path.read_text("utf-8"))
        for word in words_in(text)
    }
    assert NO_WORDS_OF_A_TEXT.keys() - found == set()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ('BY = ["by"]', {"by"}),
        ('re.compile(r"\\s*(?:Source|Via)\\s*:")', {"Source", "Via"}),
        ('f"{word} of the {nation}"', {"of", "the"}),
        ('def cut():\n    """Return the page."""\n    msg = "the page is empty"\n', set()),
        ('raise ValueError("the page is empty")', set()),
        ('RULE = "said_again_below"', set()),
        ('run("SELECT a FROM b WHERE a IN (1)")', set()),
        ('re.compile(r"(?P<source>[A-Z])")', set()),
    ],
)
def test_words_of_english_are_found(code, words):
    assert {word for text in texts_of(code) for word in words_in(text)} == words
