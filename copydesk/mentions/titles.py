"""Find the title or role of a person beside the name: `Secretary of State`, `the mayor of Elsa`."""

from collections.abc import Sequence
from itertools import takewhile

from spacy.tokens import Doc, Span, Token

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import Titles, load_titles
from copydesk.values import EntityLabel

MAX_TITLE_TOKENS = 8
MIN_NAME_TOKENS = 2  # of a person whom no list and no parser knows
LISTED = frozenset({"NOUN", "PROPN", "CCONJ", "ADJ", "DET"})
MAX_MEANS = 5  # tokens of `in an emailed statement on Monday` that are looked at
MEANS = frozenset({"DET", "ADJ", "NOUN", "VERB", "PRON"})
JOINING = frozenset({"CCONJ", "SCONJ", "ADP"})  # no role begins with one: `beside a guide`
AND = "&"
APOSTROPHES = frozenset({"'", "’"})
INSIDE = APOSTROPHES | {"-", ".", "&"}  # marks that a role may have inside


def find_title(doc: Doc, span: Span, *, language: Language = ENGLISH) -> str | None:
    """Return the title or role of the person whose name is `span`, in the article's own words.

    It is in front of the name, after it, or in front of a comma or of `named`; a form of address
    or a rank counts only where there is no role.
    """
    known = load_titles(language)
    before = _title_before(doc, span, known)
    if before is None or not _is_form(before, known):
        return (
            before
            or _title_after(doc, span, known)
            or _title_with_comma(doc, span, known)
            or _title_of_named(doc, span, known)
        )
    whole = doc.char_span(span.start_char - len(before) - 1, span.end_char) or span
    return _title_after(doc, span, known) or _title_with_comma(doc, whole, known) or before


def _is_form(title: str, known: Titles) -> bool:
    """Return whether a title is nothing but forms of address and ranks: `Dr`, `Maj. Gen.`."""
    forms = known.honorifics | known.honours | known.ranks
    return all(word.strip(".").lower() in forms for word in title.split())


def _title_of_named(doc: Doc, span: Span, known: Titles) -> str | None:
    """Return the trade of somebody who is called by name after it: `a fisherman named Ole Lund`."""
    if span.start == 0 or doc[span.start - 1].lower_ not in known.naming:
        return None
    return _title_before(doc, doc[span.start - 1 : span.end], known)


def _title_before(doc: Doc, span: Span, known: Titles) -> str | None:
    """Return the title in front of a name: `US Secretary of State`, `union leader`."""
    start = span.start
    # Not the sentence's start: the parser ends sentences after US and Dr.
    first = max(0, span.start - MAX_TITLE_TOKENS)
    while (
        start > first
        and _is_title_part(doc[start - 1], known)
        and _links_title(doc, start - 1, known)
    ):
        start -= 3 if _is_compound(doc[start - 1]) else 1
    while start > first + 1 and start < span.start and _is_hyphen(doc[start]):
        start -= 1  # night-shift nurse
    start = _skip_possessor(doc[_whole_owner(doc, start, known) : span.start], known)
    outside = known.links | known.articles | known.styles | {AND, "."}
    while start < span.start and doc[start].lower_ in outside:
        start += 1
    title = _own_title(_skip_years(doc[start : span.start], known), known)
    title = _without_address(title, known)
    words = [token.lower_.rstrip(".") for token in title]
    is_title = any(word in known.titles for word in words) or _ends_as_office(words, known)
    if not is_title or words[-1] in known.links:
        return None
    return title.text.strip()


def _ends_as_office(words: Sequence[str], known: Titles) -> bool:
    """Return whether a title, or what is in front of its `for`, ends in an office."""
    whole = [*takewhile(lambda word: word not in known.office_links, words)]
    return not known.ending.isdisjoint(whole[-1:])


def _whole_owner(doc: Doc, start: int, known: Titles) -> int:
    """Return where a title begins whose first word is the end of a name: `Bank of Elsa’s head`."""
    begins_inside = (
        start > 1 and doc[start].pos_ == "PROPN" and doc[start - 1].lower_ in known.inside_names
    )
    if not begins_inside or doc[start - 2].pos_ != "PROPN":
        return start
    first = max(0, start - MAX_TITLE_TOKENS)
    at = start
    while at > first and (doc[at - 1].pos_ == "PROPN" or doc[at - 1].lower_ in known.links):
        if doc[at - 1].ent_type_ == EntityLabel.PERSON:
            return start
        at -= 1
    return at


def _own_title(title: Span, known: Titles) -> Span:
    """Return a title without another one that leads to it: `an adviser to President Holm`.

    An adjective in front of a capitalised title is not part of it: `make sure President Holm`.
    """
    doc, start, end = title.doc, title.start, title.end
    if start < end and doc[end - 1].lower_.rstrip(".") in known.titles:
        for i in range(start + 1, end - 1):
            is_link = doc[i].lower_ in known.office_links and _is_no_office(doc[i - 1], known)
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


def _is_no_office(token: Token, known: Titles) -> bool:
    """Return whether the office begins after `of`: `adviser to President`, `Dismissal of Mayor`."""
    is_known = token.lower_ in known.titles | known.portfolios or bool(token.ent_type_)
    return token.is_lower or not is_known


def _without_address(title: Span, known: Titles) -> Span:
    """Return a title without the form of address after it; it may be nothing but that.

    A couple has no title: `Mr. and Mrs. Holm`.
    """
    doc, at = title.doc, title.end
    while at > title.start and (
        _is_address(doc[at - 1], known) or _is_shortened(doc[at - 1], known)
    ):
        at -= 1
    if at == title.end:
        return title
    office = known.titles - known.honorifics
    if any(token.lower_.rstrip(".") in office for token in doc[title.start : at]):
        return doc[title.start : at]
    is_couple = at > title.start and doc[at - 1].lower_ in known.of_couples
    return doc[title.end : title.end] if is_couple else doc[at : title.end]


def _is_address(token: Token, known: Titles) -> bool:
    """Return whether a token is Mr, Dr, Datuk or the like; the Lady of a First Lady is not."""
    is_office = token.i > 0 and token.nbor(-1).lower_ in known.of_office
    is_known = token.lower_.rstrip(".") in known.honorifics | known.honours
    return is_known and not is_office and token.text[0].isupper()


def _links_title(doc: Doc, i: int, known: Titles) -> bool:
    """Return whether a title continues in front of a word: not in `part of Prime Minister`."""
    offices = known.titles | known.ending
    return doc[i].lower_ not in known.office_links or (i > 0 and doc[i - 1].lower_ in offices)


def _ends_role(token: Token, known: Titles) -> bool:
    """Return whether a role ends in front of a token: a clause or another phrase begins."""
    if token.tag_ == "POS":
        return False
    if (
        token.is_sent_start
        or token.is_space
        or (token.is_quote and token.text not in APOSTROPHES)
        or token.tag_ in {"WP", "WP$", "WDT", "WRB"}
    ):
        return True
    is_glued = token.i > 0 and _is_hyphen(token.nbor(-1))  # a London-based consultancy
    is_verb = token.pos_ in {"VERB", "AUX"} and not is_glued and not _is_inside_name(token)
    is_verb &= not _is_before_noun(token)
    if is_verb or token.lower_ in known.role_stops or _begins_means(token, known):
        return True
    if _begins_other(token, known):
        return True
    is_between = token.text == "," and token.i > 0 and _is_before_noun(token.nbor(-1))
    return token.is_punct and token.text not in INSIDE and not is_between


def _is_before_noun(token: Token) -> bool:
    """Return whether a word is the adjective of one after it: `operating officer`, `tall, thin`."""
    return bool(token.dep_ == "amod" and token.head.i > token.i)


def _begins_other(token: Token, known: Titles) -> bool:
    """Return whether `and` leads to another person: `head of the port and Sir Ole Lund`."""
    after = token.doc[token.i + 1 : token.i + 2]
    return token.tag_ == "CC" and any(
        t.ent_type_ == EntityLabel.PERSON or t.lower_.rstrip(".") in known.honorifics for t in after
    )


def _begins_means(token: Token, known: Titles) -> bool:
    """Return whether a word begins how something is said: `in an emailed statement`."""
    if token.lower_ not in known.means_links:
        return False
    phrase = takewhile(lambda t: t.pos_ in MEANS, token.doc[token.i + 1 : token.i + MAX_MEANS])
    return any(word.lower_ in known.means for word in phrase)


def _is_inside_name(token: Token) -> bool:
    """Return whether a word is part of a name, whatever the parser takes it for: `Saga Consulting`.

    Words before it have a capital, too, and at least one of them is in the middle of a sentence.
    """
    return (
        token.is_title
        and token.i > 0
        and token.nbor(-1).is_title
        and not token.nbor(-1).is_sent_start
    )


def _title_with_comma(doc: Doc, span: Span, known: Titles) -> str | None:
    """Return the office that a name explains: `the transport minister, Margaret Oyelaran`.

    With a verb after the name, the comma ends something else: `than the chief’s, Holm said`. A
    year may be in front of the comma: `the mayor since 2019, Ida Brandt`.
    """
    if span.start == 0 or doc[span.start - 1].text != ",":
        return None
    if span.end < len(doc) and doc[span.end].pos_ in {"VERB", "AUX"}:
        return None
    end = date = span.start - 1
    while date > 0 and doc[date - 1].ent_type_ == EntityLabel.DATE:
        date -= 1
    is_apart = doc[span.end : span.end + 1].text in {"", ",", "."}
    if 0 < date < end and is_apart and doc[date - 1].lower_ in known.role_stops:
        end = date - 1
    return _title_before(doc, doc[end : span.end], known)


def _is_title_part(token: Token, known: Titles) -> bool:
    is_address = token.lower_.rstrip(".") in known.honorifics or _is_shortened(token, known)
    if is_address or token.tag_ == "POS":
        return True
    if token.is_punct and not _is_hyphen(token):
        return token.text == AND and token.i > 0 and token.nbor(-1).pos_ == "PROPN"  # Lund & Sons
    if token.ent_type_ in {EntityLabel.PERSON, EntityLabel.DATE, EntityLabel.TIME}:
        # Chief | Constable Ida Brandt, Forecaster | Ida Brandt, MP for Elsa | Ida Brandt
        is_known = token.lower_ in known.in_front | known.titles and token.text[0].isupper()
        return is_known or (token.ent_type_ == EntityLabel.PERSON and _is_after_link(token, known))
    is_inner = _opens_place(token, known) or _is_compound(token) or _is_joint(token)
    if is_inner or token.lower_ in known.links | known.participles:
        return True
    is_inside = token.head.lower_ in known.office_links or _is_joint(token.head)
    is_inside |= _opens_place(token.head, known)
    if token.dep_ == "pobj" and not is_inside:
        return False  # In Paris President Holm spoke
    return token.pos_ in {"PROPN", "NOUN", "ADJ"} and not token.is_space


def _opens_place(token: Token, known: Titles) -> bool:
    """Return whether a word is between an office and its place: `economist at Elsa Bank`."""
    is_link = token.lower_ in known.placed and token.i > 0
    return is_link and token.nbor(-1).lower_ in known.titles | known.ending


def _is_after_link(token: Token, known: Titles) -> bool:
    """Return whether a word is right after the link between an office and its place."""
    before = [word.lower_ for word in token.doc[max(0, token.i - 2) : token.i]]
    links = known.office_links | known.placed
    return len(before) > 1 and before[0] in known.titles and before[1] in links


def _is_compound(token: Token) -> bool:
    """Return whether a participle ends a word with a hyphen: `the self-styled king`."""
    return token.tag_ == "VBN" and token.i > 1 and _is_hyphen(token.nbor(-1))


def _is_joint(token: Token) -> bool:
    """Return whether a word joins two others by hyphens: `Editor-in-Chief`."""
    is_inside = 0 < token.i < len(token.doc) - 1
    return is_inside and _is_hyphen(token.nbor(-1)) and _is_hyphen(token.nbor(1))


def _is_shortened(token: Token, known: Titles) -> bool:
    """Return whether a full stop belongs to a rank, though the parser parts them: `Maj .`."""
    before = token.doc[max(0, token.i - 1) : token.i]
    return token.text == "." and any(
        t.lower_ in known.in_front and not t.whitespace_ for t in before
    )


def _is_hyphen(token: Token) -> bool:
    is_inside = token.i > 0 and not token.nbor(-1).whitespace_ and not token.whitespace_
    return bool(token.text == "-" and is_inside)


def _title_after(doc: Doc, span: Span, known: Titles) -> str | None:
    """Return the role that follows a name between commas: `, the mayor of Port Ellery,`."""
    start = _skip_age(doc, _skip_brackets(doc, span.end))
    if start + 1 >= len(doc) or doc[start].text != ",":
        return None
    start = _skip_verb(doc, start + 1, known)
    end = start
    while end < len(doc) and not _ends_role(doc[end], known):
        end += 1
    end = _end_of_list(doc, start, end, known)
    work = _end_of_work(doc, start, end, known)
    while end > start and work == end and _is_loose_end(doc[end - 1], known):
        work = end = end - 1
    start, end = _skip_opening(doc[start:work], known), work
    start = _skip_possessor(doc[start:end], known)
    role = doc[start:end]
    if not 0 < len(role) <= 2 * MAX_TITLE_TOKENS or role[0].pos_ in JOINING:
        return None
    if _is_other(role, known):
        return None
    return role.text.strip() if _has_office(role, known) else None


def _skip_verb(doc: Doc, start: int, known: Titles) -> int:
    """Return where the role begins that a clause says: `who is the mayor`, `who works as a cook`.

    Only in the present: who was the mayor is not.
    """
    if start + 2 >= len(doc) or doc[start].tag_ != "WP" or doc[start + 1].tag_ != "VBZ":
        return start
    verb, after = doc[start + 1], doc[start + 2]
    if verb.lemma_ == "be":
        begins = known.articles | known.opening | known.titles | known.qualifiers
        return start + 2 if after.lower_ in begins else start
    is_serving = verb.lower_ in known.serving and after.lower_ in known.opening
    return start + 3 if after.lemma_ == "be" or is_serving else start


def _skip_opening(role: Span, known: Titles) -> int:
    """Return where a role begins after its article, its adverb or an age: `now a 32-year-old`."""
    before = -1
    while before != role.start and len(role):
        before = role.start
        role = _skip_years(role, known)
        if len(role) and role[0].lower_ in known.articles | known.opening:
            role = role[1:]
    return int(role.start)


def _skip_years(role: Span, known: Titles) -> Span:
    """Return a role without the age in front of it: `54-year-old nurse`."""
    age = known.age.match(role.text)
    if age is None:
        return role
    end = role.start_char + age.end()
    return role.doc[next((t.i for t in role if t.idx >= end), role.end) : role.end]


def _has_office(role: Span, known: Titles) -> bool:
    """Return whether a role, or what `and` joins to it, is an office.

    The son of the mayor is not a mayor.
    """
    is_open, offices = True, known.titles | known.held
    for token in role:
        if is_open and any(part in offices for part in token.lower_.split("-")):
            return True
        is_open = token.tag_ == "CC" or (is_open and token.lower_ not in known.office_links)
    return False


def _end_of_list(doc: Doc, start: int, end: int, known: Titles) -> int:
    """Return where a role ends whose portfolios are a list: `minister for trade and ports`."""
    is_list = any(doc[i].lower_ in known.office_links for i in range(start, end))
    if not is_list or end >= len(doc) or doc[end].text != ",":
        return end
    at, last_at = end + 1, min(len(doc), end + MAX_TITLE_TOKENS)
    while at < last_at and (doc[at].pos_ in LISTED or doc[at].text == ","):
        at += 1
    while doc[at - 1].text == "," and at - 1 > end:
        at -= 1
    words = doc[end + 1 : at]
    is_whole = at < len(doc) and doc[at].text == ","
    n_and = sum(token.tag_ == "CC" for token in words)
    last = doc[end - 1]
    is_same = all(t.is_lower == last.is_lower for t in words if t.pos_ in {"NOUN", "PROPN"})
    is_other = any(t.lower_ in known.titles or t.ent_type_ == EntityLabel.PERSON for t in words)
    return at if len(words) and is_whole and n_and == 1 and is_same and not is_other else end


def _end_of_work(doc: Doc, start: int, end: int, known: Titles) -> int:
    """Return where a role ends that names a work between marks: `the author of “Tides”`."""
    if end >= len(doc) or end == start or not doc[end].is_quote:
        return end
    if doc[end - 1].lower_ not in known.office_links:
        return end
    stop = min(len(doc), end + MAX_TITLE_TOKENS)
    close = (i + 1 for i in range(end + 1, stop) if doc[i].is_quote)
    return next(close, end)


def _is_loose_end(token: Token, known: Titles) -> bool:
    """Return whether a role cannot end with a token: `author of`, `mayor and`."""
    links = known.office_links | known.articles | known.loose
    return token.pos_ in {"CCONJ", "PUNCT", "ADP"} or token.lower_ in links


def _is_other(role: Span, known: Titles) -> bool:
    """Return whether it is another person with a title: `asked about Holm, President Ida Brandt`.

    `President Ida Brandt’s wife` and `adviser to President Ida Brandt` are roles.
    """
    person = next((token for token in role if token.ent_type_ == EntityLabel.PERSON), None)
    if person is None:
        return _begins_unknown_name(role, known)
    if person.i == role.start:
        after = next((token for token in role if token.ent_type_ != EntityLabel.PERSON), None)
        return after is None or after.pos_ == "CCONJ"  # Ida, Paul and Ole Farmer
    before = role.doc[role.start : person.i]
    is_linked = any(token.lower_ in known.office_links for token in before)
    end = person.i
    while end < role.end and role.doc[end].ent_type_ == EntityLabel.PERSON:
        end += 1
    # Not in the middle of the name: `Ida Holm King’s Counsel`.
    is_owner = any(token.tag_ == "POS" for token in role.doc[end - 1 : min(end + 1, role.end)])
    return before[-1].lower_.rstrip(".") in known.titles and not is_linked and not is_owner


def _begins_unknown_name(role: Span, known: Titles) -> bool:
    """Return whether a role is a title in front of a name that nobody knows: `Advocate Tau Mohau`.

    `Chief Executive Officer` and `Professor Emeritus` are roles: they have one such word at most.
    """
    if not role[0].is_title or role[0].lower_.rstrip(".") not in known.titles:
        return False
    unknown = takewhile(
        lambda t: (
            t.is_title
            and t.pos_ == "PROPN"
            and not t.ent_type_
            and t.lower_ not in known.titles | known.qualifiers
        ),
        role[1:],
    )
    return len(list(unknown)) >= MIN_NAME_TOKENS


def _skip_brackets(doc: Doc, at: int) -> int:
    """Return where the party or place in brackets after a name ends: `Ida Brandt (Lab),`."""
    if at >= len(doc) or doc[at].text != "(":
        return at
    stop = min(len(doc), at + MAX_TITLE_TOKENS)
    return next((i + 1 for i in range(at + 1, stop) if doc[i].text == ")"), at)


def _skip_age(doc: Doc, at: int) -> int:
    """Return where `, 34` or `, aged 34` after a name ends."""
    if at >= len(doc) or doc[at].text != ",":
        return at
    numbers = (t.i for t in doc[at + 1 : at + 3] if t.like_num)
    number = next(numbers, len(doc))
    is_age = number + 1 < len(doc) and all(t.lower_ == "aged" for t in doc[at + 1 : number])
    return number + 1 if is_age and doc[number + 1].text == "," else at


def _skip_possessor(role: Span, known: Titles) -> int:
    """Return where a role begins without a common noun that owns it: `its firm's head`.

    A proper noun stays, for it says whose role it is: `Holm Lines' head`; so does all that comes
    after the office: `secretary of the teachers' union`.
    """
    for token in role:
        if token.lower_ in known.titles and not _owns(token):
            break
        if token.tag_ == "POS" and token.head.tag_ in {"NN", "NNS"}:
            return int(token.i) + 1
    return int(role.start)


def _owns(token: Token) -> bool:
    return token.i + 1 < len(token.doc) and token.nbor().tag_ == "POS"
