"""Tag the quotations of a text: what is said, the cue, and the words that name who says it.

A small transformer gives each word a score for each label; the best path through a line's words
makes the spans, and a second, smaller network says which spans belong together. The contents that
share a cue are one quotation, so content split by "he said" needs no rule. The network was
trained on articles whose annotators marked thoughts, plans and feelings as well as speech.

The weights are `quotes.onnx` and `quotes.npz`; `copydesk.training.quotes` makes them, `quotes.md`
is their card.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from math import exp, log
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from onnxruntime import InferenceSession, SessionOptions

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.models import verify_folder
from copydesk.quotations.tagger.edges import snap_to_marks, widen_span
from copydesk.quotations.tagger.labels import (
    LABELS,
    Marginals,
    Role,
    Transitions,
    best_paths,
    sum_paths,
)
from copydesk.quotations.tagger.links import (
    Answers,
    LinkWeights,
    Sides,
    answer_links,
    read_link_weights,
    span_states,
)
from copydesk.quotations.tagger.pieces import (
    CLOSE,
    CONTEXT_PIECES,
    MAX_PIECES,
    OPEN,
    Pieces,
    cut_pieces,
    cut_windows,
)
from copydesk.text.quote_marks import Quoted, find_quoted
from copydesk.values import Span

# Each kind of link, and which spans ask for which.
LINKS = {
    "cue_of_content": (Role.CONTENT, Role.CUE),
    "source_of_cue": (Role.CUE, Role.SOURCE),
    "source_of_content": (Role.CONTENT, Role.SOURCE),
}
LINK_SIDES = [(name, role) for name, roles in LINKS.items() for role in roles]
BATCH_CELLS = 20_000  # words of lines that are labelled at once, padding included
N_EVIDENCE = 7
# Of what scores less than .3, seven in ten are wrong. On held-out articles the limit brings end to
# end 0.5 points and exact contents 0.2, and costs 0.4 of partial ones.
MIN_SCORE = 0.25
MIN_CHANCE = 1e-4  # nothing counts as surer than that, or as less sure
UNLIKELY = -20.0  # the log likelihood of a link that was not asked about

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TaggedQuotation:
    """A quotation in a text; `score` is the chance that content and source are both right."""

    content: tuple[Span, ...]
    cue: Span | None
    source: Span | None
    score: float


class TaggerModel(NamedTuple):
    """All that a text is tagged with."""

    encoder: InferenceSession
    projector: InferenceSession
    transitions: Transitions
    links: Mapping[str, LinkWeights]
    confidence: Doubles
    language: Language = ENGLISH


class WordStates(NamedTuple):
    """What the network says of each word: a state for the links, and a score for each label."""

    states: Floats
    scores: Floats


class Tagged(NamedTuple):
    """The spans of one role, in words and in order, and how sure each is."""

    spans: Numbers
    chances: Doubles


class Linked(NamedTuple):
    """A quotation in numbers of tagged spans, and the evidence for it."""

    contents: tuple[int, ...]
    cue: int | None
    source: int | None
    evidence: tuple[float, ...]


class Reading(NamedTuple):
    """What the model finds in a text, in numbers of words."""

    edges: Numbers  # where each word starts and ends in the text
    tagged: Mapping[Role, Tagged]
    linked: Sequence[Linked]


@cache
def load_tagger_model(language: Language) -> TaggerModel:
    """Return the model of a language, loaded once per process; it runs on one core."""
    with as_file(files(language.tagger)) as folder:
        verify_folder(folder, package=language.tagger)
        return read_tagger_model(folder, language=language)


def read_tagger_model(folder: Path, *, language: Language = ENGLISH) -> TaggerModel:
    """Return the model stored in a folder."""
    with np.load(folder / "quotes.npz", allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    return TaggerModel(
        read_session(folder / "quotes.onnx"),
        read_session(folder / "quotes.links.onnx"),
        Transitions(*(arrays[name].astype(np.float32) for name in Transitions._fields)),
        {name: read_link_weights(arrays, name) for name in LINKS},
        arrays["confidence"].astype(np.float64),
        language,
    )


def read_session(path: Path, *, options: SessionOptions | None = None) -> InferenceSession:
    """Return a network that runs on one core, with the kernels that the file names.

    Versions of onnxruntime differ in what they make of 8-bit weights and of sums before norms when
    they load a file, and so in what the network says (docs/decisions.md).
    """
    options = SessionOptions() if options is None else options
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    return InferenceSession(
        str(path),
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=["SkipLayerNormFusion"],
    )


def tag_quotations(
    text: str,
    quoted: Sequence[Quoted] | None = None,
    *,
    min_score: float = MIN_SCORE,
    language: Language = ENGLISH,
) -> list[TaggedQuotation]:
    """Return the quotations of `text` in the order of their content.

    Offsets are code points. `quoted` are the passages between marks if they are known already.
    Quotations with a score below `min_score` are left out.
    """
    passages = find_quoted(text) if quoted is None else quoted
    model = load_tagger_model(language)
    reading = read_text(text, passages, model)
    found = (
        _tagged_quotation(linked, reading, model, text=text, quoted=passages)
        for linked in reading.linked
    )
    likely = (quotation for quotation in found if quotation.score >= min_score)
    return sorted(likely, key=lambda quotation: quotation.content)


def read_text(text: str, quoted: Sequence[Quoted], model: TaggerModel) -> Reading:
    """Return the spans of a text and how they belong together."""
    pieces = cut_pieces(text, quoted, language=model.language)
    words = np.flatnonzero(pieces.is_word)
    edges = _word_edges(pieces, words)
    if not len(words):
        return Reading(edges, {}, [])
    line = pieces.line[words]
    read = read_words(pieces, model)
    tagged = tag_words(read.scores, line, model.transitions)
    return Reading(edges, tagged, link_spans(read.states, line, tagged, model))


def read_words(pieces: Pieces, model: TaggerModel) -> WordStates:
    """Return what the network says of the words of a text, each from the window that judges it."""
    # One window at a time: padding them to one length costs more than it saves.
    parts = [
        model.encoder.run(None, window) for window in list_windows(pieces, language=model.language)
    ]
    return WordStates(*(np.concatenate(columns, axis=1)[0] for columns in zip(*parts, strict=True)))


def list_windows(
    pieces: Pieces, *, language: Language = ENGLISH
) -> Iterator[Mapping[str, Numbers]]:
    """Yield the windows of a text as the network takes them.

    Each is between an opening and a closing piece; `words` says where the words are that it judges.
    """
    windows = cut_windows(pieces, max_pieces=MAX_PIECES, context=CONTEXT_PIECES, language=language)
    for window in windows:
        inner = slice(window.start, window.end)
        is_core = pieces.is_word[window.core_start : window.core_end]
        yield {
            "ids": np.concatenate([[OPEN], pieces.ids[inner], [CLOSE]])[None],
            "places": np.pad(pieces.places[inner], 1)[None],
            "shapes": np.pad(pieces.shapes[inner], 1)[None],
            "words": np.flatnonzero(is_core) + window.core_start - window.start + 1,
        }


def tag_words(scores: Floats, line: Numbers, transitions: Transitions) -> dict[Role, Tagged]:
    """Return the spans of each role on the best paths through the lines."""
    labels = np.zeros(len(line), dtype=np.int64)
    chances = np.zeros((len(line), len(LABELS)))
    for rows, lengths in _line_batches(line):
        is_word = rows >= 0
        batch = scores[rows]
        labels[rows[is_word]] = best_paths(batch, lengths, transitions)[is_word]
        sums: Marginals = sum_paths(batch, lengths, transitions)
        chances[rows[is_word]] = sums.labels[is_word]
    return {role: _spans_of(role, labels, chances) for role in Role}


def _line_batches(line: Numbers) -> Iterator[tuple[Numbers, Numbers]]:
    """Yield the numbers of the words of lines, -1 for padding, and the lengths; longest first."""
    starts = np.flatnonzero(np.diff(line, prepend=-1))
    lengths = np.diff(starts, append=len(line))
    order = np.argsort(-lengths, kind="stable")
    while len(order):
        longest = int(lengths[order[0]])
        batch, order = np.split(order, [max(1, BATCH_CELLS // longest)])
        at = np.arange(longest)
        is_word = at < lengths[batch][:, None]
        yield np.where(is_word, starts[batch][:, None] + at, -1), lengths[batch]


def _spans_of(role: Role, labels: Numbers, chances: Doubles) -> Tagged:
    """Return the spans of a role; a span is as sure as the less sure of its edges."""
    begin, _, end, single = (LABELS.index((role, part)) for part in "BIES")
    is_single = labels == single
    starts = np.flatnonzero((labels == begin) | is_single)
    ends = np.flatnonzero((labels == end) | is_single)
    opening = chances[starts, labels[starts]]
    closing = chances[ends, labels[ends]]
    return Tagged(np.stack([starts, ends + 1], axis=1), np.minimum(opening, closing))


def link_spans(
    states: Floats, line: Numbers, tagged: Mapping[Role, Tagged], model: TaggerModel
) -> list[Linked]:
    """Return the quotations: the contents of a cue, or one content without a cue, and a source."""
    contents, cues, sources = (tagged[role] for role in Role)
    if not len(contents.spans):
        return []
    asked = {role.value: span_states(states, tagged[role].spans) for role in Role}
    projected = dict(zip(LINK_SIDES, model.projector.run(None, asked), strict=True))
    answers = {
        name: answer_links(
            model.links[name],
            line,
            asking=Sides(tagged[asking].spans, projected[name, asking]),
            asked=Sides(tagged[asked].spans, projected[name, asked]),
        )
        for name, (asking, asked) in LINKS.items()
    }
    cue_of, cue_chance = _best(answers["cue_of_content"])
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for i, cue in enumerate(cue_of.tolist()):
        groups[(cue, -1) if cue >= 0 else (-1, i)].append(i)
    of_cue, of_content = _table(answers["source_of_cue"]), _table(answers["source_of_content"])
    linked = []
    for (cue, _), group in groups.items():
        votes = [of_content[i] for i in group]
        source, source_chance = _elect([*votes[:1], of_cue[cue]] if cue >= 0 else votes)
        evidence = (
            _log_odds(contents.chances[group].min()),
            _log_odds(cues.chances[cue]) if cue >= 0 else 0.0,
            _log_odds(sources.chances[source]) if source is not None else 0.0,
            _log_odds(cue_chance[group].min()),
            _log_odds(source_chance),
            float(cue < 0),
            float(source is None),
        )
        linked.append(Linked(tuple(group), cue if cue >= 0 else None, source, evidence))
    return linked


def _log_odds(chance: float) -> float:
    bounded = min(max(float(chance), MIN_CHANCE), 1.0 - MIN_CHANCE)
    return log(bounded / (1.0 - bounded))


def _best(answers: Answers) -> tuple[Numbers, Doubles]:
    """Return for each asking span the likeliest span, -1 for none, and how likely that is."""
    best = np.full(len(answers.none), -1)
    likely = answers.none.astype(np.float64)
    for i, j, chance in zip(
        answers.asking.tolist(), answers.asked.tolist(), answers.likely.tolist(), strict=True
    ):
        if chance > likely[i]:
            best[i], likely[i] = j, chance
    return best, np.exp(likely)


def _table(answers: Answers) -> list[dict[int | None, float]]:
    """Return for each asking span the log likelihood of each near span and of none."""
    table: list[dict[int | None, float]] = [{None: chance} for chance in answers.none.tolist()]
    for i, j, chance in zip(
        answers.asking.tolist(), answers.asked.tolist(), answers.likely.tolist(), strict=True
    ):
        table[i][j] = chance
    return table


def _elect(votes: Sequence[Mapping[int | None, float]]) -> tuple[int | None, float]:
    """Return the candidate with the most votes, and its mean chance."""
    candidates = dict.fromkeys(candidate for vote in votes for candidate in vote)
    totals = {
        candidate: sum(vote.get(candidate, UNLIKELY) for vote in votes) / len(votes)
        for candidate in candidates
    }
    best = max(totals, key=totals.__getitem__)
    return best, exp(totals[best])


def _word_edges(pieces: Pieces, words: Numbers) -> Numbers:
    """Return where each word starts and ends in the text."""
    last = np.append(words, len(pieces.ids))[1:] - 1
    return np.stack([pieces.starts[words], pieces.ends[last]], axis=1)


def _tagged_quotation(
    linked: Linked,
    reading: Reading,
    model: TaggerModel,
    *,
    text: str,
    quoted: Sequence[Quoted],
) -> TaggedQuotation:
    def place(role: Role, number: int) -> Span:
        first, end = reading.tagged[role].spans[number].tolist()
        start = int(reading.edges[first, 0])
        return widen_span(text, Span(start, int(reading.edges[end - 1, 1])))

    content = (place(Role.CONTENT, i) for i in linked.contents)
    return TaggedQuotation(
        content=tuple(snap_to_marks(text, span, quoted) for span in content),
        cue=None if linked.cue is None else place(Role.CUE, linked.cue),
        source=None if linked.source is None else place(Role.SOURCE, linked.source),
        score=_confidence(linked.evidence, model.confidence),
    )


def _confidence(evidence: Sequence[float], weights: Doubles) -> float:
    return 1.0 / (1.0 + exp(-float(weights[0] + weights[1:] @ np.array(evidence))))
