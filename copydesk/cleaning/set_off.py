"""Keep lines that are somebody's words by their layout, which the line model was not trained on.

Labels in front of what is said, posts with a handle below them, and quoted lines after a colon look
like menus and feeds to it. Inside running copy they are the article's (docs/quotes.md).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from copydesk.cleaning.decisions import LINE_MODEL, Decision, Labelling
from copydesk.lexicons.speech import Layouts, load_layouts
from copydesk.values import COPY_LABELS, Label

SET_OFF_SCORE = 0.8
MAX_AWAY = 3  # lines before the first or after the last of running copy
MIN_LABELLED = 2  # lines with one label on a page; one alone may be a menu, unless it has a time
MIN_LABELLED_WORDS = 3
ENDS = frozenset(".?!…")
ASKED_OR_ANSWERED = ""  # counted together: `Q:` and `A:`
CLOSING = "”\"’')"


def keep_set_off_speech(page: Labelling) -> Labelling:
    """Return the labelling with lines kept that a label, a handle or a mark sets off as speech."""
    body = page.body or [i for i, each in enumerate(page.decisions) if each.label is Label.BODY]
    if not body:
        return page
    layouts = load_layouts(page.language)
    near = range(max(1, body[0] - MAX_AWAY), min(body[-1] + MAX_AWAY + 1, page.tail))
    labels = [_label_of(line, layouts) for line in page.lines]
    counts = Counter(label for label in labels if label is not None)
    kept = list(page.decisions)
    for i, decision in enumerate(page.decisions):
        if decision.rule != LINE_MODEL or decision.label is not Label.BOILERPLATE:
            continue
        label = labels[i]
        is_sure = label is not None and (
            counts[label] >= MIN_LABELLED or page.lines[i][0].isdigit()
        )
        is_spoken = i in near and (is_sure or _is_post(page.lines, i, layouts))
        if is_spoken or _is_quoted(page.lines, kept, i):
            kept[i] = Decision(Label.BODY, "set_off_speech", SET_OFF_SCORE)
    return replace(page, decisions=kept)


def _label_of(line: str, layouts: Layouts) -> str | None:
    """Return the label of who speaks that opens a line which says something."""
    match = layouts.label.match(line)
    if match is None:
        return None
    label, said = match["label"], line[match.end() :]
    if label.lower() in layouts.asking | layouts.answering:
        return ASKED_OR_ANSWERED
    is_name = all(word[:1].isupper() or word in layouts.particles for word in label.split())
    is_other = label.lower() in layouts.not_speakers or any(map(str.isdigit, label))
    is_said = len(said.split()) >= MIN_LABELLED_WORDS and said.rstrip(CLOSING)[-1:] in ENDS
    return label if is_name and is_said and not is_other else None


def _is_post(lines: Sequence[str], i: int, layouts: Layouts) -> bool:
    """Return whether a line is a post: with a name and handle in front, or signed by the next."""
    if layouts.post.match(lines[i]) or layouts.handle_only.match(lines[i]):
        return len(lines[i].split()) > MIN_LABELLED_WORDS
    after = lines[i + 1] if i + 1 < len(lines) else ""
    is_signed = layouts.signature.match(after) is not None
    return is_signed and layouts.handle.search(after) is not None


def _is_quoted(lines: Sequence[str], kept: Sequence[Decision], i: int) -> bool:
    """Return whether a line is set off by `>` below a line of copy that introduces it."""
    if not lines[i].startswith(">") or kept[i - 1].label not in COPY_LABELS:
        return False
    return lines[i - 1].rstrip().endswith(":") or lines[i - 1].startswith(">")
