"""Find speech that a layout sets off: questions and answers, transcripts, interviews.

Such words have no quotation marks and no verb of speech, so neither tagger nor rules see them; and
what they report in turn is not the speech of the article. They are found first, by their lines.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from spacy.tokens import Doc

from copydesk.lexicons.language import Language
from copydesk.lexicons.load import load_titles
from copydesk.lexicons.speech import Layouts, load_layouts
from copydesk.quotations.quotation import Quotation
from copydesk.quotations.sources import is_finite
from copydesk.text.lines import WORD
from copydesk.text.quote_marks import PARAGRAPH, Quoted
from copydesk.text.spans import SpanIndex
from copydesk.values import Assertion, EntityLabel, QuoteType, Span

LABELLED_SCORE = 0.9  # of words with the name of who says them in front
LAYOUT_SCORE = 0.8  # of words whose speaker is found elsewhere
MIN_QUESTIONS = 3  # lines that only ask; fewer are rhetorical unless the text shows an interview
MAX_QUESTION_WORDS = 35
MAX_LABEL_WORDS = 7
MAX_SHORT_ANSWER_WORDS = 12
CLOSING = "”\"’')]»"  # what may come after the full stop of what is said
MIN_UTTERANCE_WORDS = 5  # between marks; fewer are a term in what is said
MAX_INITIALS = 3  # of a speaker, as a label
NUMBERED_WORDS = 2  # of a label such as `Speaker 2`
ENDS = frozenset(".?!…")


class Lines(NamedTuple):
    """The lines of a text, with what is known of the people and passages in it."""

    text: str
    spans: Sequence[Span]
    quoted: Sequence[Quoted]
    quoted_at: SpanIndex
    doc: Doc
    people: Sequence[Span]
    words: Layouts
    titles: frozenset[str]

    def show(self, span: Span) -> str:
        """Return the words of a span."""
        return self.text[slice(*span)]

    def passages_at(self, span: Span) -> Iterator[Quoted]:
        """Yield the passages between marks that share characters with a span."""
        return (self.quoted[number] for number in self.quoted_at.overlapping(*span))


class Turn(NamedTuple):
    """A line that a label opens: its number, the label, and what follows it."""

    line: int
    label: Span
    said: Span
    is_timed: bool


def read_lines(doc: Doc, text: str, quoted: Sequence[Quoted], language: Language) -> Lines:
    """Return the lines of a text; `text` is that of `doc`."""
    spans = []
    for line in PARAGRAPH.finditer(text):
        inner = line.group().strip()
        if inner:
            start = line.start() + line.group().index(inner)
            spans.append(Span(start, start + len(inner)))
    people = [
        Span(ent.start_char, ent.end_char)
        for ent in doc.ents
        if ent.label_ == EntityLabel.PERSON.value
    ]
    titles = load_titles(language).titles
    quoted_at = SpanIndex((passage.outer_start, passage.outer_end) for passage in quoted)
    return Lines(text, spans, quoted, quoted_at, doc, people, load_layouts(language), titles)


def find_turns(lines: Lines) -> Iterator[Quotation]:
    """Yield what is said in questions and answers and in transcripts, and in interviews."""
    turns = list(_list_turns(lines))
    if turns:
        yield from _read_turns(turns, lines)
    else:
        yield from _read_interview(lines)


def _list_turns(lines: Lines) -> Iterator[Turn]:
    """Yield the lines that a speaker's label opens, if there are enough to be sure of it."""
    found = list(_list_labels(lines))
    kinds = {lines.show(turn.label).lower() for turn in found}
    is_asked = bool(kinds & lines.words.asking) and bool(kinds & lines.words.answering)
    named = [turn for turn in found if not _is_kind(turn, lines)]
    counts = Counter(_key_of(lines.show(turn.label)) for turn in named)
    outside = [p for p in lines.people if not any(_overlap(p, turn.label) for turn in found)]
    known = {_key_of(lines.show(person)) for person in outside}
    known |= {
        _key_of(name.group())
        for name in lines.words.name.finditer(lines.text)
        if not any(_overlap(Span(*name.span()), turn.label) for turn in found)
    }
    has_askers = bool(kinds & lines.words.asking)
    is_spoken = [
        t
        for t in named
        if _is_speaker(t, lines, known, counts)
        or (has_askers and counts[_key_of(lines.show(t.label))] > 1)
    ]
    is_live = any(turn.is_timed for turn in is_spoken)
    are_turns = len(is_spoken) > 1 and not _is_list(is_spoken, lines, counts)
    is_transcript = is_asked or is_live or (has_askers and bool(is_spoken)) or are_turns
    for turn in found:
        if _is_kind(turn, lines):
            if is_asked or (has_askers and is_spoken):
                yield turn
        elif turn in is_spoken and is_transcript:
            yield turn


def _is_list(turns: Sequence[Turn], lines: Lines, counts: Counter[str]) -> bool:
    """Return whether lines say what is of whom: each somebody else, and no sentence among them.

    `Ida Holm: boats and moorings.`, `Ole Lund: two counts of theft.`
    """
    if any(counts[_key_of(lines.show(turn.label))] > 1 for turn in turns):
        return False
    said = [lines.doc.char_span(*turn.said, alignment_mode="contract") or () for turn in turns]
    has_sentence = any(is_finite(word) for words in said for word in words)
    has_call = any(mark in lines.show(turn.said) for turn in turns for mark in "?!")
    return not (has_sentence or has_call)


def _list_labels(lines: Lines) -> Iterator[Turn]:
    matches = [lines.words.label.match(lines.text, *span) for span in lines.spans]
    labels = [match["label"] for match in matches[1:] if match is not None]
    for number, (match, span) in enumerate(zip(matches, lines.spans, strict=True)):
        # The first line is the headline, unless its label comes again.
        if match is None or (number == 0 and match["label"] not in labels):
            continue
        label, said = Span(*match.span("label")), Span(match.end(), span.end)
        words = lines.show(label).split()
        is_kind = lines.show(label).lower() in lines.words.asking | lines.words.answering
        is_said = lines.show(said).rstrip(CLOSING)[-1:] in ENDS
        is_name = len(words) <= MAX_LABEL_WORDS and _is_capital(words, lines.words)
        if is_kind or (is_name and is_said):
            yield Turn(number, label, said, match["time"] is not None)


def _is_capital(words: Sequence[str], layouts: Layouts) -> bool:
    if any(char.isdigit() for word in words[:-1] for char in word):
        return False  # `Oct. 6, 1923`; but `Speaker 2`
    if words[-1].isdigit() and len(words) != NUMBERED_WORDS:
        return False
    small = [word for word in words if word[:1].islower()]
    return words[0][:1].isupper() and all(word in layouts.particles for word in small)


def _is_kind(turn: Turn, lines: Lines) -> bool:
    return lines.show(turn.label).lower() in lines.words.asking | lines.words.answering


def _is_speaker(
    turn: Turn, lines: Lines, known: frozenset[str] | set[str], counts: Counter[str]
) -> bool:
    """Return whether a label is somebody: named elsewhere, with a title, or there again."""
    label = lines.show(turn.label)
    key = _key_of(label)
    if label.lower() in lines.words.not_speakers or _is_heading(turn, key, lines):
        return False
    has_title = label.split()[0].lower().strip(".,") in lines.titles and " " in label
    is_repeated = counts[key] > 1 and (label.isupper() or len(counts) > 1)
    return key in known or has_title or is_repeated


def _is_heading(turn: Turn, key: str, lines: Lines) -> bool:
    """Return whether a label heads what is written of somebody: a figure, or words that name them.

    `Holm: 1,769.`, `Holm: Now or never.` above a paragraph about Holm.
    """
    said = lines.show(turn.said)
    below = lines.spans[turn.line + 1 : turn.line + 2]
    is_plain = below and lines.words.label.match(lines.text, *below[0]) is None
    written = said + (f" {lines.show(below[0])}" if is_plain else "")
    has_words = any(char.isalpha() for char in said)
    return not has_words or key in {_key_of(word) for word in written.split()}


def _key_of(name: str) -> str:
    """Return the last word of a name, in lower case; what is in brackets is no name."""
    words = WORD.findall(
        name.split("(", maxsplit=1)[0].split(",", maxsplit=1)[0].casefold().removesuffix("’s")
    )
    return words[-1] if words else ""


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _read_turns(turns: Sequence[Turn], lines: Lines) -> Iterator[Quotation]:
    interviewee = _find_interviewee(turns, lines)
    askers = _find_askers(turns, lines)
    initialled = _list_initialled(turns, lines)
    for turn, after in zip(turns, [*turns[1:], None], strict=True):
        label = lines.show(turn.label).lower()
        parts = [turn.said]
        for number in range(turn.line + 1, after.line if after else len(lines.spans)):
            span = lines.spans[number]
            if turn.is_timed or not _continues(span, lines, is_last=after is None):
                break
            parts.append(span)
        content = tuple(_inside_marks(part, lines) for part in parts)
        if label in lines.words.asking:
            yield _ask(content)
        elif label in lines.words.answering:
            yield _say(content, interviewee, "layout_answer", LAYOUT_SCORE)
        elif _key_of(label) in askers:
            yield _ask(content)
        else:
            said = _say(content, turn.label, "layout_label", LABELLED_SCORE)
            yield replace(said, named=_name_of(turn.label, lines, initialled))


def _find_askers(turns: Sequence[Turn], lines: Lines) -> frozenset[str]:
    """Return the last words of labels that only ask and are nobody's name, as a paper's initials.

    Nor are those of a reporter who is named.
    """
    people = {_key_of(lines.show(person)) for person in lines.people}
    asks: dict[str, list[bool]] = {}
    for turn in turns:
        label = lines.show(turn.label)
        is_named = (label.isupper() and len(label) > MAX_INITIALS) or _key_of(label) in people
        is_question = lines.show(turn.said).rstrip(CLOSING).endswith("?")
        asks.setdefault(_key_of(label), []).append(is_question and not is_named)
    return frozenset(key for key, each in asks.items() if all(each) and 1 < len(each) < len(turns))


def _ask(content: tuple[Span, ...]) -> Quotation:
    """Return a question of the interviewer, who is the reporter and has no name."""
    return Quotation(
        content,
        QuoteType.DIRECT,
        None,
        None,
        "layout_question",
        LAYOUT_SCORE,
        assertion=Assertion.ASKED,
    )


def _say(content: tuple[Span, ...], source: Span | None, rule: str, score: float) -> Quotation:
    return Quotation(content, QuoteType.DIRECT, None, source, rule, score)


def _continues(span: Span, lines: Lines, *, is_last: bool) -> bool:
    """Return whether a line without a label continues what is said above it."""
    words = lines.show(span)
    if words[0] in "([" or words[-1] not in ENDS | frozenset("”\"’'"):
        return False
    if _has_marks_inside(span, lines):
        return False
    return not is_last or is_spoken(words, lines.words)


def _has_marks_inside(span: Span, lines: Lines) -> bool:
    """Return whether a part of a line is an utterance between marks, and a part is not."""
    return any(
        span.start <= passage.start < span.end
        and len(lines.text[passage.start : passage.end].split()) >= MIN_UTTERANCE_WORDS
        and _inside_marks(span, lines) == span
        for passage in lines.passages_at(span)
    )


def is_spoken(words: str, layouts: Layouts) -> bool:
    """Return whether words speak of themselves or to somebody, as a letter or an answer does."""
    return layouts.first_person.search(words) is not None


def _inside_marks(part: Span, lines: Lines) -> Span:
    """Return what is between marks, if all of a part is."""
    for passage in lines.passages_at(part):
        if passage.outer_start <= part.start and part.end <= passage.outer_end:
            return Span(max(part.start, passage.start), min(part.end, passage.end))
    return part


def _name_of(label: Span, lines: Lines, initialled: Mapping[str, Span]) -> Span:
    """Return the name in a label, or whose initials it is; else the same name elsewhere.

    `initialled` has the only person in the text of each initials.
    """
    if whose := initialled.get(_letters_of(lines.show(label))):
        return whose
    inside = [person for person in lines.people if _overlap(person, label)]
    if inside:
        return Span(label.start, max(label.end if "(" in lines.show(label) else 0, inside[-1].end))
    key = _key_of(lines.show(label))
    return _fullest(key, lines, end=len(lines.text)) or label


def _list_initialled(turns: Sequence[Turn], lines: Lines) -> dict[str, Span]:
    """Return where those are named first whose initials a label is, and nobody else's."""
    labels = {_letters_of(lines.show(turn.label)) for turn in turns} - {""}
    if not labels:
        return {}
    names = [*lines.people, *(Span(*m.span()) for m in lines.words.name.finditer(lines.text))]
    named: dict[str, list[Span]] = {}
    for name in sorted(names):
        named.setdefault(_initials_of(lines.show(name)), []).append(name)
    return {
        letters: named[letters][0]
        for letters in labels & named.keys()
        if len({_key_of(lines.show(name)) for name in named[letters]}) == 1
    }


def _letters_of(label: str) -> str:
    """Return the letters of a label that is nothing but initials; "" of any other."""
    letters = label.replace(".", "").replace(" ", "")
    return letters if letters.isupper() and 1 < len(letters) <= MAX_INITIALS else ""


def _initials_of(name: str) -> str:
    """Return the first letters of the words of a name that have capitals, if it has several."""
    words = WORD.findall(name)
    return "".join(word[0] for word in words if word[0].isupper()) if len(words) > 1 else ""


def _fullest(key: str, lines: Lines, *, end: int) -> Span | None:
    """Return the longest of the names in front of an offset that end with a word."""
    people = [p for p in lines.people if _key_of(lines.show(p)) == key and p.end <= end]
    if people:
        return max(people, key=lambda person: (person.end - person.start, -person.start))
    names = (Span(*name.span()) for name in lines.words.name.finditer(lines.text, 0, end))
    return next((name for name in names if _key_of(lines.show(name)) == key), None)


def _find_interviewee(turns: Sequence[Turn], lines: Lines) -> Span | None:
    """Return who answers: a named label, else whom the words above the questions introduce."""
    named = [turn for turn in turns if not _is_kind(turn, lines)]
    if named:
        counts = Counter(_key_of(lines.show(turn.label)) for turn in named)
        key = counts.most_common(1)[0][0]
        turn = next(turn for turn in named if _key_of(lines.show(turn.label)) == key)
        return _fullest(key, lines, end=len(lines.text)) or turn.label
    return _find_introduced(turns[0].line, lines)


def _find_introduced(line: int, lines: Lines) -> Span | None:
    """Return the person whom the lines above one say is interviewed, or name most often."""
    end = lines.spans[line].start
    above = [person for person in lines.people if person.end <= end]
    stated = [match.end() for match in lines.words.interview.finditer(lines.text, 0, end)]
    asked = [p for p in above for at in stated if _is_just_after(p, at, lines)]
    if asked:
        return _fullest(_key_of(lines.show(asked[0])), lines, end=end)
    for at in stated:
        name = lines.words.name.match(lines.text, at, end)
        if name is not None and not above:
            return Span(*name.span())
    counts = Counter(_key_of(lines.show(person)) for person in above)
    return _fullest(counts.most_common(1)[0][0], lines, end=end) if counts else None


def _is_just_after(person: Span, at: int, lines: Lines) -> bool:
    between = lines.text[at : person.start] if at <= person.start else "\n"
    return "\n" not in between and len(between.split()) <= MAX_LABEL_WORDS


def _read_interview(lines: Lines) -> Iterator[Quotation]:
    """Yield the answers to lines that only ask, in an interview without labels."""
    questions = [
        number
        for number in range(1, len(lines.spans) - 1)
        if _is_question(lines.spans[number], lines)
        and not _is_question(lines.spans[number + 1], lines)
    ]
    if len(questions) < MIN_QUESTIONS - 1:
        return
    source = _find_introduced(questions[0], lines)
    if source is None or not _is_interview(questions, lines):
        return
    key = _key_of(lines.show(source))
    for number, after in zip(questions, [*questions[1:], None], strict=True):
        parts: list[Span] = []
        for i in range(number + 1, len(lines.spans) if after is None else after):
            is_last = after is None and i > number + 1
            is_about = key in map(_key_of, lines.show(lines.spans[i]).split())
            if is_about or not _continues(lines.spans[i], lines, is_last=is_last):
                break
            part = _inside_marks(lines.spans[i], lines)
            is_quoted = part != lines.spans[i]
            if parts and is_quoted != (parts[0] not in lines.spans):
                break
            parts.append(part)
        if parts and _answers(parts[0], lines):
            yield _ask((lines.spans[number],))
            yield _say(tuple(parts), source, "layout_answer", LAYOUT_SCORE)


def _answers(part: Span, lines: Lines) -> bool:
    """Return whether words answer: they are quoted, or short, or say `I` or `we`."""
    words = lines.show(part)
    is_short = len(words.split()) <= MAX_SHORT_ANSWER_WORDS
    return is_short or part not in lines.spans or bool(lines.words.self_named.search(words))


def _is_interview(questions: Sequence[int], lines: Lines) -> bool:
    """Return whether the lines below questions are answers: most of them say `I` or `we`."""
    start = lines.spans[questions[0]].start
    is_stated = lines.words.interview.search(lines.text, 0, start) is not None
    answers = [lines.show(lines.spans[number + 1]) for number in questions]
    n_spoken = sum(lines.words.self_named.search(words) is not None for words in answers)
    if is_stated:
        return 2 * n_spoken >= len(answers)
    return len(questions) >= MIN_QUESTIONS and 3 * n_spoken >= 2 * len(answers)


def _is_question(span: Span, lines: Lines) -> bool:
    """Return whether a line is nothing but a question, without marks."""
    words = lines.show(span)
    is_short = words.endswith("?") and len(words.split()) <= MAX_QUESTION_WORDS
    is_short &= ". " not in words
    return is_short and not lines.quoted_at.overlaps(*span)
