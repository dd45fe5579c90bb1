"""An invented language: a folder with the files of English, and other words in each."""

import json
import sys
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from itertools import product
from string import ascii_lowercase

import pytest

from copydesk.lexicons import load
from copydesk.lexicons.language import ENGLISH, Language

MODEL_LOADERS = {"load_pipeline", "load_tokenizer", "load_tagger_model", "load_line_model"}
NEVER = "(?!)"  # a pattern that nothing matches
MONTHS = [
    ["brumal"], ["drissel"], ["frim"], ["gust"], ["hebbel"], ["junker"], ["kelm"], ["lorn"],
    ["mistel"], ["nebbel"], ["ostel"], ["prang"],
]  # fmt: skip
WEEKDAYS = ["eenstag", "tweestag", "dreestag", "veerstag", "fyvstag", "sesstag", "seffstag"]
STATED = {
    "boilerplate.rule": [
        {"name": "more", "label": "promo", "pattern": "leesh mee"},
        {"name": "author", "label": "byline", "pattern": "vun .*", "max_words": 6},
    ],
    "facts.rule": [
        {
            "name": "vun",
            "field": "byline",
            "labels": ["byline"],
            "confidence": 0.9,
            "pattern": "vun (?P<value>.+)",
        }
    ],
    "facts.date_labels": ["byline"],
    "no_article.kind": [
        {
            "name": "bot_wall",
            "shape": "stub",
            "titles": ["bisst du een minsch"],
            "strong": ["keen robot"],
            "weak": ["wach een beten"],
            "max_copy_words": 40,
        }
    ],
    "cues.speech": ["brummle"],
    "cues.opening": ["datt"],
    "titles.honorifics": ["herr"],
    "titles.titles": ["herr"],
    "dates.months": MONTHS,
    "dates.ordinals": ["ste"],
    "dates.links": ["vom"],
    "dates.weekdays": WEEKDAYS,
    "dates.days_back": {"ghestern": 1},
    "event_words.not_the_day": ["bitt"],
    "line_words.byline": ["vun"],
    "line_words.source_note": ["kelle"],
    "countries.XX": ["Brummland"],
    "name_forms.governments.words": ["{nation} regeer"],
    "names.address": ["Herr"],
    "names.generations": ["sohn"],
    "spelling.numbers": ["null", "een", "twee"],
    "spelling.endings": {"'n": "nich"},
    "stock_words.function": ["datt", "wi"],
}


def write_toml(value):
    """Return a value in TOML; a table is written on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {write_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(write_toml, value))}]"
    return json.dumps(value)


class Inventor:
    """Writes a file with the keys of an English one, and one word in each of its lists."""

    def __init__(self) -> None:
        self._words = ("xx" + "".join(letters) for letters in product(ascii_lowercase, repeat=3))

    def invent(self, value, place):
        """Return what the invented language has at the place of a value of English."""
        if place in STATED:
            return STATED[place]
        if isinstance(value, dict):
            stated = {
                path.rpartition(".")[2]: words
                for path, words in STATED.items()
                if path.rpartition(".")[0] == place
            }
            invented = {key: self.invent(each, f"{place}.{key}") for key, each in value.items()}
            return invented | stated
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return [self.invent(each, place) for each in value]
        if isinstance(value, list):
            is_pair = bool(value) and isinstance(value[0], list)
            word = next(self._words)
            return [[word, next(self._words)]] if is_pair else [word]
        return NEVER if isinstance(value, str) else value


@pytest.fixture(scope="session")
def invented(tmp_path_factory) -> Iterator[Language]:
    """Return a language in a folder of its own, with the models and the parser of English."""
    root = tmp_path_factory.mktemp("languages")
    folder = root / "lexicons_of_xx"
    folder.mkdir()
    inventor = Inventor()
    for path in files(ENGLISH.lexicons).iterdir():
        if path.name.endswith(".toml"):
            name = path.name.removesuffix(".toml")
            table = inventor.invent(tomllib.loads(path.read_text("utf-8")), name)
            lines = [f"{json.dumps(key)} = {write_toml(value)}" for key, value in table.items()]
            (folder / path.name).write_text("\n".join(lines) + "\n", "utf-8")
    sys.path.insert(0, str(root))
    yield Language(
        "xx",
        folder.name,
        ENGLISH.parser_package,
        ENGLISH.parser_folder,
        ENGLISH.tagger,
        ENGLISH.line_model,
    )
    sys.path.remove(str(root))


@pytest.fixture
def no_english(monkeypatch):
    """Let every look at a list of English fail, also one that was read before."""
    read = load.read_toml

    def read_other(package, name):
        assert package != ENGLISH.lexicons, f"{name}.toml of English was read"
        return read(package, name)

    for name, module in list(sys.modules.items()):
        if name.startswith("copydesk."):
            for function, value in vars(module).items():
                if hasattr(value, "cache_clear") and function not in MODEL_LOADERS:
                    value.cache_clear()
    monkeypatch.setattr(load, "read_toml", read_other)
