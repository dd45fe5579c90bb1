"""Label each line of a scraped page as copy or boilerplate.

Two passes, after jusText (Pomikálek 2011): the first judges a line alone, by the rules of
`lexicons/en/boilerplate.toml` and by whether it reads like a sentence; the second judges what is
left by its place on the page. Lines are labelled, never dropped: every decision can be audited
in `segments`.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from copydesk.cleaning.dateline import match_dateline
from copydesk.cleaning.model import score_lines
from copydesk.cleaning.repeats import MIN_PAGES, LinePages, RepeatedLines
from copydesk.lexicons.load import load_line_words
from copydesk.rows import COPY_LABELS, Field, Label, RawArticle, Segment
from copydesk.text.lines import WORD, Line, split_lines

SENTENCE_END = re.compile(r"[.!?…:;,][\"'”’)\]]*$")
FULL_STOP = re.compile(r"[.!?…][\"'”’)\]]*$")
TRUNCATED = re.compile(r"(\.\.\.|…)[\"'”’)\]]*$")
BRACKETED_END = re.compile(r"\(([^()]{2,40})\)\W*$")
REPEATABLE = frozenset({*COPY_LABELS, Label.BOILERPLATE})  # what a site prints twice by its layout
RULE_SCORE = 0.95  # a rule that speaks is right in 19 of 20 cases on the gold pages
NO_REPEATS = RepeatedLines()
SURE_SCORE = 0.9  # of a line of copy that other pages of the site have too
MANY_PAGES = 8
SITE_SHARE = 0.2  # of a site's pages; at the end of a page a disclaimer stands on as many
INSIDE_SHARE = 0.8  # between paragraphs: on one topic a fifth of the pages tell the same background
MAX_REPEATED_COPY = 0.5  # of a page's words: more of it stands elsewhere only if all of it does
HTML_SCORE = 0.9  # what the page's own markup calls comments
MIN_BODY_CHARS = 80  # a shorter sentence may be a caption or a deck: it does not span the copy
MIN_BODY_WORDS = 4  # a shorter sentence needs running copy on both sides
MIN_HEADLINE_WORDS = 3
MAX_HEADLINE_WORDS = 30
MAX_SUBHEAD_WORDS = 12
MIN_REPEATED_WORDS = 10
MAX_LINES_ABOVE = 8  # above the copy of an article that was cut out; whole pages have dozens
MIN_NEIGHBOUR_SCORE = (
    0.25  # of a sentence right behind running copy: kept below the model's own bar
)
MIN_DECK_OVERLAP = 0.6  # share of a summary's words that one paragraph below says again
MIN_DECK_WORDS = 6
MAX_DECK_WORDS = 50
MIN_DECK_STOP_WORDS = 2
MAX_DOUBT = 0.9  # of a line behind the headline being no copy
INLINE_SOURCE = re.compile(r"\s*\(\s*(?:Source|Via)\s*:\s*[^()]{3,200}\)", re.IGNORECASE)


class Decision(NamedTuple):
    """A label, the rule to blame for it, and how sure it is."""

    label: Label
    rule: str
    score: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A named pattern that decides what a line is."""

    name: str
    label: Label
    pattern: re.Pattern[str]
    max_words: int
    opens_tail: bool

    def matches(self, line: str) -> bool:
        """Return whether the rule speaks about `line`."""
        return self.pattern.match(line) is not None and _n_words(line) <= self.max_words


@cache
def load_rules() -> tuple[Rule, ...]:
    """Return the rules in the order in which they are tried."""
    table = (files("copydesk.lexicons.en") / "boilerplate.toml").read_text("utf-8")
    return tuple(
        Rule(
            name=row["name"],
            label=Label(row["label"]),
            pattern=re.compile(
                row["pattern"], 0 if row.get("is_case_sensitive") else re.IGNORECASE
            ),
            max_words=row.get("max_words", 1_000),
            opens_tail=row.get("opens_tail", False),
        )
        for row in tomllib.loads(table)["rule"]
    )


@lru_cache(maxsize=2**15)  # menus and footers come again with every page of a site
def find_rule(line: str) -> Rule | None:
    """Return the first rule that speaks about `line`."""
    for rule in load_rules():
        if rule.matches(line):
            return rule
    return None


def label_page(raw: RawArticle, repeated: RepeatedLines = NO_REPEATS) -> list[Segment]:
    """Return the segments of a page in order; together they rebuild its text exactly.

    `repeated` are the lines that the page has in common with others of its bundle.
    """
    lines = split_lines(raw.text)
    n_own = len(lines)
    if raw.comments_start is not None:
        n_own = sum(line.start < raw.comments_start for line in lines)
    title = next((given.value for given in raw.given if given.name == Field.HEADLINE), None)
    own = [line.text for line in lines[:n_own]]
    decisions = label_lines(own, title=title, pages=repeated.look_up(raw, own))
    decisions += [Decision(Label.COMMENTS, "comments_in_html", HTML_SCORE)] * (len(lines) - n_own)
    pieces: list[tuple[int, int, Decision]] = []
    for line, decision in zip(lines, decisions, strict=True):
        pieces.extend(_split_line(line, decision))
    return _fill_gaps(raw, _mark_dateline(raw.text, pieces))


def label_lines(
    lines: Sequence[str], *, title: str | None = None, pages: LinePages | None = None
) -> list[Decision]:
    """Return the label of each line of a page, given in reading order without blank ones.

    `title` is the headline that came with the page: then no other line can be the headline.
    `pages` says on how many pages of the site each line stands.
    """
    rules = [find_rule(line) for line in lines]
    scores = score_lines(lines)
    judged = zip(rules, scores.is_copy, scores.copy_score, strict=True)
    decisions = [_judge_line(rule, is_copy=c, copy_score=s) for rule, c, s in judged]
    if pages is not None:
        decisions = _mark_site_repeats(lines, decisions, pages)
    decisions = _keep_last_sentences(lines, decisions)
    body = [i for i, line in enumerate(lines) if _is_running(line, decisions[i])]
    tail = _find_tail(rules, body)
    body = [i for i in body if i < tail]
    if title is None:
        headline = _find_headline(lines, rules, body, likeliest=scores.headline)
    else:
        headline = _find_line(lines, title)
    labelled = []
    for i, decision in enumerate(decisions):
        if i == headline:
            labelled.append(Decision(Label.HEADLINE, "title_above_body", 0.9))
        elif i >= tail and rules[i] is None:
            labelled.append(_judge_in_tail(lines[i], lines, headline))
        elif decision.label is Label.BODY and i < (headline or 0) and i not in body:
            labelled.append(Decision(Label.BOILERPLATE, "above_headline", 0.8))
        elif decision.label is Label.BODY:
            labelled.append(_judge_kind(i, lines, body, decision))
        else:
            labelled.append(decision)
    labelled = _mark_deck(lines, labelled, headline)
    labelled = _mark_repeats(lines, labelled, headline)
    return _mark_caption_pairs(lines, labelled)


def _judge_line(rule: Rule | None, *, is_copy: bool, copy_score: float) -> Decision:
    """Return what a line is by the rule that speaks about it, else by the model."""
    if rule is not None:
        return Decision(rule.label, rule.name, RULE_SCORE)
    if is_copy:
        return Decision(Label.BODY, "line_model", round(copy_score, 3))
    return Decision(Label.BOILERPLATE, "line_model", round(1 - copy_score, 3))


def _mark_site_repeats(
    lines: Sequence[str], decisions: Sequence[Decision], pages: LinePages
) -> list[Decision]:
    """Return the decisions with the furniture marked that other pages of the site have too.

    Between paragraphs that only this page has, a line is furniture where most of the site has it:
    background is told again, and agencies repeat their paragraphs. Elsewhere a good part of the
    site is enough, or a few pages where the model is in doubt. A page most of whose copy a few
    others have too is an article delivered again.
    """
    if max(pages.n_pages, default=1) < MIN_PAGES:
        return list(decisions)
    copy = [i for i, d in enumerate(decisions) if d.rule == "line_model" and d.label is Label.BODY]
    paragraphs = [i for i in copy if _n_words(lines[i]) >= MIN_REPEATED_WORDS]
    own = [i for i in paragraphs if pages.n_pages[i] < MIN_PAGES]
    is_wide = [n >= MANY_PAGES and n >= SITE_SHARE * pages.n_site_pages for n in pages.n_pages]
    n_words = {i: _n_words(lines[i]) for i in copy if not is_wide[i]}
    n_again = sum(n for i, n in n_words.items() if pages.n_pages[i] >= MIN_PAGES)
    is_again = n_again > MAX_REPEATED_COPY * sum(n_words.values())
    marked = list(decisions)
    for i in copy:
        n = pages.n_pages[i]
        if own and own[0] < i < own[-1]:
            is_furniture = is_wide[i] and n >= INSIDE_SHARE * pages.n_site_pages
        else:
            is_doubtful = marked[i].score < SURE_SCORE and not is_again
            is_furniture = is_wide[i] or (n >= MIN_PAGES and is_doubtful)
        if is_furniture:
            marked[i] = Decision(Label.BOILERPLATE, "on_other_pages", round(1 - 1 / n, 3))
    return marked


def _keep_last_sentences(lines: Sequence[str], decisions: Sequence[Decision]) -> list[Decision]:
    """Return the decisions with a doubtful sentence right behind running copy kept.

    The last paragraph of an article is often short, and the model is trained on long ones.
    """
    kept = list(decisions)
    for i in range(1, len(lines)):
        score = 1 - kept[i].score
        if kept[i].rule != "line_model" or kept[i].label is Label.BODY:
            continue
        is_sentence = _n_words(lines[i]) >= MIN_BODY_WORDS and FULL_STOP.search(lines[i])
        if is_sentence and score >= MIN_NEIGHBOUR_SCORE and _is_running(lines[i - 1], kept[i - 1]):
            kept[i] = Decision(Label.BODY, "sentence_behind_copy", round(score, 3))
    return kept


def _is_running(line: str, decision: Decision) -> bool:
    """Return whether a line is running copy beyond doubt: a long sentence that is kept."""
    copy = INLINE_SOURCE.sub("", line)
    is_sentence = len(copy) >= MIN_BODY_CHARS and SENTENCE_END.search(copy) is not None
    return is_sentence and decision.label is Label.BODY


def _judge_kind(i: int, lines: Sequence[str], body: Sequence[int], decision: Decision) -> Decision:
    """Return a line of copy as a subhead, where it is short and stands inside the running copy."""
    n_words = _n_words(lines[i])
    is_sentence = n_words >= MIN_BODY_WORDS and SENTENCE_END.search(lines[i]) is not None
    is_inside = bool(body) and body[0] < i < body[-1]
    if is_inside and not is_sentence and n_words <= MAX_SUBHEAD_WORDS:
        return decision._replace(label=Label.SUBHEAD)
    return decision


def _find_tail(rules: Sequence[Rule | None], body: Sequence[int]) -> int:
    """Return where the comment section begins: the first form line with no run of copy below it."""
    for i, rule in enumerate(rules):
        if rule is None or not rule.opens_tail:
            continue
        n_below = sum(1 for j in body if j > i)
        if n_below <= len(body) // 3:
            return i
    return len(rules)


def _find_headline(
    lines: Sequence[str],
    rules: Sequence[Rule | None],
    body: Sequence[int],
    *,
    likeliest: int | None,
) -> int | None:
    """Return the line that is the headline.

    It is the line that the model names; else, where little stands above the running copy, the one
    there that stands on the page again, as sites print it twice, or a first line without full stop.
    """
    if likeliest is not None and rules[likeliest] is None:
        return likeliest
    if not body or body[0] > MAX_LINES_ABOVE:
        return None
    counts = Counter(_words_of(line) for line in lines)
    top = [i for i in range(min(len(lines), body[0] + 1)) if rules[i] is None]
    top = [i for i in top if MIN_HEADLINE_WORDS <= _n_words(lines[i]) <= MAX_HEADLINE_WORDS]
    again = [i for i in top if counts[_words_of(lines[i])] > 1]
    first = [i for i in top[:1] if not FULL_STOP.search(lines[i])]
    return next(iter(again + first), None)


def _find_line(lines: Sequence[str], title: str) -> int | None:
    return next((i for i, line in enumerate(lines) if _words_of(line) == _words_of(title)), None)


def _judge_in_tail(line: str, lines: Sequence[str], headline: int | None) -> Decision:
    if headline is not None and _words_of(lines[headline]) == _words_of(line):
        return Decision(Label.DUPLICATE, "headline_again", 0.9)
    return Decision(Label.COMMENTS, "comment_section", 0.8)


def _mark_deck(
    lines: Sequence[str], decisions: Sequence[Decision], headline: int | None
) -> list[Decision]:
    """Return the decisions with the summary under the headline told from the first paragraph."""
    marked = list(decisions)
    if headline is not None and headline + 1 < len(lines):
        i = headline + 1
        marked[i] = _judge_behind_headline(i, lines, decisions)
    return marked


def _judge_behind_headline(i: int, lines: Sequence[str], decisions: Sequence[Decision]) -> Decision:
    """Return the line right behind the headline as a deck, where it is one.

    It is cut off, has no full stop, or is said again by a paragraph below; or the model does not
    keep it, and it reads like a sentence all the same.
    """
    decision = decisions[i]
    if _may_be_deck(lines[i], decision):
        return Decision(Label.DECK, "behind_headline", round(1 - decision.score, 3))
    if decision.label is not Label.BODY:
        return decision
    if TRUNCATED.search(lines[i]):
        return Decision(Label.DECK, "cut_off_summary", 0.8)
    words = _words_of(lines[i]).split()
    is_signed = words[:1] == ["by"]
    if len(words) <= MAX_DECK_WORDS and not is_signed and not SENTENCE_END.search(lines[i]):
        return Decision(Label.DECK, "no_full_stop", 0.8)
    for below in range(i + 1, len(lines)):
        if decisions[below].label is not Label.BODY:
            continue
        shared = sum((Counter(words) & Counter(_words_of(lines[below]).split())).values())
        if words and shared >= MIN_DECK_OVERLAP * len(words):
            return Decision(Label.DECK, "said_again_below", 0.8)
    return decision


def _may_be_deck(line: str, decision: Decision) -> bool:
    """Return whether a line behind the headline that the model does not keep is a summary.

    It is said in words of the language, unlike bylines and time stamps; sources of gold pages
    disagree on whether it is copy, so the model is often in doubt.
    """
    if decision.rule != "line_model" or decision.label is not Label.BOILERPLATE:
        return False
    words = WORD.findall(line.casefold())
    is_long = MIN_DECK_WORDS <= len(words) <= MAX_DECK_WORDS
    function_words = load_line_words().function
    n_stop = sum(word in function_words for word in words)
    is_signed = words[:1] == ["by"]
    return (
        is_long and n_stop >= MIN_DECK_STOP_WORDS and not is_signed and decision.score < MAX_DOUBT
    )


def _mark_repeats(
    lines: Sequence[str], decisions: Sequence[Decision], headline: int | None
) -> list[Decision]:
    """Return the decisions with copies of the headline and of earlier copy told apart."""
    marked = list(decisions)
    seen = {} if headline is None else {_words_of(lines[headline]): headline}
    for i, line in enumerate(lines):
        words = _words_of(line)
        if marked[i].label not in REPEATABLE or not words:
            continue
        first = seen.setdefault(words, i)
        # Lists repeat short lines, and so do recipes: "Serves 4".
        if first != i and (first == headline or words.count(" ") + 1 >= MIN_REPEATED_WORDS):
            marked[i] = Decision(Label.DUPLICATE, "line_again", 0.9)
    return marked


def _mark_caption_pairs(lines: Sequence[str], decisions: Sequence[Decision]) -> list[Decision]:
    """Return the decisions with captions that are printed twice marked, the short form too.

    Either the short form is the beginning of the caption, or it ends in the credit that the
    caption has in brackets.
    """
    marked = list(decisions)
    for i in range(len(lines) - 1):
        stub = TRUNCATED.sub("", lines[i])
        short = "" if FULL_STOP.search(stub) else _words_of(stub)
        if not short:
            continue
        credit = BRACKETED_END.search(lines[i + 1])
        is_caption = marked[i + 1].label is Label.CAPTION
        is_beginning = is_caption and _words_of(lines[i + 1]).startswith(short)
        has_own_credit = BRACKETED_END.search(stub) is not None
        if credit and not has_own_credit and short.endswith(_words_of(credit.group(1))):
            marked[i] = marked[i + 1] = Decision(Label.CAPTION, "credit_on_both_lines", 0.9)
        elif is_beginning and marked[i].label is not Label.CAPTION:
            marked[i] = Decision(Label.CAPTION, "caption_cut_off", 0.8)
    return marked


@lru_cache(maxsize=2**12)  # a line is looked at by several rules, one after the other
def _words_of(line: str) -> str:
    return " ".join(WORD.findall(line.casefold()))


def _n_words(line: str) -> int:
    words = _words_of(line)
    return words.count(" ") + 1 if words else 0


def _split_line(line: Line, decision: Decision) -> list[tuple[int, int, Decision]]:
    """Return the pieces of a line: its copy, and source notes in brackets inside it."""
    if decision.label is not Label.BODY:
        return [(line.start, line.end, decision)]
    pieces, at = [], 0
    for note in INLINE_SOURCE.finditer(line.text):
        if note.start() > at:
            pieces.append((line.start + at, line.start + note.start(), decision))
        found = Decision(Label.SOURCE_NOTE, "source_in_brackets", 0.95)
        pieces.append((line.start + note.start(), line.start + note.end(), found))
        at = note.end()
    if at < len(line.text):
        pieces.append((line.start + at, line.end, decision))
    return pieces


def _mark_dateline(
    text: str, pieces: Sequence[tuple[int, int, Decision]]
) -> list[tuple[int, int, Decision]]:
    """Return the pieces with the dateline cut off the first paragraph."""
    first = next((i for i, piece in enumerate(pieces) if piece[2].label is Label.BODY), None)
    if first is None:
        return list(pieces)
    start, end, decision = pieces[first]
    found = match_dateline(text[start:end])
    if found is None:
        return list(pieces)
    cut = start + found.end()
    dateline = Decision(Label.DATELINE, "place_date_agency", 0.95)
    return [*pieces[:first], (start, cut, dateline), (cut, end, decision), *pieces[first + 1 :]]


def _fill_gaps(raw: RawArticle, pieces: Sequence[tuple[int, int, Decision]]) -> list[Segment]:
    """Return the pieces as segments, with the white space between them as segments too."""
    blank = Decision(Label.BLANK, "white_space", 1.0)
    filled, at = [], 0
    for start, end, decision in pieces:
        if start > at:
            filled.append((at, start, blank))
        filled.append((start, end, decision))
        at = end
    if at < len(raw.text):
        filled.append((at, len(raw.text), blank))
    return [
        Segment(raw.article_id, seq, start, end, d.label, d.rule, d.score, raw.bundle)
        for seq, (start, end, d) in enumerate(filled)
    ]
