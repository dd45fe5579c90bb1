"""Put windows of articles together into the tensors that the quotation tagger learns from."""

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from copydesk.quotations.tagger.links import near_pairs, pair_looks
from copydesk.quotations.tagger.pieces import CLOSE, MAX_PIECES, OPEN, PAD, Numbers
from copydesk.training.quotes.examples import Crop, Example, Links, crop_example, vary

BATCH_WINDOWS = 12
POOL_BATCHES = 10  # windows of so many batches are sorted by length before they are cut up


class Question(NamedTuple):
    """Spans of words, the pairs that may belong together, and the right one for each; -1: none."""

    asking: Tensor
    asked: Tensor
    pairs: Tensor
    looks: Tensor
    answers: Tensor


class Batch(NamedTuple):
    """Windows as tensors, padded at the end.

    `rows` gives the places of the words of each line among all pieces, with their `labels`, the
    longest line first; `words` those of all words in order, which the spans of questions number.
    """

    ids: Tensor
    places: Tensor
    shapes: Tensor
    is_piece: Tensor
    rows: Tensor
    labels: Tensor
    lengths: Tensor
    words: Tensor
    questions: tuple[Question, ...]


def make_batches(examples: Sequence[Example], *, seed: str) -> Iterator[Batch]:
    """Yield the windows of an epoch in batches of similar length, in drawn order."""
    draw = random.Random(seed)
    crops = draw_crops(examples, seed=seed)
    draw.shuffle(crops)
    size = BATCH_WINDOWS * POOL_BATCHES
    batches = []
    for i in range(0, len(crops), size):
        pool = sorted(crops[i : i + size], key=lambda crop: len(crop.pieces.ids))
        batches += [pool[j : j + BATCH_WINDOWS] for j in range(0, len(pool), BATCH_WINDOWS)]
    draw.shuffle(batches)
    for batch in batches:
        yield collate(batch)


def count_batches(examples: Sequence[Example]) -> int:
    """Return about how many batches an epoch has; drawn windows differ a little."""
    return -(-len(draw_crops(examples, seed="0")) // BATCH_WINDOWS)


def draw_crops(examples: Sequence[Example], *, seed: str) -> list[Crop]:
    """Return the windows of all articles, varied and cut as the seed says."""
    return [
        crop
        for example in examples
        for crop in crop_example(
            vary(example, seed=f"{seed} {example.doc_id}"),
            max_pieces=MAX_PIECES,
            seed=f"{seed} {example.doc_id}",
        )
    ]


def collate(crops: Sequence[Crop]) -> Batch:
    """Return windows as padded tensors."""
    width = max(len(crop.pieces.ids) for crop in crops) + 2
    ids = np.full((len(crops), width), PAD)
    places, shapes = np.zeros_like(ids), np.zeros_like(ids)
    words = []
    for i, crop in enumerate(crops):
        n_pieces = len(crop.pieces.ids)
        ids[i, : n_pieces + 2] = [OPEN, *crop.pieces.ids, CLOSE]
        places[i, 1 : n_pieces + 1] = crop.pieces.places
        shapes[i, 1 : n_pieces + 1] = crop.pieces.shapes
        words.append(i * width + 1 + crop.words)
    lines: list[tuple[Numbers, Numbers]] = []
    for at, crop in zip(words, crops, strict=True):
        cuts = np.flatnonzero(np.diff(crop.lines)) + 1
        lines += zip(np.split(at, cuts), np.split(crop.labels, cuts), strict=True)
    lines.sort(key=lambda line: -len(line[0]))
    rows = np.zeros((2, len(lines), len(lines[0][0])), dtype=np.int64)
    for i, line in enumerate(lines):
        rows[:, i, : len(line[0])] = line
    return Batch(
        ids=torch.from_numpy(ids),
        places=torch.from_numpy(places),
        shapes=torch.from_numpy(shapes),
        is_piece=torch.from_numpy(ids != PAD),
        rows=torch.from_numpy(rows[0]),
        labels=torch.from_numpy(rows[1]),
        lengths=torch.tensor([len(at) for at, _ in lines]),
        words=torch.from_numpy(np.concatenate(words)),
        questions=collate_links(crops),
    )


def collate_links(crops: Sequence[Crop]) -> tuple[Question, ...]:
    """Return the three questions about all windows, spans and words numbered through."""
    first_word = np.cumsum([0, *(len(crop.words) for crop in crops)])
    asked_in = [_questions_of(crop.links) for crop in crops]
    questions = []
    for kind in zip(*asked_in, strict=True):
        first_asking = np.cumsum([0, *(len(asking) for asking, _, _ in kind)])
        first_asked = np.cumsum([0, *(len(asked) for _, asked, _ in kind)])
        parts = []
        for i, (asking, asked, answers) in enumerate(kind):
            pairs = near_pairs(asking, asked)
            looks = pair_looks(asking, asked, pairs, crops[i].lines)
            at = pairs[0] + first_asking[i], pairs[1] + first_asked[i]
            numbered = np.where(answers < 0, -1, answers + first_asked[i])
            parts.append(
                (
                    asking + first_word[i],
                    asked + first_word[i],
                    np.stack(at, axis=1),
                    looks,
                    numbered,
                )
            )
        columns = (np.concatenate(column) for column in zip(*parts, strict=True))
        questions.append(Question(*map(torch.from_numpy, columns)))
    return tuple(questions)


def _questions_of(links: Links) -> tuple[tuple[Numbers, Numbers, Numbers], ...]:
    return (
        (links.contents, links.cues, links.cue_of_content),
        (links.cues, links.sources, links.source_of_cue),
        (links.contents, links.sources, links.source_of_content),
    )
