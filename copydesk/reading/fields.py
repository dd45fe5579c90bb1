"""Find the fields of an article in a record of an export, under any name that exports give them.

A record may hold several texts: a summary and a body, a cleaned and a raw one. The first name that
is known counts, unless it holds a few lines and another much more. What the others say, and what is
under names that nobody knows, is counted.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from html import unescape

from copydesk.lexicons.fields import load_field_names, load_object_names
from copydesk.reading.markup.lines import letters_of, looks_like_prose
from copydesk.reading.nested import collect_texts, read_spelt
from copydesk.reading.records import count_lines
from copydesk.values import Field, LeftOut

# Tags in a title or a name; "Ida Brandt <ida@post.example>" has none.
TAG = re.compile(
    r"</?(?:a|abbr|b|br|cite|div|em|h[1-6]|i|li|p|small|span|strong|su[bp]|u|ul)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
ANY_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,2000}>")
PAGE_TAG = re.compile(r"<(?:!doctype|html|head|body|title|meta)\b", re.IGNORECASE)
# Times without separators (20310503, 20310503T101500Z, 20310503101500), and seconds since 1970 or
# thousandths of them. Smaller numbers are from before 2001 and are not taken for times.
EPOCH_TIME = re.compile(r"[1-9][0-9]{9,15}(?:\.[0-9]{0,9})?")
EPOCH_NUMBERS = (10**9, 10**16)
BARE_TIME = re.compile(
    r"(?P<day>(?:19|20)[0-9]{6})"
    r"(?:T?(?P<time>[0-9]{6})(?:\.[0-9]{1,9})?(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
N_DAY_PARTS = 3  # year, month and day
MAX_EPOCH_SECONDS = 10**11  # the year 5138; a larger number counts smaller parts
LONG_FIELDS = frozenset({"text", "html", "comments", "notes"})
TIME_FIELDS = frozenset({Field.PUBLISHED_ON.value, "retrieved_at"})

UNSAID = frozenset({"html", "articles"})  # of which a row says no more than its text
MAX_SUMMARY_CHARS = 500  # of a text that may be a summary of another; those have 50 to 300
MORE_TEXT = 2  # times as much text in another field, for that one to be the article


def find_fields(fields: Mapping[str, object]) -> dict[str, str | None]:
    """Return the fields of an article in a record whose names are plain; None where it has none."""
    found = {name: first_value(fields, name) for name in load_field_names()}
    return found | {"text": _choose_text(fields)}


def is_more_than(text: str, *, n_chars: int) -> bool:
    """Return whether another text of so many characters is the article, and `text` its summary."""
    return len(text) < MAX_SUMMARY_CHARS and n_chars >= MORE_TEXT * len(text)


def count_others(
    fields: Mapping[str, object], found: Mapping[str, str | None], text: str
) -> list[LeftOut]:
    """Return how much the fields of a record say that is neither in `text` nor in those `found`.

    Of a field that is not known to hold a text, only what looks like prose counts.
    """
    known = {value for name, value in found.items() if value and name not in UNSAID}
    texts = set(load_field_names()["text"])
    lines = [
        line
        for name, value in fields.items()
        for line in _lines_of(value, known)
        if name in texts or looks_like_prose(line, 0)
    ]
    if not lines:
        return []
    shown = letters_of(" ".join([text, *known]))
    return count_lines("other_field", (line for line in lines if letters_of(line) not in shown))


def _lines_of(value: object, known: Collection[str]) -> Iterator[str]:
    """Yield the lines of text in a value that is not known, unless it is a whole page."""
    texts = [text for text in collect_texts(read_spelt(value)) if text]
    if not texts or "\n".join(texts) in known:
        return
    for text in texts:
        if "<" in text and PAGE_TAG.search(text):
            continue
        plain = unescape(ANY_TAG.sub("\n", text)) if "<" in text or "&" in text else text
        yield from filter(None, (" ".join(line.split()) for line in plain.splitlines()))


def _choose_text(fields: Mapping[str, object]) -> str | None:
    """Return the text of a record: the first, or the longest where that is a summary."""
    spelt = (_spell(fields[key], "text") for key in load_field_names()["text"] if key in fields)
    texts = [text for text in spelt if text.strip()]
    longest = max(texts, key=_n_shown, default=None)
    if longest is None or is_more_than(ANY_TAG.sub("", texts[0]), n_chars=_n_shown(longest)):
        return longest
    return texts[0]


def _n_shown(text: str) -> int:
    return len(ANY_TAG.sub("", text)) if "<" in text else len(text)


def first_value(fields: Mapping[str, object], name: str) -> str | None:
    """Return the first fitting value of a field, under any name that exports give it."""
    values = (_spell(fields.get(key), name) for key in load_field_names()[name])
    return next((value for value in values if value.strip() and _fits(name, value)), None)


def _fits(name: str, value: str) -> bool:
    """Return whether a value fits this field: `source` may be an address or a name."""
    return ("://" in value) is (name == Field.URL) or name not in {Field.URL, Field.OUTLET}


def _spell(value: object, name: str) -> str:
    """Return the value of a field as text; "" if it has none."""
    spelt = read_spelt(value)
    read = "" if spelt is value else _spell(spelt, name)
    if read or spelt == []:
        return read
    if name in TIME_FIELDS:
        if day := _spell_day(value):
            return day
        return _spell_time(join_parts(value, "; ", load_object_names()["name"]))
    if isinstance(value, int | float):  # an id, a count
        return ""
    if name in LONG_FIELDS:
        return "\n".join(filter(None, collect_texts(value)))
    spelt = join_parts(value, "; ", load_object_names()["name"])
    return spelt if name == Field.URL else unescape(TAG.sub("", spelt)).strip()


def join_parts(value: object, joint: str, keys: Sequence[str]) -> str:
    """Return a value as text, a list joined; of an object the value under one of `keys`."""
    parts = value if isinstance(value, list) else [value]
    return joint.join(filter(None, (_name_of(part, keys) for part in parts)))


def _name_of(value: object, keys: Sequence[str], depth: int = 2) -> str:
    """Return a value as text; of an object, such as an author, the value under one of `keys`.

    A number counts only if it can be a time.
    """
    if isinstance(value, dict) and depth:
        whole = (_name_of(value.get(key), keys, depth - 1) for key in keys)
        names = load_object_names()
        both = (
            next(filter(None, (_name_of(value.get(key), (), 0) for key in names[part])), "")
            for part in ("first", "last")
        )
        return next(filter(None, whole), "") or " ".join(filter(None, both))
    first, end = EPOCH_NUMBERS
    is_time = isinstance(value, int | float) and first <= value < end
    return str(value) if isinstance(value, str) or is_time else ""


def _spell_day(value: object) -> str:
    """Return a day that is a list or an object of numbers as ISO 8601, or ""."""
    parts = value
    if isinstance(value, dict):
        parts = [value.get(part) for part in load_object_names()["day"]]
    if not isinstance(parts, list) or len(parts) < N_DAY_PARTS:
        return ""
    numbers = [part for part in parts[:N_DAY_PARTS] if isinstance(part, int)]
    with suppress(ValueError, TypeError):
        return date(*numbers).isoformat()
    return ""


def _spell_time(stated: str) -> str:
    """Return a time that is written without separators as ISO 8601, all others as they are."""
    if bare := BARE_TIME.fullmatch(stated):
        day, time, zone = bare["day"], bare["time"], bare["zone"] or ""
        with suppress(ValueError):
            if not time:
                return date.fromisoformat(day).isoformat()
            return datetime.fromisoformat(f"{day}T{time}{zone}").isoformat()
    if not EPOCH_TIME.fullmatch(stated):
        return stated
    seconds = float(stated)
    while seconds >= MAX_EPOCH_SECONDS:
        seconds /= 1_000
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def parse_time(value: str | None) -> datetime | None:
    """Return a time in UTC, which it is in unless it says otherwise; None if it is no time."""
    if value is None:
        return None
    try:
        parsed = datetime.fromisoformat(value)
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
