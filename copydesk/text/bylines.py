"""Read the names out of a byline, and leave what is around them: roles, addresses, prompts."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import load_date_words, read_lexicon
from copydesk.lexicons.names import load_first_names, load_name_words
from copydesk.lexicons.outlets import compact
from copydesk.text.sites import has_outlet_word, known_outlet

ADDRESS = re.compile(
    r"\(?\b[\w.+-]+@[\w.-]+\)?|\bhttps?\b(?::\S*)?|\bwww\.\S+|\bwww \w+ (?:com|org|net)\b"
    r"|(?<!\w)@\w+",
    re.IGNORECASE,
)
EMPTY = re.compile(r"\s*[(\[<]\s*[)\]>]")  # what is left around an address
BRACKETS = re.compile(r"\s*[(\[][^)\]]{0,60}[)\]]")
NAME = re.compile(r"[^\W\d_a-z][\w.'’-]+(?: [^\W\d_][\w.'’-]*){0,2} [^\W\d_a-z][\w.'’-]+")
GLUED = re.compile(r"(?<=[a-z])(?=[A-Z][a-z]+$)")  # a role right after a name: HolmNews Reporter
SLUG = re.compile(r"[a-z]+(?:[-_.][a-z]+){1,3}")
INITIALS = re.compile(r"(?:\w\.)+")
WORD_PART = re.compile(r"\w+")
FULL_NAME_WORDS = 2
MAX_CHARS = 1_000  # of a byline; more is a text, and some patterns try every place in it
MAX_GIVEN_WORDS = 2
MAX_NAME_WORDS = 6
MAX_AGENCY_CHARS = 4  # of an agency in capitals


@dataclass(frozen=True, slots=True)
class BylineWords:
    """What is around names in a byline, in lower case (`lexicons/en/bylines.toml`)."""

    lead: re.Pattern[str]
    joint: re.Pattern[str]
    prompt: re.Pattern[str]
    place: re.Pattern[str]
    roles: frozenset[str]
    of_role: frozenset[str]
    desks: frozenset[str]
    months: frozenset[str]


@cache
def load_byline_words(language: Language) -> BylineWords:
    """Return what is around names in a byline."""
    table = read_lexicon(language, "bylines")
    lead = "|".join(sorted(map(re.escape, table["lead"]), key=len, reverse=True))
    joints = "|".join(map(re.escape, table["joints"]))
    return BylineWords(
        lead=re.compile(rf"(?:{lead})\b\s*:?\s*", re.IGNORECASE),
        joint=re.compile(
            rf"\s*[;|•·/]\s*|\s+[-–—]\s+|\s*,\s*(?:(?:{joints})\s+)?|\s+(?:{joints})\s+",
            re.IGNORECASE,
        ),
        prompt=re.compile(rf"(?:^|(?<=\s))(?:{'|'.join(table['prompts'])})", re.IGNORECASE),
        place=re.compile(rf"\s+(?:{'|'.join(table['places'])})\s+(?=[A-Z]).*"),
        roles=frozenset(table["roles"]),
        of_role=frozenset(table["of_role"]),
        desks=frozenset(map(compact, table["desks"])),
        months=frozenset(name for month in load_date_words(language).months for name in month),
    )


def clean_byline(
    stated: str, *, sites: Collection[str] = (), language: Language = ENGLISH
) -> str | None:
    """Return the names in a byline as they are joined there, or None where it has none.

    `sites` are names of the outlet, which is not a writer.
    """
    words = load_byline_words(language)
    text = ADDRESS.sub(" ", stated[:MAX_CHARS])
    lead = words.lead.match(text := " ".join(text.split()))
    text = text[lead.end() :] if lead else text
    seen = {compact(site) for site in sites}
    names: list[tuple[str, str]] = []
    for joint, part in _turn(_cut(text, words.joint), language):
        name = _read_name(part, words)
        if name is not None and compact(name) not in seen:
            seen.add(compact(name))
            names.append((joint, name))
    kept = [
        (joint, name)
        for i, (joint, name) in enumerate(names)
        if not (i and joint == ", " and _is_outlet(name))
    ]
    return "".join(joint + name for joint, name in kept).removeprefix(kept[0][0]) if kept else None


def read_name_line(line: str, *, language: Language = ENGLISH) -> str | None:
    """Return the names in a line that is nothing but names and addresses, None if it has more."""
    text = EMPTY.sub("", ADDRESS.sub(" ", line[:MAX_CHARS])).strip(" ,;|·•-–—")
    parts = load_byline_words(language).joint.split(text)
    are_names = all(map(NAME.fullmatch, parts))
    return clean_byline(text, language=language) if are_names else None


def opens_with_given_name(names: str, *, language: Language = ENGLISH) -> bool:
    """Return whether the first word of some names is known as a given name."""
    return names.split(maxsplit=1)[0].casefold() in load_first_names(language)


def _is_outlet(name: str) -> bool:
    """Return whether a part of a byline is the paper or agency that a person writes for."""
    is_short = name.isupper() and len(name) <= MAX_AGENCY_CHARS  # it is given as an author
    return not is_short and (known_outlet(name=name) is not None or has_outlet_word(name))


def _cut(text: str, joints: re.Pattern[str]) -> list[tuple[str, str]]:
    """Return the parts of a byline, each with what joins it to the one before."""
    parts, joint, at = [], "", 0
    for found in joints.finditer(text):
        parts.append((joint, text[at : found.start()]))
        joint, at = _even(found.group()), found.end()
    return [*parts, (joint, text[at:])]


def _even(joint: str) -> str:
    """Return what joins two names: what only separates names from other things joins nothing."""
    word = joint.strip().lower()
    if word == ",":
        return ", "
    return f" {word.lstrip(', ')} " if word.strip(", ").isalpha() or word == "&" else "; "


def _turn(parts: Sequence[tuple[str, str]], language: Language) -> Iterator[tuple[str, str]]:
    """Yield the parts, with a surname and the given name after its comma turned into one name."""
    i = 0
    while i < len(parts):
        joint, part = parts[i]
        following = parts[i + 1] if i + 1 < len(parts) else None
        is_last_of_pair = i + 2 >= len(parts) or parts[i + 2][0] != ", "
        if following and following[0] == ", " and is_last_of_pair:
            if _is_generation(following[1], language):
                yield joint, f"{part}, {following[1]}"
                i += 2
                continue
            if _is_surname(part, language) and _is_given(following[1]) and joint != ", ":
                yield joint, f"{following[1]} {part}"
                i += 2
                continue
        yield joint, part
        i += 1


def _is_generation(part: str, language: Language) -> bool:
    return part.strip(". ").casefold() in load_name_words(language).generations


def _is_surname(part: str, language: Language) -> bool:
    """Return whether a part is one word, with the small words that surnames have before it."""
    particles = load_name_words(language).particles
    words = [*part.split()]
    small = list(takewhile(lambda word: word.casefold() in particles, words))
    is_short = part.isupper() and len(part) <= MAX_AGENCY_CHARS
    return len(words) == len(small) + 1 and words[-1][:1].isupper() and not is_short


def _is_given(part: str) -> bool:
    words = part.split()
    return 0 < len(words) <= MAX_GIVEN_WORDS and all(word[:1].isupper() for word in words)


def _read_name(part: str, words: BylineWords) -> str | None:
    """Return the name in a part of a byline, as names are written, or None."""
    text = words.prompt.sub("", BRACKETS.sub("", part)).strip(" ,.:-–—([")
    text = words.place.sub("", f" {text}").strip()
    if SLUG.fullmatch(text):
        text = re.sub(r"[-_.]", " ", text).title()
    text = _drop_role(text, words)
    tokens = text.split()
    is_desk = compact(text) in words.desks or text.casefold() in words.months
    is_number = any(letter.isdigit() for letter in text)
    if not tokens or is_desk or is_number or len(tokens) > MAX_NAME_WORDS or "://" in text:
        return None
    return _write_name(tokens)


def _drop_role(text: str, words: BylineWords) -> str:
    """Return a name without the role after it, or nothing where a part is all role.

    In front of a role in small letters, a name in capitals ends with these: IDA BRANDT Coast
    Correspondent.
    """
    tokens = text.split()
    plain = [token.casefold().strip(".,") for token in tokens]
    if not plain or plain[-1] not in words.roles:
        return text
    shouted = list(takewhile(lambda word: word.isupper() and not known_outlet(name=word), tokens))
    if FULL_NAME_WORDS <= len(shouted) < len(tokens):
        return " ".join(shouted)
    n_kept = len(plain) - 1
    while n_kept and plain[n_kept - 1] in words.roles | words.of_role:
        n_kept -= 1
    if n_kept >= FULL_NAME_WORDS:
        name, *glued = GLUED.split(tokens[n_kept - 1], maxsplit=1)
        is_role = any(word.casefold() in words.roles | words.of_role for word in glued)
        return " ".join([*tokens[: n_kept - 1], name if is_role else tokens[n_kept - 1]])
    return "" if n_kept == 0 or known_outlet(name=tokens[0]) else text


def _write_name(tokens: Sequence[str]) -> str:
    """Return a name that is all in capitals, or all in small letters, as names are written."""
    text = " ".join(tokens)
    is_whole = len(tokens) >= FULL_NAME_WORDS
    if not is_whole or not (text.isupper() or text.islower()):
        return text
    return " ".join(
        token
        if INITIALS.fullmatch(token)
        else WORD_PART.sub(lambda m: m.group().capitalize(), token)
        for token in tokens
    )
