"""Where a name begins and ends in the copy: the parser cuts some, and takes words beside others in.

All offsets are into the copy's text.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from spacy.tokens import Doc, Span, Token

from copydesk.lexicons.language import Language
from copydesk.lexicons.load import Titles, load_kinds, load_titles, plain_letters
from copydesk.lexicons.names import load_first_names, load_name_words
from copydesk.mentions.evidence import is_noun_of_kind
from copydesk.mentions.name import Name, name_parts
from copydesk.values import EntityLabel
from copydesk.values import Span as TextSpan

NAME_WORD = re.compile(r"[^\W\d_][\w'’-]*")
NAME_TOKENS = 2  # of a name that no list knows, with a rank in front and a verb after it
MAX_LINK_CHARS = 5  # of `for` and the spaces around it
MIN_BEFORE = 2  # words: an office and `of`
MIN_WORDS_WITH_TRADE = 3  # the trade, a given name and another one
SURNAME = re.compile(r"(?:[^\W\d_][’'])?[^\W\d_]+(?:[’'][^\W\d_]+)?")
STRAY_TAGS = frozenset({"RB", "VBG"})
NAME_TAGS = frozenset({"NNP", "NNPS"})
MAX_RUN = 4  # words between a title and the rest of a name


def edges_of_person(ent: Span, text: str, language: Language) -> TextSpan:
    """Return where a person's name stands, given what the parser takes for it.

    Titles and other words in front of it are left out (`our guest Ida Brandt`, `Gen Ida Brandt`);
    what the parser cut off at either side is put back (`Jan | van der Holm`, `Dr Zuri | Holm`).
    """
    start = skip_words_before(text, TextSpan(ent.start_char, ent.end_char), language)
    end = _end_of_person(ent, language)
    end = _skip_letters_after(text, TextSpan(start, end), language)
    if start == ent.start_char:
        start = _start_of_person(ent, language)
    return TextSpan(start, _end_of_nickname(text, start, end))


def find_ranked(ent: Span, language: Language) -> Span | None:
    """Return the person in what the parser takes for a body: `DCI | Ida Brandt`.

    Only ranks in capitals are no words of a name as well: not that of `Major League Rowing`.
    """
    known = load_titles(language)
    ranks = known.ranks | known.honorifics | known.called
    start = ent.start
    while start < ent.end and ent.doc[start].text.isupper() and ent.doc[start].lower_ in ranks:
        start += 1
    is_ranked = ent.label_ == EntityLabel.ORG and start > ent.start and ent.end - start > 1
    if not is_ranked or ent[-1].lower_ in load_kinds(language).endings:
        return None
    is_given = plain_letters(ent.doc[start].text) in load_first_names(language)
    after = ent.doc[ent.end : ent.end + 1]
    does = ent.end - start == NAME_TOKENS and any(t.pos_ in {"VERB", "AUX"} for t in after)
    return Span(ent.doc, start, ent.end, label=EntityLabel.PERSON) if is_given or does else None


def find_holder(ent: Span, language: Language) -> Span | None:
    """Return who holds an office, in a name that begins with its place: `MP for Elsa | Ida Holm`.

    A given name and more are at the end of the name, after what the office is for (`Minister of
    Trade | Ida Holm`) or a comma, or in front of a verb.
    """
    doc, known = ent.doc, load_titles(language)
    links = known.office_links | known.placed
    after = doc[ent.end : ent.end + 1]
    is_office = (
        ent.start >= MIN_BEFORE
        and doc[ent.start - 1].lower_ in links
        and doc[ent.start - 2].lower_ in known.titles
    )
    if not is_office:
        return None
    does = any(token.pos_ in {"VERB", "AUX"} for token in after)
    is_thing = ent[0].lower_ in known.articles or is_noun_of_kind(ent[-1].lower_, language)
    for i in range(ent.start + 1, ent.end - 1):
        before = doc[i - 1].lower_.rstrip(".")
        is_given = plain_letters(doc[i].text) in load_first_names(language)
        is_apart = (does or before == ",") and before not in known.in_front and not is_thing
        if is_given and (is_apart or before in known.portfolios):
            return Span(doc, i, ent.end, label=EntityLabel.PERSON)
    return None


def trim(text: str, span: TextSpan, language: Language) -> TextSpan | None:
    """Return a name without article, quotation marks, possessive and open brackets around it."""
    words = load_name_words(language)
    start, end = span
    line_end = text.find("\n", start, end)
    end = line_end if line_end >= 0 else end
    for edge in words.edges.finditer(text[start:end]):
        if edge.start() == 0:
            start += edge.end()
        else:
            end -= len(edge.group())
    opened = text.rfind("(", start, end)
    if opened > start and text.find(")", opened, end) < 0:
        end = _close_bracket(text, start, opened, end)
    if words.abbreviated.search(text, start, end) and text[end : end + 1] == ".":
        end += 1
    return TextSpan(start, end) if start < end else None


def cut_name(
    text: str, span: TextSpan, *, label: str, rule: str, language: Language
) -> Name | None:
    """Return a name without what is around it (`trim`), or None where nothing is left."""
    trimmed = trim(text, span, language)
    if trimmed is None:
        return None
    return Name(*trimmed, text[slice(*trimmed)], label, None, rule)


def cut_strays(
    doc: Doc, text: str, names: Sequence[Name], small: Collection[str], language: Language
) -> list[Name]:
    """Return the names without a word of the sentence in front, and people without their town.

    Such a word is an adverb or a participle (`Luckily, Holm`), or the article has it in small
    letters (`Brave Ida Brandt`), or the whole name without it. `small` are the words in small
    letters. A given name stays: `Will Holm`.
    """
    home = load_name_words(language).home
    whole = {name.text for name in names if len(name_parts(name.text, language)) > 1}
    cut = []
    for name in names:
        start, end = name.start, name.end
        first, _, rest = name.text.partition(" ")
        is_person = name.label == EntityLabel.PERSON
        if is_person and (town := name.text.find(home)) > 0 and " " in name.text[:town]:
            end = start + town
        span = doc.char_span(start, start + len(first), alignment_mode="expand")
        is_given = plain_letters(first) in load_first_names(language)
        if span is not None and rest[:1].isupper() and not is_given:
            tag, word = span[0].tag_, first.lower().strip(",")
            is_apart = first.endswith(",") and tag in STRAY_TAGS
            is_first = span[0].is_sent_start or span[0].nbor(-1).text == ":"
            is_small = word in small and (tag not in NAME_TAGS or rest in whole)
            is_small |= is_first and rest in whole
            if is_apart or (is_person and (is_small or tag in STRAY_TAGS)):
                start = end - len(rest) if end == name.end else start
        cut.append(replace(name, start=start, end=end, text=text[start:end]))
    return cut


def _close_bracket(text: str, start: int, opened: int, end: int) -> int:
    """Return where a name ends in which a bracket is open: `JD(S)`, but not `Harbour Board (HB`."""
    is_glued = not text[opened - 1].isspace()
    if is_glued and text[end : end + 1] == ")":
        return end + 1
    return start + len(text[start:opened].rstrip(" ,"))


def skip_words_before(text: str, span: TextSpan, language: Language) -> int:
    """Return where a person's name begins after titles and other words."""
    start, end = span
    words = load_name_words(language)
    if address := words.address.match(text, start, end):
        start = address.end()
    for word in NAME_WORD.finditer(text, start, end):
        is_common = word.group().islower() and word.group() not in words.particles
        if is_common and text[word.end() : end].strip()[:1].isupper():
            return skip_words_before(text, TextSpan(word.end(), end), language)
    start = _skip_titles(text, TextSpan(start, end), load_titles(language))
    return _skip_trade(text, TextSpan(start, end), language)


def _skip_trade(text: str, span: TextSpan, language: Language) -> int:
    """Return where a name begins after a trade that opens a sentence: `Baker Ida Brandt said`.

    Trades are surnames too (`Baker said`), so a given name and another one have to follow. What an
    office is for is left out as well: `Secretary of Defence Ida Brandt`.
    """
    words = [word.span() for word in NAME_WORD.finditer(text, *span)]
    if len(words) < MIN_WORDS_WITH_TRADE:
        return span.start
    first, known = text[slice(*words[0])].lower(), load_titles(language)
    before = text[max(0, span.start - MAX_LINK_CHARS) : span.start].split()
    is_for = first in known.portfolios and not known.office_links.isdisjoint(before[-1:])
    is_trade = first in known.titles or is_for
    is_trade &= first not in load_first_names(language)
    return words[1][0] if is_trade and text[words[1][0]].isupper() else span.start


def _skip_titles(text: str, span: TextSpan, known: Titles) -> int:
    """Return where a name begins after the titles in front of it: `Pol Col Ida Brandt`.

    Something is left of it, and more than an initial. Peers keep what they are called by: `Lady
    Holm` is not the name of her husband.
    """
    start, end = span
    for word in NAME_WORD.finditer(text, start, end):
        after = text[word.end() : end].lstrip(". ")
        is_title = word.group().lower() in known.in_front
        is_peer = word.group().lower() in known.of_peers and " " not in after.strip()
        if not is_title or is_peer or word.start() != start or not _is_name(after):
            return start
        start = end - len(after)
    return start


def _is_name(words: str) -> bool:
    """Return whether something is left of a name, and more than an initial."""
    is_shouted = words.isupper() and len(words) >= MIN_SHOUTED_CHARS
    return len(words) > 1 and words[0].isupper() and (is_shouted or not words.isupper())


def _start_of_person(ent: Span, language: Language) -> int:
    """Return where a name begins whose first words the parser left out.

    They are initials in front of it (`R B | Holm`), or all that is between it and a title
    (`Dr Zuri | Holm`).
    """
    doc, known = ent.doc, load_titles(language)
    start = ent.start
    while start > 0 and _is_initial(doc[start - 1]) and doc[start - 1].ent_type_ in OWN:
        start -= 1
    at = start
    while (
        at > 0
        and start - at < MAX_RUN
        and _is_between(doc[at - 1], known)
        and doc[at - 1].whitespace_
    ):
        at -= 1
        if at > 0 and _is_title(doc, at - 1, known):
            start = at
            break
    is_peer = start == ent.start > 0 and len(ent) == 1
    if is_peer and doc[start - 1].lower_ in known.of_peers and doc[start - 1].is_title:
        start -= 1
    return int(doc[start].idx)


def _is_between(token: Token, known: Titles) -> bool:
    """Return whether a word between a title and a name belongs to the name: `chief Per | Holm`.

    Given names look like other words, so their part of speech is not asked for.
    """
    word = token.lower_
    return (
        token.text[0].isupper()
        and token.ent_type_ in OWN
        and not token.is_sent_start
        and SURNAME.fullmatch(token.text) is not None
        and word not in known.titles | known.in_front | known.portfolios | known.links
    )


CLOSING = frozenset({"VERB", "AUX", "CCONJ", "ADP", "PART", "PRON", "SCONJ"})
CLOSING_MARKS = frozenset({",", ".", ";", ":", "-", "’s", "'s", "”", ")", "(", "—", "–"})
MIN_SURNAME_CHARS = 3
MIN_SHOUTED_CHARS = 4
MIN_SMALL_WORDS = 4
NICKNAME_OPENS = re.compile(r"[“\"‘'(][^\W\d_]\w*$")
AFTER_NICKNAME = re.compile(r"[”\"’')]\s(?:[^\W\d_][\w’'-]+)")
OWN = frozenset({"", EntityLabel.PERSON})


def _is_initial(token: Token) -> bool:
    letters = token.text.rstrip(".")
    return len(letters) == 1 and letters.isupper() and token.pos_ == "PROPN" and token.text != "I"


def _continues(token: Token, known: Titles) -> bool:
    """Return whether a word can be one of a person's name and nothing else."""
    return (
        token.pos_ == "PROPN"
        and token.ent_type_ in OWN
        and token.text[0].isupper()
        and SURNAME.fullmatch(token.text) is not None
        and token.lower_ not in known.titles
        and token.lower_ not in known.in_front
        and token.lower_ not in known.portfolios
    )


def _is_title(doc: Doc, i: int, known: Titles) -> bool:
    """Return whether a form of address or a rank is at a token, with or without full stop."""
    if doc[i].text == "." and i > 0:
        i -= 1
    word = doc[i].lower_.rstrip(".")
    return word in known.titles or (word in known.in_front and doc[i].text[0].isupper())


def _end_of_nickname(text: str, start: int, end: int) -> int:
    """Return where a name ends that the parser cut inside a nickname: `Ida “Idy” Brandt`."""
    rest = AFTER_NICKNAME.match(text, end) if NICKNAME_OPENS.search(text, start, end) else None
    return rest.end() if rest is not None else end


def titled_run(doc: Doc, i: int, language: Language) -> Span | None:
    """Return the capitalised words after a form of address at a token, or None.

    They are a person's name although the parser takes them for none: `Pope Innocent spoke`. The
    sentence has words in small letters, for in a headline all are capitalised.
    """
    known = load_titles(language)
    start = i + 2 if i + 1 < len(doc) and doc[i + 1].text == "." else i + 1
    end = start
    while end < len(doc) and end - start < MAX_RUN and _is_run(doc[end], known):
        end += 1
        if not doc[end - 1].whitespace_:
            break
    if start == end or _is_headline(doc, i):
        return None
    return doc[start:end]


def _is_run(token: Token, known: Titles) -> bool:
    words = known.titles | known.in_front | known.portfolios | known.links
    return (
        token.text[0].isupper()
        and not token.ent_type_
        and SURNAME.fullmatch(token.text) is not None
        and token.lower_ not in words
        and token.pos_ not in {"VERB", "AUX", "PRON", "DET", "ADP", "SCONJ", "CCONJ"}
    )


def given_name_before(span: Span, taken: Collection[int], language: Language) -> int:
    """Return where a name begins whose surname `span` holds: `Zuri | Holm`.

    `taken` are the tokens of other names.
    """
    doc, known, at = span.doc, load_titles(language), span.start
    while (
        at > 0
        and span.start - at < MAX_RUN
        and at - 1 not in taken
        and (_continues(doc[at - 1], known) or _is_initial(doc[at - 1]))
        and doc[at - 1].whitespace_ == " "
        and not doc[at].is_sent_start
    ):
        at -= 1
    return int(doc[at].idx)


def _end_of_person(ent: Span, language: Language) -> int:
    """Return where a name ends: `van der Holm` continues `Jan`, `-ho` continues `Kim Il`."""
    words, known = load_name_words(language), load_titles(language)
    doc, end = ent.doc, ent.end
    # A surname alone may be half of what it is joined to, but not after `Mr`: Lund-Holm talks.
    is_whole = len(ent) > 1 or _is_addressed(ent, known)
    while end < len(doc):
        at = end
        while at < len(doc) and doc[at].lower_ in words.linking:
            at += 1
        is_hyphen = is_whole and doc[end].text == "-" and not doc[end - 1].whitespace_
        # After `van der`, or where the parser ended a name with `van`, nothing but it can follow.
        is_sure = end - 1 > ent.start and doc[end - 1].lower_ in words.linking
        is_particle = (at > end or is_sure) and at < len(doc) and doc[at].text.istitle()
        is_free = at < len(doc) and (is_sure or at - end > 1 or doc[at].ent_type_ in OWN)
        if is_particle and doc[at].pos_ == "PROPN" and is_free:
            end = at + 1
        elif (
            is_hyphen
            and end + 1 < len(doc)
            and doc[end + 1].pos_ == "PROPN"
            and not doc[end].whitespace_
        ):
            end += 2
        elif (
            (len(ent) > 1 or plain_letters(ent.text) in load_first_names(language))
            and doc[end - 1].whitespace_ == " "
            and (tail := _ends_name(doc, end, known)) > end
        ):
            end = tail
        else:
            break
    last = doc[end - 1]
    return int(last.idx) + len(last)


def _is_addressed(ent: Span, known: Titles) -> bool:
    """Return whether a form of address or a rank is in front of a name."""
    before = ent.doc[max(0, ent.start - 2) : ent.start]
    words = [token.lower_.rstrip(".") for token in before if not token.is_punct]
    return bool(words) and words[-1] in known.in_front


def _ends_name(doc: Doc, start: int, known: Titles) -> int:
    """Return where words end that complete a name in front of them: `Ida Maria | Brandt`.

    A verb, a comma or the end of the sentence follows them; else it is where they start.
    """
    end = start
    while end < len(doc) and end - start < MAX_RUN and _continues(doc[end], known):
        if doc[end].ent_iob_ == "B" or doc[end].is_sent_start or len(doc[end]) < MIN_SURNAME_CHARS:
            return start
        end += 1
        if not doc[end - 1].whitespace_:
            break
    if end == start or end == len(doc) or doc[end].is_space:
        return end
    is_end = doc[end].pos_ in CLOSING or doc[end].text in CLOSING_MARKS
    return end if is_end and not _is_headline(doc, start) else start


def _is_headline(doc: Doc, i: int) -> bool:
    """Return whether other words than names may have capitals in the sentence of a token."""
    return sum(token.is_lower for token in doc[i].sent) < MIN_SMALL_WORDS


def _skip_letters_after(text: str, span: TextSpan, language: Language) -> int:
    """Return where a name ends in front of letters that are no part of it: `Ida Brandt KC`."""
    start, end = span
    after_name = load_titles(language).after_name
    while True:
        words = text[start:end].rsplit(maxsplit=1)
        if (
            len(words) == 1
            or words[1].strip(".,").lower() not in after_name
            or not words[1].isupper()
        ):
            return end
        end = start + len(words[0].rstrip(","))
