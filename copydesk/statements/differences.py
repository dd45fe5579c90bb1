"""Say word by word how a rendering of a statement differs from a longer one.

The words of both are aligned by their longest common subsequence (Indel distance). Where words are
changed, the difference is written as wdiff writes it: [-left out-] {+put in+}. What an ellipsis, a
bracket, or the beginning and end of an excerpt explain is not a difference.
"""

from collections.abc import Hashable, Iterator, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from rapidfuzz.distance import Indel, LCSseq

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.statements.words import Word, weigh_word
from copydesk.values import GroupRelation

CONTEXT_WORDS = 4  # kept on either side of a change; the rest of a stretch that is the same is cut
CUT = "…"
DASHES = "-–— "
MIN_SENTENCE_SHARE = (
    0.4  # of a sentence's words in the other rendering; below, it has no counterpart
)
WINDOW_FACTOR, WINDOW_SLACK = 3, 12  # a stretch of sentences to compare with, in words
INSERT_WORDS = 3  # that a word between brackets may stand for


class Comparison(NamedTuple):
    """How a rendering relates to a longer one.

    `difference` is empty where the words that both have are the same; `is_misquote` says that
    words differ which both put between quotation marks.
    """

    relation: GroupRelation
    difference: str
    is_misquote: bool
    similarity: float


class Change(NamedTuple):
    """A stretch in which two renderings differ or not: words of the longer and the other one."""

    tag: str  # same, explained or changed
    head: Sequence[Word]
    version: Sequence[Word]


def compare_words(
    head: Sequence[Word], version: Sequence[Word], *, language: Language = ENGLISH
) -> Comparison:
    """Return how `version` relates to `head`, which has as many words or more."""
    head_forms, version_forms = forms_of(head), forms_of(version)
    shared = LCSseq.similarity(head_forms, version_forms)
    similarity = round(shared / len(version_forms), 3) if version_forms else 1.0
    if letters_of(head) == letters_of(version):
        return Comparison(GroupRelation.EXACT, "", is_misquote=False, similarity=1.0)
    changes = align_words(head, version, language=language)
    difference = write_difference(changes)
    if any(change.tag == "changed" for change in changes):
        return Comparison(
            GroupRelation.VARIANT, difference, is_misquote=True, similarity=similarity
        )
    left_out = sum(len(change.head) for change in changes if change.tag == "explained")
    inserts = sum(word.is_insert for change in changes for word in change.version)
    n_aligned = sum(len(change.head) for change in changes)
    is_whole = n_aligned == len(head) and left_out <= inserts * INSERT_WORDS
    relation = GroupRelation.EXACT if is_whole else GroupRelation.EXCERPT
    return Comparison(relation, difference, is_misquote=False, similarity=similarity)


def forms_of(words: Sequence[Word]) -> list[str]:
    """Return the forms of the words that are the speaker's."""
    return [form for word in words if not word.is_insert for form in word.forms]


def letters_of(words: Sequence[Word]) -> str:
    """Return all letters of a rendering in one; the same letters are the same words."""
    return "".join(word.letters for word in words)


def align_words(
    head: Sequence[Word], version: Sequence[Word], *, language: Language = ENGLISH
) -> list[Change]:
    """Return the stretches in which `version` and what it renders of `head` differ or not.

    Sentences at the ends of `version` that `head` does not have do not count.
    """
    found = _find_passages(head, version)
    if found is not None:
        return found
    version = _shared_sentences(version, head)
    head = _window(head, version)
    changes = []
    for step in Indel.opcodes(_keys(head), _keys(version)):
        tag = "same" if step.tag == "equal" else "changed"
        old, new = head[step.src_start : step.src_end], version[step.dest_start : step.dest_end]
        changes.append(Change(tag, old, new))
    return [
        change if change.tag == "same" else _explain(change, before, after)
        for before, change, after in _neighbours(_join_changes(changes, language))
    ]


def _neighbours(
    changes: Sequence[Change],
) -> Iterator[tuple[Change | None, Change, Change | None]]:
    padded = [None, *changes, None]
    for (before, change), after in zip(pairwise(padded), padded[2:], strict=False):
        if change is not None:
            yield before, change, after


def _explain(change: Change, before: Change | None, after: Change | None) -> Change:
    """Return a stretch as explained where gaps in one rendering account for the other's words."""
    if letters_of(change.head) == letters_of(change.version):
        return change._replace(tag="same")
    is_explained = (
        not (_spoken(change.head) or _spoken(change.version))
        or _stands_apart(change, before, after)
        or _is_left_out(change, before, after)
        or _is_put_in(change, after)
    )
    return change._replace(tag="explained" if is_explained else "changed")


def _spoken(words: Sequence[Word]) -> list[Word]:
    """Return the words that are the speaker's."""
    return [word for word in words if not word.is_insert]


def _stands_apart(change: Change, before: Change | None, after: Change | None) -> bool:
    """Return whether only the version has these words, at one of its ends and beyond a gap."""
    if _spoken(change.head):
        return False
    begins = before is None and after is not None and _has_gap((), after.version)
    ends = after is None and _has_gap((), change.version)
    return begins or ends


def _is_left_out(change: Change, before: Change | None, after: Change | None) -> bool:
    """Return whether a gap in the version, or one of its ends, accounts for the head's words."""
    if _spoken(change.version):
        return False
    return before is None or after is None or _has_gap(change.version, after.version)


def _is_put_in(change: Change, after: Change | None) -> bool:
    """Return whether a gap in the head accounts for the version's words."""
    has_room = not _spoken(change.head) or any(word.is_insert for word in change.head)
    return has_room and _has_gap(change.head, () if after is None else after.head)


def _has_gap(words: Sequence[Word], following: Sequence[Word]) -> bool:
    return any(word.has_gap_before or word.is_insert for word in (*words, *following[:1]))


def _join_changes(changes: Sequence[Change], language: Language) -> list[Change]:
    """Return the stretches with neighbouring changes as one.

    A single function word that stayed between two changes is read with them: it is there by
    chance, and the difference is easier to read.
    """
    joined: list[Change] = []
    for change in changes:
        is_change = change.tag != "same"
        if is_change and joined and joined[-1].tag != "same":
            joined[-1] = _merge(joined[-1], change)
        elif is_change and len(joined) > 1 and _is_chance(joined[-1], language):
            between = joined.pop()
            joined[-1] = _merge(_merge(joined[-1], between), change)
        else:
            joined.append(change)
    return joined


def _merge(first: Change, second: Change) -> Change:
    return Change("changed", [*first.head, *second.head], [*first.version, *second.version])


def _is_chance(change: Change, language: Language) -> bool:
    return len(change.head) == 1 and not any(
        weigh_word(form, language) for form in change.head[0].forms
    )


def _keys(words: Sequence[Word]) -> list[Hashable]:
    """Return what to align words by; inserts are equal to nothing."""
    return [(i, word.letters) if word.is_insert else word.letters for i, word in enumerate(words)]


def _find_passages(head: Sequence[Word], version: Sequence[Word]) -> list[Change] | None:
    """Return the alignment of a rendering whose passages are all in `head`, in order; else None."""
    head_letters = [word.letters for word in head]
    changes: list[Change] = []
    at = begun = 0
    for start, end in _passages(version):
        passage = [word.letters for word in version[start:end]]
        found = _find(head_letters, passage, at)
        if found is None:
            return None
        inserts = version[begun:start]
        first = at if begun else max(at, found - INSERT_WORDS * len(inserts))
        changes.append(Change("explained", head[first:found], inserts))
        at, begun = found + len(passage), end
        changes.append(Change("same", head[found:at], version[start:end]))
    inserts = version[begun:]
    changes.append(Change("explained", head[at : at + INSERT_WORDS * len(inserts)], inserts))
    return [change for change in changes if change.head or change.version]


def _passages(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Yield the stretches without a gap."""
    start = None
    for i, word in enumerate(words):
        if start is not None and (word.has_gap_before or word.is_insert):
            yield start, i
            start = None
        if start is None and not word.is_insert:
            start = i
    if start is not None:
        yield start, len(words)


def _find(words: Sequence[str], passage: Sequence[str], at: int) -> int | None:
    last = len(words) - len(passage)
    return next((i for i in range(at, last + 1) if words[i : i + len(passage)] == passage), None)


def _sentences(words: Sequence[Word]) -> list[Sequence[Word]]:
    starts = [i for i, word in enumerate(words) if word.starts_sentence or i == 0]
    return [words[i:j] for i, j in pairwise([*starts, len(words)])]


def _shared_sentences(version: Sequence[Word], head: Sequence[Word]) -> Sequence[Word]:
    """Return `version` without the sentences at its ends that share hardly a word with `head`."""
    sentences, keys = _sentences(version), _keys(head)
    shares = [LCSseq.similarity(_keys(sentence), keys) / len(sentence) for sentence in sentences]
    kept = [i for i, share in enumerate(shares) if share >= MIN_SENTENCE_SHARE]
    if not kept:
        return version
    return list(chain.from_iterable(sentences[kept[0] : kept[-1] + 1]))


def _window(head: Sequence[Word], version: Sequence[Word]) -> Sequence[Word]:
    """Return the sentences of `head` that render `version` best."""
    sentences, keys = _sentences(head), _keys(version)
    spans = sentence_runs([len(sentence) for sentence in sentences], len(version))
    start, end = max(
        spans,
        key=lambda span: (Indel.normalized_similarity(_keys(head[slice(*span)]), keys), span),
        default=(0, 0),
    )
    return head[start:end]


def sentence_runs(lengths: Sequence[int], n_words: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches of whole sentences, none much longer than `n_words`, as word spans."""
    longest = WINDOW_FACTOR * n_words + WINDOW_SLACK
    start = 0
    for i, length in enumerate(lengths):
        end = start
        for following in lengths[i:]:
            end += following
            if end > start + following and end - start > longest:
                break
            yield start, end
        start += length


def write_difference(changes: Sequence[Change]) -> str:
    """Return the changes for people, `won't [-stop-] {+rest+} until`; empty without a change."""
    if not any(
        change.tag == "changed" or (change.tag == "explained" and change.version)
        for change in changes
    ):
        return ""
    pieces: list[str] = []
    for i, change in enumerate(changes):
        if change.tag == "same":
            pieces.append(_shorten(change.version, is_first=i == 0, is_last=i == len(changes) - 1))
        elif change.tag == "explained" and not change.version:
            pieces.append(CUT)
        else:
            pieces.extend(
                f"{opening}{_write(words)}{closing}"
                for opening, words, closing in (
                    ("[-", change.head, "-]"),
                    ("{+", change.version, "+}"),
                )
                if words
            )
    return " ".join(pieces)


def _shorten(words: Sequence[Word], *, is_first: bool, is_last: bool) -> str:
    """Return words that are the same, cut where they are far from any change."""
    before = [] if is_first else list(words[:CONTEXT_WORDS])
    after = [] if is_last else list(words[-CONTEXT_WORDS:])
    if len(before) + len(after) + 1 >= len(words):
        return _write(words)
    return " ".join(filter(None, (_write(before), CUT, _write(after))))


def _write(words: Sequence[Word]) -> str:
    return " ".join(word.written for word in words).rstrip(DASHES)
