"""Find the title or role of a person beside the name: `Secretary of State`, `the mayor of Elsa`."""

from itertools import takewhile

from spacy.tokens import Doc, Span, Token

from copydesk.lexicons.words import load_titles

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
    words = [token.lower_.rstrip(".") for token in doc[start : span.start]]
    if not any(word in titles for word in words) or words[-1] in TITLE_LINKS:
        return None
    return doc[start : span.start].text.strip()


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
    """Return the office that a name explains: `the transport minister, Margaret Oyelaran`."""
    if span.start == 0 or doc[span.start - 1].text != ",":
        return None
    return _title_before(doc, doc[span.start - 1 : span.end])


def _is_title_part(token: Token) -> bool:
    if token.lower_.rstrip(".") in load_titles().honorifics:
        return True
    if (token.is_punct and token.text != "-") or token.ent_type_ in {"PERSON", "DATE", "TIME"}:
        return False
    if token.lower_ in TITLE_LINKS:
        return True
    if token.dep_ == "pobj" and token.head.lower_ not in OFFICE_LINKS:
        return False  # In Paris President Holm spoke
    return token.pos_ in {"PROPN", "NOUN", "ADJ"} and not token.is_space


def _title_after(doc: Doc, span: Span) -> str | None:
    """Return the role that follows a name between commas: `, the mayor of Port Ellery,`."""
    start = _skip_age(doc, span.end)
    if start + 1 >= len(doc) or doc[start].text != ",":
        return None
    start += 1
    end = start
    while end < len(doc) and not _ends_role(doc[end]):
        end += 1
    while end > start and doc[end - 1].pos_ in {"CCONJ", "PUNCT"}:
        end -= 1
    while start < end and doc[start].lower_ in ARTICLES:
        start += 1
    start = _skip_possessor(doc[start:end])
    role = doc[start:end]
    if not 0 < len(role) <= 2 * MAX_TITLE_TOKENS:
        return None
    # The son of the mayor is no mayor.
    words = [t.lower_ for t in takewhile(lambda t: t.lower_ not in OFFICE_LINKS, role)]
    return role.text.strip() if load_titles().titles.intersection(words) else None


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
