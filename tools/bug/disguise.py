"""Put invented names in the place of the names on a page, and hide addresses and long numbers."""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import chain, count
from pathlib import Path

from lxml import etree, html

from copydesk.lexicons.language import ENGLISH
from copydesk.lexicons.load import load_date_words, load_kinds, load_line_words, load_titles
from copydesk.lexicons.names import load_countries, load_name_genders, load_name_words
from tools.bug.hosts import HOST, end_host

WORD = re.compile(r"[^\W\d_]+")
# Ways to write a mail so that machines do not find it: a (at) b.c, a [at] b [dot] c, a＠b.c.
AT = r"(?:[@＠]|&\#0*64;|&commat;|\s*[(\[{<]\s*at\s*[)\]}>]\s*|\s+at\s+(?=[\w-]+\s+dot\s))"
DOT = r"(?:\.|\s*[(\[{<]\s*dot\s*[)\]}>]\s*|\s+dot\s+)"
KEYWORDS = "base|container|context|graph|id|index|language|list|reverse|set|type|value|vocab"
"""Those of JSON-LD, which are written as a handle is."""
ADDRESS = re.compile(
    rf"(?P<mail>[\w.+-]+{AT}[\w-]+(?:{DOT}[\w-]+)+)"
    r"|(?P<url>(?:https?:)?//[^\s\"'<>)]*[\w/])"
    r"|(?P<site>\bwww\.[^\s\"'<>)]*[\w/])"
    rf"|(?<![\w.@])(?P<host>{HOST})(?P<path>(?::\d{{2,5}})?(?:[/?#](?:[^\s\"'<>)]*[\w/])?)?)"
    rf"|(?P<handle>(?<!\w)[@＠](?!(?:{KEYWORDS})\"\s*:)\w{{2,}})",
    re.IGNORECASE,
)
NUMBER = re.compile(r"\+?\d[\d ().-]{6,}\d")
LONG_NUMBER = 9  # digits of a telephone or an account; a day and a time have fewer
DATE_IN_PATH = re.compile(r"/\d{4}(?:/\d{1,2}){1,2}(?=/|$)")
ENDING = re.compile(r"\.[a-z0-9]{2,5}$")
SHOWN_ATTRIBUTES = ("alt", "title", "content", "aria-label", "placeholder", "value")
LINK_ATTRIBUTES = ("href", "src", "action", "data-src", "poster", "cite")
LEFT_OUT = ("style", "noscript", "iframe", "svg", "template")
VOCABULARY_ATTRIBUTES = ("itemtype", "vocab", "typeof", "property", "prefix", "xmlns")
LEFT_OUT_ATTRIBUTES = ("srcset", "style", "onclick", "data-srcset")
LETTERS = {
    "ARABIC": "ب",
    "ARMENIAN": "բ",
    "BENGALI": "ক",
    "CJK": "某",
    "CYRILLIC": "ж",
    "DEVANAGARI": "क",
    "GEORGIAN": "ბ",
    "GREEK": "β",
    "HANGUL": "가",
    "HEBREW": "ב",
    "HIRAGANA": "あ",
    "KATAKANA": "ア",
    "THAI": "ก",
}  # what stands for all letters of a script
SUPPLY_OF_GENDER = {"female": "women", "male": "men"}
ENDINGS = ("", "son", "ley", "ham", "wick")


class Disguise:
    """Gives each word of a name an invented one, the same one each time.

    Words of offices, bodies, countries and days stay: they identify nobody, and rules look at them.
    In small letters a word of a name stays too, for it is mostly a word: `west`, `press`. Words in
    other scripts than Latin all become one letter: no names are found in them.
    """

    def __init__(self, people: Iterable[str], others: Iterable[str]) -> None:
        """Learn the words of the names of `people`, and of all `others`."""
        supply = {kind: _supply_names(kind) for kind in _read_names()}
        genders = load_name_genders(ENGLISH)
        self._new: dict[str, str] = {}
        kinds = chain(
            (
                (w, SUPPLY_OF_GENDER.get(genders.get(w, ""), "surnames"))
                for w in _split_words(people)
            ),
            ((w, "others") for w in _split_words(others)),
        )
        for word, kind in kinds:
            if word not in self._new:
                self._new[word] = next(supply[kind])

    def hide(self, text: str) -> str:
        """Return `text` with invented names; mail, web addresses and long numbers are hidden."""
        return self._hide(text, words=self._hide_words)

    def hide_html(self, text: str) -> str:
        """Return HTML with the same done to what it shows and links to; of scripts, JSON stays."""
        root = html.document_fromstring(text)
        etree.strip_elements(root, etree.Comment, *LEFT_OUT, with_tail=False)
        for element in list(root.iter(etree.Element)):
            if element.tag == "script" and "json" not in element.get("type", ""):
                element.drop_tree()
            else:
                self._hide_element(element)
        written: str = etree.tostring(root, encoding="unicode", method="html")
        return written

    def _hide_element(self, element: html.HtmlElement) -> None:
        element.text = element.text and self.hide(element.text)
        element.tail = element.tail and self.hide(element.tail)
        for name in element.attrib:
            if name in SHOWN_ATTRIBUTES:
                element.set(name, self.hide(element.get(name)))
            elif name in LINK_ATTRIBUTES:
                element.set(name, self._hide_link(element.get(name)))
            elif name in LEFT_OUT_ATTRIBUTES:
                del element.attrib[name]
            elif name not in VOCABULARY_ATTRIBUTES:
                element.set(name, self._hide(element.get(name), words=str))

    def _hide_link(self, link: str) -> str:
        has_address = next(self._find_addresses(link), None) is not None
        return self.hide(link) if has_address else _hide_path(link)

    def _hide(self, text: str, *, words: Callable[[str], str]) -> str:
        """Return `text` with hidden addresses, and with `words` done to what is between them."""
        pieces: list[str] = []
        last = 0
        for start, end, address in self._find_addresses(text):
            pieces += (words(text[last:start]), address)
            last = end
        return "".join([*pieces, words(text[last:])])

    def _find_addresses(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield the place of each address, and what stands for it."""
        place = 0
        while (found := ADDRESS.search(text, place)) is not None:
            place = found.end()
            if found["host"]:
                n_chars = end_host(found["host"], has_path="/" in found["path"])
                if n_chars < len(found["host"]):
                    place = found.start() + n_chars
                if not n_chars:
                    place = found.end("host")
                    continue
            yield found.start(), place, self._hide_address(found, place)

    def _hide_address(self, found: re.Match[str], end: int) -> str:
        if found["mail"]:
            return "desk@example.org"
        if found["handle"]:
            return f"@{self._new.get(found['handle'][1:].casefold(), 'reader').lower()}"
        if found["host"]:
            _, slash, path = found.string[found.end("host") : end].partition("/")
            return f"example.org{_hide_path(slash + path)}"
        scheme, mark, rest = ("", "", found["site"]) if found["site"] else _cut(found["url"])
        _, slash, path = rest.partition("/")
        return f"{scheme}{mark}example.org{_hide_path(slash + path)}"

    def _hide_words(self, text: str) -> str:
        return NUMBER.sub(_hide_number, WORD.sub(self._hide_word, text))

    def _hide_word(self, found: re.Match[str]) -> str:
        word = found[0]
        if not _is_latin(word):
            return "".join(map(_hide_letter, word))
        new = self._new.get(word.casefold())
        if new is None or word.islower():
            return word
        return new.upper() if word.isupper() and len(word) > 1 else new


def _cut(address: str) -> tuple[str, str, str]:
    return address.partition("//")


def _is_latin(word: str) -> bool:
    return all("LATIN" in unicodedata.name(char, "LATIN") for char in word)


def _hide_letter(char: str) -> str:
    """Return a letter that says nothing, of the same script and size."""
    script = unicodedata.name(char, "").partition(" ")[0]
    letter = LETTERS.get(script, "x")
    return letter.upper() if char.isupper() else letter


def _split_words(names: Iterable[str]) -> Iterator[str]:
    """Yield, without capitals, the words of names that can identify somebody or something."""
    kept = _list_kept_words()
    for name in names:
        for word in WORD.findall(name):
            if not word.islower() and word.casefold() not in kept:
                yield word.casefold()


def _supply_names(kind: str) -> Iterator[str]:
    """Yield invented names without end; after the first round they get an ending."""
    endings = chain(ENDINGS, (f"ton{'o' * n}" for n in count(1)))
    return (name + ending for ending in endings for name in _read_names()[kind])


@cache
def _read_names() -> dict[str, list[str]]:
    return tomllib.loads((Path(__file__).parent / "names.toml").read_text("utf-8"))


@cache
def _list_kept_words() -> frozenset[str]:
    kinds, dates, names = load_kinds(ENGLISH), load_date_words(ENGLISH), load_name_words(ENGLISH)
    words = load_line_words(ENGLISH)
    phrases = chain(
        words.function,
        words.byline,
        load_titles(ENGLISH).titles,
        load_titles(ENGLISH).abbreviations,
        *kinds.kinds.values(),
        kinds.generic,
        kinds.endings,
        kinds.places,
        kinds.compass,
        *dates.months,
        dates.weekdays,
        names.common,
        names.linking,
        load_countries(ENGLISH),
    )
    return frozenset(word for phrase in phrases for word in WORD.findall(phrase.casefold()))


def _hide_number(found: re.Match[str]) -> str:
    is_long = sum(map(str.isdigit, found[0])) >= LONG_NUMBER
    return re.sub(r"\d", "5", found[0]) if is_long else found[0]


def _hide_path(path: str) -> str:
    """Return a path of the same kind: its date and its ending stay."""
    if not path.strip("/#?"):
        return path
    path = path.partition("?")[0].partition("#")[0]
    date, ending = DATE_IN_PATH.search(path), ENDING.search(path)
    slash = "/" if "/" in path else ""
    return f"{date[0] if date else ''}{slash}page{ending[0] if ending else ''}"
