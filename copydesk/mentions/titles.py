"""Find the title or role of a person beside the name: `Secretary of State`, `the mayor of Elsa`."""

from itertools import takewhile

from spacy.tokens import Doc, Span, Token

from copydesk.lexicons.load import load_titles
from copydesk.rows import EntityLabel

MAX_TITLE_TOKENS = 8
TITLE_LINKS = frozenset({"of", "for", "and", "the", "'s", "’s", "-", "to"})
OFFICE_LINKS = frozenset({"of", "for", "to"})  # behind an office: `Secretary of State`
APOSTROPHES = frozenset({"'", "’"})
ARTICLES = frozenset({"the", "a", "an", "its", "their", "his", "her"})


def find_title(doc: Doc, span: Span) -> str | None:
    """Return the title or role of the person whose name is `span`, the article's own words.

    In front of the name, behind it, or in front of a comma; an honorific only where no role is.
    """
    before = _title_before(doc, span)
    if before is None or not _is_honorific(before):
        return before or _title_after(doc, span) or _title_with_comma(doc, span)
    whole = doc.char_span(span.start_char - len(before) - 1, span.end_char) or span
    return _title_after(doc, span) or _title_with_comma(doc, whole) or before


def _is_honorific(title: str) -> bool:
    honorifics = load_titles().honorifics
    return all(word.strip(".").lower() in honorifics for word in title.split())


def _title_before(doc: Doc, span: Span) -> str | None:
    """Return the title in front of a name: `US Secretary of State`, `union leader`."""
    titles = load_titles().titles
    start = span.start
    # Not the sentence's start: the parser ends sentences behind US and Dr.
    first = max(0, span.start - MAX_TITLE_TOKENS)
    while start > first and _is_title_part(doc[start - 1]) and _links_title(doc, start - 1):
        start -= 1
    start = _skip_possessor(doc[start : span.start])
    while start < span.start and doc[start].lower_ in TITLE_LINKS | ARTICLES:
        start += 1
    title = _without_address(_own_title(doc[start : span.start]))
    words = [token.lower_.rstrip(".") for token in title]
    if not any(word in titles for word in words) or words[-1] in TITLE_LINKS:
        return None
    return title.text.strip()


def _own_title(title: Span) -> Span:
    """Return a title without another one that leads to it: `an adviser to President Holm`.

    Nor is an adjective in front of a title with a capital a part of it: `make sure President Holm`.
    """
    doc, start, end = title.doc, title.start, title.end
    known = load_titles()
    if start < end and doc[end - 1].lower_.rstrip(".") in known.titles:
        for i in range(start + 1, end - 1):
            is_link = doc[i].lower_ in OFFICE_LINKS and doc[i - 1].is_lower
            if is_link and all(token.is_title for token in doc[i + 1 : end]):
                start = i + 1
    while (
        start + 1 < end
        and doc[start].pos_ == "ADJ"
        and doc[start].is_lower
        and doc[start].lower_ not in known.qualifiers
        and doc[start + 1].is_title
    ):
        start += 1
    return doc[start:end]


def _without_address(title: Span) -> Span:
    """Return a title without a form of address behind it, or the form of address that is all of it.

    A couple has none: `Mr. and Mrs. Holm`.
    """
    doc, at = title.doc, title.end
    while at > title.start and _is_address(doc[at - 1]):
        at -= 1
    if at == title.end:
        return title
    office = load_titles().titles - load_titles().honorifics
    if any(token.lower_.rstrip(".") in office for token in doc[title.start : at]):
        return doc[title.start : at]
    is_couple = at > title.start and doc[at - 1].lower_ in {"and", "&"}
    return doc[title.end : title.end] if is_couple else doc[at : title.end]


def _is_address(token: Token) -> bool:
    """Return whether a token is Mr, Dr or the like; a First Lady is none."""
    is_first = token.i > 0 and token.nbor(-1).lower_ == "first"
    is_known = token.lower_.rstrip(".") in load_titles().honorifics
    return is_known and not is_first and token.text[0].isupper()


def _links_title(doc: Doc, i: int) -> bool:
    """Return whether a title goes on in front of a word: not in `part of Prime Minister`."""
    return doc[i].lower_ not in OFFICE_LINKS or (
        i > 0 and doc[i - 1].lower_ in load_titles().titles
    )


def _ends_role(token: Token) -> bool:
    """Return whether a role does not go on with this token: a clause or another phrase begins."""
    if token.tag_ == "POS":
        return False
    if (
        token.is_sent_start
        or token.is_space
        or (token.is_quote and token.text not in APOSTROPHES)
        or token.tag_ in {"WP", "WDT", "WRB"}
    ):
        return True
    if token.pos_ in {"VERB", "AUX"} or token.lower_ in {"no", "since", "from", "until"}:
        return True
    return token.is_punct and token.text not in {"-", "'", "’", "."}


def _title_with_comma(doc: Doc, span: Span) -> str | None:
    """Return the office that a name explains: `the transport minister, Margaret Oyelaran`.

    A verb behind the name says that the comma ends something else: `than the chief’s, Holm said`.
    """
    if span.start == 0 or doc[span.start - 1].text != ",":
        return None
    if span.end < len(doc) and doc[span.end].pos_ in {"VERB", "AUX"}:
        return None
    return _title_before(doc, doc[span.start - 1 : span.end])


def _is_title_part(token: Token) -> bool:
    if token.lower_.rstrip(".") in load_titles().honorifics:
        return True
    if token.is_punct and not _is_hyphen(token):
        return False
    if token.ent_type_ in {EntityLabel.PERSON, EntityLabel.DATE, EntityLabel.TIME}:
        return False
    if token.lower_ in TITLE_LINKS:
        return True
    if token.dep_ == "pobj" and token.head.lower_ not in OFFICE_LINKS:
        return False  # In Paris President Holm spoke
    return token.pos_ in {"PROPN", "NOUN", "ADJ"} and not token.is_space


def _is_hyphen(token: Token) -> bool:
    is_inside = token.i > 0 and not token.nbor(-1).whitespace_ and not token.whitespace_
    return bool(token.text == "-" and is_inside)


def _title_after(doc: Doc, span: Span) -> str | None:
    """Return the role that follows a name between commas: `, the mayor of Port Ellery,`."""
    start = _skip_age(doc, span.end)
    if start + 1 >= len(doc) or doc[start].text != ",":
        return None
    start += 1
    end = start
    while end < len(doc) and not _ends_role(doc[end]):
        end += 1
    while end > start and _is_loose_end(doc[end - 1]):
        end -= 1
    while start < end and doc[start].lower_ in ARTICLES | {"as"}:
        start += 1
    start = _skip_possessor(doc[start:end])
    role = doc[start:end]
    if not 0 < len(role) <= 2 * MAX_TITLE_TOKENS or role[0].pos_ == "CCONJ" or _is_other(role):
        return None
    # The son of the mayor is no mayor.
    words = [t.lower_ for t in takewhile(lambda t: t.lower_ not in OFFICE_LINKS, role)]
    return role.text.strip() if load_titles().titles.intersection(words) else None


def _is_loose_end(token: Token) -> bool:
    """Return whether a role cannot end with a token: `author of`, `mayor and`."""
    links = OFFICE_LINKS | ARTICLES | {"and"}
    return token.pos_ in {"CCONJ", "PUNCT", "ADP"} or token.lower_ in links


def _is_other(role: Span) -> bool:
    """Return whether it is another person with a title: `asked about Holm, President Ida Brandt`.

    `President Ida Brandt’s wife` and `adviser to President Ida Brandt` are none.
    """
    person = next((token for token in role if token.ent_type_ == EntityLabel.PERSON), None)
    if person is None or person.i == role.start:
        return False
    before = role.doc[role.start : person.i]
    is_linked = any(token.lower_ in OFFICE_LINKS for token in before)
    is_owner = any(token.tag_ == "POS" for token in role.doc[person.i : role.end])
    return before[-1].lower_.rstrip(".") in load_titles().titles and not is_linked and not is_owner


def _skip_age(doc: Doc, at: int) -> int:
    """Return where `, 34` behind a name ends."""
    is_age = at + 2 < len(doc) and doc[at].text == "," and doc[at + 1].like_num
    return at + 2 if is_age and doc[at + 2].text == "," else at


def _skip_possessor(role: Span) -> int:
    """Return where a role begins without whose it is, if that is told elsewhere: `its firm's head`.

    A proper noun says whose it is: `Holm Lines' head`.
    """
    for token in role:
        if token.tag_ == "POS" and token.head.tag_ in {"NN", "NNS"}:
            return int(token.i) + 1
    return int(role.start)
